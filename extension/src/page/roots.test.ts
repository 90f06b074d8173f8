import { beforeEach, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { h } from '../ui/dom';
import { closestAround, focusedWithin, rootOf } from './roots';

beforeEach(() => document.body.replaceChildren());

it('looks into open roots, and into closed ones as far as the browser lets it', () => {
  const open = h('div');
  const root = open.attachShadow({ mode: 'open' });
  expect(rootOf(open)).toBe(root);
  const closed = h('div');
  const own = closed.attachShadow({ mode: 'closed' });
  Object.assign(browser, { dom: { openOrClosedShadowRoot: vi.fn(() => own) } });
  expect(rootOf(closed)).toBe(own);
  Object.assign(browser, {
    dom: {
      openOrClosedShadowRoot: () => {
        throw new Error('not of that kind');
      },
    },
  });
  expect(rootOf(h('p'))).toBeNull();
  Object.assign(browser, { dom: undefined });
});

it('finds what has the focus within roots, and what lies around them', () => {
  const outer = h('section');
  const host = h('div');
  const box = h('textarea');
  host.attachShadow({ mode: 'open' }).append(box);
  document.body.append(outer);
  outer.append(host);
  box.focus();
  expect(focusedWithin(host)).toBe(box);
  expect(focusedWithin(null)).toBeNull();
  expect(closestAround(box, 'section')).toBe(outer);
  expect(closestAround(box, 'nav')).toBeNull();
});
