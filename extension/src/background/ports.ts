/** The ports that pages hold open: a marketplace's page, a frame within one, and a page of the extension's own. */
import { type Browser, browser } from 'wxt/browser';
import type { ReportRequest } from '../api/types';
import { asHash } from '../history/about';
import { FRAME_PORT, type FromPage, PAGE_PORT, type PageModel, STATE_PORT } from '../messages';
import { isOwnPage } from '../rpc/adapter';
import type { Background } from './background';
import type { PageView } from './page';

/** What is done with each message of a page. */
type Listeners = {
  readonly [Type in FromPage['type']]: (page: PageView, message: Extract<FromPage, { type: Type }>) => void;
};

export class Ports {
  /** The page of each tab. */
  private readonly pages = new Map<number, PageView>();
  /** The last model of each tab's page, and its frames, which are shown the same. */
  private readonly models = new Map<number, PageModel>();
  private readonly frames = new Map<number, Set<Browser.runtime.Port>>();

  private readonly listeners: Listeners = {
    at: (page, { url }) => this.background.movePage(page, url),
    submit: (page, { url, html }) => void this.background.submit(page, url, html),
    'too-large': (page, { url }) => this.background.tooLarge(page, url),
    file: (page, { url, data }) => void this.background.takeFile(page, url, data),
    arrived: (_, { ticket }) => void this.background.arrived(ticket),
    rewritten: (page) => this.background.rewritten(page),
    fold: (page, { folded }) => this.background.fold(page, folded),
    report: (page, { rule }) => openReport(this.background.reportOf(page, rule)),
    resume: () => void this.background.change({ paused_until: null }),
    undo: (page) => void this.background.bringBack(page),
    'stop-asking': (page) => void this.background.stopAsking(page),
  };

  /** `onOpen` is called with the host of each marketplace page. */
  constructor(
    private readonly background: Background,
    private readonly ready: Promise<unknown>,
    private readonly onOpen: (host: string) => void,
  ) {}

  /** Listens at once: what is said while the background starts would be lost. */
  connect(port: Browser.runtime.Port): void {
    if (port.name.startsWith(PAGE_PORT)) this.connectPage(port);
    else if (port.name === FRAME_PORT) this.connectFrame(port);
    else if (port.name.startsWith(STATE_PORT) && isOwnPage(port.sender)) this.connectView(port);
  }

  /** A page that changes its own address loads nothing, and its content script is not told: the browser tells of it. */
  move(tabId: number, url: string): void {
    const page = this.pages.get(tabId);
    if (page !== undefined) this.background.movePage(page, url);
  }

  private connectPage(port: Browser.runtime.Port): void {
    const tabId = port.sender?.tab?.id;
    const url = port.sender?.url;
    if (tabId === undefined || url === undefined || port.sender?.frameId !== 0) return;
    const show = (model: PageModel) => {
      port.postMessage(model);
      if (this.pages.get(tabId) !== page) return;
      this.models.set(tabId, model);
      for (const frame of this.frames.get(tabId) ?? []) frame.postMessage(model);
    };
    const since = Number(port.name.slice(PAGE_PORT.length)) || 0;
    const page: PageView = { tabId, url, since, show };
    this.pages.set(tabId, page);
    void this.ready.then(() => this.background.addPage(page));
    this.onOpen(new URL(url).hostname);
    port.onMessage.addListener((message: FromPage) => void this.ready.then(() => this.hear(page, message)));
    port.onDisconnect.addListener(() => {
      if (this.pages.get(tabId) === page) {
        this.pages.delete(tabId);
        this.models.delete(tabId);
      }
      void this.ready.then(() => this.background.removePage(page));
    });
  }

  private hear(page: PageView, message: FromPage): void {
    // The script of a page that was opened with another version of the extension may say what is not known here.
    if (Object.hasOwn(this.listeners, message.type)) this.listeners[message.type](page, message as never);
  }

  /** A frame is shown what its page is, and says nothing: what is written in it is looked at there. */
  private connectFrame(port: Browser.runtime.Port): void {
    const tabId = port.sender?.tab?.id;
    if (tabId === undefined) return;
    const siblings = this.frames.get(tabId) ?? new Set();
    this.frames.set(tabId, siblings.add(port));
    const model = this.models.get(tabId);
    if (model !== undefined) port.postMessage(model);
    port.onDisconnect.addListener(() => {
      siblings.delete(port);
      if (siblings.size === 0 && this.frames.get(tabId) === siblings) this.frames.delete(tabId);
    });
  }

  private connectView(port: Browser.runtime.Port): void {
    const tabId = Number(port.name.slice(STATE_PORT.length));
    const view = { tabId, show: port.postMessage.bind(port) };
    void this.ready.then(() => this.background.addView(view));
    port.onDisconnect.addListener(() => void this.ready.then(() => this.background.removeView(view)));
  }
}

function openReport(about: ReportRequest | null): void {
  if (about !== null) void browser.tabs.create({ url: browser.runtime.getURL(`/report.html#${asHash(about)}`) });
}
