import { type Browser, browser } from 'wxt/browser';
import { defineBackground } from 'wxt/utils/define-background';
import { KobanApi, type Link, PairedLine } from '../api/client';
import type { Due, ReportRequest } from '../api/types';
import { showBadge } from '../background/badge';
import { dueTitle, NOTICE, showDue, tell } from '../background/due';
import { Folds } from '../background/folds';
import { Koban, type PageView, type PopupView } from '../background/koban';
import { offer, pairByNumber, pairWith, replace, showNumber } from '../background/pairing';
import { closeToContentScripts, read, readLink, write } from '../background/stored';
import { asHash } from '../history/about';
import { type LanguageChoice, languageOf, Words } from '../i18n/words';
import {
  FRAME_PORT,
  type FromPage,
  type FromPopup,
  type NoteMessage,
  type OfferMessage,
  PAGE_PORT,
  type PageModel,
  type PairMessage,
  POPUP_PORT,
  type TakeMessage,
  type WelcomeMessage,
} from '../messages';
import { lastFirst } from '../welcome/sites';

type Asked = PairMessage | OfferMessage | TakeMessage | WelcomeMessage | NoteMessage;

/** Minutes between two looks at what is due. */
const LOOK_AHEAD = 30;

export default defineBackground(() => {
  let choice: LanguageChoice = 'auto';
  let folds = new Folds({}, () => undefined);
  let dues: Due[] = [];
  const language = () => languageOf(choice, browser.i18n.getUILanguage(), navigator.language);
  const words = () => new Words(language());
  const koban = new Koban({
    api: (link) => new KobanApi(new PairedLine(link)),
    version: browser.runtime.getManifest().version,
    choice: () => choice,
    folds: () => folds,
    language,
    badge: (tabId, page) => void showBadge(tabId, page, dueTitle(dues, words())),
    due: (found) => {
      dues = found;
      void showDue(dues, words());
      void tell(dues, words());
    },
    // Any call of the browser's own puts off the end of an idle service worker.
    alive: () => void browser.runtime.getPlatformInfo(),
  });
  const ready = (async () => {
    await closeToContentScripts();
    choice = await read('language');
    folds = new Folds(await read('folded'), (folded) => void write('folded', folded));
    koban.use(await readLink());
  })();
  const pages = new Map<number, PageView>();
  /** What each tab's page was shown last, and its frames that are to know it. */
  const shown = new Map<number, PageModel>();
  const frames = new Map<number, Set<Browser.runtime.Port>>();

  browser.runtime.onConnect.addListener((port) => {
    // Listened to at once: what is said while the background begins would be lost.
    if (port.name === PAGE_PORT) attendPage(port);
    else if (port.name === FRAME_PORT) attendFrame(port);
    else if (port.name === POPUP_PORT && isOwnPage(port.sender)) attendPopup(port);
  });

  browser.runtime.onMessage.addListener((message: Asked, sender, respond) => {
    if (message.type !== 'pair' && !isOwnPage(sender)) return;
    void ready.then(() => answer(message, sender)).then(respond);
    return true;
  });

  function answer(message: Asked, sender: Browser.runtime.MessageSender): Promise<unknown> {
    const use = (link: Link) => koban.use(link);
    const ask = (id: string) => void browser.tabs.create({ url: browser.runtime.getURL(`/replace.html#${id}`) });
    if (message.type === 'pair') return pairWith(message, sender.url ?? '', use, ask);
    if (message.type === 'offer') return offer(message.id);
    if (message.type === 'replace') return replace(message.id, use);
    if (message.type === 'take') return koban.take(message.change);
    if (message.type === 'note') return koban.note(message);
    if (message.type === 'number') return showNumber();
    if (message.type === 'enter') return pairByNumber(message.number, use);
    return koban.demonstrate(message.url, message.html);
  }

  // An alarm outlives the background, and wakes it.
  void browser.alarms.get('due').then(async (set) => {
    if (set === undefined) await browser.alarms.create('due', { periodInMinutes: LOOK_AHEAD });
  });
  browser.alarms.onAlarm.addListener(() => void ready.then(() => koban.lookAhead()));

  const openNotice = (id: string) => {
    if (id !== NOTICE) return;
    void browser.notifications.clear(id);
    void browser.tabs.create({ url: browser.runtime.getURL('/deals.html') });
  };
  // The browser has these only while it gives leave for them.
  browser.notifications?.onClicked.addListener(openNotice);
  browser.permissions.onAdded.addListener(() => {
    if (browser.notifications?.onClicked.hasListener(openNotice) === false)
      browser.notifications.onClicked.addListener(openNotice);
    void ready.then(() => koban.lookAhead());
  });

  browser.runtime.onInstalled.addListener(({ reason }) => {
    if (reason === 'install') void ready.then(welcome);
  });

  /** Show the first-run page, once: to whoever Koban has shown it already, or this browser, no more. */
  async function welcome(): Promise<void> {
    // A window of Koban's own pairs itself right after it opens.
    for (let tries = 0; tries < 20 && (await read('link')) === null; tries += 1)
      await new Promise((next) => setTimeout(next, 250));
    const wanted = (await koban.wantsWelcome()) ?? !(await read('welcomed'));
    if (!wanted) return;
    await write('welcomed', true);
    await koban.take({ welcomed: true });
    await browser.tabs.create({ url: browser.runtime.getURL('/welcome.html') });
  }

  // A page that changes its own address loads nothing, and its content script is not told.
  browser.tabs.onUpdated.addListener((tabId, change) => {
    const page = pages.get(tabId);
    if (change.url !== undefined && page !== undefined) koban.movePage(page, change.url);
  });

  function attendPage(port: Browser.runtime.Port): void {
    const tabId = port.sender?.tab?.id;
    const url = port.sender?.url;
    if (tabId === undefined || url === undefined || port.sender?.frameId !== 0) return;
    const show = (model: PageModel) => {
      port.postMessage(model);
      if (pages.get(tabId) !== page) return;
      shown.set(tabId, model);
      for (const frame of frames.get(tabId) ?? []) frame.postMessage(model);
    };
    const page: PageView = { tabId, url, show };
    pages.set(tabId, page);
    void ready.then(() => koban.addPage(page));
    void remember(new URL(url).hostname);
    const hear = (message: FromPage) => {
      if (message.type === 'at') koban.movePage(page, message.url);
      else if (message.type === 'rewritten') koban.rewritten(page);
      else if (message.type === 'fold') koban.fold(page, message.folded);
      else if (message.type === 'report') openReport(koban.reportOf(page, message.rule));
      else if (message.type === 'resume') void koban.change({ paused_until: null });
      else if (message.type === 'stop-asking') void koban.stopAsking(page);
      else void koban.lookAt(page, message.url, message.html);
    };
    port.onMessage.addListener((message: FromPage) => void ready.then(() => hear(message)));
    port.onDisconnect.addListener(() => {
      if (pages.get(tabId) === page) {
        pages.delete(tabId);
        shown.delete(tabId);
      }
      void ready.then(() => koban.removePage(page));
    });
  }

  function openReport(about: ReportRequest | null): void {
    if (about !== null) void browser.tabs.create({ url: browser.runtime.getURL(`/report.html#${asHash(about)}`) });
  }

  /** The site that was used last stands first on the start page. */
  async function remember(host: string): Promise<void> {
    const used = await read('used');
    if (used[0] !== host) await write('used', lastFirst(used, host));
  }

  /** A frame is told of its page, and says nothing: what is written in it is looked at there. */
  function attendFrame(port: Browser.runtime.Port): void {
    const tabId = port.sender?.tab?.id;
    if (tabId === undefined) return;
    const own = frames.get(tabId) ?? new Set();
    frames.set(tabId, own.add(port));
    const model = shown.get(tabId);
    if (model !== undefined) port.postMessage(model);
    port.onDisconnect.addListener(() => {
      own.delete(port);
      if (own.size === 0 && frames.get(tabId) === own) frames.delete(tabId);
    });
  }

  function attendPopup(port: Browser.runtime.Port): void {
    const popup: PopupView = { tabId: null, show: (model) => port.postMessage(model) };
    const hear = (message: FromPopup) => {
      if (message.type === 'change') return void koban.change(message.change);
      if (message.type === 'language') return void speak(message.choice);
      if (message.type === 'examine') return void koban.examine();
      if (message.type === 'again') return void koban.again();
      if (message.type === 'unpair') return void koban.unpair().then(() => write('link', null));
      popup.tabId = message.tabId;
      koban.addPopup(popup);
    };
    port.onMessage.addListener((message: FromPopup) => void ready.then(() => hear(message)));
    port.onDisconnect.addListener(() => void ready.then(() => koban.removePopup(popup)));
  }

  async function speak(chosen: LanguageChoice): Promise<void> {
    choice = chosen;
    await write('language', chosen);
    koban.showAll();
    void showDue(dues, words());
  }

  function isOwnPage(sender: Browser.runtime.MessageSender | undefined): boolean {
    return sender?.url?.startsWith(browser.runtime.getURL('/')) ?? false;
  }
});
