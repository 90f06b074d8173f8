import { beforeEach, expect, it, vi } from 'vitest';
import { h } from '../ui/dom';
import { cardTitle, cardTitles, leadTo } from './lead';
import { pageIsDark } from './theme';

const ANCHOR = 'a[href$="/jobs/1"]';

beforeEach(() => {
  vi.useFakeTimers();
  const title = h('h3', {}, h('a', { href: '/jobs/1' }, `記事  作成${'あ'.repeat(100)}`));
  document.body.replaceChildren(h('li', {}, title));
});

it('names a card by its title, shortened', () => {
  expect(cardTitle(ANCHOR)).toMatch(/^記事 作成あ+$/);
  expect(cardTitle(ANCHOR)?.length).toBe(80);
  expect(cardTitle('a[href$="/jobs/2"]')).toBeNull();
  expect(cardTitle(null)).toBeNull();
  expect(Object.keys(cardTitles([ANCHOR, 'a[href$="/jobs/2"]', '']))).toEqual([ANCHOR]);
});

it('brings a card into sight, and lights it up for a moment', () => {
  const highlights = new Map<string, unknown>();
  vi.stubGlobal('Highlight', class {});
  vi.stubGlobal('CSS', { highlights, escape: String });
  const scrolled = vi.spyOn(Element.prototype, 'scrollIntoView');
  expect(leadTo(ANCHOR)).toBe(true);
  expect(scrolled).toHaveBeenCalledWith(expect.objectContaining({ block: 'center' }));
  expect(highlights.has('koban-led')).toBe(true);
  vi.advanceTimersByTime(2_000);
  expect(highlights.size).toBe(0);
  expect(leadTo('a[href$="/jobs/2"]')).toBe(false);
});

it('takes a page for dark by its ground, else by what it says of schemes', () => {
  document.body.style.backgroundColor = 'rgb(10, 10, 10)';
  expect(pageIsDark()).toBe(true);
  document.body.style.backgroundColor = 'rgb(250, 250, 250)';
  expect(pageIsDark()).toBe(false);
  document.body.style.backgroundColor = '';
  expect(pageIsDark()).toBe(false);
});
