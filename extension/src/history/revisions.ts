/** How many revisions a deal's sides have agreed on, as its user says. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Deal } from '../api/types';
import type { Key, Words } from '../i18n/words';
import { component, h } from '../ui/virtual';

interface Props {
  deal: Deal;
  words: Words;
  /** Resolves to whether Koban has stored the number; null: none was agreed on. */
  keep(revisions: number | null): Promise<boolean>;
}

/** The number's field, stored when it is changed, which says whether it was. */
export function revisionsField(deal: Deal, words: Words, keep: Props['keep']): VNode {
  return component(RevisionsField, { deal, words, keep });
}

function RevisionsField({ deal, words, keep }: Props): VNode {
  const [status, setStatus] = useState<Key | null>(null);
  const onchange = async ({ currentTarget }: Event) => {
    const { value } = currentTarget as HTMLInputElement;
    setStatus((await keep(value === '' ? null : Number(value))) ? 'noteKept' : 'noteFailed');
  };
  const box = h('input', {
    type: 'number',
    min: '0',
    max: '99',
    defaultValue: deal.revisions_agreed == null ? '' : String(deal.revisions_agreed),
    onchange: (event) => void onchange(event),
  });
  return h(
    'p',
    {},
    h('label', {}, words.of('revisionsField'), ' ', box),
    ' ',
    h('span', { class: 'none', role: 'status' }, status === null ? null : words.of(status)),
  );
}
