/** A page's line to the background, opened again where the browser ended the other side. */
import { type Browser, browser } from 'wxt/browser';
import { withoutFragment } from '../address';
import { FRAME_PORT, type FromPage, PAGE_PORT, type PageModel } from '../messages';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const MOST_UNSENT = 20;

/** What the page shows as a whole: the last word on it makes those before it void. */
const AS_SHOWN: readonly FromPage['type'][] = ['submit', 'too-large'];

const IN_FRAME = window.top !== window;

/** When the page began to load. `performance.timeOrigin` is late by as long as the computer slept since the browser began. */
const SINCE = Date.now() - performance.now();

/** Opened before the rest of the script is read, so that the verdict is on its way by then. */
let first = isSomebodys() ? opened() : null;

export class PagePort {
  private port: Browser.runtime.Port | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private wait = FIRST_WAIT_MS;
  /** Where the page told that it is not what passed, and how it was sent as shown since: a new line is told both again. */
  private rewrittenAt: string | null = null;
  private asShown: FromPage | null = null;
  /** What the page shows, told while there was no line: sent when there is one, unless the page has gone on. */
  private queue: { at: string; message: FromPage }[] = [];
  /** What was shown last; null where nothing was. */
  private last: PageModel | null = null;
  /** The page is in the browser's cache, or ends. */
  private isAway = false;

  constructor(private readonly onModel: (model: PageModel) => void) {
    this.follow();
    this.connect();
  }

  /** Follow what the browser does with the page: again where the page was written over, and its listeners with it. */
  follow(): void {
    // Only who is looked at keeps the background awake again and again.
    document.addEventListener('visibilitychange', this.onVisible);
    // A page that comes back from the browser's cache has lost its line.
    addEventListener('pageshow', this.onShow);
    addEventListener('pagehide', this.onHide);
  }

  private readonly onVisible = () => this.connect();
  private readonly onShow = (event: PageTransitionEvent) => {
    if (!event.isTrusted) return;
    this.isAway = false;
    if (event.persisted) this.connect();
  };
  private readonly onHide = (event: Event) => {
    // A page may say that it hides, and would be without a line for good.
    if (!event.isTrusted) return;
    this.isAway = true;
    this.disconnect();
  };

  /** Send a message; without a line, open one for it. What a press asks for is not done later, when nobody expects it. */
  send(message: FromPage): void {
    const here = withoutFragment(location.href);
    if (message.type === 'rewritten') {
      this.rewrittenAt = here;
      this.asShown = null;
    }
    this.connect();
    if (this.port === null) {
      if (message.type === 'file' || AS_SHOWN.includes(message.type)) this.later(message);
      return;
    }
    if (AS_SHOWN.includes(message.type) && this.rewrittenAt === here) this.asShown = message;
    this.port.postMessage(message);
  }

  private later(message: FromPage): void {
    const isWhole = AS_SHOWN.includes(message.type);
    const valid = this.queue.filter((each) => !isWhole || !AS_SHOWN.includes(each.message.type));
    this.queue = [...valid, { at: withoutFragment(location.href), message }].slice(-MOST_UNSENT);
  }

  private connect(): void {
    if (this.port !== null || this.isAway || document.visibilityState === 'hidden') return;
    clearTimeout(this.retry);
    const port = first ?? opened();
    first = null;
    if (port === null) return this.outlive();
    this.port = port;
    port.onMessage.addListener((model: PageModel) => {
      if (model.health === 'ok') this.wait = FIRST_WAIT_MS;
      this.show(model);
    });
    port.onDisconnect.addListener(() => {
      if (this.port !== port) return;
      this.port = null;
      this.retry = setTimeout(() => this.connect(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
    });
    this.send({ type: 'at', url: location.href });
    const here = withoutFragment(location.href);
    if (this.rewrittenAt === here) {
      const { asShown } = this;
      this.send({ type: 'rewritten' });
      if (asShown !== null) this.send(asShown);
    }
    for (const { at, message } of this.queue.splice(0)) if (at === here) this.send(message);
  }

  private show(model: PageModel): void {
    this.last = model;
    this.onModel(model);
  }

  /** The extension has ended and nobody tells of the page any more: neither that it is clear, nor of the next one. */
  private outlive(): void {
    // Once: what is told of it may send something, which needs a line.
    if (this.last === null || this.last.health === 'replaced') return;
    this.onNavigate();
    // Only Chromium leaves a page the scripts of an extension that has ended, and it has this.
    const { navigation } = globalThis as { navigation?: EventTarget };
    navigation?.addEventListener('currententrychange', this.onNavigate);
  }

  private readonly onNavigate = () => {
    const { last } = this;
    if (last === null) return;
    // What a frame is told is of the page that it is in, and holds as long as that.
    const isNext = !IN_FRAME && withoutFragment(last.url) !== withoutFragment(location.href);
    const nothing = { url: location.href, shown: null, known: null, removed: null };
    const files = { wanted: [], unseen: isNext ? [] : last.files.unseen };
    this.show({ ...last, ...(isNext ? nothing : {}), files, health: 'replaced', readAgain: false, wantsPage: false });
  };

  private disconnect(): void {
    clearTimeout(this.retry);
    this.port?.disconnect();
    this.port = null;
  }
}

/** null where the extension was updated, reloaded or removed: its new self looks after pages that are opened from then on. */
function opened(): Browser.runtime.Port | null {
  try {
    return browser.runtime.connect({ name: IN_FRAME ? FRAME_PORT : `${PAGE_PORT}${SINCE}` });
  } catch {
    return null;
  }
}

/** Whether the page is looked at. Prerendered pages do not count until activated. */
function isSomebodys(): boolean {
  const { prerendering } = document as Document & { prerendering?: boolean };
  return prerendering !== true && document.visibilityState !== 'hidden';
}
