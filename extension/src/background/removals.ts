/** Warnings that the user took away: the last of each page, and what brings it back. */
import type { Removal, Removed } from '../messages';
import type { Withdrawal } from '../teaching/actions';
import { type PageView, samePage } from './page';

interface Entry {
  url: string;
  removal: Removal;
  /** Undoes what Koban was taught with it; null where it was taught nothing. */
  withdraw: Withdrawal | null;
}

/** Held while the page is open at its address. */
export class Removals {
  private readonly entries = new WeakMap<PageView, Entry>();

  /** The line of a page's last removal; null where there is none. */
  of(page: PageView): Removed | null {
    const entry = this.entry(page);
    return entry === null ? null : { key: entry.removal.key, title: entry.removal.title };
  }

  /** Returns what sets it back to what it was before, unless something else was taken away, or brought back, since. */
  set(page: PageView, removal: Removal, withdraw: Withdrawal | null): () => void {
    const before = this.entry(page);
    // A client muted after its warning was called wrong is one removal with it, undone together.
    const isSame = before?.removal.key === removal.key && before.removal.rule === removal.rule;
    const entry = { url: page.url, removal, withdraw: withdraw ?? (isSame ? before.withdraw : null) };
    this.entries.set(page, entry);
    return () => {
      if (this.entries.get(page) !== entry) return;
      if (before === null) this.entries.delete(page);
      else this.entries.set(page, before);
    };
  }

  /** Take a page's removal, to bring the warning back. */
  take(page: PageView): Entry | null {
    const entry = this.entry(page);
    this.entries.delete(page);
    return entry;
  }

  /** Put back what could not be undone, unless something else was taken away since. */
  putBack(page: PageView, entry: Entry): void {
    if (this.entry(page) === null) this.entries.set(page, entry);
  }

  private entry(page: PageView): Entry | null {
    const entry = this.entries.get(page);
    return entry !== undefined && samePage(entry.url, page.url) ? entry : null;
  }
}
