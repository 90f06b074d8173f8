/** The four states, each with a shape of its own that is enough by itself, and a word. */
import type { Finding, Severity, State } from './api/types';
import type { Key } from './i18n/words';

export interface Look {
  /** The shape in a square of 16 units, for SVG and canvas alike; filled by the even-odd rule. */
  path: string;
  /** The shape as a character, where only text can stand. */
  sign: string;
  /** Its colour on a toolbar of any shade. */
  colour: string;
  word: Key;
}

export const LOOKS: Record<State, Look> = {
  clear: { path: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z', sign: '●', colour: '#1f8a5f', word: 'stateClear' },
  caution: { path: 'M8 1.2 15.4 14.4H.6z', sign: '▲', colour: '#c27a00', word: 'stateCaution' },
  danger: { path: 'M1.8 1.8h12.4v12.4H1.8z', sign: '■', colour: '#cf3329', word: 'stateDanger' },
  'not-checked': {
    path: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM8 3.6a4.4 4.4 0 1 1 0 8.8a4.4 4.4 0 1 1 0-8.8z',
    sign: '○',
    colour: '#7a8582',
    word: 'stateNotChecked',
  },
};

const GRAVITY: Record<Severity, number> = { danger: 2, caution: 1, notice: 0 };

/** Gravest first; among equals as the engine has them. */
export function gravestFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((one, other) => GRAVITY[other.severity] - GRAVITY[one.severity]);
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
export function isList(kind: string | null | undefined): boolean {
  return kind?.endsWith('list') ?? false;
}

/** The state whose shape stands beside one finding; a notice has that of a page without warnings. */
export function stateOf(severity: Severity): State {
  return severity === 'notice' ? 'clear' : severity;
}

/** The warnings among the findings: a notice is none. */
export function warnings(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => finding.severity !== 'notice');
}
