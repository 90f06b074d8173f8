/** Says what Koban shows in a page to who hears the page. */
import type { Language } from '../i18n/languages';
import { h } from '../ui/dom';

/** A state of the page in words. */
export interface Announcement {
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
  private saidLines: readonly string[] = [];
  private saidAlarm: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private speaksAt = Infinity;

  /** Say, in a moment, what is new in an announcement. One that another follows before that is not said. */
  announce(announcement: Announcement): void {
    const now = Date.now();
    // What follows an alarm does not put it off.
    this.speaksAt = this.isUrgent(announcement) ? Math.min(this.speaksAt, now + ALARM_MS) : now + QUIET_MS;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.speak(announcement), this.speaksAt - now);
  }

  private isUrgent({ alarm }: Announcement): boolean {
    return alarm !== null && alarm !== this.saidAlarm;
  }

  private speak(announcement: Announcement): void {
    const { language, name, lines, alarm } = announcement;
    const newLines = lines.filter((line) => !this.saidLines.includes(line));
    const region = this.isUrgent(announcement) ? this.alert : this.status;
    this.saidLines = lines;
    this.saidAlarm = alarm;
    this.speaksAt = Infinity;
    this.clear();
    if (newLines.length === 0) return;
    region.lang = language;
    region.append(...[`${name}:`, ...newLines].map((line) => h('p', {}, line)));
    this.timer = setTimeout(() => this.clear(), CLEAR_MS);
  }

  private clear(): void {
    this.alert.replaceChildren();
    this.status.replaceChildren();
  }
}
