/**
 * Shows beside the box that the user writes in a note where they may regret a line, and replies to insert.
 * What is written is looked at here and nowhere else, and not kept.
 */
import type { Language } from '../i18n/languages';
import { Words } from '../i18n/words';
import type { PageModel } from '../messages';
import { stateOfPage } from '../messages';
import { AfterLayout } from '../page/layout';
import { OwnNode } from '../page/own-node';
import { putBeside } from '../page/popover';
import { closestAround, focusedWithin } from '../page/roots';
import { pageIsDark } from '../page/theme';
import { visibleBoxesNear } from '../page/visibility';
import { gravestFirst, LOOKS, reasonInfo } from '../states';
import { inOr, type Reply, repliesOf } from '../templates/templates';
import { copied } from '../ui/clipboard';
import colours from '../ui/colours.css?inline';
import { h, icon } from '../ui/dom';
import findings from '../ui/finding.css?inline';
import layer from '../ui/layer.css?inline';
import { maker } from '../ui/maker';
import { boxOf, caretIn, insert, writtenBottom, writtenIn } from './box';
import { languageOfPage } from './draft-reply';
import { MISTAKE_WORDS } from './mistake-words';
import { isUnfunded, type Mistake, mistakesIn } from './mistakes';
import own from './reply-assistant.css?inline';

const QUIET_MS = 400;
const GAP = 4;
const EDGE = 8;

type Size = Pick<DOMRect, 'width' | 'height'>;

export class ReplyAssistant {
  private readonly status = h('div', { role: 'status' });
  private readonly offer = h('button', {
    type: 'button',
    'aria-haspopup': 'dialog',
    onclick: () => this.openReplies(),
  });
  private readonly row = h('div', { class: 'row' }, this.status, this.offer);
  private readonly card = h('div', { popover: 'auto', role: 'dialog', tabindex: '-1' });
  /** In the browser's top layer, over whatever the page puts the box into. */
  private readonly layer = h('div', { class: 'layer', popover: 'manual' }, this.row, this.card);
  private readonly own = new OwnNode('koban-desk', colours + findings + layer + own, this.layer);
  private readonly sizes = new ResizeObserver(() => this.put());
  private readonly afterLayout = new AfterLayout(() => this.put());
  /** The page scrolled: what is fixed in the window moves against the layer, all else with it. */
  private readonly follow = new AfterLayout(() => this.where() !== this.at && this.put());
  private model: PageModel | null = null;
  private listening = false;
  private box: HTMLElement | null = null;
  private at = '';
  private caret: Range | null = null;
  private mistakes: Mistake[] = [];
  /** Mistakes that the user has dismissed on this page. */
  private readonly dismissedMistakes = new Set<Mistake>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.card.addEventListener('toggle', () => this.card.matches(':popover-open') || this.card.replaceChildren());
    // A click on the assistant leaves the cursor where it is, in the box.
    this.layer.addEventListener('mousedown', (event) => event.preventDefault());
    this.layer.addEventListener('keydown', this.leading);
    this.card.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      // Browsers give the keyboard back to the shadow root's host, which takes none.
      event.preventDefault();
      this.card.hidePopover();
      const opener = this.card.classList.contains('slips') ? this.status.querySelector('button') : this.offer;
      (opener ?? this.box)?.focus({ preventScroll: true });
    });
  }

  show(model: PageModel): void {
    const spokeOther = this.model?.language !== model.language;
    this.model = model;
    const reason = reasonInfo(stateOfPage(model).reason);
    // The pages of a client whose warnings are off are looked at all the same.
    const isOff = reason?.chosen && !reason.looked;
    const isWanted = model.settings !== null && !isOff;
    // Added anew each time, which changes nothing where they are: a page that is written over loses its listeners.
    const change = isWanted ? addEventListener : removeEventListener;
    change('focusin', this.onFocus, { capture: true });
    change('keydown', this.onKey as EventListener, { capture: true });
    change('input', this.onInput, { capture: true, passive: true } as AddEventListenerOptions);
    change('scroll', this.onScroll, { capture: true, passive: true } as AddEventListenerOptions);
    if (isWanted !== this.listening) {
      this.listening = isWanted;
      if (!isWanted) this.leave();
      else this.connect(boxOf(focusedWithin(document.activeElement)));
    }
    if (spokeOther) this.draw();
    if (this.box !== null) this.check();
  }

  private readonly onFocus = (event: Event) => {
    const box = boxOf(focusedWithin(event.composedPath()[0]));
    if (box !== null) this.connect(box);
  };

  /** All that is done while a key is down: the rest waits until the typing does. */
  private readonly onInput = (event: Event) => {
    clearTimeout(this.timer);
    const [target] = event.composedPath();
    this.timer = setTimeout(() => {
      const box = boxOf(focusedWithin(target));
      if (box !== null && box !== this.box) this.connect(box);
      this.check();
    }, QUIET_MS);
  };

  /**
   * A note is read before the send button is reached: Tab leads from the box to it, and from it to what follows the
   * box.
   */
  private readonly onKey = (event: KeyboardEvent) => {
    const { box } = this;
    if (!isTab(event) || event.shiftKey || this.mistakes.length === 0 || box === null || this.row.hidden) return;
    if (boxOf(focusedWithin(event.composedPath()[0])) !== box) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.status.querySelector('button')?.focus({ preventScroll: true });
  };

  private readonly leading = (event: KeyboardEvent) => {
    // The page's shortcuts are for its own keys.
    event.stopPropagation();
    const { box } = this;
    if (!isTab(event) || this.mistakes.length === 0 || box === null || !event.composedPath().includes(this.row)) return;
    const isFirst = event.composedPath().includes(this.status);
    if (event.shiftKey !== isFirst) return;
    // Whatever the browser does then it does from the box: on to what follows it.
    box.focus({ preventScroll: true });
    if (event.shiftKey) event.preventDefault();
  };

  private readonly onScroll = (event: Event) => {
    if (event.target === document) this.follow.want();
    else if (event.target !== this.box) this.afterLayout.want();
  };

  private connect(box: HTMLElement | null): void {
    if (box === null) return;
    // The page may have opened something around it since.
    if (box === this.box) return this.raise(box);
    this.sizes.disconnect();
    this.box = box;
    this.mistakes = [];
    this.sizes.observe(box);
    this.sizes.observe(document.documentElement);
    this.raise(box);
    this.draw();
    this.check();
  }

  /**
   * Put the layer over everything that is there. Within the page's own dialog or popover where the box is in one: what
   * lies outside of a dialog cannot be clicked, and a click outside of a popover closes it.
   */
  private raise(box: HTMLElement): void {
    const home = closestAround(box, ':modal, :popover-open') ?? document.documentElement;
    const { host } = this.own;
    if (host.parentNode !== home) home.append(host);
    else if (this.card.matches(':popover-open')) return;
    if (this.layer.matches(':popover-open')) this.layer.hidePopover();
    this.layer.showPopover();
    this.afterLayout.want();
  }

  /** The box's place, relative to the layer. */
  private where(): string {
    const place = this.box?.getBoundingClientRect();
    const origin = this.layer.getBoundingClientRect();
    return place === undefined
      ? ''
      : [place.left - origin.left, place.top - origin.top, place.width, place.height].map(Math.round).join();
  }

  private leave(): void {
    clearTimeout(this.timer);
    this.sizes.disconnect();
    this.afterLayout.forget();
    this.follow.forget();
    this.own.remove();
    this.box = null;
    this.mistakes = [];
  }

  private check(): void {
    const { box, model } = this;
    if (box === null || model === null) return;
    if (!box.isConnected) return this.leave();
    const { stage } = model.shown?.verdict ?? {};
    const all = model.settings?.guards ? mistakesIn(writtenIn(box), isUnfunded(stage)) : [];
    const mistakes = all.filter((mistake) => !this.dismissedMistakes.has(mistake));
    if (mistakes.join() === this.mistakes.join()) return;
    this.mistakes = mistakes;
    this.draw();
  }

  private draw(): void {
    const { box, model } = this;
    if (box === null || model === null) return;
    const words = new Words(model.language);
    this.layer.lang = model.language;
    this.offer.textContent = words.of('repliesOffer');
    const [first] = this.mistakes;
    const hadFocus = this.status.contains((this.status.getRootNode() as ShadowRoot).activeElement);
    this.status.replaceChildren();
    if (first !== undefined) {
      const title = words.of(MISTAKE_WORDS[first][0]);
      const line = this.mistakes.length === 1 ? title : words.of('slipsLine', title, this.mistakes.length - 1);
      const note = h('span', { class: 'mark caution' }, icon(LOOKS.caution.path), line);
      note.append(maker());
      this.status.append(
        h(
          'button',
          { type: 'button', class: 'slip', 'aria-haspopup': 'dialog', onclick: () => this.openMistakes() },
          note,
        ),
      );
    }
    // A verdict that comes late draws the note again while somebody stands on it.
    if (hadFocus) (this.status.querySelector('button') ?? box).focus({ preventScroll: true });
    this.afterLayout.want();
  }

  private openMistakes(): void {
    const { model, mistakes } = this;
    if (model === null) return;
    this.open(
      'slips',
      mistakesCard(mistakes, new Words(model.language), () => this.dismiss(mistakes)),
    );
    // To be read: its only button hushes it, and whoever pressed Enter to open it may press it twice.
    this.card.focus({ preventScroll: true });
  }

  /** `mistakes`: those that the user has read. A verdict that came since may have brought others. */
  private dismiss(mistakes: readonly Mistake[]): void {
    for (const mistake of mistakes) this.dismissedMistakes.add(mistake);
    this.card.hidePopover();
    this.check();
    this.box?.focus();
  }

  /**
   * The replies that answer the page's warnings come first, as the page is judged now. A verdict that comes later moves
   * nothing in the open card, where somebody is about to press.
   */
  private openReplies(): void {
    const { model, box } = this;
    if (model === null || box === null) return;
    this.caret = caretIn(box) ?? this.caret;
    const take = (text: string) => {
      this.card.hidePopover();
      if (box.isConnected) insert(box, text, this.caret);
    };
    const risks = gravestFirst(model.shown?.verdict.findings ?? []).map(({ risk }) => risk);
    const replies = repliesOf(model.settings?.templates ?? {}, risks, model.settings?.replies);
    this.open('replies', repliesCard(replies, new Words(model.language), take));
    this.card.querySelector<HTMLElement>('button')?.focus({ preventScroll: true });
  }

  private open(kind: string, content: HTMLElement[]): void {
    this.card.className = `card ${kind}`;
    this.card.ariaLabel = content[0]?.firstChild?.textContent ?? '';
    this.card.replaceChildren(...content);
    this.card.showPopover();
    const [row, box] = [this.row.getBoundingClientRect(), this.box?.getBoundingClientRect() ?? new DOMRect()];
    // What it speaks of stays in sight: it opens beside both.
    const top = Math.min(row.top, box.top);
    const around = { left: box.left, top, width: box.width, height: Math.max(row.bottom, box.bottom) - top };
    putBeside(this.card, around, row.left);
  }

  /**
   * A note as wide as the box, under it or under what is written; the replies alone at its corner, where nothing
   * stands.
   */
  private put(): void {
    const { box, row } = this;
    if (box === null) return;
    if (!box.isConnected) return this.leave();
    this.layer.style.colorScheme = pageIsDark() ? 'dark' : 'light';
    row.hidden = false;
    const place = box.getBoundingClientRect();
    const right = Math.min(place.right, document.documentElement.clientWidth - EDGE);
    const from = Math.max(EDGE, place.left);
    row.classList.toggle('wide', this.mistakes.length > 0);
    row.style.width = this.mistakes.length > 0 ? `${Math.max(0, right - from)}px` : '';
    const { width, height } = row.getBoundingClientRect();
    row.hidden = place.width === 0;
    const [x, y] = this.rowPlace(place, from, right, { width, height });
    const origin = this.layer.getBoundingClientRect();
    this.at = this.where();
    row.style.translate = `${Math.round(x - origin.left)}px ${Math.round(y - origin.top)}px`;
  }

  /** The first place for the row where nothing of the page stands, else one over the box. */
  private rowPlace(place: DOMRect, from: number, right: number, { width, height }: Size): [left: number, top: number] {
    const hasNote = this.mistakes.length > 0;
    const [above, below] = [place.top - height - GAP, place.bottom + GAP];
    const left = Math.max(EDGE, right - width);
    const reach = {
      left: place.left - width,
      top: above,
      width: place.width + width,
      height: place.height + 2 * (height + GAP),
    };
    const around = visibleBoxesNear(document.body, reach);
    const isFree = ([left, top]: [left: number, top: number]) =>
      around.every(
        (box) => box.right <= left || box.left >= left + width || box.bottom <= top || box.top >= top + height,
      );
    const under = hasNote ? this.underText(place, height) : null;
    if (under !== null) return isFree([from, below]) ? [from, below] : [from, under];
    const candidates: [left: number, top: number][] = hasNote
      ? [
          [from, below],
          [from, above],
        ]
      : [
          [left, above],
          [left, below],
          [from, above],
        ];
    return candidates.find(isFree) ?? [hasNote ? from : left - GAP, place.bottom - height - GAP];
  }

  /** Under the last line written; null where the box has no room below it. */
  private underText(place: DOMRect, height: number): number | null {
    const end = this.box === null ? null : writtenBottom(this.box);
    return end === null || end + GAP + height > place.bottom ? null : end + GAP;
  }
}

function isTab({ key, ctrlKey, altKey, metaKey, isTrusted }: KeyboardEvent): boolean {
  return isTrusted && key === 'Tab' && !ctrlKey && !altKey && !metaKey;
}

/** The card of the note. */
export function mistakesCard(mistakes: readonly Mistake[], words: Words, dismiss: () => void): HTMLElement[] {
  return [
    h('h2', {}, words.of('slipsHeading'), maker()),
    ...mistakes.map((mistake) => {
      const [title, advice] = MISTAKE_WORDS[mistake];
      const mark = h('span', { class: 'mark caution' }, icon(LOOKS.caution.path), words.of('stateCaution'));
      return h('section', {}, h('h3', {}, mark, ' ', words.of(title)), h('p', {}, words.of(advice)));
    }),
    h('p', { class: 'small' }, words.of('slipsLocal')),
    h('div', { class: 'buttons' }, h('button', { type: 'button', onclick: dismiss }, words.of('slipsDismiss'))),
  ];
}

/** The replies to choose from, in the language of the page and in the reader's own. */
export function repliesCard(replies: readonly Reply[], words: Words, take: (text: string) => void): HTMLElement[] {
  const there = languageOfPage();
  const languages = [...new Set([there, words.language])];
  const label = (language: Language) =>
    languages.length === 1
      ? words.of('replyInsert')
      : words.of('replyInsertIn', new Words(language).of('languageName'));
  return [
    h('h2', {}, words.of('repliesHeading'), maker()),
    ...replies.map(({ title, text }) =>
      h(
        'section',
        {},
        h('h3', {}, words.in(title)),
        h('p', { class: 'text' }, inOr(text, words.language)),
        h(
          'div',
          { class: 'buttons' },
          ...languages.map((language) => action(label(language), words.in(title), () => take(inOr(text, language)))),
          copy(inOr(text, there), words.in(title), words),
        ),
      ),
    ),
  ];
}

function action(label: string, about: string, act: () => void): HTMLButtonElement {
  return h('button', { type: 'button', 'aria-label': `${label}: ${about}`, onclick: act }, label);
}

function copy(text: string, about: string, words: Words): HTMLButtonElement {
  const button = action(words.of('replyCopy'), about, () => {
    void copied(text).then((isCopied) => {
      button.textContent = words.of(isCopied ? 'replyCopied' : 'replyNotCopied');
      button.ariaLabel = null;
    });
  });
  return button;
}
