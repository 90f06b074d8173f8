/** The ports that pages hold open: a marketplace's page, a frame within one, and a page of the extension's own. */
import { type Browser, browser } from 'wxt/browser';
import type { ReportRequest } from '../api/types';
import { asHash } from '../history/about';
import { FRAME_PORT, type FromPage, PAGE_PORT, type PageModel, STATE_PORT } from '../messages';
import { isOwnPage } from '../rpc/adapter';
import type { Background } from './background';
import type { PageView } from './page';

export class Ports {
  /** The page of each tab. */
  private readonly pages = new Map<number, PageView>();
  /** The last model of each tab's page, and its frames, which are shown the same. */
  private readonly models = new Map<number, PageModel>();
  private readonly frames = new Map<number, Set<Browser.runtime.Port>>();

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
    const { background } = this;
    if (message.type === 'at') background.movePage(page, message.url);
    else if (message.type === 'submit') void background.submit(page, message.url, message.html);
    else if (message.type === 'too-large') background.tooLarge(page, message.url);
    else if (message.type === 'file') void background.takeFile(page, message.url, message.data);
    else if (message.type === 'arrived') void background.arrived(message.ticket);
    else if (message.type === 'rewritten') background.rewritten(page);
    else if (message.type === 'fold') background.fold(page, message.folded);
    else if (message.type === 'report') openReport(background.reportOf(page, message.rule));
    else if (message.type === 'resume') void background.change({ paused_until: null });
    else if (message.type === 'undo') void background.bringBack(page);
    else if (message.type === 'stop-asking') void background.stopAsking(page);
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
