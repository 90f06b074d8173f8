/** The service that the extension's own pages call. */
import type { KobanApi, Link } from '../api/client';
import { historyCalls } from '../history/actions';
import type { Language, LanguageChoice } from '../i18n/languages';
import { FileStore } from '../rpc/files';
import type { KobanService } from '../rpc/service';
import { teachingActions } from '../teaching/actions';
import type { Background } from './background';
import { offer, pairByNumber, replace, showNumber } from './pairing';
import { storageItems } from './stored';

export interface Speech {
  language(): Language;
  choose(choice: LanguageChoice): Promise<void>;
}

export function serviceOf(background: Background, speech: Speech): KobanService {
  const api = async () => background.connection.api;
  const teaching = teachingActions(api, () => void background.followLesson());
  return {
    ...historyService(background, api),
    ...pairingService(background),
    ...windowService(),
    ...teaching,
    takeAway: async (tabId, change, removal, lesson) => {
      const answer = lesson === null ? null : teaching.teach(lesson);
      const withdraw = answer && (() => teaching.withdraw(answer));
      const isTaken = await background.takeAway(tabId, change, removal, withdraw);
      return { isTaken, lesson: await answer };
    },
    bringBack: (tabId) => background.bringBackOn(tabId),
    takePicture: (tabId, url, data) => background.takePicture(tabId, url, data),
    takeChosen: (tabId, url, data) => background.takeChosen(tabId, url, data),
    withdrawChosen: (tabId, url) => background.withdrawChosen(tabId, url),
    change: (change) => background.change(change),
    autostart: (on) => background.connection.autostart(on),
    language: async () => speech.language(),
    chooseLanguage: (choice) => speech.choose(choice),
    examine: () => background.connection.examine(),
    retry: () => background.connection.retry(),
    demonstrate: (url, html) => background.demonstrate(url, html),
    checkText: async (kind, text) => (await (await api())?.checkText(kind, text).catch(() => null)) ?? null,
  };
}

function historyService(background: Background, api: () => Promise<KobanApi | null>) {
  const history = historyCalls(api);
  const files = new FileStore();
  const handleOf = (file: Blob | null) => (file === null ? null : files.hold(file));
  const followed = async <T>(answer: Promise<T>): Promise<T> => {
    if (await answer) await background.followForgetting();
    return answer;
  };
  return {
    ...history,
    forget: (site, client) => followed(history.forget(site, client)),
    forgetAll: () => followed(history.forgetAll()),
    note: (site, client, note) => background.note(site, client, note),
    bundle: async (about) => handleOf(await history.bundle(about)),
    exported: async (form) => handleOf(await history.exported(form)),
    filePart: (id, part) => files.part(id, part),
  } satisfies Partial<KobanService>;
}

function pairingService(background: Background) {
  const use = (link: Link) => background.use(link);
  return {
    unpair: async () => {
      await background.unpair();
      await storageItems.link.setValue(null);
    },
    showNumber,
    enterNumber: (number) => pairByNumber(number, use),
    offeredLink: offer,
    acceptLink: (id) => replace(id, use),
  } satisfies Partial<KobanService>;
}

/** What is known of this browser and its window. */
function windowService() {
  return {
    usedHosts: () => storageItems.used.getValue(),
    isKobanWindow: () => storageItems.window.getValue(),
    markKobanWindow: () => storageItems.window.setValue(true),
  } satisfies Partial<KobanService>;
}
