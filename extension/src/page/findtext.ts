/** Finds a quoted sentence in the page as it is drawn, across elements and whatever the white space. */
import { OURS } from './ours';

const SKIPPED = `script, style, noscript, textarea, input, select, [contenteditable]:not([contenteditable="false"]), ${OURS}`;
const FIGURE = /^[\d.,]+$/;
const MOST_CHARACTERS = 500_000;

/** The text under an element without white space, and where each of its characters stands. */
export class DrawnText {
  readonly text: string;
  private readonly nodes: Text[] = [];
  /** For each node: where its characters begin in `text`. */
  private readonly starts: number[] = [];

  constructor(root: Element) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => {
      if (node instanceof Element) return node.matches(SKIPPED) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
      return NodeFilter.FILTER_ACCEPT;
    });
    const parts: string[] = [];
    let length = 0;
    while (length < MOST_CHARACTERS && walker.nextNode()) {
      const node = walker.currentNode as Text;
      const words = withoutSpace(node.data);
      if (words === '') continue;
      this.nodes.push(node);
      this.starts.push(length);
      parts.push(words);
      length += words.length;
    }
    this.text = parts.join('');
  }

  /** The places of a quote, in the order of the page. A figure is found whole, never as a part of a longer one. */
  find(quote: string): Range[] {
    const wanted = withoutSpace(quote);
    const found: Range[] = [];
    if (wanted === '') return found;
    const isFigure = FIGURE.test(wanted);
    for (let at = this.text.indexOf(wanted); at >= 0; at = this.text.indexOf(wanted, at + wanted.length)) {
      const end = at + wanted.length;
      if (isFigure && (/\d[.,]?$/.test(this.text.slice(Math.max(0, at - 2), at)) || /^[.,]?\d/.test(this.text.slice(end, end + 2)))) continue;
      const range = document.createRange();
      const [first, from] = this.place(at);
      const [last, to] = this.place(at + wanted.length - 1);
      range.setStart(first, from);
      range.setEnd(last, to + 1);
      found.push(range);
    }
    return found;
  }

  /** The node of a character of `text`, and the character's offset in it. */
  private place(at: number): [Text, number] {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    const node = this.nodes[low] as Text;
    let left = at - (this.starts[low] ?? 0);
    for (let offset = 0; offset < node.data.length; offset++) {
      if (isSpace(node.data[offset] ?? '')) continue;
      if (left === 0) return [node, offset];
      left -= 1;
    }
    return [node, 0];
  }
}

function isSpace(character: string): boolean {
  return /\s/.test(character);
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '');
}
