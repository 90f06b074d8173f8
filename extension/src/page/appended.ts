/**
 * The verdict that the proxy appended to the page: hidden while Koban's own banner says the same at the top. A page may
 * make such elements itself, and at any time, so whatever bears a name of Koban's and is not Koban's is hidden with it.
 */
import { sheet } from '../ui/dom';
import { AfterLayout } from './layout';
import { isForeign, OWN_NODES } from './own-node';
import { ReinsertLimit } from './reinsert';
import { rootOf } from './roots';

/** In a shadow root of the element's own: there it counts for more than any style of the page, transitions included. */
const HIDDEN = ':host { all: initial !important; display: none !important; }';

export class Appended {
  private readonly observer = new MutationObserver((records) => this.changed(records));
  private readonly reinserts = new ReinsertLimit();
  private readonly beforeDrawn = new AfterLayout(() => this.clear());
  private refusing = new Set<Element>();
  private covers = new WeakMap<Element, HTMLStyleElement>();
  private hiding = false;

  /** Hide what is there and what the page adds. */
  hide(): void {
    if (this.hiding) return;
    this.hiding = true;
    this.observer.observe(document, { childList: true, subtree: true });
    this.hideIn(document);
  }

  restore(): void {
    if (!this.hiding) return;
    this.hiding = false;
    this.observer.disconnect();
    this.beforeDrawn.forget();
    this.refusing.clear();
    for (const element of document.querySelectorAll(OWN_NODES)) this.covers.get(element)?.remove();
    this.covers = new WeakMap();
  }

  private changed(records: MutationRecord[]): void {
    for (const { target, addedNodes, removedNodes } of records) {
      for (const node of addedNodes) if (node instanceof Element) this.hideIn(node);
      // The page can empty a shadow root of its own making; what it cannot keep hidden it does not keep.
      if (removedNodes.length > 0 && target instanceof ShadowRoot && isBare(target, this.covers))
        this.away(target.host);
    }
  }

  private hideIn(root: Element | Document): void {
    if (root instanceof Element && isForeign(root)) this.cover(root);
    if (root.firstElementChild === null) return;
    for (const element of root.querySelectorAll(OWN_NODES)) if (isForeign(element)) this.cover(element);
  }

  private cover(element: Element): void {
    if (this.covers.get(element)?.isConnected) return;
    const style = sheet(HIDDEN);
    try {
      const root = rootOf(element) ?? element.attachShadow({ mode: 'closed' });
      root.append(style);
      this.observer.observe(root, { childList: true });
      this.covers.set(element, style);
    } catch {
      // Only an element that the page has defined itself refuses a shadow root.
      this.away(element);
    }
  }

  /** At once; where the page adds again what is taken away, once a frame, which holds nothing of it up. */
  private away(element: Element): void {
    if (this.reinserts.turn()) return element.remove();
    this.refusing.add(element);
    this.beforeDrawn.want();
  }

  private clear(): void {
    for (const element of this.refusing) element.remove();
    this.refusing.clear();
  }
}

function isBare(root: ShadowRoot, covers: WeakMap<Element, HTMLStyleElement>): boolean {
  const cover = covers.get(root.host);
  return cover !== undefined && cover.parentNode !== root;
}
