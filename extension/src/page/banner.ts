/** The banner at the top of a page, in the page's own flow: nothing is covered. */
import { withoutFragment } from '../address';
import type { Finding, State } from '../api/types';
import type { DraftReply } from '../guard/draft-reply';
import { knownLine } from '../history/parts';
import {
  checkedLine,
  clearLine,
  HEALTH_REASONS,
  notCheckedLine,
  reasonLine,
  stateLine,
  storageLine,
} from '../i18n/lines';
import { type Key, Words } from '../i18n/words';
import { type PageModel, stateOfPage } from '../messages';
import { gravestFirst, isList, LOOKS, reasonInfo, warnings, warns } from '../states';
import colours from '../ui/colours.css?inline';
import { listLine, warningCount } from '../ui/count';
import { DOM, h, icon } from '../ui/dom';
import {
  findingParts,
  foldedFinding,
  foldedFindings,
  type Offers,
  type PrepareReport,
  severityMark,
} from '../ui/finding';
import findings from '../ui/finding.css?inline';
import { type Light, lightOf, UNKNOWN_LIGHT } from '../ui/light';
import { maker } from '../ui/maker';
import { type Announcement, Announcer } from './announcer';
import own from './banner.css?inline';
import { AfterLayout } from './layout';
import { cardTitle } from './lead';
import { OwnNode } from './own-node';
import { replyButtons } from './reply-button';
import { onThemeChange, pageIsDark } from './theme';

const MOST_AT_ONCE = 10;

/** The banner's effects on the page, and for the user. */
export interface BannerDoes {
  /** The user unfolded the banner, or folded it down to its line again. */
  fold(folded: boolean): void;
  /** End the pause. */
  resume(): void;
  /** Bring back the warning that was taken away last. */
  undo(): void;
  /** Lead to the card that a finding of a list is of; told whether there is one. */
  lead(finding: Finding): boolean;
  /** Prepare a report on a finding. */
  prepare: PrepareReport;
  /** Put a reply into the page's message box. */
  draft: DraftReply | null;
}

export const IDLE: BannerDoes = {
  fold: () => undefined,
  resume: () => undefined,
  undo: () => undefined,
  lead: () => false,
  prepare: null,
  draft: null,
};

/**
 * Whether a page has a line of Koban's own: also where Koban is absent, paused or switched off, and while it is asked;
 * also a page of a marketplace that is not read, since the room for it is there anyway. Others are not Koban's to speak
 * of.
 */
export function hasBanner(model: PageModel): boolean {
  return stateOfPage(model).reason !== 'not-a-marketplace';
}

/** A page's model as the banner shows it. */
interface Content {
  words: Words;
  state: State;
  reason: string | null;
  findings: Finding[];
  /** The line of a list, whose warnings stand beside the cards; null for a page that is none. */
  cardsLine: string | null;
  /** The warning that the banner names; undefined where there is none, and in a list. */
  first: Finding | undefined;
  light: Light | null;
  /** Whether warnings are off, which is said beside a light that stays on. */
  isMuted: boolean;
}

function contentOf(model: PageModel): Content {
  const words = new Words(model.language);
  const verdict = model.shown?.verdict;
  const findings = gravestFirst(verdict?.findings ?? []);
  const cardsLine = listLine(verdict, words);
  const light = escrowLight(model);
  return {
    ...stateOfPage(model),
    words,
    findings,
    cardsLine,
    first: cardsLine === null ? warnings(findings)[0] : undefined,
    light,
    isMuted: light !== null && verdict?.reason === 'muted',
  };
}

/**
 * The banner: one line of the same height whatever it says, and below it what is unfolded. `open`: it was unfolded on
 * this page before.
 */
export function bannerOf(model: PageModel, actions: Partial<BannerDoes> = {}, open = false): HTMLElement {
  const does = { ...IDLE, ...actions };
  const content = contentOf(model);
  const { words, state, reason, findings, cardsLine, first } = content;
  const rows = h('div', { class: 'rows', hidden: !open });
  const fill = () => rows.append(...rowsOf(content, model, does));
  // A list may have a hundred, and each stands beside its card already: they are drawn when they are asked for.
  const isLater = cardsLine !== null && warnings(findings).length > MOST_AT_ONCE && !open;
  if (!isLater) fill();
  const isEmpty = !isLater && rows.childElementCount === 0;
  const top = h(
    'div',
    { class: 'top' },
    ...headOf(content, model),
    maker(),
    ...removal(model, words, does.undo),
    unstored(model, words),
    reason === 'paused' ? topButton('resumeButton', words, does.resume) : null,
    isEmpty ? null : folder(rows, unfoldLine(findings, model, words), words, does.fold, isLater ? fill : null),
  );
  return h(
    'section',
    {
      class: `banner ${state}${first === undefined && cardsLine === null ? ' slim' : ''}${model.folded ? ' read' : ''}`,
      lang: model.language,
      'aria-label': words.of('bannerName'),
    },
    h('div', { class: 'inner' }, top, rows),
  );
}

/** The light first and largest. Neither folding nor muting takes it away: whether to begin is asked at each visit. */
function headOf(content: Content, model: PageModel): HTMLElement[] {
  const { words, cardsLine, light } = content;
  const line = isAsking(model) ? words.of('askingLine') : (cardsLine ?? lineOf(model, words));
  const aside = asideOf(model, words);
  return [
    ...(light === null ? [] : [h('p', { class: 'light' }, mark(light.state, words.of(light.word)))]),
    h('p', { class: 'head' }, ...stateParts(content, line)),
    ...(aside === null ? [] : [h('p', { class: 'aside' }, aside)]),
  ];
}

/** Whether the page's verdict is still to come. */
function isAsking({ shown, health }: PageModel): boolean {
  return shown === null && health === 'ok';
}

/**
 * What the banner's line says, for who hears it. A danger interrupts, and in a list once, however many of its cards are
 * found to have one. A warning that was taken away is said where that was done, and no page finds its words.
 */
export function announcementOf(model: PageModel): Announcement {
  const content = contentOf(model);
  const { words, state, cardsLine, light, isMuted } = content;
  const head = isMuted ? notCheckedLine('muted', words) : stateLine(model, words);
  const lines = [
    light === null ? null : words.of(light.word),
    isAsking(model) ? words.of('askingLine') : stateParts(content, head).length === 0 ? null : head,
    asideOf(model, words),
    model.unstored === null ? null : storageLine(model.unstored, words),
  ];
  return {
    page: withoutFragment(model.url),
    language: model.language,
    name: words.of('extensionName'),
    lines: lines.filter((line) => line !== null),
    alarm: state !== 'danger' ? null : cardsLine === null ? head : state,
  };
}

/** What keeps a verdict that stands from being the last word: it is being read again, or Koban has gone since. */
function asideOf({ shown, health, readAgain }: PageModel, words: Words): string | null {
  if (readAgain) return words.of('readAgain');
  return shown === null || health === 'ok' ? null : reasonLine(health, words);
}

function mark(of: State, text: string): HTMLElement {
  return h('span', { class: `mark ${of}` }, icon(LOOKS[of].path), text);
}

/** Whether a page is not checked for a reason that its light, which is not known then, does not say. */
function isSaidApart(reason: string | null): boolean {
  return reason !== null && (Object.hasOwn(HEALTH_REASONS, reason) || reasonInfo(reason)?.chosen === true);
}

/** The gravest warning, or why there is none; nothing where the light says as much. */
function stateParts({ words, state, reason, first, light, isMuted }: Content, line: string): Element[] {
  if (first !== undefined) {
    return [severityMark(DOM, first.severity, words), h('span', { class: 'title' }, words.in(first.title))];
  }
  if (isMuted) return [mark('not-checked', notCheckedLine('muted', words))];
  const isSaid = light !== null && (state === light.state || state === 'clear') && !isSaidApart(reason);
  return isSaid ? [] : [mark(state, line)];
}

function rowsOf(content: Content, model: PageModel, does: BannerDoes): Node[] {
  const { words, findings, first, light } = content;
  const offers = { prepare: does.prepare, reply: replyButtons(model, words, does.draft) };
  const rest = findings.filter((finding) => finding !== first);
  const kind = model.shown?.verdict.kind;
  // That nothing was found says as much as what was looked at.
  const checkedText = content.state === 'clear' ? checkedLine(model.shown?.verdict.checked ?? [], words) : null;
  // Where there is room for the light alone in the line.
  const headParts = light === null ? [] : stateParts(content, lineOf(model, words));
  return [
    headParts.length === 0 ? null : h('p', { class: 'head narrow' }, ...headParts),
    light === null ? null : h('p', { class: 'from' }, words.of(light.from)),
    checkedText === null ? null : h('p', { class: 'from' }, checkedText),
    model.unstored === null ? null : h('p', { class: 'why-unstored' }, storageLine(model.unstored, words)),
    first === undefined ? null : findingParts(DOM, first, words, offers),
    ...(first === undefined && isList(kind)
      ? cards(findings, words, offers, does.lead)
      : [more(rest, isList(kind), words, offers)]),
    known(model, words),
  ].filter((part) => part !== null);
}

/** The warning that was taken away last, with its undo; a style sheet draws it, as `known` the note. */
function removal({ removed }: PageModel, words: Words, undo: () => void): HTMLElement[] {
  if (removed === null) return [];
  const line = words.of(removed.key, words.in(removed.title));
  return [
    h('p', { class: 'removed', title: line, 'data-line': line }),
    topButton('undoButton', words, undo, words.of('undoOf', line)),
  ];
}

/** What is seen may not be kept. Said in the line, and why below it: the warnings themselves go on. */
function unstored({ unstored: trouble }: PageModel, words: Words): HTMLElement | null {
  if (trouble === null) return null;
  const [line, why]: [Key, Key] =
    trouble === 'full' ? ['unstoredFull', 'unstoredFullWhy'] : ['unstoredReadOnly', 'unstoredReadOnlyWhy'];
  const short = mark('not-checked', words.of(line));
  return h('p', { class: 'unstored' }, short, h('span', { class: 'wide' }, words.of(why)));
}

/** A button of the line. */
function topButton(key: Key, words: Words, onclick: () => void, label: string | null = null): HTMLElement {
  return h('button', { type: 'button', class: `fold ${key}`, 'aria-label': label, onclick }, words.of(key));
}

/** Parts to be unfolded, by number. */
function unfoldLine(all: readonly Finding[], model: PageModel, words: Words): string {
  const count = warningCount(model.shown?.verdict);
  if (count > 0) return words.of('showWarnings', count);
  return all.length > 0 ? words.of('moreNotices', all.length) : words.of('unfoldButton');
}

/** The button that unfolds the banner below its line, and folds it again. */
function folder(
  rows: HTMLElement,
  unfold: string,
  words: Words,
  fold: (folded: boolean) => void,
  fill: (() => void) | null,
): HTMLElement {
  const button = h('button', {
    type: 'button',
    class: 'fold',
    onclick: () => {
      if (rows.childElementCount === 0) fill?.();
      rows.hidden = !rows.hidden;
      say();
      fold(rows.hidden);
    },
  });
  const say = () => {
    button.textContent = rows.hidden ? unfold : words.of('foldButton');
    button.setAttribute('aria-expanded', String(!rows.hidden));
  };
  say();
  return button;
}

function lineOf(model: PageModel, words: Words): string {
  const { state, reason } = stateOfPage(model);
  return state === 'not-checked' ? notCheckedLine(reason, words) : clearLine(model, words);
}

/**
 * A client who was seen before: since when and what came of it, and the user's own note, drawn when it is unfolded. A
 * page that searches itself (`window.find`) finds what closed roots hold, word by word; what a style sheet draws it
 * does not.
 */
function known({ known: client }: PageModel, words: Words): HTMLElement | null {
  if (client === null) return null;
  const line = words.of('knownSummary', knownLine(client, words));
  if (client.note == null) return h('p', { class: 'known' }, line);
  const details = h(
    'details',
    { class: 'known' },
    h('summary', {}, line, h('span', { class: 'noted' }, words.of('knownNoted'))),
  );
  details.addEventListener('toggle', () => details.append(h('p', { 'data-note': client.note ?? null })), {
    once: true,
  });
  return details;
}

/**
 * On a deal's page: whether its state, as the page shows it, lets the work begin; that it may, only while Koban
 * looks.
 */
function escrowLight(model: PageModel): Light | null {
  const light = lightOf(model.shown?.verdict);
  return light?.state === 'clear' && model.health !== 'ok' ? { ...UNKNOWN_LIGHT, from: 'escrowUnseenFrom' } : light;
}

/** The other findings of a page, below the gravest. */
function more(rest: Finding[], inList: boolean, words: Words, offers: Offers<Element>): HTMLElement | null {
  return folded(rest, words, () => foldedFindings(DOM, rest, inList, words, offers));
}

/** Findings behind a line that says how many there are, drawn when it is unfolded where they are many. */
function folded(findings: readonly Finding[], words: Words, draw: () => Element[]): HTMLElement | null {
  if (findings.length === 0) return null;
  const count = warnings(findings).length;
  const summary = count > 0 ? words.of('moreWarnings', count) : words.of('moreNotices', findings.length);
  const details = h('details', { class: 'more' }, h('summary', {}, summary));
  const fill = () => details.append(...draw());
  if (findings.length <= MOST_AT_ONCE) fill();
  else details.addEventListener('toggle', fill, { once: true });
  return details;
}

/** The findings of a list by their cards; the notices apart, so that none seems to be of the last card above. */
function cards(
  all: readonly Finding[],
  words: Words,
  offers: Offers<Element>,
  lead: (finding: Finding) => boolean,
): (Element | null)[] {
  const notices = all.filter(({ severity }) => !warns(severity));
  return [
    ...byCard(warnings(all), words, offers, lead),
    folded(notices, words, () => byCard(notices, words, offers, lead)),
  ];
}

/** Findings, each folded, under the titles of their cards, which lead there. */
function byCard(
  findings: readonly Finding[],
  words: Words,
  offers: Offers<Element>,
  lead: (finding: Finding) => boolean,
): Element[] {
  const ofCards = new Map<string, Finding[]>();
  for (const finding of findings)
    ofCards.set(finding.anchor ?? '', [...(ofCards.get(finding.anchor ?? '') ?? []), finding]);
  return [...ofCards].map(([anchor, found]) => {
    const title = cardTitle(anchor);
    const [first] = found;
    const leads = first !== undefined && title !== null;
    return h(
      'section',
      { class: 'of-card' },
      leads &&
        h(
          'h3',
          // The page's words, in the page's language: of an unknown one where it names none.
          { lang: document.documentElement.lang },
          h('button', { type: 'button', class: 'lead', onclick: () => lead(first) }, title),
        ),
      ...found.map((finding) => foldedFinding(DOM, finding, words, offers)),
    );
  });
}

/** What a part that unfolds is known by when it is drawn anew. Its line is not: it may count what is in it. */
function foldKey(details: HTMLDetailsElement): string {
  const finding = details.closest('.finding, .parts')?.textContent;
  const card = details.closest('.of-card')?.querySelector('h3')?.textContent;
  return JSON.stringify([details.className, finding, card]);
}

function foldsIn(drawing: Element): Map<string, boolean> {
  return new Map([...drawing.querySelectorAll('details')].map((each) => [foldKey(each), each.open]));
}

/** Have each part of a drawing unfolded, or folded, as it was in the one before. */
function unfold(drawing: Element, folds: ReadonlyMap<string, boolean>): void {
  for (const each of drawing.querySelectorAll('details')) {
    const isOpen = folds.get(foldKey(each)) ?? each.open;
    if (isOpen === each.open) continue;
    each.open = isOpen;
    // The browser tells of it later; what is drawn as it is unfolded may be what takes the keyboard again.
    each.dispatchEvent(new Event('toggle'));
    unfold(each, folds);
  }
}

/** The banner as an element of the page. */
export class Banner {
  private readonly holder = h('div');
  private readonly announcer = new Announcer();
  private readonly own = new OwnNode('koban-banner', colours + findings + own, this.holder, this.announcer.element);
  readonly host = this.own.host;
  private readonly ground = new AfterLayout(() => {
    this.holder.style.colorScheme = pageIsDark() ? 'dark' : 'light';
  });
  private drawnKey = '';
  /** The root of the document that it was drawn in: one that is written over takes the listeners of all that is in it. */
  private drawnIn: Element | null = null;
  private isOpen = false;

  get isDrawn(): boolean {
    return this.drawnKey !== '';
  }

  constructor(private readonly actions: BannerDoes) {}

  /**
   * Draw a model; the same again in the same document changes nothing. What was unfolded stays so, and nothing unfolds by
   * itself: the page would jump.
   */
  draw(model: PageModel): void {
    // Not by `folded`: that is of this page's own doing, or of a time before it.
    const key = JSON.stringify([
      withoutFragment(model.url),
      model.shown?.verdict,
      stateOfPage(model),
      model.health,
      model.readAgain,
      model.known,
      model.removed,
      model.unstored,
      model.language,
      model.settings?.templates,
      model.settings?.replies,
    ]);
    if (!this.isDrawn) onThemeChange(() => this.ground.want());
    this.ground.want();
    const { documentElement } = document;
    if (key === this.drawnKey && documentElement === this.drawnIn) return;
    this.drawnKey = key;
    this.drawnIn = documentElement;
    this.own.refuseForged();
    const fold = (folded: boolean) => {
      this.isOpen = !folded;
      this.actions.fold(folded);
    };
    const stop = this.focusedStop();
    const folds = foldsIn(this.holder);
    this.holder.replaceChildren(bannerOf(model, { ...this.actions, fold }, this.isOpen));
    unfold(this.holder, folds);
    if (stop !== null) this.focus(stop);
    this.announcer.announce(announcementOf(model));
  }

  /** What has the keyboard in the banner; null where it is elsewhere. */
  private focusedStop(): Element | null {
    const { activeElement } = this.holder.getRootNode() as ShadowRoot;
    return this.holder.contains(activeElement) ? activeElement : null;
  }

  /**
   * Have what says the same of the same as before take the keyboard, else the button that folds: nobody is to press
   * what they do not mean.
   */
  private focus(stop: Element): void {
    const said = (each: Element) => [each.textContent, each.closest('.parts, .of-card')?.textContent].join('\n');
    const same = [...this.holder.querySelectorAll<HTMLElement>(stop.localName)].find(
      (each) => said(each) === said(stop),
    );
    same?.focus({ preventScroll: true });
    // What lies in a folded part takes none.
    if (same !== undefined && this.focusedStop() === same) return;
    this.holder.querySelector<HTMLElement>('.fold[aria-expanded]')?.focus({ preventScroll: true });
  }
}
