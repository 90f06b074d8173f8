/** The one count of warnings that banner, badge, popup and tooltip show. */
import type { Finding, Verdict } from '../api/types';
import type { Key, Words } from '../i18n/words';
import { isList, warnings } from '../states';

type Judged = Pick<Verdict, 'findings' | 'kind'>;

/** Of how many warnings a page is: on a list the cards that have any, elsewhere each warning. Notices are none. */
export function warningCount(verdict: Judged | null | undefined): number {
  const found = warnings(verdict?.findings ?? []);
  return isList(verdict?.kind) ? new Set(found.map(cardOf)).size : found.length;
}

/** What of a list a finding is of; one that names no card counts by itself. */
function cardOf(finding: Finding): unknown {
  return finding.anchor ?? finding.subject_id ?? finding;
}

/** `このページの2件の仕事に警告があります`; null where the page is no list, or its warnings name no cards. */
export function listLine(verdict: Judged | null | undefined, words: Words): string | null {
  const found = warnings(verdict?.findings ?? []);
  if (found.length === 0 || !isList(verdict?.kind) || !found.every((finding) => finding.anchor)) return null;
  const [one, many]: [Key, Key] = found.every((finding) => finding.subject === 'contract')
    ? ['listContractsOne', 'listContractsLine']
    : ['listLineOne', 'listLine'];
  const count = warningCount(verdict);
  return count === 1 ? words.of(one) : words.of(many, count);
}
