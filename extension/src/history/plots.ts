/** Warnings over time and by rule, as tables with bars: one reads them without seeing the bars, and prints them. */

import type { VNode } from 'preact';
import type { Text, Warned } from '../api/types';
import type { Words } from '../i18n/words';
import { WARNING_LEVELS } from '../lexicon.generated';
import { LOOKS, type WarningLevel, warns } from '../states';
import { h, icon } from '../ui/virtual';
import { dayOf } from './parts';

const MONTHS = 12;
const RULES = 10;
const GRAVEST_FIRST = [...WARNING_LEVELS].reverse();

export type Count = Record<WarningLevel, number>;

const none = (): Count => ({ danger: 0, caution: 0 });

/** Counts by month of the first sight, to the month of `until`: months without a warning count as well. */
export function byMonth(warnings: readonly Warned[], until: string): [string, Count][] {
  const months: string[] = [];
  const [year, month] = until.split('-').map(Number);
  for (let back = MONTHS - 1; back >= 0; back -= 1) {
    const at = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1 - back, 1));
    months.push(at.toISOString().slice(0, 7));
  }
  const counts = countsBy(warnings, ({ first_seen }) => dayOf(first_seen).slice(0, 7));
  const first = months.findIndex((each) => counts.has(each));
  return months.slice(Math.max(0, first)).map((each) => [each, counts.get(each) ?? none()]);
}

/** Counts by rule, the most frequent first, each under its own title; and how many kinds are not among them. */
export function byRule(warnings: readonly Warned[]): { counts: [Text, Count][]; rest: number } {
  const titles = new Map(warnings.map(({ rule, title }) => [rule, title]));
  const counts = [...countsBy(warnings, ({ rule }) => rule)].sort(([, one], [, other]) => total(other) - total(one));
  return {
    counts: counts.slice(0, RULES).map(([rule, count]) => [titles.get(rule) ?? { ja: rule, en: rule }, count]),
    rest: Math.max(0, counts.length - RULES),
  };
}

function countsBy(warnings: readonly Warned[], key: (warning: Warned) => string): Map<string, Count> {
  const counts = new Map<string, Count>();
  for (const warning of warnings) {
    const count = counts.get(key(warning)) ?? none();
    if (warns(warning.severity)) count[warning.severity] += 1;
    counts.set(key(warning), count);
  }
  return counts;
}

function total(count: Count): number {
  return GRAVEST_FIRST.reduce((sum, level) => sum + count[level], 0);
}

export function bars(caption: string, heading: string, counts: [string, Count][], words: Words): VNode {
  const most = Math.max(1, ...counts.map(([, count]) => total(count)));
  const heads = GRAVEST_FIRST.map((severity) =>
    h(
      'th',
      { scope: 'col' },
      h('span', { class: `mark ${severity}` }, icon(LOOKS[severity].path), words.of(LOOKS[severity].word)),
    ),
  );
  return h(
    'table',
    { class: 'bars' },
    h('caption', {}, caption),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, heading), ...heads, h('td'))),
    h(
      'tbody',
      {},
      ...counts.map(([name, count]) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, name),
          ...GRAVEST_FIRST.map((severity) =>
            h('td', { class: count[severity] === 0 ? 'count zero' : 'count' }, String(count[severity])),
          ),
          h('td', { class: 'stack' }, ...GRAVEST_FIRST.map((severity) => bar(severity, count[severity] / most))),
        ),
      ),
    ),
  );
}

function bar(severity: keyof Count, share: number): VNode | null {
  if (share === 0) return null;
  return h('span', {
    class: `bar ${severity}`,
    'aria-hidden': 'true',
    style: `inline-size: ${(share * 100).toFixed(1)}%`,
  });
}
