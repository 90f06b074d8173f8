/** Carries calls of `comctx` over the browser's one-off messages, which wake the background where it was ended. */
import type { Adapter, Message } from 'comctx';
import { type Browser, browser } from 'wxt/browser';

interface Call {
  type: 'call';
  message: Message;
}

type Listener = (message?: Partial<Message>) => void;

/** The side of a page. A call rejects where the background does not answer. */
export function callerAdapter(): Adapter {
  const listeners = new Set<Listener>();
  return {
    sendMessage: async (message) => {
      const answer: Message | undefined = await browser.runtime.sendMessage({ type: 'call', message } satisfies Call);
      if (answer == null) throw new Error('no answer from the background');
      for (const listener of [...listeners]) listener(answer);
    },
    onMessage: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The side of the background. Calls wait until it is `ready`; those of a sender that is not allowed get no answer. */
export function providerAdapter(
  isAllowed: (sender: Browser.runtime.MessageSender) => boolean,
  ready: Promise<unknown>,
): Adapter {
  const answers = new Map<string, (answer: Message) => void>();
  return {
    sendMessage: (message) => {
      answers.get(message.id)?.(message);
      answers.delete(message.id);
    },
    onMessage: (listener) => {
      browser.runtime.onMessage.addListener((call: Partial<Call>, sender, respond) => {
        if (call.type !== 'call' || call.message === undefined || !isAllowed(sender)) return;
        const { message } = call;
        answers.set(message.id, respond);
        void ready.then(() => listener(message));
        return true;
      });
    },
  };
}

/** Whether a message or port comes from a page of the extension itself, and not from a content script. */
export function isOwnPage(sender: Browser.runtime.MessageSender | undefined): boolean {
  return sender?.id === browser.runtime.id && (sender.url?.startsWith(browser.runtime.getURL('/')) ?? false);
}
