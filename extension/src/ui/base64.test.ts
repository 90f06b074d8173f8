import { expect, it } from 'vitest';
import { base64 } from './base64';

it('writes bytes in base64, however many', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, place) => place % 256);
  expect(Uint8Array.from(atob(base64(bytes)), (character) => character.charCodeAt(0))).toEqual(bytes);
  expect(base64(new Uint8Array())).toBe('');
});
