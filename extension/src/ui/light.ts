/**
 * The escrow light: whether the work on a deal may begin, as far as its page shows. One fact, one state, on every
 * site and surface.
 */
import type { State, Verdict } from '../api/types';
import type { Key } from '../i18n/words';
import { kindInfo, reasonInfo, stageInfo } from '../states';

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
const GO: Light = { state: 'clear', word: 'escrowGo', from: 'escrowGoFrom' };
/** The deal is agreed, and escrow comes next. */
const STOP: Light = { state: 'caution', word: 'escrowStop', from: 'escrowStopFrom' };
const STOP_BEFORE_AGREEMENT: Light = { state: 'caution', word: 'escrowStop', from: 'escrowProposedFrom' };

/**
 * Returns the light of a page, which follows from the deal's stage; null where the page is of no deal, or of one whose
 * work is handed over, so that whether to begin is no question any more. Muting and folding do not change it.
 */
export function lightOf(
  verdict: (Pick<Verdict, 'kind' | 'stage'> & Partial<Pick<Verdict, 'reason'>>) | null | undefined,
): Light | null {
  const { kind, stage, reason } = verdict ?? {};
  if (!kindInfo(kind)?.ofADeal) return null;
  if (stage == null && reason != null && !reasonInfo(reason)?.looked)
    return { ...UNKNOWN_LIGHT, from: 'escrowNotLookedFrom' };
  const { funded, waiting, mayBegin } = stageInfo(stage);
  if (funded === null) return UNKNOWN_LIGHT;
  if (!funded) return waiting ? STOP : STOP_BEFORE_AGREEMENT;
  return mayBegin ? GO : null;
}
