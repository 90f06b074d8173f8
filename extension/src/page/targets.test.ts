import { beforeEach, describe, expect, it } from 'vitest';
import { finding } from '../testing/values';
import { h } from '../ui/dom';
import { targetsOf } from './targets';

const link = (id: number, text = '仕事') => h('a', { href: `https://crowdworks.jp/public/jobs/${id}` }, text);
const listed = (id: number, rule = 'direct-contract') =>
  finding({ rule, subject: 'job', anchor: `a[href$="/public/jobs/${id}"]`, evidence: [] });

beforeEach(() => document.body.replaceChildren());

describe('targetsOf', () => {
  it('marks each card of a job once, with all its warnings, and no other card', () => {
    const cards = [h('li', {}, link(1), link(1, 'もっと見る')), h('li', {}, link(2)), h('li', {}, link(1, '広告'))];
    document.body.append(h('ul', {}, ...cards));
    const { targets } = targetsOf([listed(1), listed(1, 'other')]);
    expect(targets.map((target) => target.within)).toEqual([cards[0], cards[2]]);
    expect(targets.map((target) => target.findings.length)).toEqual([2, 2]);
    expect((targets[0]?.place as Element | undefined)?.textContent).toBe('仕事');
  });

  it('stands beside the figure that was the reason', () => {
    const value = h('dd', {}, '0 件');
    document.body.append(
      h('p', {}, '募集実績のある発注者を選びましょうという長い説明'),
      h('div', { id: 'client', data: '{}' }, h('dl', {}, h('dt', {}, '募集実績'), value)),
    );
    const evidence = [
      { field: 'client.earlier_offers', quote: '0', selector: '#client[data] .jobOfferAchievementCount', marked: [] },
    ];
    const { targets } = targetsOf([finding({ severity: 'caution', subject: 'client', evidence })]);
    expect(targets.map((target) => target.place)).toEqual([value]);
  });

  it('stands beside a figure whose label a pack knows, and no longer the extension', () => {
    const value = h('dd', {}, '0 件');
    document.body.append(h('dl', {}, h('dt', {}, '発注の実績'), value));
    const evidence = [{ field: 'client.earlier_offers', quote: '0', selector: null, marked: [] }];
    const warned = [finding({ severity: 'caution', subject: 'client', evidence })];
    expect(targetsOf(warned).targets.map(({ place }) => place)).not.toContain(value);
    const packed = { 'client.earlier_offers': ['発注の実績'] };
    expect(targetsOf(warned, [], packed).targets.map(({ place }) => place)).toEqual([value]);
  });

  it('finds the very sentence, in its message', () => {
    const message = (time: string) =>
      h('div', { class: '_messageItem_1' }, h('time', { datetime: time }), h('p', {}, '直接', h('br'), 'お願いします'));
    document.body.append(message('one'), message('two'));
    const anchor = '[class*="_messageItem_"]:has(time[datetime="two"])';
    const { targets, sentences } = targetsOf([finding({ anchor })]);
    expect(sentences.danger.map(String)).toEqual(['直接お願いします']);
    expect(targets).toHaveLength(1);
    expect(targets[0]?.within.parentElement).toBe(document.body.lastElementChild);
  });

  it('stands at the picture that a contact was read in, or at the link to the file', () => {
    const read = (file: string) =>
      finding({ evidence: [{ field: 'message.attachment.text', quote: 'LINE ID', selector: null, marked: [], file }] });
    const picture = h('img', { src: 'https://crowdworks.jp/a.png' });
    const lazy = h('img', { src: 'data:,', 'data-src': '/b.png' });
    const file = h('a', { href: 'https://crowdworks.jp/attachments/7#page=2' }, '資料');
    document.head.append(h('base', { href: 'https://crowdworks.jp/public/jobs/1' }));
    document.body.append(h('p', {}, picture), h('p', {}, lazy), h('p', {}, file), h('p', {}, 'LINE ID'));
    const places = (address: string) => targetsOf([read(address)]).targets.map(({ place }) => place);
    expect(places('https://crowdworks.jp/a.png')).toEqual([picture]);
    expect(places('https://crowdworks.jp/b.png')).toEqual([lazy]);
    expect(places('https://crowdworks.jp/attachments/7')).toEqual([file]);
    expect(places('https://crowdworks.jp/c.png')).toEqual([]);
    document.querySelector('base')?.remove();
  });

  it('takes no date or count of the page for a short figure that was the reason', () => {
    document.body.append(h('h1', {}, 'バナー画像（10点）'), h('p', {}, '完了予定日: 2026年11月27日'), h('p', {}, '1'));
    const evidence = [{ field: 'contract.revisions_beyond', quote: '1', selector: null, marked: [] }];
    expect(targetsOf([finding({ severity: 'caution', subject: 'contract', evidence })])).toEqual({
      targets: [],
      sentences: { caution: [], danger: [] },
    });
  });

  it('marks no notice, and nothing where the place is not found', () => {
    document.body.append(h('p', {}, '直接お願いします'));
    expect(targetsOf([finding({ severity: 'notice' })]).targets).toEqual([]);
    expect(targetsOf([finding({ anchor: ':::', evidence: [] })]).targets).toEqual([]);
    expect(
      targetsOf([finding({ evidence: [{ field: 'job.body', quote: 'ない文', selector: null, marked: [] }] })]).targets,
    ).toEqual([]);
  });
});
