/** What is remembered, for how long, who is told of due dates, and one's own data: the same in the options and on the history's page. */
import type { HistorySettings } from '../api/types';
import type { Words } from '../i18n/words';
import { h } from '../ui/dom';
import { switchOf } from '../ui/switch';
import { sureButton } from './parts';

export interface Notices {
  isOn(): Promise<boolean>;
  /** Has the browser ask for its leave, or gives it back. Resolves to whether notices are on now. */
  turn(on: boolean): Promise<boolean>;
}

export type HistoryChange = Partial<Record<'enabled' | 'texts' | 'pages', boolean>> & { days?: number };

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

export function care(settings: HistorySettings, words: Words, actions: CareActions): HTMLElement[] {
  return [
    switchOf(words.of('rememberSwitch'), settings.enabled, (on) => actions.keep({ enabled: on })),
    switchOf(words.of('textsSwitch'), settings.texts ?? false, (on) => actions.keep({ texts: on })),
    switchOf(words.of('pagesSwitch'), settings.pages ?? false, (on) => actions.keep({ pages: on })),
    retention(settings.days, words, (days) => actions.keep({ days })),
    ...(actions.notices === null ? [] : [notices(actions.notices, words)]),
    data(words, actions),
  ];
}

function retention(days: number, words: Words, keep: (days: number) => void): HTMLElement {
  const select = h(
    'select',
    { onchange: () => keep(Number(select.value)) },
    ...MONTHS.map((months) =>
      h('option', { value: String(Math.round(months * DAYS_A_MONTH)) }, words.of('retentionMonths', months)),
    ),
  );
  const nearest = MONTHS.map((months) => String(Math.round(months * DAYS_A_MONTH)));
  // A number that was set elsewhere, such as in the file.
  if (!nearest.includes(String(days)))
    select.prepend(h('option', { value: String(days) }, words.of('retentionDays', days)));
  select.value = String(days);
  return h('label', { class: 'choice' }, h('span', {}, words.of('retentionLabel')), select);
}

function notices({ isOn, turn }: Notices, words: Words): HTMLElement {
  const label = switchOf(words.of('noticesSwitch'), false, (on) => void turn(on).then(show));
  const input = label.querySelector('input');
  const show = (on: boolean) => {
    if (input !== null) input.checked = on;
  };
  void isOn().then(show);
  return h('div', { class: 'notices' }, label, h('p', { class: 'none' }, words.of('noticesLine')));
}

function data(words: Words, actions: CareActions): HTMLElement {
  const said = h('span', { class: 'none', role: 'status' });
  const out = async (form: 'jsonl' | 'csv') => {
    const file = await actions.exported(form);
    if (file === null) said.textContent = words.of('historyFailed');
    else actions.save(`koban-history-${form}.zip`, file, 'application/zip');
  };
  const forget = sureButton(words.of('forgetAllButton'), words.of('forgetSureButton'), () => {
    void actions.forgetAll().then((done) => (said.textContent = words.of(done ? 'forgottenLine' : 'historyFailed')));
  });
  return h(
    'p',
    { class: 'buttons' },
    h('button', { type: 'button', onclick: () => void out('csv') }, words.of('exportCsvButton')),
    h('button', { type: 'button', onclick: () => void out('jsonl') }, words.of('exportJsonButton')),
    forget,
    said,
  );
}
