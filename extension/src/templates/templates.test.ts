import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../lexicon.generated';
import { replyInfo } from '../testing/values';
import { inOr, laidOver, REPLIES, repliesOf, replyTo } from './templates';

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

describe('the replies of a pack', () => {
  const one = replyInfo();
  const other = replyInfo({ id: 'escrow-first', carries_out: ['escrow-excuse'], answers: ['escrow-excuse'] });

  it('lie over Koban’s own: in the place of one, or one more', () => {
    expect(laidOver([])).toEqual(REPLIES);
    const replies = laidOver([one, other]);
    expect(replies.map(({ id }) => id)).toEqual([...REPLIES.map(({ id }) => id), 'decline-a-call']);
    const { carries_out, ...said } = other;
    expect(replies[0]).toEqual({ ...said, carriesOut: carries_out });
    expect(replies[1]).toEqual(REPLIES[1]);
  });

  it('lie under the user’s wording, which stays when they go', () => {
    const edited = { 'decline-a-call': { ja: '通話はしません', en: 'No calls' }, 'escrow-first': { ja: '', en: '' } };
    const replies = repliesOf(edited, ['off-platform-contact'], [one, other]);
    expect(replies.map(({ id }) => id)).not.toContain('escrow-first');
    expect(replies.find(({ id }) => id === one.id)).toMatchObject({ title: one.title, text: { ja: '通話はしません' } });
    expect(repliesOf(edited).at(-1)).toMatchObject({ id: one.id, title: { ja: '通話はしません' }, carriesOut: [] });
  });

  it('carry out an advice in the place of Koban’s own', () => {
    const invited = { rule: 'messenger-invitation', subject: 'message' } as const;
    expect(replyTo(invited, 'thread', {}, [one])?.id).toBe('decline-a-call');
    expect(replyTo(invited, 'thread', { [one.id]: { ja: '', en: '' } }, [one])).toBeNull();
    expect(replyTo({ ...invited, rule: 'outside-tool' }, 'thread', {}, [one])?.id).toBe('stay-on-site');
    const worded = { 'stay-on-site': { ja: 'こちらでお願いします', en: '' } };
    expect(replyTo(invited, 'thread', worded, [one])?.text.ja).toBe('こちらでお願いします');
  });

  it('that only words a reply anew leaves it its risks and rules', () => {
    const { answers, carriesOut } = REPLIES.find(({ id }) => id === 'stay-on-site')!;
    const reworded = replyInfo({ id: 'stay-on-site', answers: [], carries_out: [] });
    const laid = laidOver([reworded]).find(({ id }) => id === 'stay-on-site');
    expect(laid).toMatchObject({ text: reworded.text, answers, carriesOut });
  });
});

describe('replyTo', () => {
  const warning = { rule: 'messenger-invitation', subject: 'message' } as const;

  it('is what the advice of a warning says to write, as the user words it', () => {
    expect(replyTo(warning, 'thread', {})?.id).toBe('stay-on-site');
    const edited = { 'stay-on-site': { ja: 'こちらでお願いします', en: '' } };
    expect(replyTo(warning, 'talkroom', edited)?.text.ja).toBe('こちらでお願いします');
    expect(replyTo({ rule: 'escrow-not-confirmed', subject: 'contract' }, 'contract', {})?.id).toBe('escrow-first');
  });

  it('is none where the advice is another, where it was emptied, and while nobody can be replied to', () => {
    expect(replyTo({ ...warning, rule: 'identity-papers' }, 'thread', {})).toBeNull();
    expect(replyTo(warning, 'thread', { 'stay-on-site': { ja: '', en: '' } })).toBeNull();
    expect(replyTo({ ...warning, subject: 'job' }, 'thread', {})).toBeNull();
    for (const kind of ['job', 'client', 'job-list', 'proposal-list', null] as const)
      expect(replyTo(warning, kind, {})).toBeNull();
  });
});

it('speaks calmly, and is complete in every language', () => {
  for (const { title, text } of REPLIES) {
    expect(title.ja.length).toBeLessThanOrEqual(20);
    expect(title.en.length).toBeLessThanOrEqual(45);
    for (const versions of [title, text]) expect(Object.keys(versions).sort()).toEqual([...LANGUAGES].sort());
    for (const [language, said] of Object.entries(text)) {
      expect(said).not.toMatch(/[!！¡]|詐欺|\b(?:scam|estafa|golpe|arnaque)/i);
      expect(said.split('\n').length, language).toBe(text.ja.split('\n').length);
      if (language !== 'ja') expect(said).not.toMatch(/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u);
    }
    for (const said of Object.values(title)) expect(said.length).toBeLessThanOrEqual(60);
  }
  expect(new Set(REPLIES.map(({ id }) => id)).size).toBe(6);
});

it('is in the language that is wanted; where it was not worded in it, in English, else in Japanese', () => {
  expect(inOr({ ja: '先に', en: 'First', fr: ' ' }, 'fr')).toBe('First');
  expect(inOr({ ja: '先に', en: '', fr: 'D’abord' }, 'fr')).toBe('D’abord');
  expect(inOr({ ja: '先に', en: '' }, 'es')).toBe('先に');
});
