/**
 * The one plain sentence that says how a page is. Of a verdict it is the one at the end of its page
 * (addon/verdicts/headline.py): both are tested against tests/addon/verdicts/headlines.json.
 */

import type { StorageTrouble } from '../api/types';
import type { DraftResult } from '../guard/draft-reply';
import type { PageHealth, PageModel } from '../messages';
import { stateOfPage } from '../messages';
import { gravestFirst, LOOKS, reasonInfo, warnings, warns } from '../states';
import { listLine, warningCount } from '../ui/count';
import { lightOf } from '../ui/light';
import type { Key, Words } from './words';

/** Why a page was not checked, by the link's health. */
export const HEALTH_REASONS: Record<Exclude<PageHealth, 'ok'>, Key> = {
  'not-running': 'reasonNotRunning',
  'not-paired': 'reasonNotPaired',
  'wrong-version': 'reasonWrongVersion',
  failing: 'reasonFailing',
  stranger: 'reasonStranger',
  replaced: 'reasonReplaced',
};
/** Why a page was not checked, by a code of the extension's own. */
const OWN_REASONS: Record<string, Key> = {
  ...HEALTH_REASONS,
  'escrow-unknown': 'reasonEscrowUnknown',
  'not-seen': 'reasonNotSeen',
};

/** The words for a verdict's reason, or for one of the extension's own; also for none, and for one not known here. */
export function reasonLine(code: string | null, words: Words): string {
  const own = code !== null && Object.hasOwn(OWN_REASONS, code) ? OWN_REASONS[code] : undefined;
  return words.of(reasonInfo(code)?.word ?? own ?? 'noReason');
}

/** `未確認（Kobanが動いていません）` */
export function notCheckedLine(code: string | null, words: Words): string {
  return words.of('notCheckedLine', reasonLine(code, words));
}

/** Why what is seen may not be kept, and that warnings go on. */
export function storageLine(trouble: StorageTrouble, words: Words): string {
  return words.of(trouble === 'full' ? 'storageFull' : 'storageReadOnly');
}

/** What became of a reply that was to be put into the page's message box. */
export const DRAFT_LINES: Record<DraftResult, Key> = {
  inserted: 'draftInserted',
  copied: 'draftCopied',
  failed: 'draftFailed',
};

/** The parts of a page, by the record that a checked field is of. */
const PARTS: Record<string, Key> = {
  job: 'partJob',
  client: 'partClient',
  message: 'partMessages',
  thread: 'partMessages',
  contract: 'partContract',
};

/** `調べたもの：仕事の内容、発注者`; null where nothing was checked that has a name here. */
export function checkedLine(checked: readonly string[], words: Words): string | null {
  const keys = new Set(checked.flatMap((field) => PARTS[field.split('.')[0] ?? ''] ?? []));
  const parts = [...keys].map((key) => words.of(key));
  return parts.length === 0 ? null : words.of('checkedParts', parts.join(words.of('listComma')));
}

/** A line on a page, and that what it says was found before the page was loaded again. */
export function withReadAgain(line: string, page: PageModel, words: Words): string {
  return page.readAgain ? words.of('readAgainLine', line) : line;
}

/** `危険：警告が3件あります`, above the gravest of them, whose title would be said twice; null where there is none. */
export function countLine(page: PageModel, words: Words): string | null {
  const { state } = stateOfPage(page);
  const verdict = page.shown?.verdict;
  const count = warningCount(verdict);
  if (!warns(state) || count === 0 || listLine(verdict, words) !== null) return null;
  const word = words.of(LOOKS[state].word);
  return count === 1 ? words.of('warningCountOne', word) : words.of('warningCount', word, count);
}

/** The line of a clear page. One with notices has found something, though nothing to warn of. */
export function clearLine(page: PageModel, words: Words): string {
  return words.of((page.shown?.verdict.findings ?? []).length > 0 ? 'noWarningsLine' : 'clearLine');
}

/** `危険：直接契約の誘いです（ほか2件）` and its like for every state. */
export function stateLine(page: PageModel, words: Words): string {
  const { state, reason } = stateOfPage(page);
  if (state === 'clear') return clearLine(page, words);
  if (state === 'not-checked') return notCheckedLine(reason, words);
  const all = warnings(gravestFirst(page.shown?.verdict.findings ?? []));
  const first = all[0];
  const word = words.of(LOOKS[state].word);
  if (first === undefined) {
    const light = lightOf(page.shown?.verdict);
    return light === null ? word : words.of('warningLine', word, words.of(light.word));
  }
  const verdict = page.shown?.verdict;
  const count = warningCount(verdict);
  const cardsLine = listLine(verdict, words);
  if (cardsLine !== null) return words.of('warningLine', word, cardsLine);
  const title = words.in(first.title);
  return count === 1 ? words.of('warningLine', word, title) : words.of('warningsLine', word, title, count - 1);
}

/** `■ Koban 交番: 危険：直接契約の誘いです`: what Koban's own element at the end of a page says. */
export function endLine(page: PageModel, words: Words): string {
  const line = withReadAgain(stateLine(page, words), page, words);
  return `${LOOKS[stateOfPage(page).state].sign} ${words.of('extensionName')}: ${line}`;
}
