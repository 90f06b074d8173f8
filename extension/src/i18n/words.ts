/** Koban's own texts, in Japanese and English. The API's texts come in both and are chosen here too. */
import en from '../../public/_locales/en/messages.json';
import ja from '../../public/_locales/ja/messages.json';
import type { Text } from '../api/types';

export type Language = 'ja' | 'en';
export type Key = keyof typeof ja;

/** The user's choice; `auto` follows the browser. */
export type LanguageChoice = 'auto' | Language;

/**
 * Japanese where the browser speaks it or first asks web pages for it (a browser without a Japanese face of its own),
 * English for all others.
 */
export function languageOf(choice: LanguageChoice, ...browserLanguages: string[]): Language {
  if (choice !== 'auto') return choice;
  return browserLanguages.some((language) => /^ja\b/i.test(language)) ? 'ja' : 'en';
}

/** Speaks one language. `words('shown', '3')` puts `3` where the text has `$1`. */
export class Words {
  constructor(readonly language: Language) {}

  of(key: Key, ...parts: (string | number)[]): string {
    const text = (this.language === 'ja' ? ja : en)[key].message;
    return text.replace(/\$([1-9])/g, (_, place: string) => String(parts[Number(place) - 1] ?? ''));
  }

  /** The language's own version of a text of the API. */
  in(text: Text): string {
    return text[this.language];
  }

  /** A day as people of the language write it (`2026年11月24日`, `24 November 2026`). */
  day(iso: string): string {
    const [year, month, day] = iso.split('-').map(Number);
    if (!year || !month || !day) return iso;
    return this.of('dayLine', year, this.monthName(month), day);
  }

  /** A month as people of the language write it (`2026年11月`, `November 2026`). */
  month(iso: string): string {
    const [year, month] = iso.split('-').map(Number);
    return !year || !month ? iso : this.of('monthLine', year, this.monthName(month));
  }

  private monthName(month: number): string | number {
    // By hand: the first Intl.DateTimeFormat of a page takes longer than all else that a warning is drawn from.
    return this.of('monthNames').split(',')[month - 1] ?? month;
  }
}
