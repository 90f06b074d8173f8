/** The verdict of something that was judged to try Koban: its state, and every finding unfolded. */
import type { VNode } from 'preact';
import type { PageVerdict, State } from '../api/types';
import { stateLine } from '../i18n/lines';
import type { Words } from '../i18n/words';
import type { KobanState } from '../messages';
import { isList, LOOKS } from '../states';
import { foldedFindings } from '../ui/finding';
import { type Child, h, icon, VIRTUAL } from '../ui/virtual';

/** `failed`: Koban could not be asked. null: nothing was asked yet. */
export function trialResult(
  result: PageVerdict | 'failed' | null,
  health: KobanState['health'],
  words: Words,
): Child[] {
  if (result === null) return [];
  if (result === 'failed') return [h('p', {}, words.of('welcomeTryFailed'))];
  const { language } = words;
  const page = {
    url: result.url,
    health,
    shown: result,
    readAgain: false,
    isUntouched: false,
    folded: false,
    wantsPage: false,
    files: { wanted: [], unseen: [] },
    settings: null,
    known: null,
    removed: null,
    unstored: null,
    language,
  };
  const { state, findings, kind } = result.verdict;
  return [
    h('p', { class: `line ${state}` }, marked(state), stateLine(page, words)),
    ...foldedFindings(VIRTUAL, findings, isList(kind), words),
  ];
}

export function marked(state: State): VNode {
  return h('span', { class: `mark ${state}` }, icon(LOOKS[state].path));
}
