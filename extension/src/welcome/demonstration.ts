/** The made-up job of the start page, as a page of a marketplace that can be judged. */
import type { Words } from '../i18n/words';

/**
 * Returns the page with the very words that the start page shows, in their language. `template`: the page with
 * `{title}` and `{body}` in their places, Japanese as it stands; what else is in it is the marketplace's own.
 */
export function demonstration(template: string, words: Words): string {
  const places: Record<string, string> = {
    title: words.of('welcomeTryTitle'),
    body: words.of('welcomeTryBody'),
  };
  const inLanguage = template.replace('<html lang="ja">', `<html lang="${words.language}">`);
  return inLanguage.replace(/\{(title|body)\}/g, (_, place: string) => escaped(places[place] ?? ''));
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
