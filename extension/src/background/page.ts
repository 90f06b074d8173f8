/** One open page of a marketplace: what is known of it, and how long that is shown. */
import { withoutFragment } from '../address';
import { LONGEST_ADDRESS } from '../api/bounds.generated';
import type { PageVerdict, Reason, Verdict } from '../api/types';
import { STATES } from '../lexicon.generated';
import type { PageModel } from '../messages';
import { reasonInfo, stageInfo, warns } from '../states';

/** An open page, and how to show it something. */
export interface PageView {
  readonly tabId: number;
  url: string;
  /** When it began to load, or to fetch what it shows at its address, in milliseconds of the clock. */
  since: number;
  show(page: PageModel): void;
}

/**
 * How long a warning stands after its page was loaded again and before its scripts have fetched what it was of; and how
 * long one of a Koban that has ended is said to be read again.
 */
const AGAIN_MS = 10_000;
/** How long before a page comes to another address without loading its script may have fetched what it shows there. */
const AHEAD_MS = 10_000;

/**
 * Whether the Koban that runs now has read the page. `none`: no other has warned of it. `again`: one that has ended did,
 * and the page is said to be read again. `overdue`: so it was, for as long as that may take.
 */
type Rereading = 'none' | 'again' | 'overdue';

export class Page {
  /** What was last said of it, but for what is `later`. */
  verdict: PageVerdict | null = null;
  /** A later verdict, while the page goes on showing a warning that may still hold. */
  private later: PageVerdict | null = null;
  private laterTimer: ReturnType<typeof setTimeout> | undefined;
  private rereading: Rereading = 'none';
  private rereadingTimer: ReturnType<typeof setTimeout> | undefined;
  /** It shows something else than what passed at its address. */
  isRewritten = false;
  /** It was judged as it is shown. */
  isJudged = false;
  /** How often it was sent as it is shown, and the last of these looks that Koban has judged. */
  private looks = 0;
  private lastLook = 0;
  /** Why what it shows now could not be judged; null where nothing is known to be in the way. */
  private refusal: Reason | null = null;
  /**
   * The name under which Koban keeps apart what it shows: another tab of its address may show something else. The same
   * after the browser has ended the background.
   */
  readonly viewName: string;

  /** `onSettle` is called when what is to be shown may be another; `isFirst` where nothing was known before. */
  constructor(
    readonly view: PageView,
    private readonly onSettle: (isFirst: boolean) => void,
  ) {
    this.viewName = `${view.tabId}-${Math.round(view.since)}`;
  }

  /** The verdict to show: what was found stays until more is known; that nothing was found does not. */
  get shown(): PageVerdict | null {
    const { verdict } = this;
    if (verdict?.verdict.state === 'clear') {
      if (this.refusal !== null) return uncheckedPage(this.view, this.refusal);
      // Something else passed than it shows, or a part of it alone.
      const isPartial = (this.isRewritten && !this.isJudged) || this.isUnread;
      if (isPartial && verdict.feed === 'proxy') return null;
      return isOfBefore(this.view, verdict) ? beingChecked(verdict) : verdict;
    }
    return verdict !== null && (this.isUnread || this.isReadAgain) ? withoutGo(verdict) : verdict;
  }

  /**
   * Whether it shows a warning of before it was loaded again, or Koban started anew, of which is soon to be known
   * whether it holds.
   */
  get isReadAgain(): boolean {
    const { verdict } = this;
    if (verdict === null || !isWarning(verdict)) return false;
    if (this.isUnread) return this.rereading === 'again';
    return this.later !== null || isOfBefore(this.view, verdict);
  }

  /** Whether it showed a warning of a Koban that has ended, and the one that runs now has not read it. */
  get isUnread(): boolean {
    return this.rereading !== 'none';
  }

  /** Whether it passed as the marketplace sent it, since it began to load. */
  get isUntouched(): boolean {
    return Date.parse(this.verdict?.untouched_since ?? '') >= this.view.since;
  }

  /** Whether it is known by what it shows alone: nothing that passed at its address is of it. */
  get isApart(): boolean {
    return this.isRewritten && this.isJudged;
  }

  /** Whether Koban wants the page as shown: it never passed the proxy, did so unread, or was judged as shown before. */
  get isWanted(): boolean {
    if (addressToAsk(this.view.url) === null) return false;
    const verdict = this.later ?? this.verdict;
    if (this.isRewritten || verdict === null || verdict.feed === 'extension') return true;
    if (isOfBefore(this.view, verdict) || this.isUnread) return true;
    return verdict.verdict.state === 'not-checked' && reasonInfo(verdict.verdict.reason)?.again === true;
  }

  /** The page is at another address, by a navigation that loaded nothing: nothing is known of it there. */
  move(url: string): void {
    this.view.url = url;
    this.view.since = Date.now() - AHEAD_MS;
    this.isRewritten = false;
    this.isJudged = false;
    this.refusal = null;
    this.dispose();
    this.verdict = null;
  }

  /** Nothing is to come of what was waited for. */
  dispose(): void {
    this.release();
    this.endUnread();
  }

  /** It was written over, or came from elsewhere than the proxy: its verdict says nothing of what it shows now. */
  markRewritten(): void {
    this.isRewritten = true;
    this.isJudged = false;
  }

  /** It is being sent as it is shown. Returns the number of that look at it. */
  beginLook(): number {
    this.looks += 1;
    return this.looks;
  }

  /**
   * Take what Koban says of what a look showed, beside what is newer of its address: nothing of an earlier look, by the
   * order in which they were sent, nor of one that Koban has not finished while more is known.
   */
  settleLook(look: number, own: PageVerdict): void {
    const isNewest = this.accepts(own);
    if (look < this.lastLook || !(isNewest || isFinalAnswer(own))) return;
    this.lastLook = look;
    this.isJudged = true;
    this.refusal = null;
    const isAlone = isNewest || this.isApart;
    this.settle(isAlone ? own : (this.combined(this.later ?? this.verdict, own) ?? own));
  }

  /**
   * Learn by what is kept of its view whether it was judged as it is shown, by a background that has ended since; one
   * of before it was written over does not count. Returns whether that is new.
   */
  findJudged(ofView: PageVerdict | null): boolean {
    if (this.isJudged || this.isRewritten || ofView === null || isOfBefore(this.view, ofView)) return false;
    this.isJudged = true;
    return true;
  }

  /** What it shows now could not be judged: warnings of before stand, and that nothing was found does not. */
  refuse(reason: Reason): void {
    const before = this.shown;
    this.leaveUnchecked(reason);
    this.refusal = reason;
    // A clear page has no reason, and one that is said to be checked just now has another.
    if (before !== null && before.verdict.reason !== this.shown?.verdict.reason) this.onSettle(false);
  }

  /**
   * Whether a verdict may take the place of what is known: not one of an earlier visit, of an earlier look, or of this
   * one while it was still being judged.
   */
  accepts(next: PageVerdict): boolean {
    const current = this.later ?? this.verdict;
    if (current === null) return true;
    const newerBy = Date.parse(next.judged_at) - Date.parse(current.judged_at);
    return newerBy > 0 || (newerBy === 0 && next.verdict.reason !== 'pending');
  }

  /** What is to be said of it by what is kept of its address, and of what it shows; null where neither is of it. */
  combined(ofAddress: PageVerdict | null, ofView: PageVerdict | null): PageVerdict | null {
    const own = ofView !== null && !isOfBefore(this.view, ofView) ? ofView : null;
    if (own === null || ofAddress === null) return own ?? ofPassed(ofAddress);
    // As it passed it may hold what it does not show: the proxy may have read it late, or in a tab loaded since.
    const isPassed = ofAddress.feed === 'proxy' && !isOfBefore(this.view, ofAddress);
    const isMore = isWarning(own) ? isLesser(own, ofAddress) : ofAddress.verdict.state !== 'not-checked';
    const judged_at = newerOf(own, ofAddress).judged_at;
    return { ...(isPassed && isMore ? ofAddress : own), judged_at };
  }

  /** Take a verdict; null: the Koban that runs now knows none. */
  settle(verdict: PageVerdict | null): void {
    const isFirst = this.shown === null;
    const current = this.verdict;
    if (verdict?.feed === 'proxy' && !isOfBefore(this.view, verdict)) this.refusal = null;
    if (verdict === null && current !== null && isWarning(current)) this.markUnread();
    else if (verdict !== null && isReading(verdict)) this.endUnread();
    else if (verdict !== null && isFinalAnswer(verdict)) this.endRereading();
    const isKept = current !== null && this.isUnread && isLesser(verdict, current);
    if (!isKept && current !== null && verdict !== null && mayStillHold(current, verdict)) this.hold(verdict);
    else if (!isKept) {
      this.release();
      this.verdict = verdict;
    }
    this.onSettle(isFirst);
  }

  /** Say why the page cannot be checked; what is shown of it stays. */
  leaveUnchecked(reason: Reason): void {
    if (this.shown === null) this.settle(uncheckedPage(this.view, reason));
    else this.endRereading();
  }

  /** Show no warning any longer that may still hold, but what is said of the page since. */
  endHold(): void {
    if (this.later === null) return;
    this.verdict = this.later;
    this.release();
  }

  /** Show no warning any longer of a Koban that has ended. The page is unread still, and said to be where it stays so. */
  dropUnread(): void {
    this.dispose();
    this.verdict = null;
    this.markUnread();
    this.onSettle(false);
  }

  private markUnread(): void {
    if (this.isUnread) return;
    this.rereading = 'again';
    this.rereadingTimer = setTimeout(() => this.leaveUnchecked('failed'), AGAIN_MS);
  }

  /** The page cannot be read again as it is now: its warning stands, and is no longer said to be read again. */
  private endRereading(): void {
    if (this.rereading !== 'again') return;
    clearTimeout(this.rereadingTimer);
    this.rereading = 'overdue';
    this.onSettle(false);
  }

  private endUnread(): void {
    clearTimeout(this.rereadingTimer);
    this.rereading = 'none';
  }

  /** Go on showing the warning that is shown, for a limited time from the first verdict without it. */
  private hold(verdict: PageVerdict): void {
    if (this.later === null) {
      this.laterTimer = setTimeout(() => {
        this.endHold();
        this.onSettle(false);
      }, AGAIN_MS);
    }
    this.later = verdict;
  }

  private release(): void {
    clearTimeout(this.laterTimer);
    this.later = null;
  }
}

function isWarning({ verdict }: PageVerdict): boolean {
  return warns(verdict.state);
}

/** Whether a verdict is of before a page was loaded, or was fetched. */
export function isOfBefore(page: PageView, verdict: PageVerdict): boolean {
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
export function mayStillHold(current: PageVerdict, next: PageVerdict): boolean {
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

/** What an address is known by, where it passed; of what another tab shows there the warnings, which may hold here. */
function ofPassed(ofAddress: PageVerdict | null): PageVerdict | null {
  return ofAddress !== null && mayBeOfAnyTab(ofAddress) ? ofAddress : null;
}

/** Whether a verdict of an address may be said of any tab there: that one shows nothing to warn of says nothing of others. */
export function mayBeOfAnyTab(verdict: PageVerdict): boolean {
  return verdict.feed === 'proxy' || isWarning(verdict);
}

function newerOf(one: PageVerdict, other: PageVerdict): PageVerdict {
  return Date.parse(one.judged_at) > Date.parse(other.judged_at) ? one : other;
}

/** A page's address as Koban takes it, without its fragment where it is long; null for one that is too long even so. */
export function addressToAsk(url: string): string | null {
  const address = url.length > LONGEST_ADDRESS ? withoutFragment(url) : url;
  return address.length > LONGEST_ADDRESS ? null : address;
}

/** Whether two addresses name one page: all but the fragment. */
export function samePage(address: string, other: string): boolean {
  return withoutFragment(address) === withoutFragment(other);
}
