/** What follows from a state, severity, reason, stage, kind of page and subject, by the tables of the lexicon. */
import type { Finding, PageKind, Reason, Severity, Stage, State, Subject } from './api/types';
import type { Key } from './i18n/words';
import {
  PAGE_KINDS,
  REASONS,
  SEVERITIES,
  STAGES,
  STATES,
  SUBJECTS,
  type TERMINAL_REASONS,
  WARNING_LEVELS,
} from './lexicon.generated';

/** The look of a state: a shape of its own that is enough by itself, and a word. */
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

/** The properties of a row in `lexicon.generated.ts`, of which rules/lexicon.py and extractors/page_kinds.py tell. */
interface ReasonInfo {
  word: Key;
  chosen: boolean;
  looked: boolean;
  unfinished: boolean;
  again: boolean;
}

interface StageInfo {
  funded: boolean | null;
  waiting: boolean;
  mayBegin: boolean;
}

interface PageKindInfo {
  isList: boolean;
  ofADeal: boolean;
  isAgreed: boolean;
  takesReplies: boolean;
}

// The compiler names a member that the API has and a table lacks. Of a newer Koban there may be members that are not
// known here, and reasons of the extension's own are no rows.
const REASON_ROWS: Record<Exclude<Reason, (typeof TERMINAL_REASONS)[number]>, ReasonInfo> = REASONS;
const STAGE_ROWS: Record<Stage, StageInfo> = STAGES;
const KIND_ROWS: Record<PageKind, PageKindInfo> = PAGE_KINDS;
const SUBJECT_ROWS: Record<Subject, { ofAClient: boolean }> = SUBJECTS;

function row<Row>(rows: Record<string, Row>, member: string | null | undefined): Row | null {
  return (member != null && Object.hasOwn(rows, member) && rows[member]) || null;
}

/** What follows from a verdict's reason; null where there is none that is known here. */
export function reasonInfo(reason: string | null | undefined): ReasonInfo | null {
  return row(REASON_ROWS, reason);
}

/** What follows from a deal's stage; of one that is not told, that it is unknown. */
export function stageInfo(stage: string | null | undefined): StageInfo {
  return row(STAGE_ROWS, stage) ?? STAGES.unknown;
}

/** What follows from a page's kind; null where it is not known. */
export function kindInfo(kind: string | null | undefined): PageKindInfo | null {
  return row(KIND_ROWS, kind);
}

/** What follows from a finding's subject; null for one that is not known. */
export function subjectInfo(subject: string): { ofAClient: boolean } | null {
  return row(SUBJECT_ROWS, subject);
}

/** How grave a warning is: a severity, and the state of a page with such a finding. */
export type WarningLevel = (typeof WARNING_LEVELS)[number];

/** Whether a severity is that of a warning, or a state that of a page with one. */
export function warns(level: Severity | State): level is WarningLevel {
  return WARNING_LEVELS.some((each) => each === level);
}

/** Gravest first; among equals as the engine has them. */
export function gravestFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((one, other) => SEVERITIES[other.severity].gravity - SEVERITIES[one.severity].gravity);
}

/** In a list: each rule once, by its gravest finding, and on how many cards it holds. */
export function countedByRule(findings: readonly Finding[]): { finding: Finding; count: number }[] {
  const cards = new Map<string, { finding: Finding; on: Set<unknown> }>();
  for (const finding of gravestFirst(findings)) {
    const cardsOfRule = cards.get(finding.rule) ?? { finding, on: new Set() };
    cardsOfRule.on.add(finding.anchor ?? finding.subject_id ?? finding);
    cards.set(finding.rule, cardsOfRule);
  }
  return [...cards.values()].map(({ finding, on }) => ({ finding, count: on.size }));
}

/** Whether a page is a list of subjects, so that what is said of one may be said of many. */
export function isList(kind: PageKind | null | undefined): boolean {
  return kindInfo(kind)?.isList === true;
}

/** The state whose shape stands beside one finding; a notice has that of a page without warnings. */
export function stateOf(severity: Severity): State {
  return SEVERITIES[severity].state;
}

/** The warnings among the findings: a notice is none. */
export function warnings(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => warns(finding.severity));
}
