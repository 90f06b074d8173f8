/**
 * The escrow light: whether the work on a deal may begin, as far as its page shows. One fact, one state, on every
 * site and surface.
 */
import type { Stage, State, Verdict } from '../api/types';
import type { Key } from '../i18n/words';
import { kindInfo, reasonInfo } from '../states';

export interface Light {
  /**
   * The state of the fact itself: escrow that is missing is a caution wherever it is said (rule
   * `escrow-not-confirmed`).
   */
  state: State;
  word: Key;
  /** The source of the fact. */
  from: Key;
}

export const UNKNOWN_LIGHT: Light = { state: 'not-checked', word: 'escrowUnknown', from: 'escrowUnknownFrom' };

/** null: the work is handed over, and whether to begin is no question any more. */
const LIGHTS: Record<Stage, Light | null> = {
  browsing: UNKNOWN_LIGHT,
  applying: { state: 'caution', word: 'escrowStop', from: 'escrowProposedFrom' },
  'agreed-unfunded': { state: 'caution', word: 'escrowStop', from: 'escrowStopFrom' },
  funded: { state: 'clear', word: 'escrowGo', from: 'escrowGoFrom' },
  delivered: null,
  done: null,
  unknown: UNKNOWN_LIGHT,
};

/**
 * The light of a page; null where it is of no deal, or of one whose work is done. Muting and folding do not change
 * it.
 */
export function lightOf(
  verdict: (Pick<Verdict, 'kind' | 'stage'> & Partial<Pick<Verdict, 'reason'>>) | null | undefined,
): Light | null {
  const { kind, stage, reason } = verdict ?? {};
  if (!kindInfo(kind)?.ofADeal) return null;
  if (stage == null && reason != null && !reasonInfo(reason)?.looked)
    return { ...UNKNOWN_LIGHT, from: 'escrowNotLookedFrom' };
  const light = LIGHTS[stage ?? 'unknown'];
  // Of a newer Koban there may be stages that are not known here.
  return light === undefined ? UNKNOWN_LIGHT : light;
}
