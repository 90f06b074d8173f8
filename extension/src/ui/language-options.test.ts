import { expect, it } from 'vitest';
import { languageOptions } from './language-options';
import { h, Root } from './virtual';

it('lists every language by its own name', () => {
  new Root(document.body).draw(h('select', { value: 'pt-BR' }, ...languageOptions('pt-BR')));
  const options = [...document.querySelectorAll('option')];
  expect(options.map(({ textContent }) => textContent)).toEqual([
    '日本語',
    'English',
    'Español',
    'Português',
    'Français',
  ]);
  expect(options.map(({ lang }) => lang)).toEqual(options.map(({ value }) => value));
  expect(document.querySelector('select')?.value).toBe('pt-BR');
});
