/** The open pages of marketplaces, and the verdict of each. */
import { withoutFragment } from '../address';
import type { PageVerdict } from '../api/types';
import type { PageModel } from '../messages';
import type { Connection } from './connection';

/** An open page, and how to show it something. */
export interface PageView {
  readonly tabId: number;
  url: string;
  show(page: PageModel): void;
}

const MOST_EARLY = 20;

/** Reasons for which the proxy's verdict is not the last word: the page as shown may hold more than what passed. */
const TRY_AGAIN = new Set([
  'page-changed',
  'unreadable',
  'nothing-to-check',
  'failed',
  'too-large',
  'too-slow',
  'no-answer',
  'bot-check',
  'refused',
]);

export class Verdicts {
  private readonly verdicts = new Map<PageView, PageVerdict | null>();
  /** Pages that show something else than what passed at their address, and whether they were judged as shown since. */
  private readonly rewrittenPages = new WeakMap<PageView, { isJudged: boolean }>();
  /** Verdicts of pages that have not yet connected, by address: Koban has often judged before they do. */
  private readonly early = new Map<string, PageVerdict>();

  /** `settled` is called with a page whose verdict is new; `isFirst` where it had none before. */
  constructor(
    private readonly connection: Connection,
    private readonly settled: (page: PageView, isFirst: boolean) => void,
    private readonly unknown: (page: PageView) => void,
  ) {}

  get pages(): PageView[] {
    return [...this.verdicts.keys()];
  }

  of(page: PageView): PageVerdict | null {
    const verdict = this.verdicts.get(page) ?? null;
    // What was found where something else passed stays until more is known; that nothing was found there does not.
    const isUnseen = this.rewrittenPages.get(page)?.isJudged === false;
    return isUnseen && verdict?.feed === 'proxy' && verdict.verdict.state === 'clear' ? null : verdict;
  }

  onTab(tabId: number | null): PageView | null {
    return this.pages.find((page) => page.tabId === tabId) ?? null;
  }

  add(page: PageView): void {
    this.verdicts.set(page, null);
    const early = this.early.get(withoutFragment(page.url));
    if (early !== undefined) this.settle(page, early);
    void this.ask(page);
  }

  remove(page: PageView): void {
    this.verdicts.delete(page);
  }

  /** The page is at another address, by a navigation that loaded nothing. */
  move(page: PageView, url: string): void {
    if (page.url === url || !this.verdicts.has(page)) return;
    page.url = url;
    this.rewrittenPages.delete(page);
    this.verdicts.set(page, null);
    void this.ask(page);
  }

  /**
   * The page was written over, or came from elsewhere than the proxy: the verdict of its address says nothing of what
   * it shows now. Returns whether it is open.
   */
  markRewritten(page: PageView): boolean {
    if (!this.verdicts.has(page)) return false;
    this.rewrittenPages.set(page, { isJudged: false });
    return true;
  }

  /** Whether Koban wants the page as shown: it never passed the proxy, did so unread, or was judged as shown before. */
  wantsPage(page: PageView): boolean {
    const verdict = this.of(page);
    if (this.rewrittenPages.has(page) || verdict === null || verdict.feed === 'extension') return true;
    return verdict.verdict.state === 'not-checked' && TRY_AGAIN.has(verdict.verdict.reason ?? '');
  }

  /** The second feed: have a page judged as the browser shows it. */
  async submit(page: PageView, url: string, html: string): Promise<void> {
    const { api } = this.connection;
    if (api === null || !samePage(page.url, url) || !this.wantsPage(page)) return;
    try {
      const verdict = await api.check(url, html);
      if (api !== this.connection.api || !this.verdicts.has(page) || !samePage(page.url, url)) return;
      if (this.rewrittenPages.has(page)) this.rewrittenPages.set(page, { isJudged: true });
      this.settle(page, verdict);
    } catch (error) {
      if (api === this.connection.api) this.connection.fail(error);
    }
  }

  /** A verdict that Koban sent by itself. */
  receive(verdict: PageVerdict): void {
    const address = withoutFragment(verdict.url);
    this.early.delete(address);
    this.early.set(address, verdict);
    const [oldest] = this.early.keys();
    if (this.early.size > MOST_EARLY && oldest !== undefined) this.early.delete(oldest);
    for (const page of this.pages) {
      if (!samePage(page.url, verdict.url)) continue;
      // What passed before the page was judged as shown, and took longer to judge, is not what it shows.
      if (this.rewrittenPages.get(page)?.isJudged && isOutdated(verdict, this.of(page))) continue;
      this.settle(page, verdict);
    }
  }

  /** Forget the verdicts of pages that have not connected: they may be out of date. */
  forgetEarly(): void {
    this.early.clear();
  }

  async askAll(): Promise<void> {
    await Promise.all(this.pages.map((page) => this.ask(page)));
  }

  private async ask(page: PageView): Promise<void> {
    const { api } = this.connection;
    if (api === null) return this.unknown(page);
    const { url } = page;
    try {
      const verdict = await api.verdict(url);
      // The page may have moved or closed, or Koban may have been paired again, while it was asked.
      if (api !== this.connection.api || page.url !== url || !this.verdicts.has(page)) return;
      // An event may have brought a later one.
      if (!isOutdated(verdict, this.of(page))) this.settle(page, verdict);
      this.connection.answered();
    } catch (error) {
      if (api === this.connection.api) this.connection.fail(error);
    }
  }

  private settle(page: PageView, verdict: PageVerdict | null): void {
    const isFirst = this.of(page) === null;
    this.verdicts.set(page, verdict);
    this.settled(page, isFirst);
  }
}

/** Whether an answer is of an earlier visit than what is known, or of this one while it was still being judged. */
function isOutdated(answer: PageVerdict | null, known: PageVerdict | null): boolean {
  if (answer === null || known === null) return false;
  const later = Date.parse(known.judged_at) - Date.parse(answer.judged_at);
  return later > 0 || (later === 0 && answer.verdict.reason === 'pending');
}

/** Whether two addresses name one page: all but the fragment. */
export function samePage(address: string, other: string): boolean {
  return withoutFragment(address) === withoutFragment(other);
}
