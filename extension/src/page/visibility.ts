/** The boxes that an element draws, to find room beside it. */
import { OWN_NODES } from './own-node';

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const MOST_OBSTACLES = 300;
const MOST_NODES = 3000;
const THINGS =
  'img, svg, button, input, select, textarea, canvas, video, [contenteditable]:not([contenteditable="false"])';

/** The boxes of the words, pictures and controls under an element that an area touches. */
export function visibleBoxesNear(root: Element, area: Box): DOMRect[] {
  const near: DOMRect[] = [];
  const range = document.createRange();
  const open: Node[] = [root];
  for (
    let node = open.pop(), visitedCount = 0;
    node !== undefined && visitedCount < MOST_NODES;
    node = open.pop(), visitedCount++
  ) {
    if (node instanceof Text) {
      if (node.data.trim() === '') continue;
      range.selectNodeContents(node);
      near.push(...[...range.getClientRects()].filter((box) => touches(box, area)));
    } else if (node instanceof Element && !node.matches(OWN_NODES)) {
      const box = node.getBoundingClientRect();
      // Without a box of its own (`display: contents`) its children have theirs.
      if (isVisible(box) && !touches(box, area)) continue;
      if (node.matches(THINGS)) near.push(box);
      else open.push(...node.childNodes);
    }
  }
  return near.filter(isVisible);
}

function touches(one: Box, other: Box): boolean {
  const across = one.left < other.left + other.width && other.left < one.left + one.width;
  return across && one.top < other.top + other.height && other.top < one.top + one.height;
}

/** The boxes of an element's words, line by line and with their labels' edges, and of its pictures and controls. */
export function visibleBoxesIn(element: Element): DOMRect[] {
  const boxes = [...element.querySelectorAll(THINGS)].map((each) => each.getBoundingClientRect());
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (boxes.length < MOST_OBSTACLES && walker.nextNode()) {
    if (walker.currentNode.textContent?.trim() === '') continue;
    range.selectNodeContents(walker.currentNode);
    const label = walker.currentNode.parentElement;
    const edges = label === null || label === element ? NO_EDGES : edgesOf(label);
    for (const { left, top, width, height } of range.getClientRects())
      boxes.push(new DOMRect(left - edges.left, top, width === 0 ? 0 : width + edges.left + edges.right, height));
  }
  return boxes.filter(isVisible);
}

const NO_EDGES = { left: 0, right: 0 };

/** How far the box of a label within a line (a state in a frame) goes beyond its words. */
function edgesOf(label: Element): { left: number; right: number } {
  const style = getComputedStyle(label);
  if (!style.display.startsWith('inline')) return NO_EDGES;
  const px = (...lengths: string[]) => lengths.reduce((sum, length) => sum + (Number.parseFloat(length) || 0), 0);
  return {
    left: px(style.paddingLeft, style.borderLeftWidth),
    right: px(style.paddingRight, style.borderRightWidth),
  };
}

export function isVisible(box: Box): boolean {
  return box.width > 0 && box.height > 0;
}
