/** The languages to choose from, each by the name that its speakers give it. */
import type { VNode } from 'preact';
import type { LanguageChoice } from '../i18n/languages';
import { Words } from '../i18n/words';
import { LANGUAGES } from '../lexicon.generated';
import { h } from './virtual';

export function languageOptions(choice: LanguageChoice): VNode[] {
  return LANGUAGES.map((value) =>
    h('option', { value, lang: value, selected: value === choice }, new Words(value).of('languageName')),
  );
}
