import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openDocument } from '../testing/document';
import { h } from '../ui/dom';
import { Anchor } from './anchor';
import { OwnNode } from './own-node';

const turn = () => vi.advanceTimersByTimeAsync(1);

describe('Anchor', () => {
  let element: HTMLElement;
  let anchor: Anchor;
  let button: HTMLElement;
  let root: ShadowRoot;

  beforeEach(async () => {
    await openDocument();
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    document.body.replaceChildren(document.createElement('main'));
    button = h('button', {});
    element = new OwnNode('koban-banner', '', button).host;
    root = button.getRootNode() as ShadowRoot;
    anchor = new Anchor(element);
    anchor.keep();
  });

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

  it('comes back to the top where the page moves it, or puts something above it', async () => {
    document.body.append(element);
    await turn();
    expect(document.body.firstElementChild).toBe(element);
    document.body.prepend(document.createElement('nav'));
    await turn();
    expect(document.body.firstElementChild).toBe(element);
  });

  describe('where the keyboard is in it', () => {
    beforeEach(() => button.focus());

    it('leaves it there as it comes back to the top', async () => {
      document.body.prepend(document.createElement('nav'));
      await turn();
      expect([document.body.firstElementChild, root.activeElement]).toEqual([element, button]);
    });

    it('is moved as a whole by browsers that can', async () => {
      const moveBefore = vi.fn();
      Object.assign(document.body, { moveBefore });
      const nav = document.createElement('nav');
      document.body.prepend(nav);
      await turn();
      expect(moveBefore).toHaveBeenCalledWith(element, nav);
    });
  });

  it('leaves the first place sooner to a page than it lets itself be removed', async () => {
    let moves = 0;
    for (let n = 0; n < 20; n++) {
      if (document.body.firstElementChild === element) moves += 1;
      document.body.append(element);
      await turn();
    }
    expect(moves).toBeLessThan(10);
    element.remove();
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

  it('does not fight for the first place without end either', async () => {
    let moves = 0;
    for (let n = 0; n < 100; n++) {
      if (document.body.firstElementChild === element) moves += 1;
      document.body.append(element);
      await turn();
    }
    expect(moves).toBeLessThan(30);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(document.body.firstElementChild).toBe(element);
  });

  it('is heard while a dialog of the page silences all that lies outside of it', async () => {
    for (const name of ['aria-hidden', 'inert']) element.setAttribute(name, 'true');
    await turn();
    expect(element.getAttributeNames()).toEqual([]);
    expect(document.body.firstElementChild).toBe(element);
  });

  it('stays where it is, however often it is to be kept', async () => {
    const prepend = vi.spyOn(document.body, 'prepend');
    for (let n = 0; n < 100; n++) anchor.keep();
    expect(prepend).not.toHaveBeenCalled();
    element.remove();
    await turn();
    expect(prepend).toHaveBeenCalledOnce();
  });
});
