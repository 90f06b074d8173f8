/** The boxes that one writes in, and how to put words into them as if they were typed. */
import { OwnNode } from '../page/own-node';
import { focusedWithin } from '../page/roots';
import names from './box.json';

const BOX = 'textarea, [contenteditable=""], [contenteditable="true"], [contenteditable="plaintext-only"]';
/** One line alone is a field of a form or a search, unless it says that messages are written there. */
const LINE = 'input:not([type]), input[type="text"]';
const FOR_MESSAGES = new RegExp(names.join('|'), 'i');
/** Smaller ones are hidden, or not for messages. */
const LEAST_WIDTH = 160;
const LEAST_HEIGHT = 24;

/** The box that an element is, or lies in; null for what is not to be written in. */
export function boxOf(element: EventTarget | null | undefined): HTMLElement | null {
  if (!(element instanceof Element)) return null;
  // The outermost: an editor's paragraphs may be editable by themselves.
  let box = element.closest<HTMLElement>(BOX);
  for (let outer = box; outer != null; outer = outer.parentElement?.closest<HTMLElement>(BOX) ?? null) box = outer;
  if (box === null && element.matches(LINE) && isForMessages(element)) box = element as HTMLInputElement;
  if (box === null || (isField(box) && (box.readOnly || box.disabled))) return null;
  return box.offsetWidth >= LEAST_WIDTH && box.offsetHeight >= LEAST_HEIGHT ? box : null;
}

/** The boxes within an element, its own shadow roots left out. */
export function boxesIn(root: Element): HTMLElement[] {
  const boxes = [...root.querySelectorAll(`${BOX}, ${LINE}`)].map((element) => boxOf(element));
  return [...new Set(boxes.filter((box) => box !== null))];
}

/**
 * The box for a message that the user means without pointing at it: the one with the focus, else the only one; of
 * several, the only one that says that messages are written there. Null where that is not clear.
 */
export function meantBox(): HTMLElement | null {
  const focusedBox = boxOf(focusedWithin(document.activeElement));
  if (focusedBox !== null) return focusedBox;
  const boxes = boxesIn(document.body);
  const candidates = boxes.length > 1 ? boxes.filter(isForMessages) : boxes;
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}

/** The text of a box. */
export function writtenIn(box: HTMLElement): string {
  // biome-ignore lint/performance/useDomNodeTextContent: a line break that is drawn is one that was written.
  return isField(box) ? box.value : box.innerText;
}

function isField(box: HTMLElement): box is HTMLTextAreaElement | HTMLInputElement {
  return box instanceof HTMLTextAreaElement || box instanceof HTMLInputElement;
}

function isForMessages(line: Element): boolean {
  return ['name', 'id', 'placeholder', 'aria-label'].some((name) => FOR_MESSAGES.test(line.getAttribute(name) ?? ''));
}

const MIRRORED = [
  'width',
  'fontFamily',
  'fontSize',
  'fontWeight',
  'fontStyle',
  'lineHeight',
  'letterSpacing',
  'textIndent',
  'tabSize',
  'paddingTop',
  'paddingRight',
  'paddingBottom',
  'paddingLeft',
  'wordBreak',
  'lineBreak',
] as const;

/** The bottom of a box's last line in the window; null where it is out of sight or not known. */
export function writtenBottom(box: HTMLElement): number | null {
  const place = box.getBoundingClientRect();
  if (box.scrollHeight > box.clientHeight) return null;
  if (!isField(box)) {
    const range = document.createRange();
    range.selectNodeContents(box);
    const bottoms = [...range.getClientRects()].map(({ bottom }) => bottom);
    return bottoms.length === 0 ? null : Math.max(...bottoms);
  }
  if (box instanceof HTMLInputElement) return null;
  // A field does not say where its lines are. What has its measure and its words does, out of sight and of the page.
  const mirror = new OwnNode(
    'koban-desk',
    ':host { all: initial !important; position: absolute !important; visibility: hidden !important; inset: 0 auto auto 0 !important; }',
    document.createElement('div'),
  );
  const lines = mirror.content[0] as HTMLElement;
  const style = getComputedStyle(box);
  for (const each of MIRRORED) lines.style[each] = style[each];
  Object.assign(lines.style, {
    boxSizing: 'border-box',
    width: `${box.clientWidth}px`,
    paddingBottom: '0',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'break-word',
  });
  lines.textContent = `${box.value}\u200b`;
  document.documentElement.append(mirror.host);
  const { height } = lines.getBoundingClientRect();
  mirror.remove();
  return place.top + box.clientTop + height;
}

/** The cursor in a box that is no field: fields keep theirs by themselves. */
export function caretIn(box: HTMLElement): Range | null {
  const selection = document.getSelection();
  if (isField(box) || selection === null || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  return box.contains(range.commonAncestorContainer) ? range.cloneRange() : null;
}

/**
 * Put words in the place of the cursor, with all events of typing, so that the page takes note and Ctrl+Z takes it
 * back. Returns whether the box took them.
 */
export function insert(box: HTMLElement, words: string, caret: Range | null): boolean {
  box.focus();
  const selection = document.getSelection();
  if (caret !== null && selection !== null) {
    selection.removeAllRanges();
    selection.addRange(caret);
  }
  // Deprecated, and without a successor that keeps the undo history: https://w3c.github.io/editing/docs/execCommand/
  if (document.execCommand('insertText', false, words)) return true;
  if (!isField(box)) return false;
  box.setRangeText(words, box.selectionStart ?? 0, box.selectionEnd ?? 0, 'end');
  box.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, inputType: 'insertText', data: words }));
  return true;
}

/** Put words below what is written in a box, none of which they replace. Returns whether the box took them. */
export function insertBelow(box: HTMLElement, words: string): boolean {
  const writtenText = writtenIn(box).trimEnd();
  const text = writtenText === '' ? words : `\n${words}`;
  if (isField(box)) {
    box.setSelectionRange(box.value.length, box.value.length);
    return insert(box, text, null);
  }
  const end = document.createRange();
  end.selectNodeContents(box);
  end.collapse(false);
  return insert(box, text, end);
}
