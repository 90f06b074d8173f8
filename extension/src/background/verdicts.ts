/** The open pages of marketplaces, and the verdict of each. */
import { withoutFragment } from '../address';
import { ApiError } from '../api/client';
import type { PageVerdict } from '../api/types';
import { type Connection, INVALID } from './connection';
import { addressToAsk, mayBeOfAnyTab, mayStillHold, Page, type PageView, samePage } from './page';

const MOST_EARLY = 20;

export class Verdicts {
  private readonly pagesByView = new Map<PageView, Page>();
  /**
   * The last verdict of an address, behind the warning of before that it may not have looked for again: Koban has often
   * judged a page before that connects.
   */
  private readonly early = new Map<string, readonly PageVerdict[]>();

  /** `onSettle` is called with a page whose verdict is new; `isFirst` where it had none before. */
  constructor(
    private readonly connection: Connection,
    private readonly onSettle: (page: PageView, isFirst: boolean) => void,
    private readonly onUnknown: (page: PageView) => void,
  ) {}

  get pages(): PageView[] {
    return [...this.pagesByView.keys()];
  }

  /** The verdict to show of a page; null where there is none. */
  of(view: PageView): PageVerdict | null {
    return this.pagesByView.get(view)?.shown ?? null;
  }

  /** Whether a page shows a warning of before, of which is soon to be known whether it holds. */
  isReadAgain(view: PageView): boolean {
    return this.pagesByView.get(view)?.isReadAgain === true;
  }

  /** Whether a page passed as the marketplace sent it, since it began to load. */
  isUntouched(view: PageView): boolean {
    return this.pagesByView.get(view)?.isUntouched === true;
  }

  /** Whether Koban wants the page as shown. */
  wantsPage(view: PageView): boolean {
    return this.pagesByView.get(view)?.isWanted === true;
  }

  onTab(tabId: number | null): PageView | null {
    return this.pages.find((view) => view.tabId === tabId) ?? null;
  }

  add(view: PageView): void {
    const page = new Page(view, (isFirst) => this.onSettle(view, isFirst));
    this.pagesByView.set(view, page);
    const early = this.early.get(withoutFragment(view.url)) ?? [];
    for (const verdict of early.filter(mayBeOfAnyTab)) page.settle(verdict);
    void this.ask(page);
  }

  remove(view: PageView): void {
    this.pagesByView.get(view)?.dispose();
    this.pagesByView.delete(view);
  }

  /** The page is at another address, by a navigation that loaded nothing. */
  move(view: PageView, url: string): void {
    const page = this.pagesByView.get(view);
    if (view.url === url || page === undefined) return;
    // A place in it: what is known of it still holds.
    if (samePage(view.url, url)) view.url = url;
    else {
      page.move(url);
      void this.ask(page);
    }
  }

  /**
   * The page was written over, or came from elsewhere than the proxy: the verdict of its address says nothing of what
   * it shows now. Returns whether it is open.
   */
  markRewritten(view: PageView): boolean {
    this.pagesByView.get(view)?.markRewritten();
    return this.pagesByView.has(view);
  }

  /** The second feed: have a page judged as the browser shows it. */
  async submit(view: PageView, url: string, html: string): Promise<void> {
    const { api } = this.connection;
    const page = this.pagesByView.get(view);
    const address = addressToAsk(url);
    if (api === null || page === undefined || address === null || !samePage(view.url, url) || !page.isWanted) return;
    const look = page.beginLook();
    try {
      const verdict = await api.check(address, html, true, page.viewName, page.isRewritten);
      if (api !== this.connection.api || !this.isOpen(page) || !samePage(view.url, url)) return;
      page.settleLook(look, verdict);
    } catch (error) {
      if (api === this.connection.api && this.isRefusal(error, page, url)) page.refuse('failed');
    }
  }

  /** The page as it is shown is too large to be sent. */
  markTooLarge(view: PageView, url: string): void {
    const page = this.pagesByView.get(view);
    if (page !== undefined && samePage(view.url, url) && page.isWanted) page.refuse('too-large');
  }

  /** A verdict that Koban sent by itself. */
  receive(verdict: PageVerdict): void {
    this.remember(verdict);
    for (const page of this.at(verdict.url)) {
      // What passes may not be what it shows (a service worker fetches anew what it has shown), nor what another tab
      // shows there; what its scripts fetch is.
      if (page.isJudged || verdict.feed === 'extension') void this.ask(page, verdict);
      else if (page.accepts(verdict)) page.settle(verdict);
    }
  }

  private at(url: string): Page[] {
    return [...this.pagesByView.values()].filter(({ view }) => samePage(view.url, url));
  }

  private isOpen(page: Page): boolean {
    return this.pagesByView.get(page.view) === page;
  }

  private remember(verdict: PageVerdict): void {
    const address = withoutFragment(verdict.url);
    // The page that is being loaded again may be open still. What one that was written over shows is not of its address.
    const open = this.at(address)
      .filter((page) => !page.isRewritten)
      .map((page) => page.verdict);
    const earlierVerdicts = [...(this.early.get(address) ?? []), ...open];
    const warning = earlierVerdicts.find((each) => each && mayStillHold(each, verdict));
    this.early.delete(address);
    this.early.set(address, warning ? [warning, verdict] : [verdict]);
    const [oldest] = this.early.keys();
    if (this.early.size > MOST_EARLY && oldest !== undefined) this.early.delete(oldest);
  }

  /** Forget the verdicts of pages that have not connected, and warnings that may still hold: they may be out of date. */
  forgetEarly(): void {
    this.early.clear();
    for (const page of this.pagesByView.values()) page.endHold();
  }

  /**
   * Keep no warning of a Koban that has ended: the user has switched or taught something since, and nobody knows
   * whether it holds. Those pages are unread still, and said to be not checked where they are not read soon.
   */
  async dropUnread(): Promise<void> {
    const pages = [...this.pagesByView.values()].filter((page) => page.isUnread);
    for (const page of pages) page.dropUnread();
    await Promise.all(pages.map((page) => this.ask(page)));
  }

  async askAll(): Promise<void> {
    await Promise.all([...this.pagesByView.values()].map((page) => this.ask(page)));
  }

  /** Ask for a page's verdict; `event`: what Koban has just said of its address. */
  private async ask(page: Page, event: PageVerdict | null = null): Promise<void> {
    const { api } = this.connection;
    if (api === null) return this.onUnknown(page.view);
    const { url } = page.view;
    const address = addressToAsk(url);
    // What passes at such an address is judged, and comes as an event.
    if (address === null) return page.leaveUnchecked('too-large');
    const { isApart } = page;
    try {
      // Koban may have judged it as shown before the browser ended the background, which knows nothing of that.
      const [ofAddress, ofView] = await Promise.all([
        isApart ? null : (event ?? api.verdict(address, null)),
        api.verdict(address, page.viewName),
      ]);
      // The page may have moved or closed, or Koban may have been paired again, while it was asked.
      if (api !== this.connection.api || page.view.url !== url || !this.isOpen(page)) return;
      this.connection.answered();
      const isFound = page.findJudged(ofView);
      const verdict = isApart ? ofView : page.combined(ofAddress, ofView);
      if (verdict !== null && page.isApart === isApart && page.accepts(verdict)) page.settle(verdict);
      // What passed meanwhile was taken for all that is known of it.
      else if (isFound) await this.ask(page);
      // A Koban that has started anew knows no view: what is known of one stays.
      else if (verdict === null && event === null && !isApart && !page.isApart) page.settle(null);
    } catch (error) {
      if (api === this.connection.api && this.isRefusal(error, page, url)) page.leaveUnchecked('failed');
    }
  }

  /** A request on a page failed. Returns whether a healthy Koban refused it: that says nothing of the link. */
  private isRefusal(error: unknown, page: Page, url: string): boolean {
    if (!(error instanceof ApiError) || error.status !== INVALID) {
      this.connection.fail(error);
      return false;
    }
    this.connection.answered();
    return this.isOpen(page) && page.view.url === url;
  }
}
