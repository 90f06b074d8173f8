/** Warnings that the user took away: the last of each page, and what brings it back. */
import type { LessonInfo, SettingsChange } from '../api/types';
import type { Removal, Removed } from '../messages';
import { type PageView, samePage } from './verdicts';

interface Entry {
  url: string;
  removal: Removal;
  /** What Koban was taught with it. */
  lessons: string[];
}

/** Held while the page is open at its address. */
export class Removals {
  private readonly entries = new WeakMap<PageView, Entry>();

  /** The line of a page's last removal; null where there is none. */
  of(page: PageView): Removed | null {
    const entry = this.entry(page);
    return entry === null ? null : { key: entry.removal.key, title: entry.removal.title };
  }

  set(page: PageView, removal: Removal | null): void {
    if (removal === null) this.entries.delete(page);
    else this.entries.set(page, { url: page.url, removal, lessons: [] });
  }

  /** A lesson that says that a rule was wrong goes with that rule's removal. */
  learnt(pages: readonly PageView[], { rule, id, warns }: Pick<LessonInfo, 'rule' | 'id' | 'warns'>): void {
    if (warns) return;
    for (const page of pages) {
      const entry = this.entry(page);
      if (entry?.removal.rule === rule && entry.removal.key === 'wrongGone') entry.lessons.push(id);
    }
  }

  /** Take a page's removal, to bring the warning back. */
  take(page: PageView): { undo: SettingsChange; lessons: readonly string[] } | null {
    const entry = this.entry(page);
    this.entries.delete(page);
    return entry === null ? null : { undo: entry.removal.undo, lessons: entry.lessons };
  }

  private entry(page: PageView): Entry | null {
    const entry = this.entries.get(page);
    return entry !== undefined && samePage(entry.url, page.url) ? entry : null;
  }
}
