/** The course of a deal: the steps that were seen, and between and after them those that were not. */
import type { Deal } from '../api/types';
import type { Key } from '../i18n/words';
import { dayOf } from './parts';

type Step = Deal['steps'][number];
export type DealWord = NonNullable<Deal['words']>[number];
export type DealState = Step['state'];

export const STATE_WORDS: Record<DealState, Key> = {
  proposed: 'dealProposed',
  agreed: 'dealAgreed',
  'escrow-requested': 'dealEscrowRequested',
  'escrow-funded': 'dealFunded',
  delivered: 'dealDelivered',
  'in-revision': 'dealInRevision',
  accepted: 'dealAccepted',
  paid: 'dealPaid',
  cancelled: 'dealCancelled',
  disputed: 'dealDisputed',
};

/** The steps that a deal takes on every marketplace, in their order. */
export const STAGES: readonly DealState[] = [
  'agreed',
  'escrow-requested',
  'escrow-funded',
  'delivered',
  'accepted',
  'paid',
];

/** How far each state is. */
const RANK: Record<DealState, number> = {
  proposed: -1,
  agreed: 0,
  'escrow-requested': 1,
  'escrow-funded': 2,
  delivered: 3,
  'in-revision': 3,
  accepted: 4,
  paid: 5,
  cancelled: -1,
  disputed: -1,
};

/** `missed`: it was passed unseen, if it was at all. `ahead`: nothing later was seen either. */
export type Point = { state: DealState; step: Step } | { state: DealState; step: null; unseen: 'missed' | 'ahead' };

export function course(steps: readonly Step[]): Point[] {
  const seen = new Set(steps.map(({ state }) => state));
  const points: Point[] = [];
  let reached = -1;
  for (const step of steps) {
    const rank = RANK[step.state];
    for (let stage = reached + 1; stage < rank; stage += 1) {
      const state = STAGES[stage];
      if (state !== undefined && !seen.has(state)) points.push({ state, step: null, unseen: 'missed' });
    }
    reached = Math.max(reached, rank);
    points.push({ state: step.state, step });
  }
  const last = steps.at(-1)?.state;
  if (last === 'cancelled') return points;
  const ahead = STAGES.filter((state, stage) => stage > reached && !seen.has(state));
  return [...points, ...ahead.map((state) => ({ state, step: null, unseen: 'ahead' }) as const)];
}

/** The course with what messages say of it, each before the next step that was seen. */
export function told(points: readonly Point[], said: readonly DealWord[]): (Point | DealWord)[] {
  const waiting = [...said].sort((one, other) => moment(one) - moment(other));
  const until = (end: number) => waiting.splice(0, waiting.filter((word) => moment(word) < end).length);
  const last = points.findLast(({ step }) => step !== null);
  const all = points.flatMap((point): (Point | DealWord)[] => {
    if (point.step === null) return [point];
    const before = until(Date.parse(point.step.first_seen));
    return [...before, point, ...(point === last ? until(Infinity) : [])];
  });
  return [...all, ...until(Infinity)];
}

/** The day of a message, of which some sites tell no more. */
export function wordDay({ at }: DealWord): string {
  return at.length > 10 ? dayOf(at) : at;
}

function moment({ at }: DealWord): number {
  return Date.parse(at.length > 10 ? at : `${at}T00:00:00+09:00`);
}

const WAITING = new Set<DealState>(['agreed', 'escrow-requested']);

/** Agreed, and escrow was never seen: work is not to begin. */
export function waitsForEscrow(deal: Deal): boolean {
  return deal.state != null && WAITING.has(deal.state) && !deal.escrow_seen;
}
