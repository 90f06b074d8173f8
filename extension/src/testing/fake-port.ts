/** A port of the browser's, both ends of which are in the test's hands. */
import type { Browser } from 'wxt/browser';

export interface FakePort extends Browser.runtime.Port {
  /** Messages posted to the other side. */
  readonly sent: unknown[];
  /** A message from the other side. */
  hear(message: unknown): void;
  /** The other side went away. */
  end(): void;
}

export function fakePort(name: string, sender: Browser.runtime.MessageSender = {}): FakePort {
  const messages: unknown[] = [];
  const listeners = new Set<(message: unknown) => void>();
  const endings = new Set<() => void>();
  const port = {
    name,
    sender,
    sent: messages,
    postMessage: (message: unknown) => void messages.push(message),
    disconnect: () => endings.clear(),
    onMessage: { addListener: (listener: (message: unknown) => void) => listeners.add(listener) },
    onDisconnect: { addListener: (listener: () => void) => endings.add(listener) },
    hear: (message: unknown) => {
      for (const listener of listeners) listener(message);
    },
    end: () => {
      for (const listener of endings) listener();
    },
  };
  return port as unknown as FakePort;
}
