import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Appended } from './appended';
import { OwnNode } from './own-node';

const turn = () => vi.advanceTimersByTimeAsync(1);

/** An element as the proxy appends it, or as a page makes it. */
function named(name = 'koban-verdict'): HTMLElement & { shadowRoot: ShadowRoot } {
  const element = document.createElement(name);
  element.attachShadow({ mode: 'open' }).append(document.createElement('main'));
  return element as HTMLElement & { shadowRoot: ShadowRoot };
}

const isHidden = ({ shadowRoot }: { shadowRoot: ShadowRoot }) =>
  shadowRoot.querySelector('style')?.textContent?.includes('display: none !important');

describe('Appended', () => {
  let appended: Appended;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    document.body.replaceChildren();
    appended = new Appended();
  });
  afterEach(() => appended.restore());

  it('hides what the proxy appended, and shows it again', () => {
    const verdict = named();
    document.body.append(verdict);
    appended.hide();
    appended.hide();
    expect(isHidden(verdict)).toBe(true);
    expect(verdict.shadowRoot.querySelectorAll('style').length).toBe(1);
    appended.restore();
    expect(verdict.shadowRoot.innerHTML).toBe('<main></main>');
  });

  it('hides what the page adds later, at any depth and by any of the names', async () => {
    appended.hide();
    const [verdict, banner] = [named(), named('koban-banner')];
    const main = document.createElement('main');
    main.append(document.createElement('p'), verdict);
    document.body.append(main);
    document.body.prepend(banner);
    await turn();
    expect([isHidden(verdict), isHidden(banner)]).toEqual([true, true]);
  });

  it('leaves the rest of the page, and what is its own', async () => {
    appended.hide();
    const own = new OwnNode('koban-banner', '', document.createElement('p')).host;
    const attached = vi.spyOn(own, 'attachShadow');
    document.body.append(own, document.createElement('koban-else'));
    await turn();
    expect(attached).not.toHaveBeenCalled();
    expect(document.body.children.length).toBe(2);
  });

  it('takes away what the page keeps showing, and gives way where that becomes a fight', async () => {
    appended.hide();
    let turns = 0;
    const reinserts = async () => {
      const verdict = named();
      document.body.append(verdict);
      await turn();
      verdict.shadowRoot.querySelector('style')?.remove();
      await turn();
      turns += 1;
      return verdict.isConnected;
    };
    expect(await reinserts()).toBe(false);
    while (!(await reinserts()) && turns < 100);
    expect(turns).toBe(21);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await reinserts()).toBe(false);
  });
});
