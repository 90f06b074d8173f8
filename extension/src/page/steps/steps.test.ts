import { beforeEach, describe, expect, it } from 'vitest';
import marketplaces from '../../../marketplaces.json';
import optional from '../../../optional-marketplaces.json';
import { h } from '../../ui/dom';
import { SITES, stepOfClick, stepOfForm } from './steps';

const AT = new URL('https://crowdworks.jp/public/jobs/1') as unknown as Location;
const AT_LANCERS = new URL('https://www.lancers.jp/work/detail/1') as unknown as Location;

beforeEach(() => {
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(AT.href);
  document.body.replaceChildren();
});

/** The step of a click on the innermost element of `outer`. */
function step(outer: Element, at = AT) {
  document.body.append(outer);
  const path: Element[] = [];
  let element: Element | null = outer;
  while (element.firstElementChild !== null) element = element.firstElementChild;
  for (; element !== null; element = element.parentElement) path.push(element);
  const found = stepOfClick(path, at);
  return found === null ? null : [found.kind, found.where];
}

describe('stepOfClick', () => {
  it.each([
    [h('a', { href: '/e/proposals' }, h('span', {}, ' 応募する ')), 'apply'],
    [h('button', {}, 'この仕事に応募する >'), 'apply'],
    [h('input', { type: 'submit', value: '同意して契約する' }), 'agree'],
    [h('div', { role: 'button', 'aria-label': '納品する' }), 'deliver'],
    [h('button', { type: 'button' }, 'メッセージを投稿する'), 'send'],
    [h('button', { 'aria-label': '送信' }, h('img', {})), 'send'],
    [h('form', {}, h('button', {}, 'OK'), h('textarea', { name: 'message[body]' })), 'send'],
    [h('form', { action: '/proposal_conditions/41/agree' }, h('button', {}, 'OK')), 'agree'],
    [h('form', { action: '/milestones/8/complete' }, h('button', {}, '送る')), 'deliver'],
  ])('knows %s', (element, kind) => {
    expect(step(element)).toEqual([kind, '']);
  });

  it.each([
    h('a', { href: '/help/1' }, '応募する前に読むこと'),
    h('a', { href: '/e/proposals' }, '応募'),
    h('a', { href: '/help/2' }, 'はじめての人が安心して仕事を選び、条件を確かめてから落ち着いて応募する'),
    h('p', {}, '応募する'),
    h('button', { type: 'button' }, '応募しない'),
    h('button', { type: 'button' }, '返信文'),
    h('button', { type: 'button' }, '送信を取り消す'),
    h('form', { action: '/milestones/8/complete' }, h('button', { type: 'button' }, '下書き')),
  ])('leaves other controls alone: %s', (element) => {
    expect(step(element)).toBeNull();
  });

  it('tells links out of the marketplace from its own, also where it only forwards', () => {
    const link = (href: string) => step(h('p', {}, h('a', { href }, 'こちら')));
    expect(link('https://line.me/ti/p/x')).toEqual(['outside', 'line.me']);
    expect(link('mailto:a@example.com')).toEqual(['outside', 'mailto']);
    expect(link('https://crowdworks.jp/outside?to=https%3A%2F%2Fexample.com%2Fa')).toEqual(['outside', 'example.com']);
    expect(link('https://notcrowdworks.jp/')).toEqual(['outside', 'notcrowdworks.jp']);
    for (const own of ['https://support.crowdworks.jp/', '/public/jobs', 'javascript:void(0)', '#top']) {
      expect(link(own), own).toBeNull();
    }
    expect(step(h('footer', {}, h('a', { href: 'https://example.com' }, '会社')))).toBeNull();
  });

  it('takes a link out of the marketplace for that, whatever it says', () => {
    expect(step(h('a', { href: 'https://line.me/ti/p/x' }, '返信する'))).toEqual(['outside', 'line.me']);
  });

  const sends = (label: string, host: string) =>
    step(h('button', {}, label), new URL(`https://${host}/`) as unknown as Location);

  it.each(SITES)('knows what sends a message by the labels of $hosts.0', ({ hosts, send }) => {
    for (const label of send.labels) expect(sends(label, hosts[0]!), label).toEqual(['send', '']);
  });

  it.each(SITES.filter(({ send }) => send.labels.includes('送信する')))(
    'knows what sends a message in Japanese on $hosts.0',
    ({ hosts }) => {
      for (const label of ['送信する', 'メッセージを送信する', 'メッセージを送る', '返信する']) {
        expect(sends(label, hosts[0]!), label).toEqual(['send', '']);
      }
    },
  );

  it('knows each site by its own labels', () => {
    expect(step(h('button', {}, '規約に同意して、承諾する'), AT_LANCERS)).toEqual(['agree', '']);
    expect(step(h('button', {}, '規約に同意して、承諾する'))).toBeNull();
  });
});

it('knows a form by its address where no button was pressed', () => {
  expect(stepOfForm(h('form', { action: '/milestones/8/complete' }), null, AT)?.kind).toBe('deliver');
  expect(stepOfForm(h('form', { action: '/search' }, '納品する'), null, AT)).toBeNull();
});

it('covers every marketplace once, with selectors that a browser takes', () => {
  expect(SITES.flatMap(({ hosts }) => hosts).sort()).toEqual(
    [...marketplaces, ...Object.values(optional).flat()].sort(),
  );
  for (const site of SITES) {
    for (const { labels, selectors } of [site.apply, site.agree, site.deliver, site.send]) {
      expect(labels.length).toBeGreaterThan(0);
      for (const label of labels) expect(label).toBe(label.normalize('NFKC').replace(/\s/g, ''));
      for (const selector of selectors) expect(() => document.querySelector(selector)).not.toThrow();
    }
  }
});

describe('with controls of a pack', () => {
  const control = (...labels: string[]) => ({ labels, selectors: ['.bid-now', '#1no-selector'] });
  const packed = { hosts: ['crowdworks.jp'], steps: { apply: control('この条件で申し込む') }, field_labels: {} };
  const kindOf = (element: Element, of: typeof packed | null = packed) => {
    document.body.append(element);
    return stepOfClick([element], AT, of)?.kind ?? null;
  };

  it('knows those that it names, in place of its own, and those of the other steps as before', () => {
    expect(kindOf(h('button', {}, 'この条件で申し込む'))).toBe('apply');
    expect(kindOf(h('button', {}, 'この条件で申し込む'), null)).toBeNull();
    expect(kindOf(h('button', { class: 'bid-now' }, 'OK'))).toBe('apply');
    expect(kindOf(h('button', {}, '応募する'))).toBeNull();
    expect(kindOf(h('button', {}, '納品する'))).toBe('deliver');
  });

  it('knows those of a form too', () => {
    expect(stepOfForm(h('form', { class: 'bid-now' }), null, AT, packed)?.kind).toBe('apply');
  });
});
