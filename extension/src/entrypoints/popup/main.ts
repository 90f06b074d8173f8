import { browser } from 'wxt/browser';
import { type FromPopup, POPUP_PORT, type PopupModel } from '../../messages';
import { Popup } from '../../popup/popup';

async function main(): Promise<void> {
  let port = browser.runtime.connect({ name: POPUP_PORT });
  const say = (message: FromPopup) => port.postMessage(message);
  const popup = new Popup(document.body, browser.runtime.getManifest().version, {
    change: (change) => say({ type: 'change', change }),
    unpair: () => say({ type: 'unpair' }),
    examine: () => say({ type: 'examine' }),
    options: () => void browser.runtime.openOptionsPage(),
  });
  const tabId = await lookedAt();
  const attend = () => {
    port.onMessage.addListener((model: PopupModel) => popup.show(model));
    // The browser ended the background: begin again.
    port.onDisconnect.addListener(() => {
      port = browser.runtime.connect({ name: POPUP_PORT });
      attend();
    });
    say({ type: 'tab', tabId });
  };
  attend();
}

/** The tab that the popup is about: the one in front, or the one named in the address where the popup is a tab itself. */
async function lookedAt(): Promise<number> {
  const named = new URLSearchParams(location.search).get('tab');
  if (named !== null) return Number(named);
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  return tab?.id ?? -1;
}

void main();
