/**
 * Controls of the history: its content and retention, notices of due dates, one's own data. Shared by the options and
 * the history's page.
 */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { HistoryChange, HistorySettings } from '../api/types';
import type { Key, Words } from '../i18n/words';
import { type Child, component, h, switchOf } from '../ui/virtual';
import { sureButton } from './widgets';

export interface Notices {
  isOn(): Promise<boolean>;
  /** Has the browser ask for its leave, or gives it back. Resolves to whether notices are on now. */
  turn(on: boolean): Promise<boolean>;
}

export interface CareActions {
  keep(change: HistoryChange): void;
  exported(form: 'jsonl' | 'csv'): Promise<Blob | null>;
  forgetAll(): Promise<boolean>;
  save(name: string, content: BlobPart, type: string): void;
  /** null where nobody could be told. */
  notices: Notices | null;
}

/** Half a year to five years. */
const MONTHS = [6, 12, 18, 24, 36, 60];
const DAYS_A_MONTH = 365.25 / 12;

export function care(settings: HistorySettings, words: Words, actions: CareActions): Child[] {
  return [
    switchOf(words.of('rememberSwitch'), settings.enabled, (on) => actions.keep({ enabled: on })),
    switchOf(words.of('textsSwitch'), settings.texts ?? false, (on) => actions.keep({ texts: on })),
    switchOf(words.of('pagesSwitch'), settings.pages ?? false, (on) => actions.keep({ pages: on })),
    retention(settings.days, words, (days) => actions.keep({ days })),
    actions.notices === null ? null : component(NoticesSwitch, { notices: actions.notices, words }),
    component(OwnData, { words, actions }),
  ];
}

function retention(days: number, words: Words, keep: (days: number) => void): VNode {
  const choices = MONTHS.map((months) => ({
    value: String(Math.round(months * DAYS_A_MONTH)),
    label: words.of('retentionMonths', months),
  }));
  // A number that was set elsewhere, such as in the file.
  if (choices.every(({ value }) => value !== String(days))) {
    choices.unshift({ value: String(days), label: words.of('retentionDays', days) });
  }
  const onchange = ({ currentTarget }: Event) => keep(Number((currentTarget as HTMLSelectElement).value));
  return h(
    'label',
    { class: 'choice' },
    h('span', {}, words.of('retentionLabel')),
    h(
      'select',
      { value: String(days), onchange },
      ...choices.map(({ value, label }) => h('option', { key: value, value, selected: value === String(days) }, label)),
    ),
  );
}

function NoticesSwitch({ notices, words }: { notices: Notices; words: Words }): VNode {
  const [isOn, show] = useState(false);
  useEffect(() => void notices.isOn().then(show), [notices]);
  const turn = (on: boolean) => {
    show(on);
    void notices.turn(on).then(show);
  };
  return h(
    'div',
    { class: 'notices' },
    switchOf(words.of('noticesSwitch'), isOn, turn),
    h('p', { class: 'none' }, words.of('noticesLine')),
  );
}

function OwnData({ words, actions }: { words: Words; actions: CareActions }): VNode {
  const [status, setStatus] = useState<Key | null>(null);
  const save = async (form: 'jsonl' | 'csv') => {
    const file = await actions.exported(form);
    if (file === null) setStatus('historyFailed');
    else actions.save(`koban-history-${form}.zip`, file, 'application/zip');
  };
  const forget = async () => setStatus((await actions.forgetAll()) ? 'forgottenLine' : 'historyFailed');
  return h(
    'p',
    { class: 'buttons' },
    h('button', { type: 'button', onclick: () => void save('csv') }, words.of('exportCsvButton')),
    h('button', { type: 'button', onclick: () => void save('jsonl') }, words.of('exportJsonButton')),
    sureButton(words.of('forgetAllButton'), words.of('forgetSureButton'), () => void forget()),
    h('span', { class: 'none', role: 'status' }, status === null ? null : words.of(status)),
  );
}
