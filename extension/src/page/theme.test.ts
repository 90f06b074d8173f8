import { expect, it } from 'vitest';
import { lightness } from './theme';

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
