/** A finding in its four parts: what was seen, why it matters, what to do now, where it comes from. */
import type { Finding } from '../api/types';
import { LOOKS, countedByRule, gravestFirst, isList, stateOf } from '../states';
import type { Words } from '../words/words';
import { h, icon, outward } from './dom';

/** An i in a ring: filled, it would have the shape of a page without warnings. */
const NOTICE =
  'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM8 2.9a5.1 5.1 0 1 1 0 10.2a5.1 5.1 0 1 1 0-10.2zM7.2 7h1.6v4.4H7.2zM7.2 4.5h1.6v1.6H7.2z';

/** The parts below the title. `reportUrl`: where the site takes reports, for findings that are worth one. */
export function findingParts(finding: Finding, words: Words, reportUrl: string | null): HTMLElement {
  const [source] = finding.sources;
  const report = finding.report && reportUrl !== null ? outward(reportUrl, words.of('report')) : null;
  return h(
    'div',
    { class: 'parts' },
    h('p', { class: 'seen' }, words.in(finding.seen)),
    h('p', { class: 'reason' }, words.in(finding.reason)),
    h('p', { class: 'advice' }, words.in(finding.advice)),
    source === undefined && report === null
      ? null
      : h(
          'p',
          { class: 'source' },
          source === undefined ? null : outward(source.url, words.in(source.name)),
          source === undefined ? null : h('span', {}, words.of('checkedOn', words.day(source.checked))),
          report,
        ),
  );
}

/** The shape of a finding's severity, and its word for those who do not see it. */
export function findingMark(finding: Finding, words: Words): HTMLElement {
  const state = stateOf(finding.severity);
  const path = finding.severity === 'notice' ? NOTICE : LOOKS[state].path;
  const word = finding.severity === 'notice' ? words.of('notice') : words.of(LOOKS[state].word);
  return h('span', { class: `mark ${finding.severity === 'notice' ? 'not-checked' : state}` }, icon(path), word);
}

/** A finding that unfolds. `count`: on how many cards of a list it holds; what it says of one stands for all. */
export function foldedFinding(finding: Finding, words: Words, reportUrl: string | null, open = false, count = 1): HTMLElement {
  return h(
    'details',
    { class: 'finding', open, 'data-rule': finding.rule },
    h(
      'summary',
      {},
      findingMark(finding, words),
      h('span', { class: 'title' }, words.in(finding.title)),
      count > 1 ? h('span', { class: 'count' }, words.of('onCards', count)) : null,
    ),
    findingParts(finding, words, reportUrl),
  );
}

/** The findings of a page as they are listed, gravest first; of a list of cards each rule once. */
export function foldedFindings(findings: readonly Finding[], kind: string | null | undefined, words: Words, reportUrl: string | null): HTMLElement[] {
  const told = isList(kind) ? countedByRule(findings) : gravestFirst(findings).map((finding) => ({ finding, count: 1 }));
  return told.map(({ finding, count }) => foldedFinding(finding, words, reportUrl, !isList(kind), count));
}
