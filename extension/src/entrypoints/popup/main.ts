import { browser } from 'wxt/browser';
import type { Text } from '../../api/types';
import { copyDraft, type Draft, type DraftResult } from '../../guard/draft-reply';
import { type Language, spoken } from '../../i18n/languages';
import type { CardTitles, PictureInSight, ToPage } from '../../messages';
import { cutPictures, unmoved } from '../../popup/cut-pictures';
import { Popup } from '../../popup/popup';
import { filesOf, kobanService, subscribe } from '../../rpc/proxy';
import { siteLeave } from '../../site-leave';
import { inOr } from '../../templates/templates';
import { save } from '../../ui/save';
import '../../ui/page.css';
import './popup.css';
import '../../ui/report.css';

const FOR_FILES = 'files';
/** Named where the popup is a tab itself: the tab that it is about, and whether files are chosen in it. */
const query = new URLSearchParams(location.search);
const service = kobanService();
const open = (page: '/deals.html' | '/welcome.html') => void browser.tabs.create({ url: browser.runtime.getURL(page) });

async function main(): Promise<void> {
  const popup = new Popup(document.body, browser.runtime.getManifest().version, {
    change: (change) => service.change(change),
    takeAway: async (...removal) => service.takeAway(await subjectTab(), ...removal),
    bringBack: async () => service.bringBack(await subjectTab()),
    leave: siteLeave,
    unpair: () => void service.unpair(),
    examine: () => void service.examine(),
    options: () => void browser.runtime.openOptionsPage(),
    history: () => open('/deals.html'),
    note: (site, client, note) => service.note(site, client, note),
    sheet: (about) => service.sheet(about),
    bundle: filesOf(service).bundle,
    save,
    teach: (lesson) => service.teach(lesson),
    unteach: (id) => service.unteach(id),
    selection,
    cardTitles,
    lead,
    draft,
    // Beside the tab that files are chosen in, the page is not in sight.
    lookInSight: query.has(FOR_FILES) ? null : lookInSight,
    giveFile: async (address, data) => service.takeChosen(await subjectTab(), address, data),
    withdrawFile: async (address) => service.withdrawChosen(await subjectTab(), address),
    chooseElsewhere: isTab() ? null : () => void chooseElsewhere(),
    repair: (repair) => {
      if (repair === 'pair') open('/welcome.html');
      else if (repair === 'reload') browser.runtime.reload();
      else if (repair === 'resume') void service.change({ paused_until: null });
      else void service.retry();
    },
  });
  subscribe(await subjectTab(), (state) => popup.show(state));
}

/** The page's answer; null for a page of no marketplace, and one that is not there any more. */
async function asked(message: ToPage): Promise<unknown> {
  return browser.tabs.sendMessage(await subjectTab(), message, { frameId: 0 }).catch(() => null);
}

/** The selected text of the popup's page. */
async function selection(): Promise<string> {
  const answer = await asked({ type: 'selection' });
  return typeof answer === 'string' ? answer : '';
}

/** The titles of cards in the popup's page. */
async function cardTitles(anchors: readonly string[]): Promise<CardTitles> {
  return ((await asked({ type: 'card-titles', anchors })) ?? {}) as CardTitles;
}

/** Lead to a card in the popup's page, which is then in sight: the popup closes, or gives the front to the page's tab. */
async function lead(anchor: string): Promise<boolean> {
  if ((await asked({ type: 'lead', anchor })) !== true) return false;
  if (isTab()) await browser.tabs.update(await subjectTab(), { active: true });
  else window.close();
  return true;
}

/** Put a reply into the message box of the popup's page, or on the clipboard where it has none. */
async function draft(reply: Text): Promise<DraftResult> {
  const answer = (await asked({ type: 'draft', reply })) as Draft | null;
  if (answer?.isInserted) return 'inserted';
  return copyDraft(answer?.text ?? inOr(reply, await languageOfTab()));
}

/** The language of those who write on the popup's page, where it does not answer: as the browser has recognised it. */
async function languageOfTab(): Promise<Language> {
  const language = await browser.tabs.detectLanguage?.(await subjectTab()).catch(() => null);
  return spoken(language ?? '') ?? spoken(document.documentElement.lang) ?? 'en';
}

/**
 * Have the pictures of addresses looked at as they are drawn in the popup's page. Returns how many are in sight. The
 * browser lets the tab be pictured since its user opened the popup (`activeTab`); nothing is asked of the network.
 */
async function lookInSight(addresses: readonly string[]): Promise<number> {
  const tabId = await subjectTab();
  const { windowId, active } = await browser.tabs.get(tabId);
  const inSight = async () => ((await asked({ type: 'in-sight', addresses })) ?? []) as PictureInSight[];
  const before = await inSight();
  if (!active || before.length === 0) return 0;
  const response = await fetch(await browser.tabs.captureVisibleTab(windowId, { format: 'png' }));
  const cut = await cutPictures(await response.blob(), unmoved(before, await inSight()));
  await Promise.all([...cut].map(([url, data]) => service.takePicture(tabId, url, data)));
  return cut.size;
}

/** Open the popup as a tab, where files can be chosen: Firefox closes a popup under the window that asks for one. */
async function chooseElsewhere(): Promise<void> {
  const url = browser.runtime.getURL('/popup.html');
  await browser.tabs.create({ url: `${url}?tab=${await subjectTab()}&${FOR_FILES}=1` });
  window.close();
}

/** Whether the popup is a tab itself. */
function isTab(): boolean {
  return query.has('tab');
}

/**
 * The tab that the popup is about: the one in front, or the one named in the address where the popup is a tab itself.
 */
async function subjectTab(): Promise<number> {
  const tabParameter = query.get('tab');
  if (tabParameter !== null) return Number(tabParameter);
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  return tab?.id ?? -1;
}

void main();
