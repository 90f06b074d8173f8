import { describe, expect, it } from 'vitest';
import { REPLIES, repliesOf } from './templates';

describe('repliesOf', () => {
  it('offers Koban’s own, with the user’s wording where there is one', () => {
    expect(repliesOf({})).toEqual(REPLIES);
    const edited = repliesOf({ 'escrow-first': { ja: '先に仮払いを', en: 'Escrow first' } });
    expect(edited.map(({ id }) => id)).toEqual(REPLIES.map(({ id }) => id));
    expect(edited[0]?.text.ja).toBe('先に仮払いを');
    expect(edited[0]?.title).toEqual(REPLIES[0]?.title);
  });

  it('leaves out what was emptied, and takes what the user added', () => {
    const replies = repliesOf({ 'escrow-first': { ja: ' ', en: '' }, mine: { ja: '件名\n本文', en: 'Subject\nText' } });
    expect(replies.map(({ id }) => id)).not.toContain('escrow-first');
    expect(replies.at(-1)).toMatchObject({ id: 'mine', title: { ja: '件名', en: 'Subject' } });
  });

  it('test_ux_b begins with what answers the page’s warnings, the gravest first', () => {
    const ids = (risks: string[]) => repliesOf({}, risks).map(({ id }) => id);
    expect(ids(['direct-contract', 'unlimited-revisions']).slice(0, 3)).toEqual([
      'no-direct-contract',
      'revision-terms',
      'escrow-first',
    ]);
    expect(ids(['client-no-history'])).toEqual(ids([]));
  });
});

it('speaks calmly, and is complete in both languages', () => {
  for (const { title, text } of REPLIES) {
    expect(title.ja.length).toBeLessThanOrEqual(20);
    expect(title.en.length).toBeLessThanOrEqual(45);
    for (const said of [text.ja, text.en]) expect(said).not.toMatch(/[!！]|詐欺|\bscam/i);
    expect(text.en).not.toMatch(/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u);
  }
  expect(new Set(REPLIES.map(({ id }) => id)).size).toBe(5);
});
