/** The one count of warnings that banner, badge, popup and tooltip show. */
import type { Finding, Verdict } from '../api/types';
import type { Key, Words } from '../i18n/words';
import { isList, warnings } from '../states';

type Judged = Pick<Verdict, 'findings' | 'kind'>;

/**
 * Returns the number of warnings of a page: on a list the cards that have any, elsewhere each warning. Notices do not
 * count.
 */
export function warningCount(verdict: Judged | null | undefined): number {
  const pageWarnings = warnings(verdict?.findings ?? []);
  return isList(verdict?.kind) ? new Set(pageWarnings.map(cardOf)).size : pageWarnings.length;
}

/** The card that a finding is about; one that names no card counts by itself. */
function cardOf(finding: Finding): unknown {
  return finding.anchor ?? finding.subject_id ?? finding;
}

/** `2件の仕事に警告があります`; null where the page is no list, or its warnings name no cards. */
export function listLine(verdict: Judged | null | undefined, words: Words): string | null {
  const pageWarnings = warnings(verdict?.findings ?? []);
  if (pageWarnings.length === 0 || !isList(verdict?.kind) || !pageWarnings.every((finding) => finding.anchor))
    return null;
  const [one, many]: [Key, Key] = pageWarnings.every((finding) => finding.subject === 'contract')
    ? ['listContractsOne', 'listContractsLine']
    : ['listLineOne', 'listLine'];
  const count = warningCount(verdict);
  return count === 1 ? words.of(one) : words.of(many, count);
}
