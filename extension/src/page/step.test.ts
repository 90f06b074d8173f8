import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Words } from '../i18n/words';
import { finding, verdict } from '../testing/values';
import { h } from '../ui/dom';
import { questionDialog } from './question';
import { dangerOf, stepQuestion } from './step';

beforeEach(() => document.body.replaceChildren());

const control = h('a', { href: '#' }, '応募する');
const apply = { kind: 'apply', control } as const;

describe('dangerOf', () => {
  it('is the gravest danger of the page, and no caution', () => {
    const caution = finding({ severity: 'caution', rule: 'other' });
    expect(dangerOf(apply, verdict({ findings: [caution, finding()] }))?.finding?.rule).toBe('direct-contract');
    expect(dangerOf(apply, verdict({ findings: [caution] }))).toBeNull();
    expect(dangerOf(apply, verdict())).toBeNull();
  });

  it('holds every delivery on a contract without escrow, and none once it is paid', () => {
    const deliver = { kind: 'deliver', control } as const;
    const unpaid = finding({ severity: 'caution', rule: 'escrow-not-confirmed' });
    expect(dangerOf(deliver, verdict({ stage: 'agreed-unfunded', findings: [unpaid] }))).toEqual({ finding: unpaid });
    expect(dangerOf(deliver, verdict({ stage: 'agreed-unfunded' }))).toEqual({ finding: null });
    expect(dangerOf(deliver, verdict({ stage: 'funded' }))).toBeNull();
  });

  it('in a list is of the card that the control stands in', () => {
    const card = (id: number, ...within: Element[]) =>
      h('li', {}, h('a', { href: `https://crowdworks.jp/public/jobs/${id}` }, '仕事'), ...within);
    const other = h('button', {}, '応募する');
    document.body.append(h('ul', {}, card(1, control), card(2, other)));
    const listed = verdict({ kind: 'job-list', findings: [finding({ anchor: 'a[href$="/public/jobs/1"]' })] });
    expect(dangerOf(apply, listed)).not.toBeNull();
    expect(dangerOf({ kind: 'apply', control: other }, listed)).toBeNull();
  });
});

describe('the question', () => {
  const dialog = (answer = vi.fn()) => {
    const step = { ...apply, where: '' };
    return {
      answer,
      element: questionDialog(
        stepQuestion(step, { finding: finding() }, new Words('ja'), null),
        new Words('ja'),
        answer,
      ),
    };
  };

  it('names the danger, asks, and offers the way back first', () => {
    const { element } = dialog();
    expect(element.querySelector('h2')?.textContent).toBe('危険直接契約の誘いです');
    expect([...element.querySelectorAll('#danger p')].map((part) => part.textContent)).toEqual([
      '「直接お願いします」',
      '規約で禁止されています。',
      '応じないでください。',
    ]);
    expect(element.querySelector('.maker')?.textContent).toBe('Koban');
    expect(element.querySelector('.question')?.textContent).toBe('この仕事に応募しますか。');
    expect([...element.querySelectorAll('button')].map((button) => button.textContent)).toEqual([
      '戻る',
      'このまま進む',
    ]);
    expect(element.querySelector('button[autofocus]')?.textContent).toBe('戻る');
  });

  it('test_ux_13 advises before a delivery what can still be done: not to deliver', () => {
    const step = { ...apply, kind: 'deliver', where: '' } as const;
    const asked = (rule: string) =>
      questionDialog(
        stepQuestion(step, { finding: finding({ rule }) }, new Words('ja'), null),
        new Words('ja'),
        vi.fn(),
      );
    const advice = (rule: string) => asked(rule).querySelector('.advice')?.textContent;
    expect(advice('escrow-not-confirmed')).toBe('仮払いが済んだと表示されるまで、納品しないでください。');
    expect(advice('direct-contract')).toBe('応じないでください。');
  });

  it('goes on by no click of a script', () => {
    const { element, answer } = dialog();
    element.querySelector<HTMLElement>('button.on')?.dispatchEvent(new MouseEvent('click'));
    expect(answer).not.toHaveBeenCalled();
    element.querySelector<HTMLElement>('button.back')?.dispatchEvent(new MouseEvent('click'));
    expect(answer).toHaveBeenCalledWith(false);
  });
});
