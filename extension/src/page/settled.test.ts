import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Rewritten, whenSettled } from './settled';

describe('whenSettled', () => {
  let state: DocumentReadyState;
  const act = vi.fn();

  beforeEach(() => {
    vi.useFakeTimers();
    act.mockClear();
    vi.spyOn(document, 'readyState', 'get').mockImplementation(() => state);
  });

  it('acts soon where the page has loaded, and never at once', () => {
    state = 'complete';
    whenSettled(act);
    expect(act).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(act).toHaveBeenCalledOnce();
  });

  // One that is written over and never closed loads for ever.
  it.each(['interactive', 'loading'] as const)('waits for the load, two seconds at the most: %s', (readyState) => {
    state = readyState;
    whenSettled(act);
    vi.advanceTimersByTime(1_999);
    expect(act).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2);
    expect(act).toHaveBeenCalledOnce();
    dispatchEvent(new Event('load'));
    vi.runAllTimers();
    expect(act).toHaveBeenCalledOnce();
  });

  it('acts once the load has ended and the page is idle twice', () => {
    state = 'interactive';
    const idle: (() => void)[] = [];
    vi.stubGlobal('requestIdleCallback', (callback: () => void) => idle.push(callback));
    whenSettled(act);
    dispatchEvent(new Event('load'));
    idle.shift()?.();
    expect(act).not.toHaveBeenCalled();
    idle.shift()?.();
    expect(act).toHaveBeenCalledOnce();
  });
});

describe('Rewritten', () => {
  it('tells of another root element, and gives way to a page without end', async () => {
    const act = vi.fn();
    new Rewritten(act);
    const { documentElement: own } = document;
    const rewrite = async (root: HTMLElement) => {
      document.documentElement.remove();
      document.append(root);
      await new Promise((next) => setTimeout(next));
    };
    await rewrite(document.createElement('html'));
    expect(act).toHaveBeenCalledOnce();
    for (let turn = 0; turn < 30; turn += 1) await rewrite(document.createElement('html'));
    expect(act.mock.calls.length).toBeLessThan(30);
    await rewrite(own);
  });
});
