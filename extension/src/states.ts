/** The four states, each with a shape of its own that is enough by itself, and a word. */
import type { Finding, PageKind, Severity, State } from './api/types';
import type { Key } from './i18n/words';
import { PAGE_KINDS, SEVERITIES, STATES } from './lexicon.generated';

export interface Look {
  /** The shape in a square of 16 units, for SVG and canvas alike; filled by the even-odd rule. */
  path: string;
  /** The shape as a character, where only text can stand. */
  sign: string;
  /** Its colour on a toolbar of any shade. */
  colour: string;
  word: Key;
}

export const LOOKS: Record<State, Look> = STATES;

/** Gravest first; among equals as the engine has them. */
export function gravestFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((one, other) => SEVERITIES[other.severity].gravity - SEVERITIES[one.severity].gravity);
}

/** In a list: each rule once, by its gravest finding, and on how many cards it holds. */
export function countedByRule(findings: readonly Finding[]): { finding: Finding; count: number }[] {
  const cards = new Map<string, { finding: Finding; on: Set<unknown> }>();
  for (const finding of gravestFirst(findings)) {
    const known = cards.get(finding.rule) ?? { finding, on: new Set() };
    known.on.add(finding.anchor ?? finding.subject_id ?? finding);
    cards.set(finding.rule, known);
  }
  return [...cards.values()].map(({ finding, on }) => ({ finding, count: on.size }));
}

/** Whether a page is a list of subjects, so that what is said of one may be said of many. */
export function isList(kind: PageKind | null | undefined): boolean {
  // Of a newer Koban there may be kinds that are not known here.
  return kind != null && PAGE_KINDS[kind]?.isList === true;
}

/** The state whose shape stands beside one finding; a notice has that of a page without warnings. */
export function stateOf(severity: Severity): State {
  return SEVERITIES[severity].state;
}

/** The warnings among the findings: a notice is none. */
export function warnings(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => finding.severity !== 'notice');
}
