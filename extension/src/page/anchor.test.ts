import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Anchor } from './anchor';

const turn = () => vi.advanceTimersByTimeAsync(1);

describe('Place', () => {
  let element: HTMLElement;
  let anchor: Anchor;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    document.body.replaceChildren(document.createElement('main'));
    element = document.createElement('koban-banner');
    anchor = new Anchor(element);
    anchor.keep();
  });
  afterEach(() => anchor.leave());

  it('stands first in the body', () => {
    expect(document.body.firstElementChild).toBe(element);
  });

  it('comes back when the page removes it, or all of its body', async () => {
    element.remove();
    await turn();
    expect(document.body.firstElementChild).toBe(element);
    document.body.replaceChildren();
    await turn();
    expect(document.body.firstElementChild).toBe(element);
    document.body.replaceWith(document.createElement('body'));
    await turn();
    expect(document.body.firstElementChild).toBe(element);
  });

  it('does not fight without end, and tries again later', async () => {
    let removals = 0;
    for (let n = 0; n < 100; n++) {
      if (element.isConnected) removals += 1;
      element.remove();
      await turn();
    }
    expect(removals).toBeLessThan(30);
    expect(element.isConnected).toBe(false);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(element.isConnected).toBe(true);
  });

  it('goes when told to', async () => {
    anchor.leave();
    await turn();
    expect(element.isConnected).toBe(false);
  });
});
