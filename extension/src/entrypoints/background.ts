import { browser, type Browser } from 'wxt/browser';
import { defineBackground } from 'wxt/utils/define-background';
import { KobanApi } from '../api/client';
import { showBadge } from '../background/badge';
import { Koban, type PageView, type PopupView } from '../background/koban';
import { pairWith } from '../background/pairing';
import { closeToContentScripts, read, write } from '../background/stored';
import { type FromPage, type FromPopup, PAGE_PORT, type PairMessage, POPUP_PORT, type TakeMessage } from '../messages';
import { type LanguageChoice, languageOf } from '../words/words';

export default defineBackground(() => {
  let choice: LanguageChoice = 'auto';
  const koban = new Koban({
    api: (link) => new KobanApi(link),
    version: browser.runtime.getManifest().version,
    choice: () => choice,
    language: () => languageOf(choice, browser.i18n.getUILanguage(), navigator.language),
    badge: (tabId, page) => void showBadge(tabId, page),
    // Any call of the browser's own puts off the end of an idle service worker.
    alive: () => void browser.runtime.getPlatformInfo(),
  });
  const ready = (async () => {
    await closeToContentScripts();
    choice = await read('language');
    koban.use(await read('link'));
  })();
  const pages = new Map<number, PageView>();

  browser.runtime.onConnect.addListener((port) => {
    if (port.name === PAGE_PORT) void ready.then(() => attendPage(port));
    else if (port.name === POPUP_PORT && isOwnPage(port.sender)) void ready.then(() => attendPopup(port));
  });

  browser.runtime.onMessage.addListener((message: PairMessage | TakeMessage, sender, respond) => {
    if (message.type === 'take' && isOwnPage(sender)) {
      void ready.then(() => koban.take(message.change)).then(respond);
      return true;
    }
    if (message.type !== 'pair') return;
    void ready.then(() => pairWith(message, sender.url ?? '', (link) => koban.use(link))).then(respond);
    return true;
  });

  // A page that changes its own address loads nothing, and its content script is not told.
  browser.tabs.onUpdated.addListener((tabId, change) => {
    const page = pages.get(tabId);
    if (change.url !== undefined && page !== undefined) koban.movePage(page, change.url);
  });

  function attendPage(port: Browser.runtime.Port): void {
    const tabId = port.sender?.tab?.id;
    const url = port.sender?.url;
    if (tabId === undefined || url === undefined || port.sender?.frameId !== 0) return;
    const page: PageView = { tabId, url, show: (model) => port.postMessage(model) };
    pages.set(tabId, page);
    koban.addPage(page);
    port.onMessage.addListener((message: FromPage) => {
      if (message.type === 'at') koban.movePage(page, message.url);
      else if (message.type === 'stop-asking') void koban.stopAsking(page);
      else void koban.lookAt(page, message.url, message.html);
    });
    port.onDisconnect.addListener(() => {
      if (pages.get(tabId) === page) pages.delete(tabId);
      koban.removePage(page);
    });
  }

  function attendPopup(port: Browser.runtime.Port): void {
    const popup: PopupView = { tabId: null, show: (model) => port.postMessage(model) };
    port.onMessage.addListener((message: FromPopup) => {
      if (message.type === 'change') return void koban.change(message.change);
      if (message.type === 'language') return void speak(message.choice);
      if (message.type === 'examine') return void koban.examine();
      if (message.type === 'unpair') return void koban.unpair().then(() => write('link', null));
      popup.tabId = message.tabId;
      koban.addPopup(popup);
    });
    port.onDisconnect.addListener(() => koban.removePopup(popup));
  }

  async function speak(chosen: LanguageChoice): Promise<void> {
    choice = chosen;
    await write('language', chosen);
    koban.showAll();
  }

  function isOwnPage(sender: Browser.runtime.MessageSender | undefined): boolean {
    return sender?.url?.startsWith(browser.runtime.getURL('/')) ?? false;
  }
});
