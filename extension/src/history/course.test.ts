import { describe, expect, it } from 'vitest';
import { deal, step } from '../testing/values';
import { course, waitsForEscrow } from './course';

const told = (...states: Parameters<typeof step>[0][]) =>
  course(states.map((each) => step(each))).map((point) =>
    point.step === null ? `${point.state}?${point.unseen}` : point.state,
  );

describe('course', () => {
  it('says what was passed unseen, and what lies ahead', () => {
    expect(told({ state: 'agreed' }, { state: 'delivered' })).toEqual([
      'agreed',
      'escrow-requested?missed',
      'escrow-funded?missed',
      'delivered',
      'accepted?ahead',
      'paid?ahead',
    ]);
  });

  it('keeps each round of revision, and misses nothing twice', () => {
    expect(
      told(
        { state: 'escrow-funded' },
        { state: 'delivered' },
        { state: 'in-revision' },
        { state: 'delivered' },
        { state: 'paid' },
      ),
    ).toEqual([
      'agreed?missed',
      'escrow-requested?missed',
      'escrow-funded',
      'delivered',
      'in-revision',
      'delivered',
      'accepted?missed',
      'paid',
    ]);
  });

  it('expects nothing of a deal that was called off', () => {
    expect(told({ state: 'agreed' }, { state: 'cancelled' })).toEqual(['agreed', 'cancelled']);
    expect(told({ state: 'delivered' }, { state: 'disputed' }).slice(-2)).toEqual(['accepted?ahead', 'paid?ahead']);
  });

  it('shows a deal of which nothing was seen yet', () => {
    expect(told()).toHaveLength(6);
  });
});

it('waits for escrow until it was seen once', () => {
  expect(waitsForEscrow(deal())).toBe(true);
  expect(waitsForEscrow(deal({ escrow_seen: true }))).toBe(false);
  expect(waitsForEscrow(deal({ state: 'delivered' }))).toBe(false);
});
