/** Says what Koban shows in a page to who hears the page. */
import type { Language } from '../i18n/languages';
import { h } from '../ui/dom';

/** A state of the page in words. */
export interface Announcement {
  /** The address of the page, without its fragment: on the next one, what was said of this one is news. */
  page: string;
  language: Language;
  /** Who speaks: a screen reader says it in the midst of what the page says. */
  name: string;
  /** The lines that stand there now. Those that stood there before are not said again. */
  lines: readonly string[];
  /** What interrupts who listens, once for as long as it is the same; null where all can wait. */
  alarm: string | null;
}

/**
 * Until then browsers and screen readers may not know the regions: what a region holds as it comes into the page is no
 * change, and is not said (https://www.w3.org/WAI/WCAG22/Techniques/aria/ARIA22).
 */
const ALARM_MS = 150;
/** What goes on changing, such as the count of a list that grows, is said once it rests. */
const QUIET_MS = 1_000;
/** Who reads the page line by line meets the words where they are shown, and not here again. */
const CLEAR_MS = 7_000;

/**
 * Two live regions, which are there before their words are and outlive each drawing of what they speak of. They lie in
 * a closed root as all of Koban's: the tree that a screen reader reads knows no roots, and the page reads none of it.
 */
export class Announcer {
  private readonly alert = h('div', { role: 'alert' });
  private readonly status = h('div', { role: 'status' });
  readonly element = h('div', { class: 'announcer' }, this.alert, this.status);
  private page = '';
  private saidLines: readonly string[] = [];
  private saidAlarm: string | null = null;
  /** What is to be said next; null where all is said. */
  private next: Announcement | null = null;
  private speakTimer: ReturnType<typeof setTimeout> | undefined;
  private clearTimer: ReturnType<typeof setTimeout> | undefined;
  private speaksAt = Infinity;

  /**
   * Say, in a moment, what is new in an announcement. One that another follows before that is not said; while the page
   * is hidden, where nobody hears it, all wait.
   */
  announce(announcement: Announcement): void {
    if (announcement.page !== this.page) this.turnTo(announcement.page);
    const now = Date.now();
    // What follows an alarm does not put it off.
    this.speaksAt = this.isUrgent(announcement) ? Math.min(this.speaksAt, now + ALARM_MS) : now + QUIET_MS;
    this.next = announcement;
    clearTimeout(this.speakTimer);
    this.speakTimer = setTimeout(() => this.speak(announcement), this.speaksAt - now);
  }

  private turnTo(page: string): void {
    this.page = page;
    this.saidLines = [];
    this.saidAlarm = null;
    this.clear();
  }

  private isUrgent({ alarm }: Announcement): boolean {
    return alarm !== null && alarm !== this.saidAlarm;
  }

  private speak(announcement: Announcement): void {
    this.speaksAt = Infinity;
    if (document.visibilityState === 'hidden') {
      document.addEventListener('visibilitychange', this.onVisible, { once: true });
      return;
    }
    const { language, name, lines, alarm } = announcement;
    const newLines = lines.filter((line) => !this.saidLines.includes(line));
    const region = this.isUrgent(announcement) ? this.alert : this.status;
    this.saidLines = lines;
    this.saidAlarm = alarm;
    this.next = null;
    // What is being said is not cut short by nothing new.
    if (newLines.length === 0) return;
    this.clear();
    region.lang = language;
    region.append(...[`${name}:`, ...newLines].map((line) => h('p', {}, line)));
    this.clearTimer = setTimeout(() => this.clear(), CLEAR_MS);
  }

  private readonly onVisible = () => {
    if (this.next !== null) this.announce(this.next);
  };

  private clear(): void {
    clearTimeout(this.clearTimer);
    this.alert.replaceChildren();
    this.status.replaceChildren();
  }
}
