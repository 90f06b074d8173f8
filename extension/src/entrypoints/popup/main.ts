import { browser } from 'wxt/browser';
import { linkedApi } from '../../background/api-client';
import { connect } from '../../background/connect';
import { historyActions } from '../../history/actions';
import type { NoteMessage, SelectionMessage } from '../../messages';
import { Popup } from '../../popup/popup';
import { teachingActions } from '../../teaching/actions';

const { sheet, bundle, save } = historyActions(linkedApi);
const { teach, unteach } = teachingActions(linkedApi);

async function main(): Promise<void> {
  const say = connect(await lookedAt(), (model) => popup.show(model));
  const popup = new Popup(document.body, browser.runtime.getManifest().version, {
    change: (change) => say({ type: 'change', change }),
    unpair: () => say({ type: 'unpair' }),
    examine: () => say({ type: 'examine' }),
    options: () => void browser.runtime.openOptionsPage(),
    history: () => void browser.tabs.create({ url: browser.runtime.getURL('/deals.html') }),
    note: (site, client, note) =>
      browser.runtime.sendMessage({ type: 'note', site, client, note } satisfies NoteMessage),
    sheet,
    bundle,
    save,
    teach,
    unteach,
    selection,
    repair: (repair) => {
      if (repair === 'pair') void browser.tabs.create({ url: browser.runtime.getURL('/welcome.html') });
      else if (repair === 'reload') browser.runtime.reload();
      else if (repair === 'resume') say({ type: 'change', change: { paused_until: null } });
      else say({ type: 'again' });
    },
  });
}

/** What is marked in the page that the popup is about; a page that is none of a marketplace's answers nothing. */
async function selection(): Promise<string> {
  const answer: unknown = await browser.tabs
    .sendMessage(await lookedAt(), { type: 'selection' } satisfies SelectionMessage, { frameId: 0 })
    .catch(() => '');
  return typeof answer === 'string' ? answer : '';
}

/** The tab that the popup is about: the one in front, or the one named in the address where the popup is a tab itself. */
async function lookedAt(): Promise<number> {
  const named = new URLSearchParams(location.search).get('tab');
  if (named !== null) return Number(named);
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  return tab?.id ?? -1;
}

void main();
