import { ApiError, enterHistory, KobanApi, VisitorLine } from '../../api/client';
import { linkedApi } from '../../background/api-client';
import { connect } from '../../background/connect';
import { notices } from '../../background/notices';
import { historyActions } from '../../history/actions';
import { HistoryPage } from '../../history/history';
import { type Language, languageOf } from '../../i18n/words';

/** Where a tab keeps its session, so that it can be loaded anew. Gone with the tab, and worthless once Koban ends. */
const SESSION = 'koban-session';
const LANGUAGE = 'koban-language';

/** Koban itself serves the page on this machine; else it is one of the extension's. */
const served = location.protocol === 'http:';
let language: Language | null = null;
let token: Promise<string | null> = Promise.resolve(null);
const actions = historyActions(served ? visitedApi : linkedApi);
const page = new HistoryPage(document.body, {
  ...actions,
  keep: (change) => void actions.keep(change).then(again),
  again: () => void again(),
  speak: served ? speak : null,
  notices: served ? null : notices,
});
if (served) visit();
else belong();

async function visitedApi(): Promise<KobanApi | null> {
  const own = await token;
  return own === null ? null : new KobanApi(new VisitorLine(location.origin, own));
}

async function again(): Promise<void> {
  if (language === null) return;
  const there = await (served ? visitedApi() : linkedApi());
  if (there === null) return page.show('closed', language);
  try {
    const [view, settings] = await Promise.all([there.history(), there.historySettings()]);
    page.show({ view, settings }, language);
  } catch (error) {
    page.show(error instanceof ApiError && error.kind === 'refused' ? 'closed' : 'not-running', language);
  }
}

function belong(): void {
  connect(-1, (model) => {
    // Once, and anew where the language or the link changed: what the user is writing stays.
    const now = `${model.language} ${model.health}`;
    if (document.body.dataset['shown'] === now) return;
    document.body.dataset['shown'] = now;
    language = model.language;
    void again();
  });
}

function visit(): void {
  const kept = sessionStorage.getItem(LANGUAGE);
  language = kept === 'ja' || kept === 'en' ? kept : languageOf('auto', ...navigator.languages);
  token = enter();
  addEventListener('hashchange', () => {
    // Another link from the terminal, opened in this tab.
    if (location.hash === '') return;
    token = enter();
    void again();
  });
  void again();
}

async function enter(): Promise<string | null> {
  const code = location.hash.slice(1);
  const session = sessionStorage.getItem(SESSION);
  // The code is good once; out of the address it cannot be bookmarked or shown by mistake.
  history.replaceState(null, '', location.pathname);
  if (code === '') return session;
  const entered = await enterHistory(location.origin, code).catch(() => null);
  if (entered !== null) sessionStorage.setItem(SESSION, entered);
  return entered;
}

function speak(chosen: Language): void {
  sessionStorage.setItem(LANGUAGE, chosen);
  language = chosen;
  void again();
}
