/** A page of the extension's own that is kept at what the background says. */
import { browser } from 'wxt/browser';
import { type FromPopup, type KobanState, POPUP_PORT } from '../messages';

/** Attend to one tab (-1: to none) until the page closes. Returns how to speak to the background. */
export function connect(tabId: number, show: (model: KobanState) => void): (message: FromPopup) => void {
  const connect = () => {
    const opened = browser.runtime.connect({ name: POPUP_PORT });
    opened.onMessage.addListener((model: KobanState) => show(model));
    opened.onDisconnect.addListener(() => {
      if (port === opened) port = connect();
    });
    opened.postMessage({ type: 'tab', tabId } satisfies FromPopup);
    return opened;
  };
  let port = connect();
  return (message) => {
    try {
      port.postMessage(message);
    } catch {
      // The browser ended the background, and the news of it are still on their way.
      port = connect();
      port.postMessage(message);
    }
  };
}
