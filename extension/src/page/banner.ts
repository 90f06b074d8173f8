/** The banner at the top of a page, in the page's own flow: nothing is covered. */
import type { Finding } from '../api/types';
import { listLine } from '../look/count';
import { lightOf } from '../look/light';
import { foldedFindings, findingMark, findingParts, type PrepareReport } from '../look/finding';
import { knownLine } from '../history/parts';
import { h, icon } from '../look/dom';
import colours from '../look/colours.css?inline';
import findings from '../look/finding.css?inline';
import { type PageModel, stateOfPage } from '../messages';
import { LOOKS, gravestFirst, warnings } from '../states';
import { reasonLine } from '../words/lines';
import { Words } from '../words/words';
import own from './banner.css?inline';
import { LaidOut } from './laidout';
import { Own } from './ours';
import { pageIsDark } from './theme';

/** Not checked, and no news to who opened the page: the toolbar says it, the page is left alone. */
const SILENT = new Set(['unknown-page', 'not-a-marketplace', 'nothing-to-check', 'off', 'paused']);

const MOST_AT_ONCE = 10;

/** Whether a page has a banner of Koban's own. Without a verdict the one that the proxy appended stays. */
export function hasBanner(model: PageModel): boolean {
  if (model.shown === null) return false;
  const { state, reason } = stateOfPage(model);
  return state !== 'not-checked' || !SILENT.has(reason ?? '');
}

/** What the banner holds for a model that `hasBanner`. `fold` is told when the user folds it away or unfolds it. */
export function bannerOf(model: PageModel, fold: (folded: boolean) => void = () => undefined, prepare: PrepareReport = null): HTMLElement {
  const words = new Words(model.language);
  const { state } = stateOfPage(model);
  const all = gravestFirst(model.shown?.verdict.findings ?? []);
  const found = warnings(all);
  // In a list the warnings stand beside the cards: here is only how many there are.
  const { kind } = model.shown?.verdict ?? {};
  const listed = listLine(model.shown?.verdict, words);
  const first = listed === null ? found[0] : undefined;
  const rest = all.filter((finding) => finding !== first);
  const rows = h(
    'div',
    { class: 'rows', hidden: first !== undefined && model.folded },
    first === undefined ? null : findingParts(first, words, prepare),
    rest.length === 0 ? null : more(rest, kind, listed !== null ? words.of('showReasons') : moreLine(rest, words), words, prepare),
  );
  return h(
    'section',
    { class: `banner ${state}${first === undefined ? ' slim' : ''}`, lang: model.language, 'aria-label': words.of('bannerName') },
    h(
      'div',
      { class: 'inner' },
      // First and largest. Neither folding nor muting takes it away: whether to begin is asked again at each visit.
      escrowLight(model, words),
      h(
        'div',
        { class: 'top' },
        h(
          'p',
          { class: 'head', role: 'status' },
          ...(first === undefined
            ? [h('span', { class: `mark ${state}` }, icon(LOOKS[state].path), listed ?? lineOf(model, words))]
            : [findingMark(first, words), h('span', { class: 'title' }, words.in(first.title))]),
        ),
        h('span', { class: 'who' }, 'Koban'),
        first === undefined ? null : folder(rows, words, fold),
      ),
      rows,
      known(model, words),
    ),
  );
}

/** The button that folds the banner down to its first line. */
function folder(rows: HTMLElement, words: Words, fold: (folded: boolean) => void): HTMLElement {
  const button = h('button', {
    type: 'button',
    class: 'fold',
    onclick: () => {
      rows.hidden = !rows.hidden;
      say();
      fold(rows.hidden);
    },
  });
  const say = () => {
    button.textContent = words.of(rows.hidden ? 'unfoldButton' : 'foldButton');
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

/** On a deal's page: whether its state, as the page shows it, lets the work begin. */
function escrowLight(model: PageModel, words: Words): HTMLElement | null {
  const light = lightOf(model.shown?.verdict);
  if (light === null) return null;
  const { state, word, from } = light;
  return h(
    'p',
    { class: 'light' },
    h('span', { class: `mark ${state}` }, icon(LOOKS[state].path), words.of(word)),
    h('span', { class: 'from' }, words.of(from)),
  );
}

function moreLine(rest: Finding[], words: Words): string {
  const count = warnings(rest).length;
  return count > 0 ? words.of('moreWarnings', count) : words.of('moreNotices', rest.length);
}

function more(rest: Finding[], kind: string | null | undefined, summary: string, words: Words, prepare: PrepareReport): HTMLElement {
  const details = h('details', { class: 'more' }, h('summary', {}, summary));
  const fill = () => details.append(...foldedFindings(rest, kind, words, prepare));
  // A list may have a hundred, and each stands beside its card already: they are drawn when they are asked for.
  if (rest.length <= MOST_AT_ONCE) fill();
  else details.addEventListener('toggle', fill, { once: true });
  return details;
}

/** The banner as an element of the page. */
export class Banner {
  private readonly holder = h('div');
  readonly host = new Own('koban-banner', colours + findings + own, this.holder).host;
  private readonly ground = new LaidOut(() => {
    this.holder.style.colorScheme = pageIsDark() ? 'dark' : 'light';
  });
  private drawn = '';

  constructor(
    private readonly fold: (folded: boolean) => void,
    private readonly prepare: PrepareReport = null,
  ) {}

  /** Draw a model; the same again changes nothing, so that what was unfolded stays so. */
  draw(model: PageModel): void {
    // Not by `folded`: that is of this page's own doing, or of a time before it.
    const key = JSON.stringify([model.shown?.verdict, stateOfPage(model), model.known, model.language]);
    this.ground.want();
    if (key === this.drawn) return;
    this.drawn = key;
    this.holder.replaceChildren(bannerOf(model, this.fold, this.prepare));
  }
}
