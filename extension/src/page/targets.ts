/** Places of findings in a page: the card of a list, the field, or the very sentence. */
import type { Evidence, Finding } from '../api/types';
import { gravestFirst, type WarningLevel, warnings, warns } from '../states';
import { linksTo, picturesAt } from './files';
import { DrawnText } from './findtext';
import LABELS from './labels.generated.json';
import { OWN_NODES } from './own-node';

export interface Target {
  /** The words or the element that the mark stands beside. */
  place: Element | Range;
  /** The mark stays inside of this. */
  within: Element;
  /** Gravest first; none at a picture or file that was not looked into. */
  findings: Finding[];
}

export interface Targets {
  targets: Target[];
  /** The sentences to highlight, by severity. */
  sentences: Record<WarningLevel, Range[]>;
}

/** The element of one job in a list. */
export const CARD = 'li, article, tr, [class*="card" i], [class*="item" i]';
const PANEL = 'dl, table, section, aside, article, main, body';
/** A short figure is its field's own: the same digits stand in every date and count of a page. */
const SHORT_FIGURE = /^[\d.,%]{1,4}$/;
/** The smaller of two elements that hold a label; a longer text only mentions it. */
const LABEL_SLACK = 8;

/** By field, the labels that a site writes beside it. */
type FieldLabels = Readonly<Record<string, readonly string[]>>;

/**
 * The places of a verdict's warnings, and of the files that were not looked into. Notices are not marked: the banner
 * and the popup have them. `packed`: labels that a pack brings, looked for first.
 */
export function targetsOf(
  findings: readonly Finding[],
  unseen: readonly string[] = [],
  packed: FieldLabels = {},
): Targets {
  const places = new Map<Element | string, Target>();
  const sentences: Targets['sentences'] = { caution: [], danger: [] };
  const add = (key: Element | string, place: Element | Range, within: Element, finding: Finding) => {
    const target = places.get(key);
    if (target === undefined) places.set(key, { place, within, findings: [finding] });
    else if (!target.findings.includes(finding)) target.findings.push(finding);
  };
  const texts = new Map<Element, DrawnText>();
  for (const finding of warnings(gravestFirst(findings))) {
    const anchorElements = all(finding.anchor).filter((element) => element.textContent?.trim());
    if (anchorElements.length > 0 && finding.subject !== 'message') {
      for (const [card, link] of byCard(anchorElements)) add(card, titleOf(link), card, finding);
      continue;
    }
    for (const evidence of finding.evidence) {
      if (evidence.file != null) {
        // A picture has no words of its own to look for.
        for (const picture of filesAt(evidence.file)) add(picture, picture, picture.parentElement ?? picture, finding);
        continue;
      }
      const field = fieldOf(evidence, packed);
      if (field !== null) {
        add(field, field, field.closest(PANEL) ?? document.body, finding);
        continue;
      }
      for (const range of rangesOf(evidence, anchorElements, texts)) {
        const block = blockOf(range);
        const key = `${evidence.quote}\n${finding.severity}`;
        if (warns(finding.severity)) sentences[finding.severity].push(range);
        add(block === document.body ? key : block, range, block, finding);
      }
    }
  }
  for (const file of unseen.flatMap(filesAt)) {
    if (!places.has(file)) places.set(file, { place: file, within: file.parentElement ?? file, findings: [] });
  }
  return { targets: [...places.values()], sentences };
}

/** The pictures of an address, else the links to it. */
function filesAt(address: string): Element[] {
  const pictures = picturesAt(address);
  return pictures.length > 0 ? pictures : linksTo(address);
}

/** One link a card: a card links its job more than once, and one job may have two cards. */
function byCard(links: Element[]): Map<Element, Element> {
  const cards = new Map<Element, Element>();
  for (const link of links) {
    const card = link.closest(CARD) ?? link.parentElement ?? link;
    if (!cards.has(card)) cards.set(card, link);
  }
  return cards;
}

const HEADINGS = 'h1, h2, h3, h4, h5, h6, [role="heading"]';

/**
 * The title of what a selector found: its heading, else what is called a title, else its first link; the element
 * itself where it has none.
 */
export function titleOf(element: Element): Element {
  for (const selector of [HEADINGS, '[class*="title" i]', 'a[href]']) {
    const title = [...element.querySelectorAll(selector)].find((each) => each.textContent?.trim());
    if (title !== undefined) return title;
  }
  return element;
}

/** The elements of a finding's selector; none for one that is no selector. */
export function all(selector: string | null | undefined): Element[] {
  if (!selector) return [];
  try {
    return [...document.querySelectorAll(selector)];
  } catch {
    return [];
  }
}

/** The value of a field that the page shows beside its label. */
function fieldOf(evidence: Evidence, packed: FieldLabels): Element | null {
  const labels = [...(packed[evidence.field] ?? []), ...((LABELS as FieldLabels)[evidence.field] ?? [])];
  if (labels.length === 0) return null;
  const [container] = all(evidence.selector?.split('[data]')[0]);
  for (const root of [container, document.body]) {
    for (const element of root?.querySelectorAll('dt, th, span, div, p, li, td') ?? []) {
      const text = element.textContent?.trim() ?? '';
      const label = labels.find((each) => text.startsWith(each) && text.length <= each.length + LABEL_SLACK);
      if (label === undefined || element.closest(OWN_NODES) !== null) continue;
      if (text === label) return element.nextElementSibling ?? element;
      if (element.childElementCount === 0) return element;
    }
  }
  return null;
}

function rangesOf(evidence: Evidence, anchored: Element[], texts: Map<Element, DrawnText>): Range[] {
  const inPage = evidence.selector?.includes('[data]') ? [] : all(evidence.selector);
  for (const roots of SHORT_FIGURE.test(evidence.quote) ? [inPage] : [anchored, inPage, [document.body]]) {
    const ranges = roots.flatMap((root) => {
      const text = texts.get(root) ?? new DrawnText(root);
      texts.set(root, text);
      return text.find(evidence.quote);
    });
    if (ranges.length > 0) return ranges;
  }
  return [];
}

function blockOf(range: Range): Element {
  const node = range.commonAncestorContainer;
  const element = node instanceof Element ? node : node.parentElement;
  return element?.closest('p, li, td, dd, div, section, article') ?? document.body;
}
