import { browser } from 'wxt/browser';
import type { HistoryView, ReportFile } from '../../api/types';
import { attend } from '../../background/attend';
import { HistoryPage } from '../../history/history';
import { save } from '../../look/save';
import type { HistoryMessage, PopupModel } from '../../messages';

const ask = <T>(asked: HistoryMessage['asked']) => browser.runtime.sendMessage({ type: 'history', asked }) as Promise<T | null>;

const page = new HistoryPage(document.body, {
  note: async (site, client, note) => (await ask<boolean>({ what: 'note', site, client, note })) === true,
  revisions: async (site, deal, revisions) => (await ask<boolean>({ what: 'revisions', site, deal, revisions })) === true,
  forget: async (site, client) => (await ask<boolean>({ what: 'forget', site, client })) === true,
  report: (about) => ask<ReportFile[]>({ what: 'report', about }),
  calendar: () => ask<string>({ what: 'calendar' }),
  save,
  again: () => void again(),
});
let language: PopupModel['language'] | null = null;

async function again(): Promise<void> {
  if (language !== null) page.show(await ask<HistoryView>({ what: 'view' }), language);
}

attend(-1, (model) => {
  // Once, and anew where the language or the link changed: what the user is writing stays.
  const now = `${model.language} ${model.health}`;
  if (document.body.dataset['shown'] === now) return;
  document.body.dataset['shown'] = now;
  language = model.language;
  void again();
});
