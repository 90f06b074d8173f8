/** The four states with their shapes, words and meanings. */
import type { VNode } from 'preact';
import type { State } from '../api/types';
import type { Key, Words } from '../i18n/words';
import { LOOKS } from '../states';
import { h, icon } from './virtual';

const MEANINGS: Record<State, Key> = {
  clear: 'meansClear',
  caution: 'meansCaution',
  danger: 'meansDanger',
  'not-checked': 'meansNotChecked',
};

export function stateMeanings(words: Words): VNode {
  const rows = (Object.keys(LOOKS) as State[]).map((state) =>
    h(
      'li',
      {},
      h('strong', {}, h('span', { class: `mark ${state}` }, icon(LOOKS[state].path)), words.of(LOOKS[state].word)),
      h('span', {}, words.of(MEANINGS[state])),
    ),
  );
  return h('ul', { class: 'states' }, ...rows);
}
