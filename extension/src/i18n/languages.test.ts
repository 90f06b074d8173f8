import { expect, it } from 'vitest';
import { isLanguage, languageOf } from './languages';

it.each([
  ['auto', ['ja'], 'ja'],
  ['auto', ['ja-JP'], 'ja'],
  ['auto', ['en-US', 'ja'], 'ja'],
  ['auto', ['jav'], 'en'],
  ['auto', ['de'], 'en'],
  ['auto', ['es-419', 'en-US'], 'es'],
  ['auto', ['de', 'fr-CA'], 'fr'],
  ['auto', ['en-GB', 'fr'], 'en'],
  ['auto', ['pt_PT'], 'pt-BR'],
  ['auto', [], 'en'],
  ['en', ['ja'], 'en'],
  ['fr', ['en-US'], 'fr'],
] as const)('%s with %s is %s', (choice, browser, expected) => {
  expect(languageOf(choice, ...browser)).toBe(expected);
});

it('knows a language by its whole tag', () => {
  expect(['pt-BR', 'fr', 'pt', 'auto', '', null].map(isLanguage)).toEqual([true, true, false, false, false, false]);
});
