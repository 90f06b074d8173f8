/** The verdict that the proxy appended to the page: hidden while Koban's own banner says the same at the top. */

const TAG = 'koban-verdict';

export class Appended {
  private hidden: HTMLElement[] = [];

  /** Hide what the page ends with. A page may fake such elements: hiding one takes nothing from what Koban says. */
  hide(): void {
    for (const element of document.querySelectorAll<HTMLElement>(TAG)) {
      if (this.hidden.includes(element)) continue;
      // The attribute `hidden` would lose against the element's own style.
      element.style.setProperty('display', 'none', 'important');
      this.hidden.push(element);
    }
  }

  restore(): void {
    for (const element of this.hidden) element.style.removeProperty('display');
    this.hidden = [];
  }
}
