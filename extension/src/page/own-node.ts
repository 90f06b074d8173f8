/** The elements that Koban puts into a page. They hold none of the page's words, and none of what is typed there. */
import { sheet } from '../ui/dom';

export const OWN_NODES = 'koban-banner, koban-marks, koban-step, koban-desk, koban-verdict';

const ownNodes = new WeakSet<Element>();

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
      ownNodes.add(element);
      root.append(sheet(this.css), ...this.content);
      this.element = element;
    }
    return this.element;
  }

  remove(): void {
    this.element?.remove();
  }
}

/** A new element with a closed shadow root: one without a name where the page has taken the name for itself. */
function rooted(name: string): [HTMLElement, ShadowRoot] {
  for (const each of [name, 'div']) {
    const element = document.createElement(each);
    try {
      return [element, element.attachShadow({ mode: 'closed' })];
    } catch {
      // The page has defined such elements, with a root of its own or so that they refuse one.
    }
  }
  throw new Error('no element takes a shadow root');
}

/** Whether an element bears a name of Koban's without being one of these: the proxy's, or of the page's own making. */
export function isForeign(element: Element): boolean {
  return element.matches(OWN_NODES) && !ownNodes.has(element);
}
