import { browser } from 'wxt/browser';
import { type FromPopup, POPUP_PORT, type PopupModel } from '../../messages';
import { Options } from '../../options/options';

let port = browser.runtime.connect({ name: POPUP_PORT });
const say = (message: FromPopup) => port.postMessage(message);
const options = new Options(document.body, browser.runtime.getManifest().version, {
  change: (change) => say({ type: 'change', change }),
  take: (change) => browser.runtime.sendMessage({ type: 'take', change }),
  language: (choice) => say({ type: 'language', choice }),
  save: (name, text) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  },
});

function attend(): void {
  port.onMessage.addListener((model: PopupModel) => options.show(model));
  // The browser ended the background: begin again.
  port.onDisconnect.addListener(() => {
    port = browser.runtime.connect({ name: POPUP_PORT });
    attend();
  });
  say({ type: 'tab', tabId: -1 });
}

attend();
