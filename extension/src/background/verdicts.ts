/** The open pages of marketplaces, and the verdict of each. */
import { withoutFragment } from '../address';
import { LONGEST_ADDRESS } from '../api/bounds.generated';
import { ApiError } from '../api/client';
import type { PageVerdict, Reason, Verdict } from '../api/types';
import { STATES } from '../lexicon.generated';
import type { PageModel } from '../messages';
import { reasonInfo, stageInfo, warns } from '../states';
import { type Connection, INVALID } from './connection';

/** An open page, and how to show it something. */
export interface PageView {
  readonly tabId: number;
  url: string;
  /** When it began to load, or to fetch what it shows at its address, in milliseconds of the clock. */
  since: number;
  show(page: PageModel): void;
}

const MOST_EARLY = 20;
/**
 * How long a warning stands after its page was loaded again and before its scripts have fetched what it was of; and how
 * long one of a Koban that has ended is said to be read again.
 */
const AGAIN_MS = 10_000;
/** How long before a page comes to another address without loading its script may have fetched what it shows there. */
const AHEAD_MS = 10_000;

export class Verdicts {
  private readonly verdicts = new Map<PageView, PageVerdict | null>();
  /**
   * Pages that show something else than what passed at their address: the name under which Koban keeps what they show
   * apart, and whether they were judged as shown since.
   */
  private readonly rewrittenPages = new WeakMap<PageView, { name: string; isJudged: boolean }>();
  /** Later verdicts of pages that go on showing a warning, as it may still hold, for a limited time. */
  private readonly laterVerdicts = new Map<PageView, { verdict: PageVerdict; timer: ReturnType<typeof setTimeout> }>();
  /**
   * Pages that showed a warning of a Koban that has ended: the one that runs now has not read them. With the timer of
   * how long they are said to be read again; null once they are not.
   */
  private readonly unreadPages = new Map<PageView, ReturnType<typeof setTimeout> | null>();
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
    return [...this.verdicts.keys()];
  }

  /** The verdict to show of a page: what was found stays until more is known; that nothing was found does not. */
  of(page: PageView): PageVerdict | null {
    const verdict = this.verdicts.get(page) ?? null;
    if (verdict?.verdict.state === 'clear') {
      // Something else passed than it shows, or a part of it alone.
      const isPartial = this.rewrittenPages.get(page)?.isJudged === false || this.unreadPages.has(page);
      if (isPartial && verdict.feed === 'proxy') return null;
      return isOfBefore(page, verdict) ? beingChecked(verdict) : verdict;
    }
    const isUncertain = this.unreadPages.has(page) || this.isReadAgain(page);
    return verdict !== null && isUncertain ? withoutGo(verdict) : verdict;
  }

  /**
   * Whether a page shows a warning of before it was loaded again, or Koban started anew, of which is soon to be known
   * whether it holds.
   */
  isReadAgain(page: PageView): boolean {
    const verdict = this.verdicts.get(page) ?? null;
    if (verdict === null || !isWarning(verdict)) return false;
    const readingTimer = this.unreadPages.get(page);
    if (readingTimer !== undefined) return readingTimer !== null;
    return this.laterVerdicts.has(page) || isOfBefore(page, verdict);
  }

  /** Whether a page passed as the marketplace sent it, since it began to load. */
  isUntouched(page: PageView): boolean {
    return Date.parse(this.verdicts.get(page)?.untouched_since ?? '') >= page.since;
  }

  onTab(tabId: number | null): PageView | null {
    return this.pages.find((page) => page.tabId === tabId) ?? null;
  }

  add(page: PageView): void {
    this.verdicts.set(page, null);
    for (const verdict of this.early.get(withoutFragment(page.url)) ?? []) this.settle(page, verdict);
    void this.ask(page);
  }

  remove(page: PageView): void {
    this.release(page);
    this.forgetUnread(page);
    this.verdicts.delete(page);
  }

  /** The page is at another address, by a navigation that loaded nothing. */
  move(page: PageView, url: string): void {
    if (page.url === url || !this.verdicts.has(page)) return;
    const isSame = samePage(page.url, url);
    page.url = url;
    // A place in it: what is known of it still holds.
    if (isSame) return;
    page.since = Date.now() - AHEAD_MS;
    this.release(page);
    this.rewrittenPages.delete(page);
    this.forgetUnread(page);
    this.verdicts.set(page, null);
    void this.ask(page);
  }

  /**
   * The page was written over, or came from elsewhere than the proxy: the verdict of its address says nothing of what
   * it shows now. Returns whether it is open.
   */
  markRewritten(page: PageView): boolean {
    if (!this.verdicts.has(page)) return false;
    const name = this.rewrittenPages.get(page)?.name ?? crypto.randomUUID();
    this.rewrittenPages.set(page, { name, isJudged: false });
    return true;
  }

  /** Whether Koban wants the page as shown: it never passed the proxy, did so unread, or was judged as shown before. */
  wantsPage(page: PageView): boolean {
    if (addressToAsk(page.url) === null) return false;
    const verdict = this.laterVerdicts.get(page)?.verdict ?? this.verdicts.get(page) ?? null;
    if (this.rewrittenPages.has(page) || verdict === null || verdict.feed === 'extension') return true;
    if (isOfBefore(page, verdict) || this.unreadPages.has(page)) return true;
    return verdict.verdict.state === 'not-checked' && reasonInfo(verdict.verdict.reason)?.again === true;
  }

  /** The second feed: have a page judged as the browser shows it. */
  async submit(page: PageView, url: string, html: string): Promise<void> {
    const { api } = this.connection;
    const address = addressToAsk(url);
    if (api === null || address === null || !samePage(page.url, url) || !this.wantsPage(page)) return;
    try {
      const name = this.rewrittenPages.get(page)?.name;
      const verdict = await api.check(address, html, true, name);
      if (api !== this.connection.api || !this.verdicts.has(page) || !samePage(page.url, url)) return;
      if (name !== undefined) this.rewrittenPages.set(page, { name, isJudged: true });
      this.settle(page, verdict);
    } catch (error) {
      if (api === this.connection.api) this.fail(page, url, error);
    }
  }

  /** The page as it is shown is too large to be sent. */
  markTooLarge(page: PageView, url: string): void {
    if (this.verdicts.has(page) && samePage(page.url, url) && this.wantsPage(page))
      this.leaveUnchecked(page, 'too-large');
  }

  /** A verdict that Koban sent by itself. */
  receive(verdict: PageVerdict): void {
    this.remember(verdict);
    for (const page of this.pages) {
      if (!samePage(page.url, verdict.url)) continue;
      // What passes is not what it shows (a service worker fetches anew what it has shown); what its scripts fetch is.
      if (this.rewrittenPages.get(page)?.isJudged) void this.ask(page);
      else if (!this.isOvertaken(page, verdict)) this.settle(page, verdict);
    }
  }

  private remember(verdict: PageVerdict): void {
    const address = withoutFragment(verdict.url);
    // The page that is being loaded again may be open still. What one that was written over shows is not of its address.
    const open = this.pages
      .filter((page) => samePage(page.url, address) && !this.rewrittenPages.has(page))
      .map((page) => this.verdicts.get(page));
    const earlierVerdicts = [...(this.early.get(address) ?? []), ...open];
    const warning = earlierVerdicts.find((each) => each && mayStillHold(each, verdict));
    this.early.delete(address);
    this.early.set(address, warning ? [warning, verdict] : [verdict]);
    const [oldest] = this.early.keys();
    if (this.early.size > MOST_EARLY && oldest !== undefined) this.early.delete(oldest);
  }

  /** Whether a verdict is of before a page was loaded, and the page has one of since. */
  private isOvertaken(page: PageView, verdict: PageVerdict): boolean {
    const current = this.verdicts.get(page) ?? null;
    return current !== null && isOfBefore(page, verdict) && !isOfBefore(page, current);
  }

  /** Forget the verdicts of pages that have not connected, and warnings that may still hold: they may be out of date. */
  forgetEarly(): void {
    this.early.clear();
    for (const [page, { verdict }] of this.laterVerdicts) {
      this.release(page);
      this.verdicts.set(page, verdict);
    }
  }

  /**
   * Keep no warning of a Koban that has ended: the user has switched or taught something since, and nobody knows
   * whether it holds. Those pages are unread still, and said to be not checked where they are not read soon.
   */
  async dropUnread(): Promise<void> {
    const pages = [...this.unreadPages.keys()];
    for (const page of pages) {
      this.release(page);
      this.verdicts.set(page, null);
      this.forgetUnread(page);
      this.markUnread(page);
      this.onSettle(page, false);
    }
    await Promise.all(pages.map((page) => this.ask(page)));
  }

  async askAll(): Promise<void> {
    await Promise.all(this.pages.map((page) => this.ask(page)));
  }

  private async ask(page: PageView): Promise<void> {
    const { api } = this.connection;
    if (api === null) return this.onUnknown(page);
    const { url } = page;
    const address = addressToAsk(url);
    // What passes at such an address is judged, and comes as an event.
    if (address === null) return this.leaveUnchecked(page, 'too-large');
    const rewrittenPage = this.rewrittenPages.get(page);
    const isApart = rewrittenPage?.isJudged === true;
    try {
      const verdict = await api.verdict(address, isApart ? rewrittenPage.name : null);
      // The page may have moved or closed, or Koban may have been paired again, while it was asked.
      if (api !== this.connection.api || page.url !== url || !this.verdicts.has(page)) return;
      this.connection.answered();
      // It may have been judged as shown meanwhile; and a Koban that has started anew knows no view.
      const isOfPage = isApart ? verdict !== null : this.rewrittenPages.get(page)?.isJudged !== true;
      // An event may have brought a later one.
      if (isOfPage && !isOutdated(verdict, this.of(page))) this.settle(page, verdict);
    } catch (error) {
      if (api === this.connection.api) this.fail(page, url, error);
    }
  }

  /** A request on a page failed. What a healthy Koban refuses says nothing of the link, only of that page. */
  private fail(page: PageView, url: string, error: unknown): void {
    if (!(error instanceof ApiError) || error.status !== INVALID) return this.connection.fail(error);
    this.connection.answered();
    if (this.verdicts.has(page) && page.url === url) this.leaveUnchecked(page, 'failed');
  }

  /** Say why a page cannot be checked; what is shown of it stays. */
  private leaveUnchecked(page: PageView, reason: Reason): void {
    if (this.of(page) === null) this.settle(page, uncheckedPage(page, reason));
    else this.endReading(page);
  }

  private settle(page: PageView, verdict: PageVerdict | null): void {
    const isFirst = this.of(page) === null;
    const current = this.verdicts.get(page) ?? null;
    if (verdict === null && current !== null && isWarning(current)) this.markUnread(page);
    else if (verdict !== null && isReading(verdict)) this.forgetUnread(page);
    else if (verdict !== null && isFinalAnswer(verdict)) this.endReading(page);
    const isUnread = current !== null && this.unreadPages.has(page) && isLesser(verdict, current);
    if (!isUnread && current !== null && verdict !== null && mayStillHold(current, verdict)) this.hold(page, verdict);
    else if (!isUnread) {
      this.release(page);
      this.verdicts.set(page, verdict);
    }
    this.onSettle(page, isFirst);
  }

  private markUnread(page: PageView): void {
    if (this.unreadPages.has(page)) return;
    this.unreadPages.set(
      page,
      setTimeout(() => this.leaveUnchecked(page, 'failed'), AGAIN_MS),
    );
  }

  /** The page cannot be read again as it is now: its warning stands, and is no longer said to be read again. */
  private endReading(page: PageView): void {
    const timer = this.unreadPages.get(page) ?? null;
    if (timer === null) return;
    clearTimeout(timer);
    this.unreadPages.set(page, null);
    this.onSettle(page, false);
  }

  private forgetUnread(page: PageView): void {
    clearTimeout(this.unreadPages.get(page) ?? undefined);
    this.unreadPages.delete(page);
  }

  /** Go on showing the warning that a page shows, for a limited time from the first verdict without it. */
  private hold(page: PageView, verdict: PageVerdict): void {
    const end = () => {
      const last = this.laterVerdicts.get(page)?.verdict ?? verdict;
      this.laterVerdicts.delete(page);
      this.verdicts.set(page, last);
      this.onSettle(page, false);
    };
    const timer = this.laterVerdicts.get(page)?.timer ?? setTimeout(end, AGAIN_MS);
    this.laterVerdicts.set(page, { verdict, timer });
  }

  private release(page: PageView): void {
    clearTimeout(this.laterVerdicts.get(page)?.timer);
    this.laterVerdicts.delete(page);
  }
}

function isWarning({ verdict }: PageVerdict): boolean {
  return warns(verdict.state);
}

/** Whether a verdict is of before a page was loaded, or was fetched. */
function isOfBefore(page: PageView, verdict: PageVerdict): boolean {
  return Date.parse(verdict.judged_at) < page.since;
}

/**
 * Whether a verdict is of a whole open page, or of the user's choice: what passes Koban of a page that had passed before
 * Koban started is what its scripts fetch, or a page of another tab.
 */
function isReading({ feed, verdict }: PageVerdict): boolean {
  if (verdict.state === 'not-checked') return reasonInfo(verdict.reason)?.chosen === true;
  return feed === 'extension';
}

/** Whether a verdict is an answer to a page as it is shown, and no other is to come of the same. */
function isFinalAnswer({ feed, verdict }: PageVerdict): boolean {
  return feed === 'extension' && reasonInfo(verdict.reason)?.unfinished !== true;
}

/** Whether a verdict warns less than the one that is shown; none at all does. */
function isLesser(verdict: PageVerdict | null, current: PageVerdict): boolean {
  return verdict === null || gravity(verdict) < gravity(current);
}

function gravity({ verdict }: PageVerdict): number {
  return STATES[verdict.state].gravity;
}

/** Whether a warning may hold although the next verdict lacks it: not all of the page was looked at again. */
function mayStillHold(current: PageVerdict, next: PageVerdict): boolean {
  if (!isWarning(current) || !isLesser(next, current)) return false;
  // What the user switched or taught takes a warning away at once.
  if (Date.parse(next.judged_at) <= Date.parse(current.judged_at)) return false;
  return next.awaits || reasonInfo(next.verdict.reason)?.unfinished === true;
}

/** A page of which nothing is known yet but where it is. */
function beingChecked({ verdict, ...page }: PageVerdict): PageVerdict {
  return { ...page, verdict: uncheckedVerdict('pending', verdict.site) };
}

/** A page on which Koban cannot be asked. */
function uncheckedPage({ url, since }: PageView, reason: Reason): PageVerdict {
  const judged_at = new Date(since).toISOString();
  return { url, judged_at, feed: 'extension', verdict: uncheckedVerdict(reason), awaits: false };
}

function uncheckedVerdict(reason: Reason, site: string | null = null): Verdict {
  const nothing = { findings: [], checked: [], missing: [], enclosures: [], chosen: [], details: [] };
  return { ...nothing, state: 'not-checked', reason, site };
}

/** That the work may begin is not known until the page was read again. */
function withoutGo(page: PageVerdict): PageVerdict {
  return stageInfo(page.verdict.stage).mayBegin ? { ...page, verdict: { ...page.verdict, stage: 'unknown' } } : page;
}

/** Whether an answer is of an earlier visit than what is known, or of this one while it was still being judged. */
function isOutdated(answer: PageVerdict | null, current: PageVerdict | null): boolean {
  if (answer === null || current === null) return false;
  const later = Date.parse(current.judged_at) - Date.parse(answer.judged_at);
  return later > 0 || (later === 0 && answer.verdict.reason === 'pending');
}

/** A page's address as Koban takes it, without its fragment where it is long; null for one that is too long even so. */
function addressToAsk(url: string): string | null {
  const address = url.length > LONGEST_ADDRESS ? withoutFragment(url) : url;
  return address.length > LONGEST_ADDRESS ? null : address;
}

/** Whether two addresses name one page: all but the fragment. */
export function samePage(address: string, other: string): boolean {
  return withoutFragment(address) === withoutFragment(other);
}
