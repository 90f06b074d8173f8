/** What several surfaces show of the history: due dates, a client in a line, one's own note, amounts, days. */
import type { Due, Known } from '../api/types';
import type { Words } from '../i18n/words';
import { h, outward } from '../ui/dom';

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
  const number = Number(amount).toLocaleString('en-US');
  return currency === 'JPY' ? words.of('yen', number) : `${number} ${currency ?? ''}`.trim();
}

/** What is due, the first first; what is past is said so. titled: with the deal, which among its own dates goes without saying. */
export function dueList(dues: Due[], words: Words, titled = true): HTMLElement {
  return h('ul', { class: 'rows dues' }, ...dues.map((due) => dueRow(due, words, titled)));
}

function dueRow(due: Due, words: Words, titled: boolean): HTMLElement {
  const now =
    due.day < today() ? 'overdue' : due.day === today() ? 'dueToday' : due.day === today(1) ? 'dueTomorrow' : null;
  return h(
    'li',
    {},
    h('time', { datetime: due.day }, words.day(due.day)),
    now === null ? null : h('strong', { class: now }, words.of(now)),
    h('span', {}, words.in(due.what)),
    due.title == null || !titled ? null : due.url == null ? h('span', {}, due.title) : outward(due.url, due.title),
  );
}

/** `初めて見た日 …・仕事2件・支払い済み1件・警告1件`; what there is none of is left out. */
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

/** The user's own note on a client, kept when it is left. */
export function noteField(client: Known, words: Words, keep: (note: string | null) => Promise<boolean>): HTMLElement {
  const said = h('span', { role: 'status' });
  const box = h('textarea', {
    rows: '2',
    maxlength: '4000',
    'aria-label': words.of('noteField'),
    placeholder: words.of('noteField'),
  });
  box.value = client.note ?? '';
  box.addEventListener('change', () => {
    void keep(box.value.trim() === '' ? null : box.value).then(
      (kept) => (said.textContent = words.of(kept ? 'noteKept' : 'noteFailed')),
    );
  });
  return h('div', { class: 'note' }, box, said);
}

/** A button that does what cannot be undone, once it was pressed a second time. */
export function sureButton(label: string, sure: string, act: () => void): HTMLButtonElement {
  let asked = false;
  const button = h('button', {
    type: 'button',
    class: 'delete',
    onclick: () => {
      if (asked) return act();
      asked = true;
      button.textContent = sure;
    },
    onblur: () => {
      asked = false;
      button.textContent = label;
    },
  });
  button.textContent = label;
  return button;
}
