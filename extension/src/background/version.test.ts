import { expect, it } from 'vitest';
import { compatible } from './version';

it.each([
  ['0.1.0', '0.1.9', true],
  ['0.1.0', '0.2.0', false],
  ['1.0.0', '1.7.2', true],
  ['1.0.0', '2.0.0', false],
  ['0.1.0', '1.1.0', false],
  ['0.1.0', '', false],
])('%s with %s: %s', (extension, koban, expected) => {
  expect(compatible(extension, koban)).toBe(expected);
});
