/** The languages that Koban speaks. Each is one file, `public/_locales/<language>/messages.json`, and one code. */
import { LANGUAGES } from '../lexicon.generated';

/** A language's tag (BCP 47); its folder is named by it, with `_` for `-`. */
export type Language = (typeof LANGUAGES)[number];

/** The user's choice; `auto` follows the browser. */
export type LanguageChoice = 'auto' | Language;

/** The languages in which each text of Koban's is there. */
export const BASE_LANGUAGES: readonly Language[] = ['ja', 'en'];

/** A language that Koban's texts are asked for in; null where they are always there. */
export function further(language: Language): Language | null {
  return BASE_LANGUAGES.includes(language) ? null : language;
}

/** Whether a text of anywhere is a language of Koban's. */
export function isLanguage(text: string | null | undefined): text is Language {
  return LANGUAGES.some((language) => language === text);
}

/** The language of Koban's that a tag is of, in whatever country it is spoken; null where it is none. */
export function spoken(tag: string): Language | null {
  const [wanted] = tag.toLowerCase().split(/[-_]/);
  return LANGUAGES.find((language) => language.split('-')[0] === wanted) ?? null;
}

/**
 * Japanese where the browser speaks it or first asks web pages for it (a browser without a Japanese face of its own),
 * else the first of its languages that Koban speaks, and English for all others.
 */
export function languageOf(choice: LanguageChoice, ...browserLanguages: string[]): Language {
  if (choice !== 'auto') return choice;
  const languages = browserLanguages.map(spoken);
  return languages.includes('ja') ? 'ja' : (languages.find((language) => language !== null) ?? 'en');
}
