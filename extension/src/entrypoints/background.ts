import { browser } from 'wxt/browser';
import { defineBackground } from 'wxt/utils/define-background';
import { KobanApi, PairedLine } from '../api/client';
import type { Due } from '../api/types';
import { Background } from '../background/background';
import { showBadge } from '../background/badge';
import { dueTitle, NOTICE, showDue, tell } from '../background/due';
import { Folds } from '../background/folds';
import { pairWith } from '../background/pairing';
import { Ports } from '../background/ports';
import { serviceOf } from '../background/service';
import { closeToContentScripts, readLink, stored } from '../background/stored';
import { type LanguageChoice, languageOf, Words } from '../i18n/words';
import type { PairMessage } from '../messages';
import { provideService } from '../rpc/proxy';
import { lastFirst } from '../welcome/sites';

/** Minutes between two looks at what is due. */
const LOOK_AHEAD = 30;

export default defineBackground(() => {
  let choice: LanguageChoice = 'auto';
  let folds = new Folds({}, () => undefined);
  let dues: Due[] = [];
  const language = () => languageOf(choice, browser.i18n.getUILanguage(), navigator.language);
  const words = () => new Words(language());
  const background = new Background({
    api: (link) => new KobanApi(new PairedLine(link)),
    version: browser.runtime.getManifest().version,
    choice: () => choice,
    folds: () => folds,
    language,
    badge: (tabId, page) => void showBadge(tabId, page, dueTitle(dues, words())),
    due: (next) => {
      dues = next;
      void showDue(dues, words());
      void tell(dues, words());
    },
    // Any call of the browser's own puts off the end of an idle service worker.
    alive: () => void browser.runtime.getPlatformInfo(),
  });
  const ready = (async () => {
    await closeToContentScripts();
    choice = await stored.language.getValue();
    folds = new Folds(await stored.folded.getValue(), (folded) => void stored.folded.setValue(folded));
    background.use(await readLink());
  })();

  const ports = new Ports(background, ready, (host) => void remember(host));
  browser.runtime.onConnect.addListener((port) => ports.connect(port));
  browser.tabs.onUpdated.addListener((tabId, change) => {
    if (change.url !== undefined) ports.move(tabId, change.url);
  });
  provideService(serviceOf(background, { language, choose }), ready);

  // The one message that a content script sends: of the page that Koban serves to pair.
  browser.runtime.onMessage.addListener((message: Partial<PairMessage>, sender, respond) => {
    if (message.type !== 'pair') return;
    const ask = (id: string) => void browser.tabs.create({ url: browser.runtime.getURL(`/replace.html#${id}`) });
    void ready
      .then(() => pairWith(message as PairMessage, sender.url ?? '', (link) => background.use(link), ask))
      .then(respond);
    return true;
  });

  // An alarm outlives the background, and wakes it.
  void browser.alarms.get('due').then(async (alarm) => {
    if (alarm === undefined) await browser.alarms.create('due', { periodInMinutes: LOOK_AHEAD });
  });
  browser.alarms.onAlarm.addListener(() => void ready.then(() => background.lookAhead()));

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
    void ready.then(() => background.lookAhead());
  });

  browser.runtime.onInstalled.addListener(({ reason }) => {
    if (reason === 'install') void ready.then(welcome);
  });

  /** Show the first-run page, unless Koban or this browser has shown it before. */
  async function welcome(): Promise<void> {
    // A window of Koban's own pairs itself right after it opens.
    for (let tries = 0; tries < 20 && (await stored.link.getValue()) === null; tries += 1)
      await new Promise((next) => setTimeout(next, 250));
    const wanted = (await background.wantsWelcome()) ?? !(await stored.welcomed.getValue());
    if (!wanted) return;
    await stored.welcomed.setValue(true);
    await background.change({ welcomed: true });
    await browser.tabs.create({ url: browser.runtime.getURL('/welcome.html') });
  }

  /** The site that was used last stands first on the start page. */
  async function remember(host: string): Promise<void> {
    const used = await stored.used.getValue();
    if (used[0] !== host) await stored.used.setValue(lastFirst(used, host));
  }

  async function choose(chosen: LanguageChoice): Promise<void> {
    choice = chosen;
    await stored.language.setValue(chosen);
    background.showAll();
    void showDue(dues, words());
  }
});
