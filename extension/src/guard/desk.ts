/**
 * What stands beside the box that the user writes in: a note where they may regret a line, and replies to take.
 * What is written is looked at here and nowhere else, and not kept.
 */
import type { Text } from '../api/types';
import colours from '../look/colours.css?inline';
import { h, icon } from '../look/dom';
import findings from '../look/finding.css?inline';
import layer from '../look/layer.css?inline';
import type { PageModel } from '../messages';
import { stateOfPage } from '../messages';
import { putBeside } from '../page/beside';
import { drawnNear } from '../page/drawn';
import { LaidOut } from '../page/laidout';
import { Own } from '../page/ours';
import { closestAround, focusedWithin } from '../page/roots';
import { pageIsDark } from '../page/theme';
import { LOOKS } from '../states';
import { type Reply, repliesOf } from '../templates/templates';
import { type Key, type Language, Words } from '../words/words';
import { boxOf, caretIn, insert, writtenIn } from './box';
import own from './desk.css?inline';
import { type Slip, slipsIn } from './slips';

const QUIET_MS = 400;
const GAP = 4;
const EDGE = 8;

/** What is said of each kind: what was written, and what to do instead. */
const SAYS: Record<Slip, [title: Key, advice: Key]> = {
  'my-number': ['slipMyNumber', 'slipMyNumberAdvice'],
  bank: ['slipBank', 'slipBankAdvice'],
  address: ['slipAddress', 'slipAddressAdvice'],
  phone: ['slipPhone', 'slipContactAdvice'],
  mail: ['slipMail', 'slipContactAdvice'],
  line: ['slipLine', 'slipContactAdvice'],
  early: ['slipEarly', 'slipEarlyAdvice'],
  direct: ['slipDirect', 'slipDirectAdvice'],
};

export class Desk {
  private readonly status = h('div', { role: 'status' });
  private readonly offer = h('button', { type: 'button', 'aria-haspopup': 'dialog', onclick: () => this.openReplies() });
  private readonly row = h('div', { class: 'row' }, this.status, this.offer);
  private readonly card = h('div', { popover: 'auto', role: 'dialog' });
  /** In the browser's top layer, over whatever the page puts the box into. */
  private readonly layer = h('div', { class: 'layer', popover: 'manual' }, this.row, this.card);
  private readonly own = new Own('koban-desk', colours + findings + layer + own, this.layer);
  private readonly sizes = new ResizeObserver(() => this.put());
  private readonly laidOut = new LaidOut(() => this.put());
  /** The page scrolled: what is fixed in the window moves against the layer, all else with it. */
  private readonly follow = new LaidOut(() => this.where() !== this.at && this.put());
  private model: PageModel | null = null;
  private listening = false;
  private box: HTMLElement | null = null;
  private at = '';
  private caret: Range | null = null;
  private slips: Slip[] = [];
  /** What the user has read and does not want to hear of again on this page. */
  private readonly dismissed = new Set<Slip>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.card.addEventListener('toggle', () => this.card.matches(':popover-open') || this.card.replaceChildren());
    // A click on the desk leaves the cursor where it is, in the box.
    this.layer.addEventListener('mousedown', (event) => event.preventDefault());
    // The page's shortcuts are for its own keys.
    this.layer.addEventListener('keydown', (event) => event.stopPropagation());
  }

  show(model: PageModel): void {
    const spokeOther = this.model?.language !== model.language;
    this.model = model;
    const { reason } = stateOfPage(model);
    const wanted = model.settings !== null && reason !== 'off' && reason !== 'paused';
    // Added anew each time, which changes nothing where they are: a page that is written over loses its listeners.
    const change = wanted ? addEventListener : removeEventListener;
    change('focusin', this.focused, { capture: true });
    change('input', this.typed, { capture: true, passive: true } as AddEventListenerOptions);
    change('scroll', this.scrolled, { capture: true, passive: true } as AddEventListenerOptions);
    if (wanted !== this.listening) {
      this.listening = wanted;
      if (!wanted) this.leave();
      else this.attend(boxOf(focusedWithin(document.activeElement)));
    }
    if (spokeOther) this.draw();
    if (this.box !== null) this.check();
  }

  private readonly focused = (event: Event) => {
    const box = boxOf(focusedWithin(event.composedPath()[0]));
    if (box !== null) this.attend(box);
  };

  /** All that is done while a key is down: the rest waits until the typing does. */
  private readonly typed = (event: Event) => {
    clearTimeout(this.timer);
    const [target] = event.composedPath();
    this.timer = setTimeout(() => {
      const box = boxOf(focusedWithin(target));
      if (box !== null && box !== this.box) this.attend(box);
      this.check();
    }, QUIET_MS);
  };

  private readonly scrolled = (event: Event) => {
    if (event.target === document) this.follow.want();
    else if (event.target !== this.box) this.laidOut.want();
  };

  private attend(box: HTMLElement | null): void {
    if (box === null) return;
    // The page may have opened something around it since.
    if (box === this.box) return this.raise(box);
    this.sizes.disconnect();
    this.box = box;
    this.slips = [];
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
    this.laidOut.want();
  }

  /** Where the box is in the layer's measure. */
  private where(): string {
    const place = this.box?.getBoundingClientRect();
    const origin = this.layer.getBoundingClientRect();
    return place === undefined ? '' : [place.left - origin.left, place.top - origin.top, place.width, place.height].map(Math.round).join();
  }

  private leave(): void {
    clearTimeout(this.timer);
    this.sizes.disconnect();
    this.laidOut.forget();
    this.follow.forget();
    this.own.remove();
    this.box = null;
    this.slips = [];
  }

  private check(): void {
    const { box, model } = this;
    if (box === null || model === null) return;
    if (!box.isConnected) return this.leave();
    const { stage } = model.shown?.verdict ?? {};
    const found = model.settings?.guards ? slipsIn(writtenIn(box), stage === 'agreed-unfunded' || stage === 'applying') : [];
    const slips = found.filter((slip) => !this.dismissed.has(slip));
    if (slips.join() === this.slips.join()) return;
    this.slips = slips;
    this.draw();
  }

  private draw(): void {
    const { box, model } = this;
    if (box === null || model === null) return;
    const words = new Words(model.language);
    this.layer.lang = model.language;
    this.offer.textContent = words.of('repliesOffer');
    const [first] = this.slips;
    this.status.replaceChildren();
    if (first !== undefined) {
      const title = words.of(SAYS[first][0]);
      const line = this.slips.length === 1 ? title : words.of('slipsLine', title, this.slips.length - 1);
      const note = h('span', { class: 'mark caution' }, icon(LOOKS.caution.path), line);
      this.status.append(
        h('button', { type: 'button', class: 'slip', 'aria-haspopup': 'dialog', onclick: () => this.openSlips() }, note),
      );
    }
    this.laidOut.want();
  }

  private openSlips(): void {
    const { model } = this;
    if (model === null) return;
    this.open('slips', slipsCard(this.slips, new Words(model.language), () => this.dismiss()));
  }

  private dismiss(): void {
    for (const slip of this.slips) this.dismissed.add(slip);
    this.card.hidePopover();
    this.check();
    this.box?.focus();
  }

  private openReplies(): void {
    const { model, box } = this;
    if (model === null || box === null) return;
    this.caret = caretIn(box) ?? this.caret;
    const take = (text: string) => {
      this.card.hidePopover();
      if (box.isConnected) insert(box, text, this.caret);
    };
    const replies = repliesOf(model.settings?.templates ?? {});
    this.open('replies', repliesCard(replies, new Words(model.language), take));
  }

  private open(kind: string, content: HTMLElement[]): void {
    this.card.className = `card ${kind}`;
    this.card.ariaLabel = content[0]?.textContent ?? '';
    this.card.replaceChildren(...content);
    this.card.showPopover();
    const row = this.row.getBoundingClientRect();
    putBeside(this.card, row, row.right - this.card.offsetWidth);
    this.card.querySelector<HTMLElement>('button')?.focus({ preventScroll: true });
  }

  /** Beside the box where nothing stands; else over its lower corner, where one writes last. */
  private put(): void {
    const { box, row } = this;
    if (box === null) return;
    if (!box.isConnected) return this.leave();
    this.layer.style.colorScheme = pageIsDark() ? 'dark' : 'light';
    row.hidden = false;
    const place = box.getBoundingClientRect();
    const { width, height } = row.getBoundingClientRect();
    row.hidden = place.width === 0;
    const reach = { left: place.left - width, top: place.top - height - GAP, width: place.width + width, height: place.height + 2 * (height + GAP) };
    const around = drawnNear(document.body, reach);
    const right = Math.min(place.right, document.documentElement.clientWidth - EDGE);
    const left = Math.max(EDGE, right - width);
    const isFree = (left: number, top: number) =>
      around.every((one) => one.right <= left || one.left >= left + width || one.bottom <= top || one.top >= top + height);
    const candidates: [left: number, top: number][] = [
      [left, place.top - height - GAP],
      [left, place.bottom + GAP],
      [Math.max(EDGE, place.left), place.top - height - GAP],
    ];
    const [x, y] = candidates.find((each) => isFree(...each)) ?? [left - GAP, place.bottom - height - GAP];
    const origin = this.layer.getBoundingClientRect();
    this.at = this.where();
    row.style.translate = `${Math.round(x - origin.left)}px ${Math.round(y - origin.top)}px`;
  }
}

/** What the note unfolds to. */
export function slipsCard(slips: readonly Slip[], words: Words, dismiss: () => void): HTMLElement[] {
  return [
    h('h2', {}, words.of('slipsHeading')),
    ...slips.map((slip) => {
      const [title, advice] = SAYS[slip];
      const mark = h('span', { class: 'mark caution' }, icon(LOOKS.caution.path), words.of('stateCaution'));
      return h('section', {}, h('h3', {}, mark, ' ', words.of(title)), h('p', {}, words.of(advice)));
    }),
    h('p', { class: 'small' }, words.of('slipsLocal')),
    h('div', { class: 'buttons' }, h('button', { type: 'button', onclick: dismiss }, words.of('slipsDismiss'))),
  ];
}

/** The replies to choose from. The marketplaces are Japanese: a reader of English gets both versions. */
export function repliesCard(replies: readonly Reply[], words: Words, take: (text: string) => void): HTMLElement[] {
  const languages: [Language, Key][] =
    words.language === 'ja'
      ? [['ja', 'replyInsert']]
      : [
          ['ja', 'replyInsertJapanese'],
          ['en', 'replyInsertEnglish'],
        ];
  return [
    h('h2', {}, words.of('repliesHeading')),
    ...replies.map(({ title, text }) =>
      h(
        'section',
        {},
        h('h3', {}, words.in(title)),
        h('p', { class: 'text' }, words.in(text)),
        h(
          'div',
          { class: 'buttons' },
          ...languages.map(([language, key]) => action(words.of(key), words.in(title), () => take(inOr(text, language)))),
          copy(inOr(text, 'ja'), words.in(title), words),
        ),
      ),
    ),
  ];
}

function inOr(text: Text, language: Language): string {
  return text[language].trim() === '' ? text[language === 'ja' ? 'en' : 'ja'] : text[language];
}

function action(label: string, about: string, act: () => void): HTMLButtonElement {
  return h('button', { type: 'button', 'aria-label': `${label}: ${about}`, onclick: act }, label);
}

function copy(text: string, about: string, words: Words): HTMLButtonElement {
  const button = action(words.of('replyCopy'), about, () => {
    void navigator.clipboard.writeText(text).then(() => {
      button.textContent = words.of('replyCopied');
      button.ariaLabel = null;
    });
  });
  return button;
}
