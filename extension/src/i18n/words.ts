/** Koban's own texts, in each of its languages. The API's texts come in several and are chosen here too. */
import type ja from '../../public/_locales/ja/messages.json';
import type { Text } from '../api/types';
import type { Language } from './languages';

export type Key = keyof typeof ja;

/** By file, the texts of a language as JSON: a page's content script is read with every page, and speaks one. */
const CATALOGUES = import.meta.glob<string>('../../public/_locales/*/messages.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const parsed = new Map<Language, Readonly<Record<Key, string>>>();

/** The texts of a language. */
function catalogue(language: Language): Readonly<Record<Key, string>> {
  const catalogue = parsed.get(language);
  if (catalogue !== undefined) return catalogue;
  const file = CATALOGUES[`../../public/_locales/${language.replace('-', '_')}/messages.json`] ?? '{}';
  const texts = JSON.parse(file) as Record<Key, string>;
  parsed.set(language, texts);
  return texts;
}

/** Speaks one language. `words('shown', '3')` puts `3` where the text has `$1`. */
export class Words {
  constructor(readonly language: Language) {}

  of(key: Key, ...parts: (string | number)[]): string {
    const text = catalogue(this.language)[key];
    return text.replace(/\$([1-9])/g, (_, place: string) => String(parts[Number(place) - 1] ?? ''));
  }

  /** The language's own version of a text of the API; the English one where it has none. */
  in(text: Text): string {
    return text[this.language] ?? text.en;
  }

  /** A number as people of the language write it, with up to two decimals. */
  number(value: number): string {
    return value.toLocaleString(this.language, { maximumFractionDigits: 2 });
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
