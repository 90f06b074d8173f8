/** One's own page: what is due, escrow not seen and what is owed, deals as they went, clients, warnings over time. */

import type { VNode } from 'preact';
import { withoutFragment } from '../address';
import type { Deal, HistorySettings, HistoryView, Known, Warned } from '../api/types';
import type { Language } from '../i18n/languages';
import { type Key, Words } from '../i18n/words';
import { COURSE, DEAL_STATES } from '../lexicon.generated';
import { LOOKS, stateOf } from '../states';
import { languageOptions } from '../ui/language-options';
import { type Child, h, icon, outward, Root } from '../ui/virtual';
import { type CareActions, care } from './care';
import { dayOf, knownLine, money, today } from './parts';
import { bars, byMonth, byRule } from './plots';
import { type ReportActions, reporting } from './report';
import { revisionsField } from './revisions';
import { dueList, noteField, sureButton } from './widgets';

type Point = NonNullable<Deal['course']>[number];
type DealWord = NonNullable<Deal['words']>[number];

export interface HistoryActions extends CareActions, ReportActions {
  note(site: string, client: string, note: string | null): Promise<boolean>;
  revisions(site: string, deal: string, revisions: number | null): Promise<boolean>;
  forget(site: string, client: string): Promise<boolean>;
  calendar(): Promise<string | null>;
  /** Those of the whole history in which all words stand; null where Koban cannot be asked. */
  find(search: string): Promise<HistoryView | null>;
  /** Chooses the language; null where the extension's own is followed. */
  speak: ((language: Language) => void) | null;
  /** Read the history again. */
  again(): void;
}

/** The content of the page, or the reason for none. */
export type Shown = { view: HistoryView; settings: HistorySettings } | 'not-running' | 'closed';

const MOST = 100;
/** Pause in typing after which the whole history is searched by Koban. */
const TYPING_MS = 300;

export class HistoryPage {
  private readonly root: Root;
  private shown: Shown | undefined;
  private words = new Words('ja');
  private search = '';
  /** Koban's matches in the whole history; null where the newest alone is searched. */
  private searchResult: HistoryView | 'searching' | 'failed' | null = null;
  private typing: ReturnType<typeof setTimeout> | undefined;

  constructor(
    element: HTMLElement,
    private readonly actions: HistoryActions,
  ) {
    this.root = new Root(element);
    // What is folded is printed too.
    let openParts: HTMLDetailsElement[] = [];
    addEventListener('beforeprint', () => {
      openParts = [...element.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
      for (const details of openParts) details.open = true;
    });
    addEventListener('afterprint', () => {
      for (const details of openParts) details.open = false;
    });
  }

  show(answer: Shown, language: Language): void {
    this.shown = answer;
    this.words = new Words(language);
    document.documentElement.lang = language;
    document.title = this.words.of('historyTitle');
    clearTimeout(this.typing);
    const isSearched = typeof answer !== 'string' && this.isElsewhere(answer.view);
    this.searchResult = isSearched ? 'searching' : null;
    this.draw();
    if (isSearched) void this.find();
  }

  /** Whether what is searched for may stand in a part of the history that is not here. */
  private isElsewhere(view: HistoryView): boolean {
    return !isWhole(view) && this.search.trim() !== '';
  }

  private draw(): void {
    const { shown, words } = this;
    if (shown === undefined) return;
    const head = h('header', {}, h('h1', {}, words.of('historyTitle')), this.languages());
    if (shown === 'not-running' || shown === 'closed') {
      const why = words.of(shown === 'closed' ? 'historyClosed' : 'healthNotRunning');
      return this.root.draw(h('main', {}, head, h('p', { key: 'away', role: 'status' }, why)));
    }
    const { view, settings } = shown;
    this.root.draw(
      h(
        'main',
        {},
        head,
        h('p', { key: 'line', class: 'none' }, words.of('historyLine')),
        ...this.troubles(view, settings).map((line) => h('p', { key: line, class: 'trouble', role: 'status' }, line)),
        this.today(view),
        this.sums(view),
        this.searchBox(view),
        h('div', { class: 'lists' }, ...this.searched(view)),
        this.plots(view),
        this.section('care', 'careHeading', ...care(settings, words, this.caring())),
      ),
    );
  }

  private searchBox(view: HistoryView): VNode {
    const label = this.words.of('historySearch');
    const oninput = ({ currentTarget }: Event) => {
      this.search = (currentTarget as HTMLInputElement).value;
      clearTimeout(this.typing);
      const isElsewhere = this.isElsewhere(view);
      this.searchResult = isElsewhere ? 'searching' : null;
      if (isElsewhere) this.typing = setTimeout(() => void this.find(), TYPING_MS);
      this.draw();
    };
    const attributes = { type: 'search', 'aria-label': label, placeholder: label, value: this.search, oninput };
    return h('section', { class: 'search' }, h('input', attributes));
  }

  private searched(view: HistoryView): Child[] {
    const { searchResult, words } = this;
    if (searchResult === 'searching') return [h('p', { class: 'none', role: 'status' }, words.of('historySearching'))];
    if (searchResult === 'failed') return [h('p', { role: 'status' }, words.of('historyFailed'))];
    // Koban knows what is stored, and the words of states, days and amounts; those of marks alone are looked for here.
    return this.lists(searchResult === null ? view : joined(view, searchResult));
  }

  /** Show what Koban finds in the whole of a history of which the newest alone is here. */
  private async find(): Promise<void> {
    const { search, shown } = this;
    const result = await this.actions.find(search);
    // Something else is searched for since, or the history is another.
    if (search !== this.search || shown !== this.shown) return;
    this.searchResult = result ?? 'failed';
    this.draw();
  }

  private languages(): VNode | null {
    const { speak } = this.actions;
    if (speak === null) return null;
    const { words } = this;
    const onchange = ({ currentTarget }: Event) => speak((currentTarget as HTMLSelectElement).value as Language);
    return h(
      'select',
      { 'aria-label': words.of('languageHeading'), value: words.language, onchange },
      ...languageOptions(words.language),
    );
  }

  private troubles({ recording }: HistoryView, settings: HistorySettings): string[] {
    const { words } = this;
    return [
      settings.enabled ? null : words.of('historyPaused'),
      recording.usable ? null : words.of('historyUnusable'),
      recording.silent ? words.of('historySilent') : null,
      recording.lost > 0 ? words.of('historyLost', recording.lost) : null,
    ].filter((line) => line !== null);
  }

  private caring(): CareActions {
    return {
      ...this.actions,
      keep: (change) => this.actions.keep(change),
      forgetAll: async () => {
        const isDone = await this.actions.forgetAll();
        if (isDone) this.actions.again();
        return isDone;
      },
    };
  }

  private lists(view: HistoryView): VNode[] {
    const { deals, clients, warnings, more } = view;
    const matching = <T>(all: T[], texts: (one: T) => (string | null | undefined)[]) =>
      all.filter((one) => this.matches(...texts(one)));
    return [
      this.listed(
        'deals',
        'dealsHeading',
        matching(deals, (deal) => [deal.title, deal.client_name, deal.client, deal.id, ...this.shownOf(deal)]),
        more?.deals,
        (rows) => rows.map((deal) => this.deal(deal)),
      ),
      this.listed(
        'clients',
        'clientsHeading',
        matching(clients, (client) => [client.name, client.id, client.note, knownLine(client, this.words)]),
        more?.clients,
        (rows) => rows.map((client) => this.client(client, view)),
      ),
      this.listed(
        'warnings',
        'warningsHeading',
        matching(warnings, ({ title, rule, risk, severity, client_name, subject_title, page, last_seen, quotes }) => [
          ...Object.values(title),
          rule,
          risk,
          this.words.of(LOOKS[stateOf(severity)].word),
          this.words.day(dayOf(last_seen)),
          client_name,
          subject_title,
          page,
          ...quotes,
        ]),
        more?.warnings,
        (rows) => [this.warned(rows)],
      ),
    ];
  }

  /** The words that stand in a deal's row beside its names. */
  private shownOf(deal: Deal): (string | null)[] {
    const { words } = this;
    return [
      words.of(deal.state == null ? 'dealUnknown' : DEAL_STATES[deal.state]),
      deal.amount == null ? null : money(deal.amount, deal.currency, words),
      ...this.marksOf(deal),
    ];
  }

  /** The words of the marks that stand at a deal. */
  private marksOf({ waits_for_escrow, owed }: Deal): string[] {
    const { words } = this;
    return [...(waits_for_escrow ? [words.of('escrowStop')] : []), ...(owed ? [words.of('dealOwed')] : [])];
  }

  private matches(...texts: (string | null | undefined)[]): boolean {
    const plain = (text: string) => text.normalize('NFKC').toLowerCase();
    const queryWords = plain(this.search).split(/\s+/).filter(Boolean);
    const all = plain(texts.filter(Boolean).join(' '));
    return queryWords.every((word) => all.includes(word));
  }

  private section(id: string, heading: Key, ...children: Child[]): VNode {
    return h(
      'section',
      { id, 'aria-labelledby': `${id}-heading` },
      h('h2', { id: `${id}-heading` }, this.words.of(heading)),
      ...children,
    );
  }

  /** A section of at most so many that a browser draws them at once; of the others it is said that they are there. */
  private listed<T>(
    id: string,
    heading: Key,
    rows: T[],
    elsewhere: number | undefined,
    draw: (rows: T[]) => VNode[],
  ): VNode {
    const { words } = this;
    const rest = Math.max(0, rows.length - MOST) + (elsewhere ?? 0);
    const more = rest > 0 ? h('p', { class: 'none' }, words.of('historyMore', rest)) : null;
    if (rows.length === 0)
      return this.section(
        id,
        heading,
        h('p', { class: 'none' }, words.of(this.search === '' ? 'historyNone' : 'historyNotFound')),
      );
    return this.section(id, heading, ...draw(rows.slice(0, MOST)), more);
  }

  private today({ today: dues }: HistoryView): VNode {
    const save = async () => {
      const text = await this.actions.calendar();
      if (text !== null) this.actions.save('koban.ics', text, 'text/calendar');
    };
    return this.section(
      'today',
      'todayHeading',
      dues.length === 0 ? h('p', { class: 'none' }, this.words.of('todayNone')) : dueList(dues, this.words),
      h(
        'p',
        { class: 'buttons' },
        h('button', { type: 'button', class: 'ics', onclick: () => void save() }, this.words.of('calendarButton')),
      ),
    );
  }

  private sums({ deals, more }: HistoryView): VNode {
    const { words } = this;
    const card = (key: Key, dealsOfCard: Deal[]) =>
      h(
        'div',
        { class: dealsOfCard.length === 0 ? 'card' : 'card caution' },
        h('p', {}, h('strong', {}, amounts(dealsOfCard, words)), sumOf(dealsOfCard, words)),
        h(
          'p',
          {},
          dealsOfCard.length === 0 ? null : h('span', { class: 'mark caution' }, icon(LOOKS.caution.path)),
          words.of(key),
        ),
        h('ul', {}, ...dealsOfCard.slice(0, 5).map((deal) => h('li', {}, this.toDeal(deal)))),
      );
    return this.section(
      'sums',
      'sumsHeading',
      h(
        'div',
        { class: 'cards' },
        card(
          'sumsWaiting',
          deals.filter((deal) => deal.waits_for_escrow),
        ),
        card(
          'sumsOwed',
          deals.filter((deal) => deal.owed),
        ),
      ),
      this.ofNewest(deals.length, more?.deals),
    );
  }

  /** Says that something was counted of the newest alone. */
  private ofNewest(number: number, more: number | undefined): VNode | null {
    return !more ? null : h('p', { class: 'none' }, this.words.of('ofNewest', number));
  }

  /** Leads to a deal further down, and unfolds it. */
  private toDeal(deal: Deal): VNode {
    const go = (event: Event) => {
      event.preventDefault();
      this.search = '';
      this.draw();
      const details = document.getElementById(idOf(deal));
      if (!(details instanceof HTMLDetailsElement)) return;
      details.open = true;
      details.querySelector('summary')?.focus();
    };
    return h('a', { href: `#${idOf(deal)}`, onclick: go }, deal.title ?? deal.id);
  }

  private deal(deal: Deal): VNode {
    const { words } = this;
    const state = deal.state == null ? words.of('dealUnknown') : words.of(DEAL_STATES[deal.state]);
    return h(
      'details',
      { key: idOf(deal), class: 'deal', id: idOf(deal) },
      h(
        'summary',
        {},
        h('span', { class: 'title' }, deal.title ?? deal.id),
        this.facts(deal),
        h('span', { class: 'state' }, track(deal), state),
      ),
      h('ol', { class: 'steps' }, ...(deal.course ?? []).map((point) => this.point(point))),
      deal.escrow_seen ? null : h('p', {}, words.of('escrowNeverSeen')),
      deal.dues.length === 0 ? null : dueList(deal.dues, words, false),
      deal.undated == null ? null : h('p', { class: 'undated' }, words.in(deal.undated)),
      deal.revision_requests ? h('p', {}, words.of('revisionsSoFar', deal.revision_requests)) : null,
      revisionsField(deal, words, (number) => this.actions.revisions(deal.site, deal.id, number)),
      deal.url == null ? null : h('p', {}, outward(deal.url, words.of('dealPage'))),
      reporting({ site: deal.site, deal: deal.id }, words, this.actions),
    );
  }

  /** The line below a deal's title; null where there is nothing to say. */
  private facts(deal: Deal): VNode | null {
    const { words } = this;
    const marks = this.marksOf(deal);
    if (deal.client_name == null && deal.amount == null && marks.length === 0) return null;
    return h(
      'span',
      { class: 'facts' },
      deal.client_name == null ? null : h('span', { class: 'whom' }, deal.client_name),
      deal.amount == null ? null : h('span', {}, money(deal.amount, deal.currency, words)),
      ...marks.map((text) => h('span', { class: 'mark caution' }, icon(LOOKS.caution.path), text)),
    );
  }

  private point(point: Point): VNode {
    const { words } = this;
    if (point.kind === 'message') return this.word(point.word);
    if (point.kind !== 'seen') {
      return h(
        'li',
        { class: point.kind },
        h('strong', {}, words.of(DEAL_STATES[point.state])),
        h('span', { class: 'none' }, words.of(point.kind === 'missed' ? 'stepMissed' : 'stepAhead')),
      );
    }
    const { step } = point;
    return h(
      'li',
      { class: 'seen' },
      h('time', { datetime: step.first_seen }, words.day(dayOf(step.first_seen))),
      h('strong', {}, words.of(DEAL_STATES[step.state])),
      step.amount == null ? null : h('span', {}, money(step.amount, step.currency, words)),
      outward(step.page, words.of(step.feed === 'extension' ? 'stepPageShown' : 'stepPage')),
    );
  }

  private word(word: DealWord): VNode {
    const { words } = this;
    const what = word.what === 'handed-over' ? words.of('wordHandedOver') : words.of('wordRevision', word.round ?? 1);
    return h('li', { class: 'word' }, h('time', { datetime: word.at }, words.day(wordDay(word))), what);
  }

  private client(client: Known, { warnings, deals }: HistoryView): VNode {
    const { words } = this;
    const theirs = warnings.filter((warnings) => warnings.site === client.site && warnings.client === client.id);
    const clientDeals = deals.filter((deal) => deal.site === client.site && deal.client === client.id);
    const forget = async () => {
      if (await this.actions.forget(client.site, client.id)) this.actions.again();
    };
    return h(
      'details',
      { key: `${client.site} ${client.id}`, class: 'client' },
      h(
        'summary',
        {},
        h('span', { class: 'title' }, client.name ?? client.id),
        h('span', { class: 'state' }, knownLine(client, words)),
      ),
      noteField(client, words, (note) => this.actions.note(client.site, client.id, note)),
      h('p', { class: 'none' }, words.of('noteLine')),
      clientDeals.length === 0
        ? null
        : h('ul', { class: 'theirs' }, ...clientDeals.map((deal) => h('li', {}, this.toDeal(deal)))),
      theirs.length === 0 ? null : this.warned(theirs.slice(0, MOST), false),
      reporting({ site: client.site, client: client.id }, words, this.actions),
      h(
        'p',
        { class: 'buttons' },
        sureButton(words.of('forgetButton'), words.of('forgetSureButton'), () => void forget()),
      ),
    );
  }

  private warned(warnings: Warned[], named = true): VNode {
    const { words } = this;
    const rows = together(warnings).map(({ warned, pages }) => {
      const state = stateOf(warned.severity);
      return h(
        'li',
        {},
        h('time', { datetime: warned.last_seen }, words.day(dayOf(warned.last_seen))),
        h('span', { class: `mark ${state}` }, icon(LOOKS[state].path), words.of(LOOKS[state].word)),
        h(
          'span',
          { class: 'what' },
          outward(warned.page, words.in(warned.title)),
          subjectOf(warned),
          pages > 1 ? h('span', { class: 'none' }, words.of('onPages', pages)) : null,
          named && warned.client_name != null ? h('span', { class: 'whom' }, warned.client_name) : null,
        ),
      );
    });
    return h('ul', { class: 'rows warned' }, ...rows);
  }

  private plots({ warnings, more }: HistoryView): VNode {
    const { words } = this;
    if (warnings.length === 0)
      return this.section('plots', 'plotsHeading', h('p', { class: 'none' }, words.of('historyNone')));
    const { counts, rest } = byRule(warnings);
    return this.section(
      'plots',
      'plotsHeading',
      bars(
        words.of('plotsByMonth'),
        words.of('plotsMonth'),
        byMonth(warnings, today()).map(([month, count]) => [words.month(month), count]),
        words,
      ),
      bars(
        words.of('plotsByRisk'),
        words.of('plotsRisk'),
        counts.map(([title, count]) => [words.in(title), count]),
        words,
      ),
      rest === 0 ? null : h('p', { class: 'none' }, words.of('plotsRest', rest)),
      this.ofNewest(warnings.length, more?.warnings),
      h('p', { class: 'buttons' }, h('button', { type: 'button', onclick: () => print() }, words.of('printButton'))),
    );
  }
}

/** The job or deal that a warning is of, which leads to its page; null where none is remembered. */
function subjectOf({ subject_title: title, subject_url: url }: Warned): VNode | null {
  if (title == null) return null;
  return h('span', { class: 'of' }, url == null ? title : outward(url, title));
}

/**
 * One row for each rule and job, deal or client that it is of: the newest warning, and the number of its pages.
 */
function together(warnings: readonly Warned[]): { warned: Warned; pages: number }[] {
  const rows = new Map<string, { warned: Warned; on: Set<string> }>();
  for (const warning of warnings) {
    const page = withoutFragment(warning.page);
    const key = JSON.stringify([
      warning.site,
      warning.rule,
      warning.client,
      warning.subject_title ?? (warning.client === null && page),
    ]);
    const row = rows.get(key) ?? { warned: warning, on: new Set<string>() };
    if (Date.parse(warning.last_seen) > Date.parse(row.warned.last_seen)) row.warned = warning;
    rows.set(key, { warned: row.warned, on: row.on.add(page) });
  }
  return [...rows.values()].map(({ warned, on }) => ({ warned, pages: on.size }));
}

/** What is here with what was found elsewhere, each once; how many more there are as that search has it. */
function joined(here: HistoryView, found: HistoryView): HistoryView {
  const unlike = <T>(some: T[], others: T[], keyOf: (one: T) => unknown) => {
    const knownKeys = new Set(some.map(keyOf));
    return [...some, ...others.filter((one) => !knownKeys.has(keyOf(one)))];
  };
  return {
    ...found,
    deals: unlike(here.deals, found.deals, idOf),
    clients: unlike(here.clients, found.clients, ({ site, id }) => `${site} ${id}`),
    warnings: unlike(here.warnings, found.warnings, (warned) => warned.key ?? warned),
  };
}

/** Whether all that is remembered is here. */
function isWhole({ more }: HistoryView): boolean {
  return more === undefined || more.deals + more.clients + more.warnings === 0;
}

/** The day of a message, of which some sites tell no more. */
function wordDay({ at }: DealWord): string {
  return at.length > 10 ? dayOf(at) : at;
}

function idOf(deal: Deal): string {
  return `deal-${deal.site}-${deal.id}`;
}

/** The stages of a deal as dots, filled where they were seen. What they say, the list below says in words. */
function track({ steps }: Deal): VNode {
  const seenStates = new Set(steps.map(({ state }) => state));
  return h(
    'span',
    { class: 'track', 'aria-hidden': 'true' },
    ...COURSE.map((stage) => h('span', { class: seenStates.has(stage) ? 'dot seen' : 'dot' })),
  );
}

/** Of how many deals a sum is, and of how many of these no amount is known. */
function sumOf(deals: Deal[], words: Words): string {
  const unpricedCount = deals.filter(({ amount, currency }) => amount == null || currency == null).length;
  if (unpricedCount === 0 || unpricedCount === deals.length) return words.of('sumsCount', deals.length);
  return words.of('sumsSomeUnpriced', deals.length, unpricedCount);
}

function amounts(deals: Deal[], words: Words): string {
  const sums = new Map<string, number>();
  for (const { amount, currency } of deals) {
    if (amount != null && currency != null) sums.set(currency, (sums.get(currency) ?? 0) + Number(amount));
  }
  if (sums.size === 0) return deals.length > 0 ? words.of('sumsUnpriced') : money(0, 'JPY', words);
  return [...sums].map(([currency, sum]) => money(sum, currency, words)).join(words.of('listComma'));
}
