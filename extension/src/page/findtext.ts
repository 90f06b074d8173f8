/** Finds a quoted sentence in the page as it is drawn, across elements and whatever the white space. */
import { OWN_NODES } from './own-node';

const SKIPPED = `script, style, noscript, textarea, input, select, [contenteditable]:not([contenteditable="false"]), ${OWN_NODES}`;
const FIGURE = /^[\d.,]+$/;
const MOST_CHARACTERS = 500_000;
/** A sentence that stands in a page more often is marked where it stands first. */
const MOST_PLACES = 200;

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

  /**
   * The places of a quote, in the order of the page, up to `most`. A figure is found whole, never as a part of a
   * longer one.
   */
  find(quote: string, most = MOST_PLACES): Range[] {
    const quoteText = withoutSpace(quote);
    const ranges: Range[] = [];
    if (quoteText === '') return ranges;
    const isFigure = FIGURE.test(quoteText);
    const cursor = new Cursor(this.nodes, this.starts);
    for (
      let at = this.text.indexOf(quoteText);
      at >= 0 && ranges.length < most;
      at = this.text.indexOf(quoteText, at + quoteText.length)
    ) {
      const end = at + quoteText.length;
      if (
        isFigure &&
        (/\d[.,]?$/.test(this.text.slice(Math.max(0, at - 2), at)) || /^[.,]?\d/.test(this.text.slice(end, end + 2)))
      )
        continue;
      const range = document.createRange();
      const [first, from] = cursor.place(at);
      const [last, to] = cursor.place(at + quoteText.length - 1);
      range.setStart(first, from);
      range.setEnd(last, to + 1);
      ranges.push(range);
    }
    return ranges;
  }
}

/** Goes through the nodes once, forward: a place is never before the one asked for last. */
class Cursor {
  private node = 0;
  private offset = 0;
  /** How many characters of the node stand before `offset`, white space left out. */
  private passedCount = 0;

  constructor(
    private readonly nodes: readonly Text[],
    private readonly starts: readonly number[],
  ) {}

  /** The node of a character of `text`, and the character's offset in it. */
  place(at: number): [Text, number] {
    while ((this.starts[this.node + 1] ?? Infinity) <= at) {
      this.node += 1;
      this.offset = 0;
      this.passedCount = 0;
    }
    const node = this.nodes[this.node] as Text;
    const offset = at - (this.starts[this.node] ?? 0);
    for (; this.offset < node.data.length; this.offset += 1) {
      if (isSpace(node.data[this.offset] ?? '')) continue;
      if (this.passedCount === offset) return [node, this.offset];
      this.passedCount += 1;
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
