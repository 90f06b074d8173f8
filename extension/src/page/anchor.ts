/** Keeps an element first in the page's body and heard, whatever the page does; gives way where that becomes a fight. */
import { focusedIn } from './own-node';
import { ReinsertLimit } from './reinsert';

/** By these a page's dialog silences what lies outside of it, with all that an element has to say. */
const SILENCING = ['aria-hidden', 'inert'];
/** What stands below something of the page's is seen still: for its place it is moved less often than it is put back. */
const MOST_MOVES = 5;

export class Anchor {
  private readonly observer = new MutationObserver(() => this.keep());
  private readonly reinserts = new ReinsertLimit();
  private readonly moves = new ReinsertLimit(MOST_MOVES);
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly element: HTMLElement) {}

  keep(): void {
    this.watch();
    if (this.isKept) return;
    clearTimeout(this.waiting);
    const limit = this.element.isConnected && !this.isSilenced ? this.moves : this.reinserts;
    if (limit.turn()) this.put();
    else this.waiting = setTimeout(() => this.keep(), ReinsertLimit.pause);
  }

  private get isKept(): boolean {
    return this.isFirst && !this.isSilenced;
  }

  private get isSilenced(): boolean {
    return SILENCING.some((name) => this.element.hasAttribute(name));
  }

  private get isFirst(): boolean {
    return this.parent?.firstElementChild === this.element;
  }

  private get parent(): HTMLElement | null {
    return document.body ?? document.documentElement;
  }

  private put(): void {
    for (const name of SILENCING) this.element.removeAttribute(name);
    if (this.parent !== null && !this.isFirst) this.lead(this.parent);
  }

  /** Become the first in there, with the keyboard where it is. */
  private lead(parent: HTMLElement & { moveBefore?: typeof parent.insertBefore }): void {
    const { element } = this;
    // Only recent browsers have it, and only what is in a document can be moved so.
    if (parent.moveBefore !== undefined && element.isConnected) {
      parent.moveBefore(element, parent.firstChild);
      return;
    }
    const stop = focusedIn(element);
    parent.prepend(element);
    stop?.focus({ preventScroll: true });
  }

  /** The page may replace its body, or be written over as a whole. */
  private watch(): void {
    this.observer.observe(this.element, { attributeFilter: SILENCING });
    for (const node of [document, document.documentElement, document.body]) {
      if (node !== null) this.observer.observe(node, { childList: true });
    }
  }
}
