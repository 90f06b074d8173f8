import { beforeEach, describe, expect, it, vi } from 'vitest';
import { h } from '../ui/dom';
import { putBeside } from './popover';

const MARK = { left: 40, width: 80, height: 24 };

describe('putBeside', () => {
  let card: HTMLElement;
  const put = (top: number, tall: number) => {
    vi.spyOn(card, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 360, tall));
    putBeside(card, { ...MARK, top }, MARK.left);
    return { top: parseFloat(card.style.top), tall: parseFloat(card.style.maxHeight) };
  };

  beforeEach(() => {
    card = h('div');
    vi.stubGlobal('innerHeight', 800);
    vi.spyOn(document.documentElement, 'clientWidth', 'get').mockReturnValue(400);
  });

  it('opens below, and above where there is no room', () => {
    expect(put(100, 300)).toEqual({ top: 128, tall: 300 });
    expect(put(700, 300)).toEqual({ top: 396, tall: 300 });
    expect(card.style.left).toBe('32px');
  });

  it('is cut to the larger side where it fits on neither, and leaves its mark in sight', () => {
    const above = put(420, 500);
    expect(above).toEqual({ top: 8, tall: 408 });
    const below = put(300, 500);
    expect(below).toEqual({ top: 328, tall: 464 });
  });

  it('stays in a window that is too small for both', () => {
    vi.stubGlobal('innerHeight', 200);
    const { top, tall } = put(90, 500);
    expect(tall).toBe(160);
    expect(top).toBeGreaterThanOrEqual(8);
    expect(top + tall).toBeLessThanOrEqual(192);
  });
});
