/** The elements that Koban puts into a page. They hold none of the page's words, and none of what is typed there. */
import { sheet } from '../look/dom';

export const OURS = 'koban-banner, koban-marks, koban-step, koban-desk, koban-verdict';

const made = new WeakSet<Element>();

/** An element of Koban's own, with a closed shadow root that the page's styles and scripts do not reach into. */
export class Own {
  private element: HTMLElement | null = null;
  private readonly content: Node[];

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
      this.element = document.createElement(this.name);
      made.add(this.element);
      this.element.attachShadow({ mode: 'closed' }).append(sheet(this.css), ...this.content);
    }
    return this.element;
  }

  remove(): void {
    this.element?.remove();
  }
}

/** Whether an element bears a name of Koban's without being one of these: the proxy's, or of the page's own making. */
export function isForeign(element: Element): boolean {
  return element.matches(OURS) && !made.has(element);
}
