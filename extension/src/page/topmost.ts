/** Keeps a dialog of Koban's over what the page draws in the browser's top layer while somebody is to answer it. */
import { ReinsertLimit } from './reinsert';

/** Who has seen the dialog for less than this has seen what lay over it before. */
const SEEN_MS = 500;
const LAYER = ':popover-open, :modal, :fullscreen';
const EVENTS = ['beforetoggle', 'toggle', 'fullscreenchange'];

/**
 * A page may show a popover after the dialog: it is drawn above, and a click goes through it, since all that lies
 * outside of a modal dialog is inert. What is hit at a point tells nothing of that, so the layer itself is watched: its
 * events, at each frame what is in it (which one that hides within a frame escapes), and in Chromium whether the
 * browser has drawn anything over the dialog (https://w3c.github.io/IntersectionObserver/v2/), which nothing escapes.
 */
export class Topmost {
  private readonly reinserts = new ReinsertLimit();
  private readonly visibility = new IntersectionObserver((entries) => this.saw(entries), {
    trackVisibility: true,
    delay: 100,
    threshold: [0, 1],
  } as IntersectionObserverInit);
  private layer: Element[] = [];
  private shownAt = -Infinity;
  private raisedAt = -Infinity;
  private isCovered = false;
  private isWatching = false;
  /** The next frame that is looked at; null while the dialog is not in the page. */
  private frame: number | null = null;

  constructor(
    private readonly dialog: HTMLDialogElement,
    private readonly host: Element,
  ) {}

  /** Watch from now on: the dialog has just been shown. */
  watch(): void {
    this.isWatching = true;
    this.shownAt = performance.now();
    this.raisedAt = this.shownAt;
    this.layer = this.others();
    for (const name of EVENTS) document.addEventListener(name, this.onChange, { capture: true });
    this.visibility.observe(this.dialog);
    this.look();
  }

  leave(): void {
    this.isWatching = false;
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
    this.visibility.disconnect();
    for (const name of EVENTS) document.removeEventListener(name, this.onChange, { capture: true });
  }

  /** Whether it has just come: the second of two clicks or keys was meant for what was there before. */
  get isNew(): boolean {
    return performance.now() - this.shownAt <= SEEN_MS;
  }

  /** Whether a person has seen the dialog whole for a while, so that a click is an answer to it. */
  get isSeen(): boolean {
    this.follow();
    this.compare();
    return !this.isCovered && performance.now() - this.raisedAt > SEEN_MS;
  }

  private readonly onChange = (event: Event) => {
    // `beforetoggle` comes before its popover is shown.
    if (event.target !== this.host) queueMicrotask(() => this.raise());
  };

  /**
   * Frames are looked at for as long as the dialog is in the page. A page that takes it away ends that, and the browser
   * tells of no close then; what it puts back the browser sees, and is followed again.
   */
  private follow(): void {
    if (this.isWatching && this.frame === null) this.look();
  }

  private readonly look = () => {
    this.frame = null;
    if (!this.dialog.isConnected) return;
    this.compare();
    this.frame = requestAnimationFrame(this.look);
  };

  private compare(): void {
    const now = this.others();
    // One that was put back is open still, and modal no more.
    if (!this.dialog.matches(':modal') || now.some((each) => !this.layer.includes(each))) this.raise();
    this.layer = now;
  }

  private others(): Element[] {
    return [...document.querySelectorAll(LAYER)].filter((each) => each !== this.host);
  }

  private saw(entries: IntersectionObserverEntry[]): void {
    const last = entries.at(-1) as (IntersectionObserverEntry & { isVisible?: boolean }) | undefined;
    // Undefined where the browser does not track it.
    this.isCovered = last?.isVisible === false && last.isIntersecting;
    if (this.isCovered) this.raise();
    this.follow();
  }

  private raise(): void {
    this.raisedAt = performance.now();
    if (!this.dialog.open || !this.dialog.isConnected || !this.reinserts.turn()) return;
    const focusedElement = (this.dialog.getRootNode() as ShadowRoot).activeElement;
    this.dialog.close();
    this.dialog.showModal();
    if (focusedElement instanceof HTMLElement) focusedElement.focus();
    this.layer = this.others();
  }
}
