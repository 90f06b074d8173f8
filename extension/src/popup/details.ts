/** What the page shows of its job, contract and client, as Koban words it: nothing here knows a single field. */
import type { VNode } from 'preact';
import type { Verdict } from '../api/types';
import type { Words } from '../i18n/words';
import { h } from '../ui/virtual';

/** A folded list of labels and values; null for a page without any. */
export function detailsList(verdict: Pick<Verdict, 'details'> | undefined, words: Words): VNode | null {
  const details = verdict?.details ?? [];
  if (details.length === 0) return null;
  const rows = details.map(({ label, value }) =>
    h('div', { key: label.ja }, h('dt', {}, words.in(label)), h('dd', {}, words.in(value))),
  );
  return h('details', {}, h('summary', {}, words.of('detailsHeading')), h('dl', {}, ...rows));
}
