/** Keeps an element at the top of the page's body, whatever the page does; gives way where that becomes a fight. */

const WINDOW_MS = 10_000;
const MOST_RETURNS = 20;

export class Place {
  private readonly observer = new MutationObserver(() => this.check());
  private returns: number[] = [];
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private kept = false;

  constructor(private readonly element: HTMLElement) {}

  keep(): void {
    if (this.kept) return;
    this.kept = true;
    // The page may replace its whole body.
    this.observer.observe(document.documentElement, { childList: true });
    this.put();
  }

  leave(): void {
    this.kept = false;
    this.observer.disconnect();
    clearTimeout(this.waiting);
    this.element.remove();
  }

  private check(): void {
    if (!this.kept || (this.element.isConnected && this.element.parentNode === this.parent)) return;
    clearTimeout(this.waiting);
    const now = Date.now();
    this.returns = this.returns.filter((time) => now - time < WINDOW_MS);
    if (this.returns.length >= MOST_RETURNS) {
      this.waiting = setTimeout(() => this.check(), WINDOW_MS);
      return;
    }
    this.returns.push(now);
    this.put();
  }

  private get parent(): HTMLElement {
    return document.body ?? document.documentElement;
  }

  private put(): void {
    this.parent.prepend(this.element);
    if (document.body !== null) this.observer.observe(document.body, { childList: true });
  }
}
