/** A finding in its four parts: what was seen, why it matters, what to do now, where it comes from. */
import type { Evidence, Finding } from '../api/types';
import { LOOKS, countedByRule, gravestFirst, isList, stateOf } from '../states';
import type { Words } from '../words/words';
import { h, icon, outward } from './dom';

const LONGEST_QUOTE = 60;
const BULLETS = /^[・●■◆◇○□▼▶►•※★☆ ]+/;

/** The parts below the title. `reportUrl`: where the site takes reports, for findings that are worth one. */
export function findingParts(finding: Finding, words: Words, reportUrl: string | null): HTMLElement {
  const [source] = finding.sources;
  const report = finding.report && reportUrl !== null ? outward(reportUrl, words.of('report')) : null;
  return h(
    'div',
    { class: 'parts' },
    h('p', { class: 'seen' }, ...withMarks(words.in(finding.seen), finding.evidence)),
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

/**
 * What was seen, with the words of its quote in `<mark>` that weigh most. A long quote stands in it shortened, without its
 * bullet (rules/placeholders.py). Places are counted in code points, as Python counts.
 */
export function withMarks(seen: string, evidence: readonly Evidence[]): (Node | string)[] {
  for (const { quote, marked } of evidence) {
    if (marked === undefined || marked.length === 0) continue;
    const whole = [...quote];
    const bare = [...quote.replace(BULLETS, '')];
    for (const characters of [whole, bare, bare.slice(0, LONGEST_QUOTE - 1)]) {
      const [before, ...after] = seen.split(characters.join(''));
      if (characters.length === 0 || before === undefined || after.length === 0) continue;
      const first = characters === whole ? 0 : whole.length - bare.length;
      const parts: (Node | string)[] = [before];
      let at = 0;
      for (const [start, end] of marked.map(([from, to]) => [Math.max(0, from - first), Math.min(characters.length, to - first)] as const)) {
        if (start < at || end <= start) continue;
        parts.push(characters.slice(at, start).join(''), h('mark', {}, characters.slice(start, end).join('')));
        at = end;
      }
      parts.push(characters.slice(at).join('') + after.join(characters.join('')));
      return parts.filter((part) => part !== '');
    }
  }
  return [seen];
}

/** The shape of a finding's severity, and its word for those who do not see it. */
export function findingMark(finding: Finding, words: Words): HTMLElement {
  const state = stateOf(finding.severity);
  const word = finding.severity === 'notice' ? words.of('notice') : words.of(LOOKS[state].word);
  return h('span', { class: `mark ${finding.severity === 'notice' ? 'not-checked' : state}` }, icon(LOOKS[state].path), word);
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
  return told.map(({ finding, count }) => foldedFinding(finding, words, reportUrl, true, count));
}
