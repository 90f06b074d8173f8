/** The background as the extension's own pages see it: calls, and one subscription to its state. */
import { defineProxy } from 'comctx';
import { type Browser, browser } from 'wxt/browser';
import type { HistoryCalls } from '../history/actions';
import { type KobanState, STATE_PORT } from '../messages';
import { callerAdapter, isOwnPage, providerAdapter } from './adapter';
import { readFile } from './files';
import type { KobanService } from './service';

// No heartbeat: a message wakes the background, and waits for it.
const [provide, inject] = defineProxy((service: KobanService) => service, {
  namespace: 'koban',
  heartbeatCheck: false,
});

/** Answer the calls of the extension's own pages, and of nobody else, once the background is `ready`. */
export function provideService(service: KobanService, ready: Promise<unknown>): void {
  provide(providerAdapter(isOwnPage, ready), service);
}

/** The background's service, for a page of the extension. */
export function kobanService(): KobanService {
  return inject(callerAdapter());
}

/** The files of the service, whole. */
export function filesOf(service: KobanService): Pick<HistoryCalls, 'bundle' | 'exported'> {
  const part = (id: string, number: number) => service.filePart(id, number);
  return {
    bundle: async (about) => readFile(await service.bundle(about), part),
    exported: async (form) => readFile(await service.exported(form), part),
  };
}

/** Show the background's state, about one tab (-1: none), until the page closes. */
export function subscribe(tabId: number, show: (state: KobanState) => void): void {
  const connect = () => {
    const port: Browser.runtime.Port = browser.runtime.connect({ name: `${STATE_PORT}${tabId}` });
    port.onMessage.addListener((state: KobanState) => show(state));
    // The browser ended the background: connecting starts it again.
    port.onDisconnect.addListener(connect);
  };
  connect();
}
