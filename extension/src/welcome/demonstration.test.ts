import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Words } from '../i18n/words';
import { LANGUAGES } from '../lexicon.generated';
import { demonstration } from './demonstration';

const TEMPLATE = readFileSync('public/demonstration.html', 'utf8');

describe('the made-up job', () => {
  it.each(LANGUAGES)('test_issue_21 is judged by the very words that are shown, in %s', (language) => {
    const words = new Words(language);
    const page = new DOMParser().parseFromString(demonstration(TEMPLATE, words), 'text/html');
    expect(page.documentElement.lang).toBe(language);
    expect(page.title).toBe(words.of('welcomeTryTitle'));
    expect(page.querySelector('h1')?.firstChild?.textContent).toBe(words.of('welcomeTryTitle'));
    expect(page.querySelector('.confirm_outside_link')?.textContent).toBe(words.of('welcomeTryBody'));
  });

  it('takes words as words', () => {
    expect(demonstration('<p>{title}{else}</p>', { language: 'en', of: () => '<b>"&' } as unknown as Words)).toBe(
      '<p>&#60;b&#62;&#34;&#38;{else}</p>',
    );
  });
});
