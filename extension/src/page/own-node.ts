/** The elements that Koban puts into a page. They hold none of the page's words, and none of what is typed there. */
import { sheet } from '../ui/dom';

export const OWN_NODES = 'koban-banner, koban-marks, koban-step, koban-desk, koban-verdict';

const rootsByNode = new WeakMap<Element, ShadowRoot>();

/** An element of Koban's own, with a closed shadow root that the page's styles and scripts do not reach into. */
export class OwnNode {
  private element: HTMLElement | null = null;
  readonly content: Node[];

  constructor(
    private readonly name: string,
    private readonly css: string,
    ...content: Node[]
  ) {
    this.content = content;
  }

  /** The element itself, made when it is first wanted: most pages want few of them. */
  get host(): HTMLElement {
    if (this.element === null) {
      const [element, root] = rooted(this.name);
      rootsByNode.set(element, root);
      root.append(sheet(this.css), ...this.content);
      this.element = element;
    }
    this.refuseForged();
    return this.element;
  }

  /** Take no click of a page's own script: again where the page was written over, and its listeners with it. */
  refuseForged(): void {
    const root = this.element && rootsByNode.get(this.element);
    root?.addEventListener('click', dropForged, { capture: true });
  }

  remove(): void {
    this.element?.remove();
  }
}

/**
 * A new element with a closed shadow root: one without a name where the page has taken the name for itself. What the
 * page has made is handed the root (`ElementInternals.shadowRoot`); what it makes its own later is not.
 */
function rooted(name: string): [HTMLElement, ShadowRoot] {
  for (const each of [name, 'div']) {
    const element = document.createElement(each);
    if (each === name && element.matches(':defined')) continue;
    try {
      return [element, element.attachShadow({ mode: 'closed' })];
    } catch {
      // The page has defined such elements so that they refuse a root, and failed to make this one.
    }
  }
  throw new Error('no element takes a shadow root');
}

/** A page's own script presses nothing of Koban's. */
function dropForged(event: Event): void {
  if (event.isTrusted) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** What has the keyboard in an element of Koban's own; null where it is elsewhere. */
export function focusedIn(element: Element): HTMLElement | null {
  return (rootsByNode.get(element)?.activeElement ?? null) as HTMLElement | null;
}

/** Whether an element bears a name of Koban's without being one of these: the proxy's, or of the page's own making. */
export function isForeign(element: Element): boolean {
  return element.matches(OWN_NODES) && !rootsByNode.has(element);
}
