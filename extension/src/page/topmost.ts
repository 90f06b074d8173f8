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
  private raisedAt = -Infinity;
  private isCovered = false;
  private frame = 0;

  constructor(
    private readonly dialog: HTMLDialogElement,
    private readonly host: Element,
  ) {}

  /** Watch from now on: the dialog has just been shown. */
  watch(): void {
    this.layer = this.others();
    for (const name of EVENTS) document.addEventListener(name, this.onChange, { capture: true });
    this.visibility.observe(this.dialog);
    this.frame = requestAnimationFrame(this.look);
  }

  leave(): void {
    cancelAnimationFrame(this.frame);
    this.visibility.disconnect();
    for (const name of EVENTS) document.removeEventListener(name, this.onChange, { capture: true });
  }

  /** Whether a person has seen the dialog whole for a while, so that a click is an answer to it. */
  get isSeen(): boolean {
    this.compare();
    return !this.isCovered && performance.now() - this.raisedAt > SEEN_MS;
  }

  private readonly onChange = (event: Event) => {
    // `beforetoggle` comes before its popover is shown.
    if (event.target !== this.host) queueMicrotask(() => this.raise());
  };

  private readonly look = () => {
    this.compare();
    this.frame = requestAnimationFrame(this.look);
  };

  private compare(): void {
    const now = this.others();
    if (now.some((each) => !this.layer.includes(each))) this.raise();
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
