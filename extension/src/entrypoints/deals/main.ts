import { enterHistory, KobanApi, VisitorLine } from '../../api/client';
import { type HistoryCalls, historyCalls } from '../../history/actions';
import { HistoryPage } from '../../history/history';
import { isLanguage, type Language, languageOf } from '../../i18n/languages';
import { notices } from '../../notices';
import { filesOf, kobanService, subscribe } from '../../rpc/proxy';
import { save } from '../../ui/save';
import '../../ui/page.css';
import './deals.css';

/** The key of a tab's session, so that it can be reloaded. Gone with the tab, and worthless once Koban ends. */
const SESSION = 'koban-session';
const LANGUAGE = 'koban-language';

/** Koban itself serves the page on this machine; else it is one of the extension's. */
const isServed = location.protocol === 'http:';
let language: Language | null = null;
let token: Promise<string | null> = Promise.resolve(null);
const calls = isServed ? historyCalls(visitorApi) : extensionCalls();
const page = new HistoryPage(document.body, {
  ...calls,
  save,
  keep: (change) => void calls.changeHistory(change).then(again),
  again: () => void again(),
  speak: isServed ? speak : null,
  notices: isServed ? null : notices,
});
if (isServed) visit();
else follow();

function extensionCalls(): HistoryCalls {
  const service = kobanService();
  return {
    note: (...args) => service.note(...args),
    revisions: (...args) => service.revisions(...args),
    forget: (...args) => service.forget(...args),
    forgetAll: () => service.forgetAll(),
    changeHistory: (change) => service.changeHistory(change),
    history: () => service.history(),
    find: (search) => service.find(search),
    calendar: () => service.calendar(),
    sheet: (about) => service.sheet(about),
    ...filesOf(service),
  };
}

async function visitorApi(): Promise<KobanApi | null> {
  const own = await token;
  return own === null ? null : new KobanApi(new VisitorLine(location.origin, own));
}

async function again(): Promise<void> {
  if (language !== null) page.show(await calls.history(), language);
}

function follow(): void {
  let key = '';
  subscribe(-1, (state) => {
    // The history is read once, and again where the language, that which Koban speaks, or the link changed.
    const next = `${state.language} ${state.settings?.language ?? ''} ${state.health}`;
    if (key === next) return;
    key = next;
    language = state.language;
    void again();
  });
}

function visit(): void {
  const choice = sessionStorage.getItem(LANGUAGE);
  language = isLanguage(choice) ? choice : languageOf('auto', ...navigator.languages);
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
  const oldToken = sessionStorage.getItem(SESSION);
  // The code is good once; out of the address it cannot be bookmarked or shown by mistake.
  history.replaceState(null, '', location.pathname);
  if (code === '') return oldToken;
  const newToken = await enterHistory(location.origin, code).catch(() => null);
  if (newToken !== null) sessionStorage.setItem(SESSION, newToken);
  return newToken;
}

function speak(chosen: Language): void {
  sessionStorage.setItem(LANGUAGE, chosen);
  language = chosen;
  void again();
}
