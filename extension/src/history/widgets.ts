/** Parts that several pages show: due dates, the user's own note on a client, a button that asks twice. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Due, Known } from '../api/types';
import type { Key, Words } from '../i18n/words';
import { draftBox, stored } from '../ui/draft';
import { component, h, outward } from '../ui/virtual';
import { today } from './parts';

/** Due dates, the earliest first. `hasTitle`: with the deal's, which goes without saying among its own dates. */
export function dueList(dues: readonly Due[], words: Words, hasTitle = true): VNode {
  return h('ul', { class: 'rows dues' }, ...dues.map((due) => dueRow(due, words, hasTitle)));
}

function dueRow(due: Due, words: Words, hasTitle: boolean): VNode {
  const now = nearness(due.day);
  return h(
    'li',
    {},
    h('time', { datetime: due.day }, words.day(due.day)),
    now === null ? null : h('strong', { class: now }, words.of(now)),
    h('span', {}, words.in(due.what)),
    due.title == null || !hasTitle ? null : due.url == null ? h('span', {}, due.title) : outward(due.url, due.title),
  );
}

function nearness(day: string): 'overdue' | 'dueToday' | 'dueTomorrow' | null {
  if (day < today()) return 'overdue';
  if (day === today()) return 'dueToday';
  return day === today(1) ? 'dueTomorrow' : null;
}

/** The user's own note on a client, stored when the box is left. A draft outlives changes from elsewhere. */
export function noteField(client: Known, words: Words, keep: (note: string | null) => Promise<boolean>): VNode {
  return component(NoteField, { key: `note ${client.site}:${client.id}`, client, words, keep });
}

interface NoteProps {
  client: Known;
  words: Words;
  keep(note: string | null): Promise<boolean>;
}

function NoteField({ client, words, keep }: NoteProps): VNode {
  const [status, setStatus] = useState<Key | null>(null);
  const onchange = async ({ currentTarget }: Event) => {
    const box = currentTarget as HTMLTextAreaElement;
    const { value } = box;
    const isKept = await keep(value.trim() === '' ? null : value);
    if (isKept) stored(box, value);
    setStatus(isKept ? 'noteKept' : 'noteFailed');
  };
  return h(
    'div',
    { class: 'note' },
    draftBox(client.note ?? '', {
      rows: '2',
      maxlength: '4000',
      'aria-label': words.of('noteField'),
      placeholder: words.of('noteField'),
      onchange: (event) => void onchange(event),
    }),
    h('span', { role: 'status' }, status === null ? null : words.of(status)),
  );
}

/** A button that does what cannot be undone, once it was pressed a second time. */
export function sureButton(label: string, sure: string, act: () => void): VNode {
  return component(SureButton, { label, sure, act });
}

function SureButton({ label, sure, act }: { label: string; sure: string; act(): void }): VNode {
  const [isAsked, ask] = useState(false);
  const onclick = () => (isAsked ? act() : ask(true));
  return h('button', { type: 'button', class: 'delete', onclick, onblur: () => ask(false) }, isAsked ? sure : label);
}
