import { expect, it, vi } from 'vitest';
import { lightness, onThemeChange } from './theme';

it.each([
  ['rgb(255, 255, 255)', 1],
  ['rgb(0 0 0)', 0],
  ['rgba(0, 0, 0, 0)', null],
  ['rgba(255, 255, 255, 0.9)', 1],
  ['transparent', null],
  ['oklch(0.5 0.1 20)', null],
  ['', null],
])('%s: %s', (colour, expected) => {
  const found = lightness(colour);
  if (expected === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(expected);
});

it('tells of a theme that the page switches, and of a ground that has faded to its colour', async () => {
  const act = vi.fn();
  onThemeChange(act);
  document.documentElement.setAttribute('data-theme', 'dark');
  await vi.waitFor(() => expect(act).toHaveBeenCalledTimes(1));
  document.body.className = 'night';
  await vi.waitFor(() => expect(act).toHaveBeenCalledTimes(2));
  document.body.dispatchEvent(new Event('transitionend', { bubbles: true }));
  expect(act).toHaveBeenCalledTimes(3);
  const inside = document.body.appendChild(document.createElement('p'));
  inside.dispatchEvent(new Event('transitionend', { bubbles: true }));
  inside.className = 'other';
  await new Promise((resolve) => setTimeout(resolve));
  expect(act).toHaveBeenCalledTimes(3);
});
