import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WARNING_LEVELS } from '../lexicon.generated';
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

const STATES = Object.keys(LOOKS);
const GROUNDS = ['paper', 'ground', ...STATES.map((state) => `${state}-wash`)];
const INKS = ['ink', 'soft', 'accent', ...STATES];

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  it.each(INKS.flatMap((ink) => GROUNDS.map((ground) => [ink, ground] as const)))('%s on %s', (ink, ground) => {
    const colour = (name: string) => COLOURS.get(name)?.[scheme] ?? 'missing';
    expect(contrast(colour(ink), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });
});

/** The rules of a style sheet: its properties by selector. */
function rulesOf(css: string): [string, Map<string, string>][] {
  return [...css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(([, selector, body]) => [
    (selector ?? '').trim(),
    new Map([...(body ?? '').matchAll(/([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name ?? '', value ?? ''])),
  ]);
}

const HIGHLIGHTS = rulesOf(readFileSync('src/page/highlight.css', 'utf8'));

describe.each(HIGHLIGHTS)('test_ux_contrast %s', (_, style) => {
  const colour = (name: string) => /#\w{6}/.exec(style.get(name) ?? '')?.[0] ?? 'missing';

  it('is read on a page of any ground: ink and ground are its own', () => {
    expect(contrast(colour('color'), colour('background-color'))).toBeGreaterThanOrEqual(4.5);
  });

  // https://www.w3.org/TR/WCAG22/#non-text-contrast
  it('is seen without colour: it has a line below', () => {
    expect(style.get('text-decoration')).toMatch(/^underline (dashed|solid|double) 2px/);
    expect(contrast(colour('text-decoration'), colour('background-color'))).toBeGreaterThanOrEqual(3);
  });
});

it('test_ux_contrast has a line of another kind for each highlight', () => {
  expect(HIGHLIGHTS.map(([selector]) => selector)).toEqual([
    ...WARNING_LEVELS.map((level) => `::highlight(koban-${level})`),
    '::highlight(koban-led)',
  ]);
  const lines = HIGHLIGHTS.map(([, style]) => /underline (\w+)/.exec(style.get('text-decoration') ?? '')?.[1]);
  expect(new Set(lines).size).toBe(3);
});

it.each(['page/banner.css', 'page/marks.css', 'page/step.css', 'guard/reply-assistant.css', 'ui/finding.css'])(
  'test_ux_contrast %s has the colours that were measured, and no others',
  (name) => {
    const css = readFileSync(`src/${name}`, 'utf8');
    expect(css.match(/#[\da-f]{3,8}\b|light-dark\(/gi)).toBeNull();
    const inks = INKS.map((ink) => `var(--${ink})`);
    for (const [selector, style] of rulesOf(css)) {
      // Paper on an ink has the contrast of that ink on paper.
      const isTurned = style.get('color') === 'var(--paper)' && inks.includes(style.get('background') ?? '');
      const isKnown = [undefined, ...inks, 'inherit', 'currentcolor'].includes(style.get('color'));
      expect(isKnown || isTurned, selector).toBe(true);
    }
  },
);

it('gives each state its own shape, sign and colour', () => {
  for (const part of ['path', 'sign', 'colour', 'word'] as const) {
    expect(new Set(Object.values(LOOKS).map((look) => look[part])).size).toBe(STATES.length);
  }
});

it('keeps the number on the badge readable', () => {
  for (const state of ['danger'] as const) expect(contrast('#ffffff', LOOKS[state].colour)).toBeGreaterThanOrEqual(4.5);
});
