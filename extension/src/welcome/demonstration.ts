/** The made-up job of the start page, as a page of a marketplace that can be judged. */
import type { Words } from '../i18n/words';

/**
 * Returns the page with the very words that the start page shows, in their language. `template`: the page with
 * `{lang}`, `{title}` and `{body}` in their places; what else is in it is the marketplace's own.
 */
export function demonstration(template: string, words: Words): string {
  const places: Record<string, string> = {
    lang: words.language,
    title: words.of('welcomeTryTitle'),
    body: words.of('welcomeTryBody'),
  };
  return template.replace(/\{(lang|title|body)\}/g, (_, place: string) => escaped(places[place] ?? ''));
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
