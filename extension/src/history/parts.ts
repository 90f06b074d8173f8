/** Days, amounts and clients of the history, in words. */
import type { Known } from '../api/types';
import type { Words } from '../i18n/words';

const JAPAN_MS = 9 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** The day of a moment where the marketplaces are. */
export function dayOf(moment: string): string {
  return new Date(Date.parse(moment) + JAPAN_MS).toISOString().slice(0, 10);
}

/** Today where the marketplaces are, or some days from it. */
export function today(days = 0): string {
  return dayOf(new Date(Date.now() + days * DAY_MS).toISOString());
}

/** An amount as people of the language write it. */
export function money(amount: number | string, currency: string | null | undefined, words: Words): string {
  const number = words.number(Number(amount));
  return currency === 'JPY' ? words.of('yen', number) : `${number} ${currency ?? ''}`.trim();
}

/** `はじめて見た日 …・仕事2件・支払い済み1件・警告1件`; what there is none of is left out. */
export function knownLine(client: Known, words: Words): string {
  const counts = [
    client.jobs > 0 && words.of('knownJobs', client.jobs),
    client.deals > 0 && words.of('knownDeals', client.deals),
    client.paid > 0 && words.of('knownPaid', client.paid),
    client.owed > 0 && words.of('knownOwed', client.owed),
    client.warnings > 0 && words.of('knownWarnings', client.warnings),
  ];
  const since = words.of('knownSince', words.day(dayOf(client.first_seen)));
  return [since, ...counts.filter((count) => count !== false)].join(words.of('knownJoin'));
}

/** A visit: pages of one client that are opened within it tell nothing of a time before. */
const VISIT_MS = 3_600_000;

/** Whether a client was seen before the visit that a page is of. */
export function seenBefore(client: Known, judgedAt: string): boolean {
  return Date.parse(client.first_seen) < Date.parse(judgedAt) - VISIT_MS;
}
