/**
 * Adds what happy-dom lacks: popovers, modal dialogs and their selectors, places of elements, and
 * observers, which a test sets off by hand. `preparePage` is called before each test.
 */
import { vi } from 'vitest';

export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

const places = new WeakMap<Element, Rect>();
let resizes: Set<() => void>;
let intersections: Set<(entries: { isVisible: boolean; isIntersecting: boolean }[]) => void>;

/** Give an element a place in the window. */
export function place<Of extends Element>(element: Of, rect: Rect): Of {
  places.set(element, rect);
  Object.defineProperties(element, {
    offsetWidth: { configurable: true, value: rect.width },
    offsetHeight: { configurable: true, value: rect.height },
    clientWidth: { configurable: true, value: rect.width },
    clientHeight: { configurable: true, value: rect.height },
    scrollHeight: { configurable: true, value: 0 },
  });
  return element;
}

/** An event as a person causes it. */
export function trusted<Of extends Event>(event: Of): Of {
  Object.defineProperty(event, 'isTrusted', { value: true });
  return event;
}

/** Click as a person does. */
export function press(element: Element | null | undefined): void {
  element?.dispatchEvent(trusted(new MouseEvent('click', { bubbles: true, composed: true, cancelable: true })));
}

/** Notify all resize observers, as a frame of the browser does. */
export function layOut(): void {
  for (const notify of [...resizes]) notify();
}

/** Notify all intersection observers, as a browser that tracks visibility does. */
export function cover(isVisible: boolean): void {
  for (const notify of [...intersections]) notify([{ isVisible, isIntersecting: true }]);
}

/** The shadow root of an element of Koban's. */
export function within(name: string): ShadowRoot {
  const root = document.querySelector(name)?.shadowRoot;
  if (root == null) throw new Error(`no <${name}> in the page`);
  return root;
}

const STATES: [RegExp, string][] = [
  [/:popover-open/g, '[data-popover-open]'],
  [/:modal/g, '[data-modal]'],
  [/:fullscreen/g, '[data-fullscreen]'],
  [/:focus-visible/g, '[data-focus-visible]'],
];
const plain = (selector: string) => STATES.reduce((text, [state, name]) => text.replace(state, name), selector);

function translateSelectors(): void {
  const { matches, closest, querySelectorAll } = Element.prototype;
  const all = Document.prototype.querySelectorAll;
  vi.spyOn(Element.prototype, 'matches').mockImplementation(function (this: Element, selector: string) {
    if (selector === ':defined') return !this.localName.includes('-') || customElements.get(this.localName) != null;
    if (selector === ':focus') return (this.getRootNode() as Document | ShadowRoot).activeElement === this;
    return matches.call(this, plain(selector));
  });
  vi.spyOn(Element.prototype, 'closest').mockImplementation(function (this: Element, selector: string) {
    return closest.call(this, plain(selector));
  } as never);
  vi.spyOn(Element.prototype, 'querySelectorAll').mockImplementation(function (this: Element, selector: string) {
    return querySelectorAll.call(this, plain(selector));
  } as never);
  vi.spyOn(Document.prototype, 'querySelectorAll').mockImplementation(function (this: Document, selector: string) {
    return all.call(this, plain(selector));
  } as never);
}

function addLayers(): void {
  const toggle = (element: HTMLElement, isOpen: boolean) => {
    if (element.hasAttribute('data-popover-open') === isOpen) return;
    element.toggleAttribute('data-popover-open', isOpen);
    element.dispatchEvent(new Event('toggle', { bubbles: true }));
  };
  Object.assign(HTMLElement.prototype, {
    showPopover(this: HTMLElement) {
      toggle(this, true);
    },
    hidePopover(this: HTMLElement) {
      toggle(this, false);
    },
  });
  const { showModal } = HTMLDialogElement.prototype;
  vi.spyOn(HTMLDialogElement.prototype, 'showModal').mockImplementation(function (this: HTMLDialogElement) {
    this.toggleAttribute('data-modal', true);
    showModal.call(this);
  });
  vi.spyOn(HTMLDialogElement.prototype, 'close').mockImplementation(function (this: HTMLDialogElement) {
    this.removeAttribute('data-modal');
    this.removeAttribute('open');
    // Told of later, as browsers do.
    queueMicrotask(() => this.dispatchEvent(new Event('close')));
  });
}

class FakeResizeObserver {
  private readonly notify: () => void;
  constructor(notify: () => void) {
    this.notify = notify;
  }
  observe(): void {
    resizes.add(this.notify);
  }
  unobserve(): void {
    resizes.delete(this.notify);
  }
  disconnect(): void {
    resizes.delete(this.notify);
  }
}

class FakeIntersectionObserver {
  constructor(private readonly notify: (entries: { isVisible: boolean; isIntersecting: boolean }[]) => void) {}
  observe(): void {
    intersections.add(this.notify);
  }
  disconnect(): void {
    intersections.delete(this.notify);
  }
}

export function preparePage(): void {
  resizes = new Set();
  intersections = new Set();
  document.body.replaceChildren();
  place(document.documentElement, { left: 0, top: 0, width: 1_000, height: 800 });
  for (const element of [...document.documentElement.children]) {
    if (element !== document.body && element !== document.head) element.remove();
  }
  vi.stubGlobal('ResizeObserver', FakeResizeObserver);
  vi.stubGlobal('IntersectionObserver', FakeIntersectionObserver);
  Object.defineProperty(Element.prototype, 'ariaLabel', {
    configurable: true,
    get(this: Element) {
      return this.getAttribute('aria-label');
    },
    set(this: Element, label: string | null) {
      if (label === null) this.removeAttribute('aria-label');
      else this.setAttribute('aria-label', label);
    },
  });
  translateSelectors();
  addLayers();
  const { attachShadow, getBoundingClientRect } = Element.prototype;
  // Closed to a page; a test looks inside.
  vi.spyOn(Element.prototype, 'attachShadow').mockImplementation(function (this: Element) {
    return attachShadow.call(this, { mode: 'open' });
  });
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    const rect = places.get(this);
    return rect === undefined
      ? getBoundingClientRect.call(this)
      : new DOMRect(rect.left, rect.top, rect.width, rect.height);
  });
  vi.spyOn(Range.prototype, 'getClientRects').mockImplementation(function (this: Range) {
    const { startContainer } = this;
    const element = startContainer instanceof Element ? startContainer : startContainer.parentElement;
    const rect = element === null ? undefined : places.get(element);
    return (rect === undefined ? [] : [new DOMRect(rect.left, rect.top, rect.width, rect.height)]) as never;
  });
}
