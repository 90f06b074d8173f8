/** A finding in its four parts: what was seen, why it matters, what to do now, where it comes from. */
import type { Evidence, Finding, Severity } from '../api/types';
import type { Key, Words } from '../i18n/words';
import { countedByRule, gravestFirst, LOOKS, stateOf } from '../states';
import { type Elements, outward } from './elements';

const LONGEST_QUOTE = 60;
/** Pieces that stand open; further ones are folded. */
const OPEN_CROPS = 2;
/** A PNG in base64, of the size that Koban keeps to (extractors/records.py). */
const CROP = /^iVBORw0KGgo[A-Za-z0-9+/]{0,32000}={0,2}$/;
const BULLETS = /^[・●■◆◇○□▼▶►•※★☆ ]+/;

/** An i in a ring: filled, it would have the shape of a page without warnings. */
const NOTICE =
  'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM8 2.9a5.1 5.1 0 1 1 0 10.2a5.1 5.1 0 1 1 0-10.2zM7.2 7h1.6v4.4H7.2zM7.2 4.5h1.6v1.6H7.2z';

/** Prepares a report on a finding; null where nothing can be prepared. Nothing is sent. */
export type PrepareReport = ((finding: Finding) => void) | null;

/** What is offered with a finding's parts. */
export interface Offers<Node> {
  prepare?: PrepareReport;
  /** What stands below the advice: the reply that it speaks of; null where there is none. */
  reply?: ((finding: Finding) => Node | null) | null;
}

/** The parts below the title. A report is offered with findings that are worth one. */
export function findingParts<Node>(
  elements: Elements<Node>,
  finding: Finding,
  words: Words,
  { prepare = null, reply = null }: Offers<Node> = {},
): Node {
  const { h } = elements;
  const [source] = finding.sources;
  const report =
    finding.report && prepare !== null
      ? h(
          'button',
          { type: 'button', class: 'report-button', onclick: () => prepare(finding) },
          words.of('reportButton'),
        )
      : null;
  return h(
    'div',
    { class: 'parts' },
    h('p', { class: 'seen' }, ...withMarks(elements, seenIn(finding, words), finding.evidence)),
    ...places(elements, finding, words),
    h('p', { class: 'reason' }, words.in(finding.reason)),
    h('p', { class: 'advice' }, words.in(finding.advice)),
    reply?.(finding) ?? null,
    source === undefined && report === null
      ? null
      : h(
          'p',
          { class: 'source' },
          source === undefined ? null : outward(elements, source.url, words.in(source.name)),
          source === undefined ? null : h('span', {}, words.of('checkedOn', words.day(source.checked))),
          report,
        ),
  );
}

/** What was seen; in a page, of a file that its user chose, no more than that it is there (background/for-page.ts). */
function seenIn({ seen, evidence }: Finding, words: Words): string {
  return evidence[0]?.chosen && seen.en === '' ? words.of('chosenSeen') : words.in(seen);
}

/**
 * The places in pictures and files that say it: the pieces that Koban cut out of pictures, small PNGs and nothing else,
 * and the words where there is no piece. The first stand open, the words of the first in the sentence above; what is
 * beyond all bounds is counted.
 */
function places<Node>({ h }: Elements<Node>, { evidence, more = 0 }: Finding, words: Words): Node[] {
  const crops = new Map<string, Node>();
  const quotes = new Map<string, Node>();
  evidence.forEach(({ crop, file, quote }, at) => {
    if (CROP.test(crop ?? '')) {
      crops.set(
        `${crop}`,
        h('img', { class: 'crop', src: `data:image/png;base64,${crop}`, alt: words.of('cropAlt', shortened(quote)) }),
      );
    } else if (file != null && at > 0 && quote !== '') {
      quotes.set(`${file}\n${quote}`, h('p', { class: 'further-place' }, h('q', {}, shortened(quote))));
    }
  });
  const pieces = [...crops.values()];
  const foldedPlaces = [...pieces.slice(OPEN_CROPS), ...quotes.values()];
  const open = pieces.slice(0, OPEN_CROPS);
  const leftLine = words.of('placesLeft', more);
  if (foldedPlaces.length === 0) return more === 0 ? open : [...open, h('p', { class: 'further-place' }, leftLine)];
  const summary = h('summary', {}, words.of('placesFurther', foldedPlaces.length + more));
  const rest = more === 0 ? null : h('p', { class: 'further-place' }, leftLine);
  return [...open, h('details', { class: 'further' }, summary, ...foldedPlaces, rest)];
}

function shortened(quote: string): string {
  const characters = [...quote];
  return characters.length > LONGEST_QUOTE ? `${characters.slice(0, LONGEST_QUOTE - 1).join('')}…` : quote;
}

/**
 * The evidence, with the words of its quote in `<mark>` that weigh most. A long quote stands in it shortened, without
 * its bullet (rules/quotes.py). Places are counted in code points, as Python counts.
 */
export function withMarks<Node>({ h }: Elements<Node>, text: string, evidence: readonly Evidence[]): (Node | string)[] {
  for (const { quote, marked } of evidence) {
    if (marked === undefined || marked.length === 0) continue;
    const whole = [...quote];
    const bare = [...quote.replace(BULLETS, '')];
    for (const characters of [whole, bare, bare.slice(0, LONGEST_QUOTE - 1)]) {
      const [before, ...after] = text.split(characters.join(''));
      if (characters.length === 0 || before === undefined || after.length === 0) continue;
      const first = characters === whole ? 0 : whole.length - bare.length;
      const parts: (Node | string)[] = [before];
      let at = 0;
      for (const [start, end] of marked.map(
        ([from, to]) => [Math.max(0, from - first), Math.min(characters.length, to - first)] as const,
      )) {
        if (start < at || end <= start) continue;
        parts.push(characters.slice(at, start).join(''), h('mark', {}, characters.slice(start, end).join('')));
        at = end;
      }
      parts.push(characters.slice(at).join('') + after.join(characters.join('')));
      return parts.filter((part) => part !== '');
    }
  }
  return [text];
}

/** The shape of a severity, and its word for those who do not see it. */
export function severityMark<Node>({ h, icon }: Elements<Node>, severity: Severity, words: Words): Node {
  const state = stateOf(severity);
  const path = severity === 'notice' ? NOTICE : LOOKS[state].path;
  const word = words.of(severityWord(severity));
  return h('span', { class: `mark ${severity === 'notice' ? 'not-checked' : state}` }, icon(path), word);
}

export function severityWord(severity: Severity): Key {
  return severity === 'notice' ? 'notice' : LOOKS[stateOf(severity)].word;
}

export interface FoldedOptions<Node> extends Offers<Node> {
  open?: boolean;
  /** On how many cards of a list the finding holds: what it says of one stands for all. */
  count?: number;
  /** Actions below the finding's parts. */
  actions?: Node | null;
}

/** A finding that unfolds. */
export function foldedFinding<Node>(
  elements: Elements<Node>,
  finding: Finding,
  words: Words,
  { open = false, count = 1, actions = null, ...offers }: FoldedOptions<Node> = {},
): Node {
  const { h } = elements;
  return h(
    'details',
    { class: 'finding', open, 'data-rule': finding.rule },
    h(
      'summary',
      {},
      severityMark(elements, finding.severity, words),
      h('span', { class: 'title' }, words.in(finding.title)),
      count > 1 ? h('span', { class: 'count' }, words.of('onCards', count)) : null,
    ),
    findingParts(elements, finding, words, offers),
    actions,
  );
}

/** The findings of a page in the order in which they are listed, gravest first; of a list of cards each rule once. */
export function listedFindings(findings: readonly Finding[], inList: boolean): { finding: Finding; count: number }[] {
  return inList ? countedByRule(findings) : gravestFirst(findings).map((finding) => ({ finding, count: 1 }));
}

/** The findings of a page as they are listed; unfolded, but for those of a list. */
export function foldedFindings<Node>(
  elements: Elements<Node>,
  findings: readonly Finding[],
  inList: boolean,
  words: Words,
  offers: Offers<Node> = {},
): Node[] {
  return listedFindings(findings, inList).map(({ finding, count }) =>
    foldedFinding(elements, finding, words, { ...offers, open: !inList, count }),
  );
}
