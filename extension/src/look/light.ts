/** The escrow light: whether the work on a deal may begin, as far as its page shows. One fact, one state, on every site and surface. */
import type { State, Verdict } from '../api/types';
import { PAGE_KINDS } from '../lexicon.generated';
import type { Key } from '../words/words';

export interface Light {
  /** The state of the fact itself: escrow that is missing is a caution wherever it is said (rule `escrow-not-confirmed`). */
  state: State;
  word: Key;
  /** What that was read from. */
  from: Key;
}

const LIGHTS: Record<string, Light> = {
  funded: { state: 'clear', word: 'escrowGo', from: 'escrowGoFrom' },
  'agreed-unfunded': { state: 'caution', word: 'escrowStop', from: 'escrowStopFrom' },
  applying: { state: 'caution', word: 'escrowStop', from: 'escrowProposedFrom' },
};
export const UNKNOWN_LIGHT: Light = { state: 'not-checked', word: 'escrowUnknown', from: 'escrowUnknownFrom' };
/** The work is handed over: whether to begin is no question any more. */
const BEGUN = new Set(['delivered', 'done']);

/** The light of a page; null where it is of no deal, or of one whose work is done. Muting and folding do not change it. */
export function lightOf(verdict: Pick<Verdict, 'kind' | 'stage'> | null | undefined): Light | null {
  const { kind, stage } = verdict ?? {};
  if (kind == null || !PAGE_KINDS[kind]?.ofADeal || BEGUN.has(stage ?? '')) return null;
  return LIGHTS[stage ?? ''] ?? UNKNOWN_LIGHT;
}
