/** The banner at the top of a page, in the page's own flow: nothing is covered. */
import type { Finding } from '../api/types';
import { listLine, warningCount } from '../look/count';
import { type Light, UNKNOWN_LIGHT, lightOf } from '../look/light';
import { maker } from '../look/maker';
import { foldedFinding, foldedFindings, findingMark, findingParts, type PrepareReport } from '../look/finding';
import { knownLine } from '../history/parts';
import { h, icon } from '../look/dom';
import colours from '../look/colours.css?inline';
import findings from '../look/finding.css?inline';
import { type PageModel, stateOfPage } from '../messages';
import { LOOKS, gravestFirst, isList, warnings } from '../states';
import { reasonLine } from '../words/lines';
import { Words } from '../words/words';
import own from './banner.css?inline';
import { LaidOut } from './laidout';
import { cardTitle } from './lead';
import { Own } from './ours';
import { pageIsDark } from './theme';

/** Not Koban's to speak of. A page of a marketplace that is not read has its line: the room for it is there anyway. */
const SILENT = new Set(['not-a-marketplace']);

const MOST_AT_ONCE = 10;

/** What the banner can do to the page and for the user. */
export interface BannerDoes {
  /** The user unfolded the banner, or folded it down to its line again. */
  fold(folded: boolean): void;
  /** End the pause. */
  resume(): void;
  /** Lead to the card that a finding of a list is of; told whether there is one. */
  lead(finding: Finding): boolean;
  /** Prepare a report on a finding. */
  prepare: PrepareReport;
}

const IDLE: BannerDoes = { fold: () => undefined, resume: () => undefined, lead: () => false, prepare: null };

/** Whether a page has a line of Koban's own: also where Koban is absent, paused or switched off, and while it is asked. */
export function hasBanner(model: PageModel): boolean {
  const { state, reason } = stateOfPage(model);
  return state !== 'not-checked' || !SILENT.has(reason ?? '');
}

/**
 * What the banner holds: one line, which is as high whatever it says, and below it what is unfolded. `open`: it was
 * unfolded on this page before.
 */
export function bannerOf(model: PageModel, does: Partial<BannerDoes> = {}, open = false): HTMLElement {
  const { fold, resume, lead, prepare } = { ...IDLE, ...does };
  const words = new Words(model.language);
  const { state, reason } = stateOfPage(model);
  const { kind, findings: judged } = model.shown?.verdict ?? {};
  const all = gravestFirst(judged ?? []);
  const found = warnings(all);
  // In a list the warnings stand beside the cards: here is only how many there are.
  const listed = listLine(model.shown?.verdict, words);
  const first = listed === null ? found[0] : undefined;
  const rest = all.filter((finding) => finding !== first);
  const light = escrowLight(model);
  const from = light === null ? null : h('p', { class: 'from' }, words.of(light.from));
  // That warnings are off is said beside a light that stays on.
  const muted =
    light !== null && model.shown?.verdict.reason === 'muted'
      ? h('span', { class: 'mark not-checked' }, icon(LOOKS['not-checked'].path), words.of('notCheckedLine', reasonLine('muted', words)))
      : null;
  const isAsking = model.shown === null && model.health === 'ok';
  const rows = h('div', { class: 'rows', hidden: !open });
  const fill = () =>
    rows.append(
      ...[
        from,
        muted && h('p', { class: 'from' }, words.of('notCheckedLine', reasonLine('muted', words))),
        first === undefined ? null : findingParts(first, words, prepare),
        ...(listed === null ? [more(rest, isList(kind), words, prepare)] : cards(all, words, prepare, lead)),
        known(model, words),
      ].filter((part) => part !== null),
    );
  // A list may have a hundred, and each stands beside its card already: they are drawn when they are asked for.
  const isLater = listed !== null && found.length > MOST_AT_ONCE && !open;
  if (!isLater) fill();
  const line = isAsking ? words.of('askingLine') : (listed ?? lineOf(model, words));
  return h(
    'section',
    {
      class: `banner ${state}${first === undefined && listed === null ? ' slim' : ''}${model.folded ? ' read' : ''}`,
      lang: model.language,
      'aria-label': words.of('bannerName'),
    },
    h(
      'div',
      { class: 'inner' },
      h(
        'div',
        { class: 'top' },
        // First and largest. Neither folding nor muting takes it away: whether to begin is asked again at each visit.
        light && h('p', { class: 'light' }, h('span', { class: `mark ${light.state}` }, icon(LOOKS[light.state].path), words.of(light.word))),
        h(
          'p',
          { class: 'head', role: 'status' },
          // What the light says already is not said again beside it.
          ...(first !== undefined
            ? [findingMark(first, words), h('span', { class: 'title' }, words.in(first.title))]
            : muted !== null
              ? [muted]
            : light !== null && (state === light.state || state === 'clear')
              ? []
              : [h('span', { class: `mark ${state}` }, icon(LOOKS[state].path), line)]),
        ),
        maker(),
        reason === 'paused' ? h('button', { type: 'button', class: 'fold', onclick: (event) => event.isTrusted && resume() }, words.of('resumeButton')) : null,
        !isLater && rows.childElementCount === 0 ? null : folder(rows, unfoldLine(all, model, words), words, fold, isLater ? fill : null),
      ),
      rows,
    ),
  );
}

/** What is to be unfolded, by number. */
function unfoldLine(all: readonly Finding[], model: PageModel, words: Words): string {
  const count = warningCount(model.shown?.verdict);
  if (count > 0) return words.of('showWarnings', count);
  return all.length > 0 ? words.of('moreNotices', all.length) : words.of('unfoldButton');
}

/** The button that unfolds the banner below its line, and folds it again. */
function folder(rows: HTMLElement, unfold: string, words: Words, fold: (folded: boolean) => void, fill: (() => void) | null): HTMLElement {
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
  return state === 'not-checked' ? words.of('notCheckedLine', reasonLine(reason ?? '', words)) : words.of('clearLine');
}

/**
 * A client who was seen before: since when and what came of it, and the user's own note, drawn when it is unfolded. A
 * page that searches itself (`window.find`) finds what closed roots hold, word by word; what a style sheet draws it does not.
 */
function known({ known: client }: PageModel, words: Words): HTMLElement | null {
  if (client === null) return null;
  const line = words.of('knownSummary', knownLine(client, words));
  if (client.note == null) return h('p', { class: 'known' }, line);
  const details = h('details', { class: 'known' }, h('summary', {}, line, h('span', { class: 'noted' }, words.of('knownNoted'))));
  details.addEventListener('toggle', () => details.append(h('p', { 'data-note': client.note ?? null })), { once: true });
  return details;
}

/** On a deal's page: whether its state, as the page shows it, lets the work begin; that it may, only while Koban looks. */
function escrowLight(model: PageModel): Light | null {
  const light = lightOf(model.shown?.verdict);
  return light?.state === 'clear' && model.health !== 'ok' ? { ...UNKNOWN_LIGHT, from: 'escrowUnseenFrom' } : light;
}

/** The other findings of a page, below the gravest. */
function more(rest: Finding[], inList: boolean, words: Words, prepare: PrepareReport): HTMLElement | null {
  if (rest.length === 0) return null;
  const count = warnings(rest).length;
  const summary = count > 0 ? words.of('moreWarnings', count) : words.of('moreNotices', rest.length);
  const details = h('details', { class: 'more' }, h('summary', {}, summary));
  const fill = () => details.append(...foldedFindings(rest, inList, words, prepare));
  if (rest.length <= MOST_AT_ONCE) fill();
  else details.addEventListener('toggle', fill, { once: true });
  return details;
}

/** The findings of a list by their cards: each folded, under the title of its card, which leads there. */
function cards(all: readonly Finding[], words: Words, prepare: PrepareReport, lead: (finding: Finding) => boolean): HTMLElement[] {
  const byCard = new Map<string, Finding[]>();
  for (const finding of warnings(all)) byCard.set(finding.anchor ?? '', [...(byCard.get(finding.anchor ?? '') ?? []), finding]);
  const notices = all.filter(({ severity }) => severity === 'notice');
  return [
    ...[...byCard].map(([anchor, findings]) => {
      const title = cardTitle(anchor);
      const [first] = findings;
      const leads = first !== undefined && title !== null;
      return h(
        'section',
        { class: 'of-card' },
        leads && h('h3', {}, h('button', { type: 'button', class: 'lead', onclick: () => lead(first) }, title)),
        ...findings.map((finding) => foldedFinding(finding, words, prepare)),
      );
    }),
    ...foldedFindings(notices, true, words, prepare),
  ];
}

/** The banner as an element of the page. */
export class Banner {
  private readonly holder = h('div');
  readonly host = new Own('koban-banner', colours + findings + own, this.holder).host;
  private readonly ground = new LaidOut(() => {
    this.holder.style.colorScheme = pageIsDark() ? 'dark' : 'light';
  });
  private drawn = '';
  private isOpen = false;

  get isDrawn(): boolean {
    return this.drawn !== '';
  }

  constructor(private readonly does: BannerDoes) {}

  /** Draw a model; the same again changes nothing. What was unfolded stays so, and nothing unfolds by itself: the page would jump. */
  draw(model: PageModel): void {
    // Not by `folded`: that is of this page's own doing, or of a time before it.
    const key = JSON.stringify([model.shown?.verdict, stateOfPage(model), model.known, model.language]);
    this.ground.want();
    if (key === this.drawn) return;
    this.drawn = key;
    const fold = (folded: boolean) => {
      this.isOpen = !folded;
      this.does.fold(folded);
    };
    this.holder.replaceChildren(bannerOf(model, { ...this.does, fold }, this.isOpen));
  }
}
