/** Keeps an element at the top of the page's body, whatever the page does; gives way where that becomes a fight. */
import { ReinsertLimit } from './reinsert';

export class Anchor {
  private readonly observer = new MutationObserver(() => this.check());
  private readonly reinserts = new ReinsertLimit();
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private isKept = false;

  constructor(private readonly element: HTMLElement) {}

  keep(): void {
    if (this.isKept) return;
    this.isKept = true;
    this.put();
  }

  leave(): void {
    this.isKept = false;
    this.observer.disconnect();
    clearTimeout(this.waiting);
    this.element.remove();
  }

  private check(): void {
    this.watch();
    if (!this.isKept || (this.element.isConnected && this.element.parentNode === this.parent)) return;
    clearTimeout(this.waiting);
    if (this.reinserts.turn()) this.put();
    else this.waiting = setTimeout(() => this.check(), ReinsertLimit.pause);
  }

  private get parent(): HTMLElement | null {
    return document.body ?? document.documentElement;
  }

  private put(): void {
    this.parent?.prepend(this.element);
    this.watch();
  }

  /** The page may replace its body, or be written over as a whole. */
  private watch(): void {
    for (const node of [document, document.documentElement, document.body]) {
      if (this.isKept && node !== null) this.observer.observe(node, { childList: true });
    }
  }
}
