import { describe, expect, it } from 'vitest';
import type { Reason, Stage } from '../api/types';
import { stateLine } from '../i18n/lines';
import { Words } from '../i18n/words';
import { STAGES } from '../lexicon.generated';
import { stateOfPage } from '../messages';
import { finding, pageModel, pageVerdict } from '../testing/values';
import { lightOf } from './light';

const ja = new Words('ja');
const model = (over: Parameters<typeof pageVerdict>[0], more = {}) => pageModel({ shown: pageVerdict(over), ...more });

describe('lightOf (UX A6)', () => {
  it.each(['contract', 'project', 'proposal', 'talkroom'] as const)('has one state for one fact: %s', (kind) => {
    expect(lightOf({ kind, stage: 'agreed-unfunded' })?.state).toBe('caution');
    expect(lightOf({ kind, stage: 'funded' })?.word).toBe('escrowGo');
    expect(lightOf({ kind, stage: null })?.state).toBe('not-checked');
    expect(lightOf({ kind, stage: 'delivered' })).toBeNull();
  });

  it('test_issue_19 has a word and its source for each stage', () => {
    const lights = Object.keys(STAGES).map((stage) => {
      const light = lightOf({ kind: 'contract', stage: stage as Stage });
      return [stage, light && [light.state, light.word, light.from]];
    });
    expect(Object.fromEntries(lights)).toEqual({
      browsing: ['not-checked', 'escrowUnknown', 'escrowUnknownFrom'],
      applying: ['caution', 'escrowStop', 'escrowProposedFrom'],
      'agreed-unfunded': ['caution', 'escrowStop', 'escrowStopFrom'],
      funded: ['clear', 'escrowGo', 'escrowGoFrom'],
      delivered: null,
      done: null,
      unknown: ['not-checked', 'escrowUnknown', 'escrowUnknownFrom'],
    });
  });

  it.each(['a-stage-of-a-newer-koban', 'constructor'])('is unknown at a stage that is not known here: %s', (stage) => {
    expect(lightOf({ kind: 'contract', stage: stage as Stage })?.word).toBe('escrowUnknown');
  });

  it.each([
    ['pending', 'escrowNotLookedFrom'],
    ['off', 'escrowNotLookedFrom'],
    ['a-reason-of-a-newer-koban', 'escrowNotLookedFrom'],
    ['page-changed', 'escrowUnknownFrom'],
    ['muted', 'escrowUnknownFrom'],
  ])('says whether anybody looked: %s', (reason, from) => {
    expect(lightOf({ kind: 'contract', stage: null, reason: reason as Reason })?.from).toBe(from);
  });

  it('is of pages about one deal', () => {
    for (const kind of ['job', 'contract-list', 'client', 'inbox', null] as const)
      expect(lightOf({ kind, stage: 'funded' })).toBeNull();
  });
});

describe('the state of a page with a light (UX A6)', () => {
  it.each([
    ['applying', 'caution', '注意：まだ始めないでください'],
    ['agreed-unfunded', 'caution', '注意：まだ始めないでください'],
    ['funded', 'clear', '確認済み（問題は見つかりませんでした）'],
    [null, 'not-checked', '未確認（このページからは、仮払いされているか読み取れません）'],
  ] as const)('does not contradict it where nothing was found: %s', (stage, state, line) => {
    const page = model({ kind: 'contract', stage });
    expect(stateOfPage(page).state).toBe(state);
    expect(stateLine(page, ja)).toBe(line);
  });

  it('is that of a graver finding', () => {
    expect(stateOfPage(model({ kind: 'contract', stage: null, findings: [finding()] })).state).toBe('danger');
  });

  it('keeps the light where the client is muted', () => {
    const page = model({ kind: 'contract', stage: 'agreed-unfunded', state: 'not-checked', reason: 'muted' });
    expect(stateOfPage(page).state).toBe('caution');
    expect(stateOfPage(model({ kind: 'contract', stage: 'funded', state: 'not-checked', reason: 'muted' })).state).toBe(
      'not-checked',
    );
  });
});
