/** The course of a deal: the steps that were seen, and between and after them those that were not. */
import type { Deal } from '../api/types';
import { COURSE, DEAL_STATES } from '../lexicon.generated';
import { dayOf } from './parts';

type Step = Deal['steps'][number];
export type DealWord = NonNullable<Deal['words']>[number];
export type DealState = Step['state'];

/** `missed`: it was passed unseen, if it was at all. `ahead`: nothing later was seen either. */
export type Point = { state: DealState; step: Step } | { state: DealState; step: null; unseen: 'missed' | 'ahead' };

export function course(steps: readonly Step[]): Point[] {
  const seen = new Set(steps.map(({ state }) => state));
  const points: Point[] = [];
  let reached = -1;
  for (const step of steps) {
    const { rank } = DEAL_STATES[step.state];
    for (let stage = reached + 1; stage < rank; stage += 1) {
      const state = COURSE[stage];
      if (state !== undefined && !seen.has(state)) points.push({ state, step: null, unseen: 'missed' });
    }
    reached = Math.max(reached, rank);
    points.push({ state: step.state, step });
  }
  const last = steps.at(-1)?.state;
  if (last === 'cancelled') return points;
  const ahead = COURSE.filter((state, stage) => stage > reached && !seen.has(state));
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

/** Agreed, and escrow was never seen: work is not to begin. */
export function waitsForEscrow(deal: Deal): boolean {
  return deal.state != null && DEAL_STATES[deal.state].waiting && !deal.escrow_seen;
}
