/** Keeps an element first in the page's body and heard, whatever the page does; gives way where that becomes a fight. */
import { ReinsertLimit } from './reinsert';

/** By these a page's dialog silences what lies outside of it, with all that an element has to say. */
const SILENCING = ['aria-hidden', 'inert'];

export class Anchor {
  private readonly observer = new MutationObserver(() => this.keep());
  private readonly reinserts = new ReinsertLimit();
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly element: HTMLElement) {}

  keep(): void {
    this.watch();
    if (this.isKept) return;
    clearTimeout(this.waiting);
    if (this.reinserts.turn()) this.put();
    else this.waiting = setTimeout(() => this.keep(), ReinsertLimit.pause);
  }

  private get isKept(): boolean {
    return this.isFirst && !SILENCING.some((name) => this.element.hasAttribute(name));
  }

  private get isFirst(): boolean {
    return this.parent?.firstElementChild === this.element;
  }

  private get parent(): HTMLElement | null {
    return document.body ?? document.documentElement;
  }

  private put(): void {
    for (const name of SILENCING) this.element.removeAttribute(name);
    if (!this.isFirst) this.parent?.prepend(this.element);
  }

  /** The page may replace its body, or be written over as a whole. */
  private watch(): void {
    this.observer.observe(this.element, { attributeFilter: SILENCING });
    for (const node of [document, document.documentElement, document.body]) {
      if (node !== null) this.observer.observe(node, { childList: true });
    }
  }
}
