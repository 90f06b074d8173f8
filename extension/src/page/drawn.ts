/** What an element draws, to find room beside it. */

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const MOST_OBSTACLES = 300;
const THINGS = 'img, svg, button, input, select, textarea, canvas, video, [contenteditable]:not([contenteditable="false"])';

/** The boxes of an element's words, line by line, and of its pictures and controls. */
export function drawnIn(element: Element): DOMRect[] {
  const boxes = [...element.querySelectorAll(THINGS)].map((each) => each.getBoundingClientRect());
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (boxes.length < MOST_OBSTACLES && walker.nextNode()) {
    if (walker.currentNode.textContent?.trim() === '') continue;
    range.selectNodeContents(walker.currentNode);
    boxes.push(...range.getClientRects());
  }
  return boxes.filter(isDrawn);
}

export function isDrawn(box: Box): boolean {
  return box.width > 0 && box.height > 0;
}
