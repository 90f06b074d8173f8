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
  const sent: unknown[] = [];
  const heard = new Set<(message: unknown) => void>();
  const ended = new Set<() => void>();
  const port = {
    name,
    sender,
    sent,
    postMessage: (message: unknown) => void sent.push(message),
    disconnect: () => ended.clear(),
    onMessage: { addListener: (listener: (message: unknown) => void) => heard.add(listener) },
    onDisconnect: { addListener: (listener: () => void) => ended.add(listener) },
    hear: (message: unknown) => {
      for (const listener of heard) listener(message);
    },
    end: () => {
      for (const listener of ended) listener();
    },
  };
  return port as unknown as FakePort;
}
