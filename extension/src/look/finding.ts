/** A finding in its four parts: what was seen, why it matters, what to do now, where it comes from. */
import type { Finding } from '../api/types';
import { LOOKS, stateOf } from '../states';
import type { Words } from '../words/words';
import { h, icon, outward } from './dom';

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
  const word = finding.severity === 'notice' ? words.of('notice') : words.of(LOOKS[state].word);
  return h('span', { class: `mark ${finding.severity === 'notice' ? 'not-checked' : state}` }, icon(LOOKS[state].path), word);
}

/** A finding that unfolds. */
export function foldedFinding(finding: Finding, words: Words, reportUrl: string | null, open = false): HTMLElement {
  return h(
    'details',
    { class: 'finding', open },
    h('summary', {}, findingMark(finding, words), h('span', { class: 'title' }, words.in(finding.title))),
    findingParts(finding, words, reportUrl),
  );
}
