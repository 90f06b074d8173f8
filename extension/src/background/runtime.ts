/** The background as the browser starts it: what is stored is read, and the browser's events lead to what they are about. */
import { browser } from 'wxt/browser';
import { KobanApi, PairedLine } from '../api/client';
import type { Due } from '../api/types';
import { isLanguage, type Language, type LanguageChoice, languageOf } from '../i18n/languages';
import { Words } from '../i18n/words';
import type { PairMessage } from '../messages';
import { provideService } from '../rpc/proxy';
import { entersMarketplaces } from '../site-leave';
import { lastFirst } from '../welcome/sites';
import { Background } from './background';
import { showBadge } from './badge';
import { dueTitle, NOTICE, showDue, tell } from './due';
import { Folds } from './folds';
import { followLeave } from './optional-scripts';
import { pairWith } from './pairing';
import { Ports } from './ports';
import { type Speech, serviceOf } from './service';
import { closeToContentScripts, readLink, storageItems } from './stored';

/** Minutes between two looks at what is due. */
const LOOK_AHEAD = 30;
/** A window of Koban's own pairs itself within so many times so many milliseconds after it opens. */
const PAIRING_TRIES = 20;
const PAIRING_WAIT_MS = 250;

export class Runtime implements Speech {
  private choice: LanguageChoice = 'auto';
  private folds = new Folds({}, () => undefined);
  private dues: Due[] = [];
  /** Done when the first-run page is open, or is not to be. */
  private welcoming: Promise<void> = Promise.resolve();
  private readonly background = new Background({
    api: (link) => new KobanApi(new PairedLine(link), entersMarketplaces),
    version: browser.runtime.getManifest().version,
    choice: () => this.choice,
    folds: () => this.folds,
    language: () => this.language(),
    badge: (tabId, page) => void showBadge(tabId, page, dueTitle(this.dues, this.words)),
    due: (dues) => this.showDues(dues),
    // Any call of the browser's own puts off the end of an idle service worker.
    alive: () => void browser.runtime.getPlatformInfo(),
  });

  /** Listen to the browser. All listeners are there at once: an event that wakes the background would else be lost. */
  start(): void {
    const ready = this.read();
    followLeave((site) => void ready.then(() => this.background.change({ sites: { [site]: { enabled: true } } })));
    for (const change of [browser.permissions.onAdded, browser.permissions.onRemoved])
      change.addListener(() => void ready.then(() => this.background.connection.listenAnew()));
    this.listenToPages(ready);
    this.listenToPairing(ready);
    this.listenToAlarm(ready);
    this.listenToNotices(ready);
    browser.runtime.onInstalled.addListener(({ reason }) => {
      if (reason === 'install') this.welcoming = ready.then(() => this.welcome());
    });
  }

  language(): Language {
    return languageOf(this.choice, browser.i18n.getUILanguage(), navigator.language);
  }

  async choose(choice: LanguageChoice): Promise<void> {
    this.choice = choice;
    // One that cannot be stored holds until the background ends.
    await storageItems.language.setValue(choice).catch(() => undefined);
    // At once: Koban may be away, or take long to answer.
    this.background.showAll();
    void showDue(this.dues, this.words);
    // What Koban says follows with its settings, by which pages know that it speaks the language.
    await this.background.speak();
  }

  private get words(): Words {
    return new Words(this.language());
  }

  private async read(): Promise<void> {
    await closeToContentScripts();
    // What cannot be read is missing by itself alone: pages would else hear nothing, and not even that.
    const choice = await storageItems.language.getValue().catch(() => null);
    this.choice = isLanguage(choice) ? choice : 'auto';
    const marksByPage = await storageItems.folded.getValue().catch(() => null);
    this.folds = new Folds(marksByPage ?? {}, (latest) => {
      // What could not be read may be there still, and is not written over.
      if (marksByPage !== null) void storageItems.folded.setValue(latest).catch(() => undefined);
    });
    this.background.use(await readLink().catch(() => null));
  }

  private showDues(dues: Due[]): void {
    this.dues = dues;
    void showDue(dues, this.words);
    void tell(dues, this.words);
  }

  private listenToPages(ready: Promise<void>): void {
    const ports = new Ports(this.background, ready, (host) => {
      // By this the start page's sites have their order, and nothing else has.
      void remember(host).catch(() => undefined);
    });
    browser.runtime.onConnect.addListener((port) => ports.connect(port));
    browser.tabs.onUpdated.addListener((tabId, change) => {
      if (change.url !== undefined) ports.move(tabId, change.url);
    });
    provideService(serviceOf(this.background, this), ready);
  }

  /** The one message that a content script sends: of the page that Koban serves to pair. */
  private listenToPairing(ready: Promise<void>): void {
    const ask = (id: string) => void browser.tabs.create({ url: browser.runtime.getURL(`/replace.html#${id}`) });
    browser.runtime.onMessage.addListener((message: Partial<PairMessage>, sender, respond) => {
      if (message.type !== 'pair') return;
      void ready
        .then(() => pairWith(message as PairMessage, sender.url ?? '', (link) => this.background.use(link), ask))
        .then((result) => {
          respond(result);
          if (result === 'paired') void this.leavePairing(sender.tab?.id, message.next ?? null);
        });
      return true;
    });
  }

  /** An alarm outlives the background, and wakes it. */
  private listenToAlarm(ready: Promise<void>): void {
    void browser.alarms.get('due').then(async (alarm) => {
      if (alarm === undefined) await browser.alarms.create('due', { periodInMinutes: LOOK_AHEAD });
    });
    browser.alarms.onAlarm.addListener(() => void ready.then(() => this.background.lookAhead()));
  }

  private listenToNotices(ready: Promise<void>): void {
    // The browser has these only while it gives leave for them.
    browser.notifications?.onClicked.addListener(openNotice);
    browser.permissions.onAdded.addListener(() => {
      if (browser.notifications?.onClicked.hasListener(openNotice) === false) {
        browser.notifications.onClicked.addListener(openNotice);
      }
      void ready.then(() => this.background.lookAhead());
    });
  }

  /** Show the first-run page, unless Koban or this browser has shown it before. */
  private async welcome(): Promise<void> {
    for (let tries = 0; tries < PAIRING_TRIES && (await storageItems.link.getValue()) === null; tries += 1) {
      await new Promise((next) => setTimeout(next, PAIRING_WAIT_MS));
    }
    // `koban start` has it open already, and Koban may not be ready to say so.
    if (await storageItems.window.getValue()) return;
    const isWanted = (await this.background.wantsWelcome()) ?? !(await storageItems.welcomed.getValue());
    if (!isWanted) return;
    await storageItems.welcomed.setValue(true);
    await this.background.change({ welcomed: true });
    // Addresses are known of marketplaces alone: one that is in front is what its user wants to see first.
    const [front] = await browser.tabs.query({ active: true, currentWindow: true });
    const isLooking = front?.url?.startsWith('https:') === true;
    const tab = await browser.tabs.create({ url: browser.runtime.getURL('/welcome.html'), active: !isLooking });
    await storageItems.start.setValue(tab.id ?? null);
  }

  /** The pairing page of a window of Koban's own has done its work. */
  private async leavePairing(tabId: number | undefined, next: PairMessage['next']): Promise<void> {
    if (tabId === undefined || next === null) return;
    if (next === 'start') await storageItems.window.setValue(true);
    await this.welcoming.catch(() => undefined);
    const isThere = next === 'start' && (await isOpen(await storageItems.start.getValue()));
    if (next === 'start' && !isThere) {
      await browser.tabs.update(tabId, { url: browser.runtime.getURL('/welcome.html#window') });
      return;
    }
    // A start page that did not wait so long stays, and is told whose window it is in.
    if (isThere) this.background.showAll();
    // The last tab would take its window with it.
    if ((await browser.tabs.query({ currentWindow: true })).length > 1) await browser.tabs.remove(tabId);
  }
}

function isOpen(tabId: number | null): Promise<boolean> {
  if (tabId === null) return Promise.resolve(false);
  return browser.tabs.get(tabId).then(
    () => true,
    () => false,
  );
}

function openNotice(id: string): void {
  if (id !== NOTICE) return;
  void browser.notifications.clear(id);
  void browser.tabs.create({ url: browser.runtime.getURL('/deals.html') });
}

/** The site that was used last stands first on the start page. */
async function remember(host: string): Promise<void> {
  const used = await storageItems.used.getValue();
  if (used[0] !== host) await storageItems.used.setValue(lastFirst(used, host));
}
