/** Shadow roots of the page's, also those that are closed to the page's own scripts. */
import { browser } from 'wxt/browser';

/** The shadow root of an element; null where it has none, or the browser does not show it. */
export function rootOf(element: Element): ShadowRoot | null {
  const { openOrClosedShadowRoot } = element as Element & { openOrClosedShadowRoot?: ShadowRoot | null };
  const own = element.shadowRoot ?? openOrClosedShadowRoot;
  if (own != null) return own;
  try {
    return browser.dom?.openOrClosedShadowRoot(element as HTMLElement) ?? null;
  } catch {
    // Not of a kind that may have one.
    return null;
  }
}

/** The element within that has the focus, however deep the roots: an event from a closed one names its host alone. */
export function focusedWithin(element: EventTarget | null | undefined): Element | null {
  let within = element instanceof Element ? element : null;
  for (let root = within && rootOf(within); root?.activeElement; root = rootOf(within)) within = root.activeElement;
  return within;
}

/** The closest element around, out of shadow roots too, that a selector matches. */
export function closestAround(element: Element, selector: string): Element | null {
  for (let at: Element | null = element; at !== null; ) {
    const match: Element | null = at.closest(selector);
    if (match !== null) return match;
    const root: Node = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : null;
  }
  return null;
}
