/** Builds elements. Text goes in as text only: nothing here, or anywhere, parses HTML. */

import type { Attribute, Elements } from './elements';

type Child = Node | string | null | false;

/** An element with attributes, listeners (`onclick`) and children; null and false are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value);
    else if (value === true) element.setAttribute(name, '');
    else if (typeof value === 'string') element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

/**
 * A style sheet. Its text is set, not appended: Firefox lets a content script's sheet past the page's own policy only
 * where it sees who wrote it.
 */
export function sheet(css: string): HTMLStyleElement {
  const style = document.createElement('style');
  style.textContent = css;
  return style;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A shape in a square of 16 units, in the colour of the text around it. Says nothing to a screen reader. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS(SVG, 'path');
  shape.setAttribute('d', path);
  shape.setAttribute('fill-rule', 'evenodd');
  svg.append(shape);
  return svg;
}

export const DOM: Elements<Element> = { h, icon };
