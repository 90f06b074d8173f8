import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LOOKS } from '../states';

const CSS = readFileSync('src/ui/colours.css', 'utf8');
const COLOURS = new Map(
  [...CSS.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [
    name,
    { light, dark },
  ]),
);

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((place) => {
    const value = Number.parseInt(hex.slice(place, place + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

const GROUNDS = ['paper', 'ground', 'clear-wash', 'caution-wash', 'danger-wash', 'not-checked-wash'];
const INKS = ['ink', 'soft', 'accent', 'clear', 'caution', 'danger', 'not-checked'];

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  it.each(INKS.flatMap((ink) => GROUNDS.map((ground) => [ink, ground] as const)))('%s on %s', (ink, ground) => {
    const colour = (name: string) => COLOURS.get(name)?.[scheme] ?? 'missing';
    expect(contrast(colour(ink), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });
});

it('gives each state its own shape, sign and colour', () => {
  for (const part of ['path', 'sign', 'colour', 'word'] as const) {
    expect(new Set(Object.values(LOOKS).map((look) => look[part])).size).toBe(4);
  }
});

it('keeps the number on the badge readable', () => {
  for (const state of ['danger'] as const) expect(contrast('#ffffff', LOOKS[state].colour)).toBeGreaterThanOrEqual(4.5);
});
