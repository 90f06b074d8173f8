/**
 * Small marks beside what was found: a card of a list, a field, a sentence. They lie in one layer over the page, at
 * places that the page leaves free, so that nothing of the page's own is changed or moved.
 */

import type { DraftReply } from '../guard/draft-reply';
import { Words } from '../i18n/words';
import { WARNING_LEVELS } from '../lexicon.generated';
import type { PageModel } from '../messages';
import { LOOKS, warnings } from '../states';
import colours from '../ui/colours.css?inline';
import { DOM, h } from '../ui/dom';
import { findingParts, type PrepareReport, severityMark, severityWord } from '../ui/finding';
import findings from '../ui/finding.css?inline';
import layer from '../ui/layer.css?inline';
import { maker } from '../ui/maker';
import { AfterLayout } from './layout';
import own from './marks.css?inline';
import { OwnNode } from './own-node';
import { putBeside } from './popover';
import { replyButtons } from './reply-button';
import { type Target, type Targets, targetsOf } from './targets';
import { onThemeChange, pageIsDark } from './theme';
import { type Box, isVisible, visibleBoxesIn } from './visibility';

const GAP = 8;
/** Heights of a line that a mark may stand below its words. */
const LINES_AFTER = 4;
const QUIET_MS = 150;
/** A page that never rests has its marks all the same. */
const PATIENCE_MS = 1_000;
const SHOW_MS = 120;
const HIDE_MS = 250;

interface Place {
  left: number;
  top: number;
}

export class Marks {
  private readonly card = h('div', { class: 'card', popover: 'auto', role: 'dialog' });
  private readonly layer = h('div', { class: 'layer' }, this.card);
  private readonly own = new OwnNode('koban-marks', colours + findings + layer + own, this.layer);
  private readonly mutations = new MutationObserver(() => this.later());
  private readonly sizes = new ResizeObserver(() => this.put());
  private readonly afterLayout = new AfterLayout(() => this.put());
  private marks: { button: HTMLButtonElement; target: Target }[] = [];
  private model: PageModel | null = null;
  private followsTheme = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waitingSince: number | null = null;
  private hover: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly prepare: PrepareReport = null,
    private readonly draft: DraftReply | null = null,
  ) {
    this.card.addEventListener('pointerenter', () => clearTimeout(this.hover));
    this.card.addEventListener('pointerleave', () => this.hideLater());
    // By keyboard one goes from a mark into its card and on; the card of a mark that was left does not stay.
    this.layer.addEventListener('focusout', ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && this.layer.contains(relatedTarget))) this.hideLater();
    });
  }

  /** Alt+Shift+K: on to the next mark of the page, from the last to the first. */
  private readonly onKey = (event: KeyboardEvent) => {
    if (!event.isTrusted || event.code !== 'KeyK' || !event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey)
      return;
    const visibleButtons = this.marks.map(({ button }) => button).filter(({ hidden }) => !hidden);
    const at = visibleButtons.findIndex((button) => button.matches(':focus'));
    const next = visibleButtons[(at + 1) % visibleButtons.length];
    if (next === undefined) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    next.scrollIntoView({ block: 'center' });
    next.focus({ preventScroll: true });
    this.open(next);
  };

  show(model: PageModel): void {
    this.model = model;
    const any = warnings(model.shown?.verdict.findings ?? []).length > 0;
    if (!any && model.files.unseen.length === 0) return this.leave();
    this.mutations.observe(document, { childList: true, subtree: true, characterData: true });
    this.sizes.observe(document.documentElement);
    if (!this.followsTheme) onThemeChange(() => this.afterLayout.want());
    this.followsTheme = true;
    addEventListener('keydown', this.onKey, { capture: true });
    addEventListener('scroll', this.onScroll, { capture: true, passive: true });
    this.draw();
  }

  private leave(): void {
    this.mutations.disconnect();
    this.sizes.disconnect();
    this.afterLayout.forget();
    removeEventListener('keydown', this.onKey, { capture: true });
    removeEventListener('scroll', this.onScroll, { capture: true });
    clearTimeout(this.timer);
    this.waitingSince = null;
    highlight({ caution: [], danger: [] });
    this.own.remove();
    for (const { button } of this.marks) button.remove();
    this.marks = [];
  }

  /** The page scrolled: only what scrolls by itself moves against the layer. */
  private readonly onScroll = (event: Event) => {
    if (event.target !== document) this.afterLayout.want();
  };

  private later(): void {
    const now = Date.now();
    this.waitingSince ??= now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw(), Math.max(0, Math.min(QUIET_MS, this.waitingSince + PATIENCE_MS - now)));
  }

  private draw(): void {
    const { model } = this;
    this.waitingSince = null;
    if (model === null) return;
    const { targets, sentences } = targetsOf(
      model.shown?.verdict.findings ?? [],
      model.files.unseen,
      model.settings?.controls?.field_labels,
    );
    highlight(sentences);
    const words = new Words(model.language);
    const previous = this.marks;
    this.marks = targets.map((target) => {
      const label = labelOf(target, words);
      const previousMark = previous.find((mark) => mark.button.ariaLabel === label && samePlace(mark.target, target));
      if (previousMark === undefined) return { button: this.button(target, label, words), target };
      previous.splice(previous.indexOf(previousMark), 1);
      previousMark.target = target;
      return previousMark;
    });
    for (const { button } of previous) button.remove();
    this.layer.lang = model.language;
    if (targets.length === 0) return;
    if (!this.own.host.isConnected) document.documentElement?.append(this.own.host);
    this.mutations.takeRecords();
    this.afterLayout.want();
  }

  private button(target: Target, label: string, words: Words): HTMLButtonElement {
    const [first] = target.findings;
    const button = h(
      'button',
      {
        type: 'button',
        class: `place ${first?.severity ?? 'not-checked'}`,
        'aria-label': label,
        'aria-haspopup': 'dialog',
        onclick: (event) => {
          event.preventDefault();
          event.stopPropagation();
          this.open(button);
        },
        onpointerenter: () => {
          clearTimeout(this.hover);
          this.hover = setTimeout(() => this.open(button), SHOW_MS);
        },
        onpointerleave: () => this.hideLater(),
        onfocus: () => button.matches(':focus-visible') && this.open(button),
      },
      first === undefined ? unseenMark(words) : severityMark(DOM, first.severity, words),
    );
    this.layer.insertBefore(button, this.card);
    return button;
  }

  private hideLater(): void {
    clearTimeout(this.hover);
    this.hover = setTimeout(() => this.card.hidePopover(), HIDE_MS);
  }

  private open(button: HTMLButtonElement): void {
    const mark = this.marks.find((each) => each.button === button);
    const { model } = this;
    if (mark === undefined || model === null) return;
    const { findings } = mark.target;
    const words = new Words(model.language);
    this.card.className = `card ${findings[0]?.severity ?? 'not-checked'}`;
    this.card.ariaLabel = mark.button.ariaLabel;
    const offers = { prepare: this.prepare, reply: replyButtons(model, words, this.draft) };
    this.card.replaceChildren(
      maker(),
      ...(findings.length > 0 ? [] : [unseenCard(words)]),
      ...findings.map((finding) =>
        h(
          'section',
          {},
          h('h2', {}, severityMark(DOM, finding.severity, words), h('span', {}, words.in(finding.title))),
          findingParts(DOM, finding, words, offers),
        ),
      ),
    );
    if (this.marks.length > 1) this.card.append(h('p', { class: 'key' }, words.of('nextMarkKey')));
    // Tab leads from the mark into its card (browsers that do not know the option go there after the last mark).
    (this.card as { showPopover(options?: { source: HTMLElement }): void }).showPopover({ source: button });
    const place = button.getBoundingClientRect();
    putBeside(this.card, place, place.left);
  }

  /** Put every mark in its place: all is measured first, then written, so that nothing is laid out but the marks. */
  private put(): void {
    this.layer.style.colorScheme = pageIsDark() ? 'dark' : 'light';
    const origin = this.own.host.getBoundingClientRect();
    const places = this.marks.map(({ button, target }) => placeOf(target, button.getBoundingClientRect()));
    this.marks.forEach(({ button }, number) => {
      const place = places[number];
      button.hidden = place === null;
      if (place)
        button.style.translate = `${Math.round(place.left - origin.left)}px ${Math.round(place.top - origin.top)}px`;
    });
  }
}

/**
 * Behind the last word where nothing stands, else at that line's end, before the words, in the margin, or behind what
 * follows the words; beside a picture's upper edge in the same order; null for what is not drawn.
 */
function placeOf({ place, within }: Target, mark: Box): Place | null {
  const lines = [...drawnBy(place).getClientRects()].filter(isVisible);
  const [first] = lines;
  const last = lines.at(-1);
  if (first === undefined || last === undefined) return null;
  const bounds = within.getBoundingClientRect();
  const pageWidth = document.documentElement.clientWidth;
  const right = Math.min(bounds.right, pageWidth);
  const top = place instanceof HTMLImageElement ? last.top : last.top + (last.height - mark.height) / 2;
  const boxes = visibleBoxesIn(within);
  const beside = boxes.filter((box) => besides(box, top, mark));
  const isFree = (left: number) => beside.every((box) => box.right <= left || box.left >= left + mark.width);
  const lineEnd = Math.max(last.right, ...beside.map((box) => box.right));
  const candidates: [left: number, from: number, to: number][] = [
    [last.right + GAP, bounds.left, right],
    [lineEnd + GAP, bounds.left, right],
    [last.left - GAP - mark.width, bounds.left, right],
    [bounds.right + GAP, bounds.right, pageWidth],
  ];
  for (const [left, from, to] of candidates) {
    if (left >= from && left + mark.width <= to && isFree(left)) return { left, top };
  }
  const behind = behindTheRest(boxes, last, mark, right);
  return behind ?? { left: Math.max(0, right - mark.width - GAP), top: bounds.top - mark.height / 2 };
}

function besides(box: DOMRect, top: number, mark: Box): boolean {
  return box.top < top + mark.height && box.bottom > top;
}

/** Behind the last line, where the words are followed by few others: so no word is covered. */
function behindTheRest(boxes: DOMRect[], last: DOMRect, mark: Box, right: number): Place | null {
  const end = boxes.reduce((one, other) => (other.bottom > one.bottom ? other : one), last);
  if (end.top - last.top > LINES_AFTER * last.height) return null;
  const top = end.top + (end.height - mark.height) / 2;
  const left = Math.max(...boxes.filter((box) => besides(box, top, mark)).map((box) => box.right)) + GAP;
  return left + mark.width <= right ? { left, top } : null;
}

/** What an element draws: its words, or itself where it is a picture, which has no contents. */
function drawnBy(place: Element | Range): Element | Range {
  if (place instanceof Range || place instanceof HTMLImageElement) return place;
  const words = document.createRange();
  words.selectNodeContents(place);
  return words;
}

function samePlace(one: Target, other: Target): boolean {
  return one.place instanceof Element ? one.place === other.place : one.within === other.within;
}

/** At a picture or file that was not looked into. */
function unseenMark(words: Words): Element {
  const { path } = LOOKS['not-checked'];
  return h('span', { class: 'mark not-checked' }, DOM.icon(path), words.of('fileUnseenMark'));
}

function unseenCard(words: Words): Element {
  return h(
    'section',
    {},
    h('h2', {}, unseenMark(words), h('span', {}, words.of('fileUnseenTitle'))),
    h('div', { class: 'parts' }, h('p', {}, words.of('fileUnseenLine'))),
  );
}

function labelOf({ place, findings }: Target, words: Words): string {
  const [first] = findings;
  if (first === undefined) return words.of('fileUnseenTitle');
  const titles = findings.map((finding) => words.in(finding.title)).join(words.of('listComma'));
  const about = place instanceof Element ? (place.textContent?.trim().slice(0, 80) ?? '') : '';
  const word = words.of(severityWord(first.severity));
  return about === '' ? words.of('markLabel', word, titles) : words.of('markLabelOf', word, titles, about);
}

function highlight(sentences: Targets['sentences']): void {
  if (typeof Highlight === 'undefined') return;
  for (const level of WARNING_LEVELS) {
    const [name, ranges] = [`koban-${level}`, sentences[level]];
    if (ranges.length === 0) CSS.highlights.delete(name);
    else CSS.highlights.set(name, new Highlight(...ranges));
  }
}
