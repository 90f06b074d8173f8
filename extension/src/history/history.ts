/** One's own page: what is due, escrow not seen and what is owed, deals as they went, clients, warnings over time. */
import type { Deal, HistorySettings, HistoryView, Known, Warned } from '../api/types';
import { h, icon, outward } from '../look/dom';
import { LOOKS, stateOf } from '../states';
import { type Key, Words, type Language } from '../words/words';
import { care, type CareDoing } from './care';
import { COURSE, DEAL_STATES } from '../lexicon.generated';
import { course, type DealWord, type Point, told, waitsForEscrow, wordDay } from './course';
import { dayOf, dueList, knownLine, money, noteField, sureButton, today } from './parts';
import { bars, byMonth, byRule } from './plots';
import { reporting, type ReportDoing } from './report';

export interface HistoryDoing extends CareDoing, ReportDoing {
  note(site: string, client: string, note: string | null): Promise<boolean>;
  revisions(site: string, deal: string, revisions: number | null): Promise<boolean>;
  forget(site: string, client: string): Promise<boolean>;
  calendar(): Promise<string | null>;
  /** Those of the whole history in which all words stand; null where Koban cannot be asked. */
  find(search: string): Promise<HistoryView | null>;
  /** Chooses the language; null where the extension's own is followed. */
  speak: ((language: Language) => void) | null;
  /** Read the history anew. */
  again(): void;
}

/** What is shown, or why nothing is. */
export type Shown = { view: HistoryView; settings: HistorySettings } | 'not-running' | 'closed';

const MOST = 100;
/** How long one pauses in writing before a history that is not all here is searched. */
const TYPING_MS = 300;

export class HistoryPage {
  private readonly main = h('main');
  private shown: Shown | undefined;
  private words = new Words('ja');
  private search = '';
  private typing: ReturnType<typeof setTimeout> | undefined;

  constructor(
    root: HTMLElement,
    private readonly does: HistoryDoing,
  ) {
    root.append(this.main);
    // What is folded is printed too.
    let opened: HTMLDetailsElement[] = [];
    addEventListener('beforeprint', () => {
      opened = [...this.main.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
      for (const each of opened) each.open = true;
    });
    addEventListener('afterprint', () => {
      for (const each of opened) each.open = false;
    });
  }

  show(shown: Shown, language: Language): void {
    this.shown = shown;
    this.words = new Words(language);
    document.documentElement.lang = language;
    document.title = this.words.of('historyTitle');
    this.draw();
  }

  private draw(): void {
    const { shown, words } = this;
    if (shown === undefined) return;
    clearTimeout(this.typing);
    const head = h('header', {}, h('h1', {}, words.of('historyTitle')), this.languages());
    if (shown === 'not-running' || shown === 'closed') {
      const why = words.of(shown === 'closed' ? 'historyClosed' : 'healthNotRunning');
      return this.main.replaceChildren(head, h('p', { role: 'status' }, why));
    }
    const { view, settings } = shown;
    const search = h('input', {
      type: 'search',
      'aria-label': words.of('historySearch'),
      placeholder: words.of('historySearch'),
      oninput: () => {
        this.search = search.value;
        clearTimeout(this.typing);
        const elsewhere = !isWhole(view) && this.search.trim() !== '';
        lists.replaceChildren(...(elsewhere ? [h('p', { class: 'none', role: 'status' }, words.of('historySearching'))] : this.lists(view)));
        if (elsewhere) this.typing = setTimeout(() => void this.find(lists), TYPING_MS);
      },
    });
    search.value = this.search;
    const lists = h('div', { class: 'lists' }, ...this.lists(view));
    this.main.replaceChildren(
      head,
      h('p', { class: 'none' }, words.of('historyLine')),
      ...this.troubles(view, settings).map((line) => h('p', { class: 'trouble', role: 'status' }, line)),
      this.today(view),
      this.sums(view),
      h('section', { class: 'search' }, search),
      lists,
      this.plots(view),
      this.section('care', 'careHeading', ...care(settings, words, this.caring())),
    );
  }

  /** Show what Koban finds in the whole of a history of which the newest alone is here. */
  private async find(lists: HTMLElement): Promise<void> {
    const wanted = this.search;
    const found = await this.does.find(wanted);
    if (wanted !== this.search) return;
    lists.replaceChildren(...(found === null ? [h('p', { role: 'status' }, this.words.of('historyFailed'))] : this.lists(found)));
  }

  private languages(): HTMLElement | null {
    const { speak } = this.does;
    if (speak === null) return null;
    const select = h(
      'select',
      { 'aria-label': this.words.of('languageHeading'), onchange: () => speak(select.value as Language) },
      h('option', { value: 'ja' }, this.words.of('languageJa')),
      h('option', { value: 'en' }, this.words.of('languageEn')),
    );
    select.value = this.words.language;
    return select;
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

  private caring(): CareDoing {
    return {
      ...this.does,
      keep: (change) => this.does.keep(change),
      forgetAll: async () => {
        const done = await this.does.forgetAll();
        if (done) this.does.again();
        return done;
      },
    };
  }

  private lists(view: HistoryView): HTMLElement[] {
    const { deals, clients, warnings, more } = view;
    const matching = <T>(all: T[], texts: (one: T) => (string | null | undefined)[]) => all.filter((one) => this.matches(...texts(one)));
    return [
      this.listed('deals', 'dealsHeading', matching(deals, ({ title, client_name, client, id }) => [title, client_name, client, id]), more?.deals, (found) =>
        found.map((deal) => this.deal(deal)),
      ),
      this.listed('clients', 'clientsHeading', matching(clients, ({ name, id, note }) => [name, id, note]), more?.clients, (found) =>
        found.map((client) => this.client(client, view)),
      ),
      this.listed('warnings', 'warningsHeading', matching(warnings, ({ title, rule, risk, client_name, page, quotes }) => [title.ja, title.en, rule, risk, client_name, page, ...quotes]), more?.warnings, (found) => [
        this.warned(found),
      ]),
    ];
  }

  private matches(...texts: (string | null | undefined)[]): boolean {
    const plain = (text: string) => text.normalize('NFKC').toLowerCase();
    const wanted = plain(this.search).split(/\s+/).filter(Boolean);
    const all = plain(texts.filter(Boolean).join(' '));
    return wanted.every((word) => all.includes(word));
  }

  private section(id: string, heading: Key, ...children: (Node | null)[]): HTMLElement {
    return h('section', { id, 'aria-labelledby': `${id}-heading` }, h('h2', { id: `${id}-heading` }, this.words.of(heading)), ...children);
  }

  /** A section of at most so many that a browser draws them at once; of the others it is said that they are there. */
  private listed<T>(id: string, heading: Key, found: T[], elsewhere: number | undefined, draw: (found: T[]) => HTMLElement[]): HTMLElement {
    const { words } = this;
    const rest = Math.max(0, found.length - MOST) + (elsewhere ?? 0);
    const more = rest > 0 ? h('p', { class: 'none' }, words.of('historyMore', rest)) : null;
    if (found.length === 0) return this.section(id, heading, h('p', { class: 'none' }, words.of(this.search === '' ? 'historyNone' : 'historyNotFound')));
    return this.section(id, heading, ...draw(found.slice(0, MOST)), more);
  }

  private today({ today: dues }: HistoryView): HTMLElement {
    const save = async () => {
      const text = await this.does.calendar();
      if (text !== null) this.does.save('koban.ics', text, 'text/calendar');
    };
    return this.section(
      'today',
      'todayHeading',
      dues.length === 0 ? h('p', { class: 'none' }, this.words.of('todayNone')) : dueList(dues, this.words),
      h('p', { class: 'buttons' }, h('button', { type: 'button', class: 'ics', onclick: () => void save() }, this.words.of('calendarButton'))),
    );
  }

  private sums({ deals, more }: HistoryView): HTMLElement {
    const { words } = this;
    const card = (key: Key, state: 'danger' | 'caution', found: Deal[]) =>
      h(
        'div',
        { class: found.length === 0 ? 'card' : `card ${state}` },
        h('p', {}, h('strong', {}, amounts(found, words)), words.of('sumsCount', found.length)),
        h('p', {}, found.length === 0 ? null : h('span', { class: `mark ${state}` }, icon(LOOKS[state].path)), words.of(key)),
        h('ul', {}, ...found.slice(0, 5).map((deal) => h('li', {}, this.toDeal(deal)))),
      );
    return this.section(
      'sums',
      'sumsHeading',
      h('div', { class: 'cards' }, card('sumsWaiting', 'danger', deals.filter(waitsForEscrow)), card('sumsOwed', 'caution', deals.filter((deal) => deal.owed))),
      this.ofNewest(deals.length, more?.deals),
    );
  }

  /** Says that something was counted of the newest alone. */
  private ofNewest(number: number, more: number | undefined): HTMLElement | null {
    return !more ? null : h('p', { class: 'none' }, this.words.of('ofNewest', number));
  }

  /** Leads to a deal further down, and unfolds it. */
  private toDeal(deal: Deal): HTMLElement {
    const go = (event: Event) => {
      event.preventDefault();
      this.search = '';
      this.draw();
      const found = document.getElementById(idOf(deal));
      if (!(found instanceof HTMLDetailsElement)) return;
      found.open = true;
      found.querySelector('summary')?.focus();
    };
    return h('a', { href: `#${idOf(deal)}`, onclick: go }, deal.title ?? deal.id);
  }

  private deal(deal: Deal): HTMLElement {
    const { words } = this;
    const state = deal.state == null ? words.of('dealUnknown') : words.of(DEAL_STATES[deal.state].word);
    const points = course(deal.steps);
    const revisions = h('input', { type: 'number', min: '0', max: '99' });
    if (deal.revisions_agreed != null) revisions.value = String(deal.revisions_agreed);
    revisions.addEventListener('change', () => void this.does.revisions(deal.site, deal.id, revisions.value === '' ? null : Number(revisions.value)));
    return h(
      'details',
      { class: 'deal', id: idOf(deal) },
      h(
        'summary',
        {},
        h('span', { class: 'title' }, deal.title ?? deal.id),
        h('span', { class: 'whom' }, deal.client_name ?? ''),
        deal.amount == null ? null : h('span', {}, money(deal.amount, deal.currency, words)),
        waitsForEscrow(deal) ? h('span', { class: 'mark danger' }, icon(LOOKS.danger.path), words.of('escrowStop')) : null,
        deal.owed ? h('span', { class: 'mark caution' }, icon(LOOKS.caution.path), words.of('dealOwed')) : null,
        h('span', { class: 'state' }, track(points), state),
      ),
      h('ol', { class: 'steps' }, ...told(points, deal.words ?? []).map((each) => ('what' in each ? this.word(each) : this.point(each)))),
      deal.escrow_seen ? null : h('p', {}, words.of('escrowNeverSeen')),
      deal.dues.length === 0 ? null : dueList(deal.dues, words, false),
      deal.revision_requests ? h('p', {}, words.of('revisionsSoFar', deal.revision_requests)) : null,
      h('p', {}, h('label', {}, words.of('revisionsField'), ' ', revisions)),
      deal.url == null ? null : h('p', {}, outward(deal.url, words.of('dealPage'))),
      reporting({ site: deal.site, deal: deal.id }, words, this.does),
    );
  }

  private point(point: Point): HTMLElement {
    const { words } = this;
    const name = h('strong', {}, words.of(DEAL_STATES[point.state].word));
    if (point.step === null) {
      return h('li', { class: point.unseen }, name, h('span', { class: 'none' }, words.of(point.unseen === 'missed' ? 'stepMissed' : 'stepAhead')));
    }
    const { step } = point;
    return h(
      'li',
      { class: 'seen' },
      h('time', { datetime: step.first_seen }, words.day(dayOf(step.first_seen))),
      name,
      step.amount == null ? null : h('span', {}, money(step.amount, step.currency, words)),
      outward(step.page, words.of(step.feed === 'extension' ? 'stepPageShown' : 'stepPage')),
    );
  }

  private word(word: DealWord): HTMLElement {
    const { words } = this;
    const what = word.what === 'handed-over' ? words.of('wordHandedOver') : words.of('wordRevision', word.round ?? 1);
    return h('li', { class: 'word' }, h('time', { datetime: word.at }, words.day(wordDay(word))), what);
  }

  private client(client: Known, { warnings, deals }: HistoryView): HTMLElement {
    const { words } = this;
    const theirs = warnings.filter((warned) => warned.site === client.site && warned.client === client.id);
    const done = deals.filter((deal) => deal.site === client.site && deal.client === client.id);
    const forget = async () => {
      if (await this.does.forget(client.site, client.id)) this.does.again();
    };
    return h(
      'details',
      { class: 'client' },
      h('summary', {}, h('span', { class: 'title' }, client.name ?? client.id), h('span', { class: 'state' }, knownLine(client, words))),
      noteField(client, words, (note) => this.does.note(client.site, client.id, note)),
      h('p', { class: 'none' }, words.of('noteLine')),
      done.length === 0 ? null : h('ul', { class: 'theirs' }, ...done.map((deal) => h('li', {}, this.toDeal(deal)))),
      theirs.length === 0 ? null : this.warned(theirs.slice(0, MOST), false),
      reporting({ site: client.site, client: client.id }, words, this.does),
      h('p', { class: 'buttons' }, sureButton(words.of('forgetButton'), words.of('forgetSureButton'), () => void forget())),
    );
  }

  private warned(warnings: Warned[], named = true): HTMLElement {
    const { words } = this;
    const rows = together(warnings).map(({ warned, pages }) => {
      const state = stateOf(warned.severity);
      return h(
        'li',
        {},
        h('time', { datetime: warned.last_seen }, words.day(dayOf(warned.last_seen))),
        h('span', { class: `mark ${state}` }, icon(LOOKS[state].path), words.of(LOOKS[state].word)),
        outward(warned.page, words.in(warned.title)),
        pages > 1 ? h('span', { class: 'none' }, words.of('onPages', pages)) : null,
        named ? h('span', { class: 'whom' }, warned.client_name ?? '') : null,
      );
    });
    return h('ul', { class: 'rows' }, ...rows);
  }

  private plots({ warnings, more }: HistoryView): HTMLElement {
    const { words } = this;
    if (warnings.length === 0) return this.section('plots', 'plotsHeading', h('p', { class: 'none' }, words.of('historyNone')));
    const { counts, rest } = byRule(warnings);
    return this.section(
      'plots',
      'plotsHeading',
      bars(words.of('plotsByMonth'), words.of('plotsMonth'), byMonth(warnings, today()).map(([month, count]) => [words.month(month), count]), words),
      bars(words.of('plotsByRisk'), words.of('plotsRisk'), counts.map(([title, count]) => [words.in(title), count]), words),
      rest === 0 ? null : h('p', { class: 'none' }, words.of('plotsRest', rest)),
      this.ofNewest(warnings.length, more?.warnings),
      h('p', { class: 'buttons' }, h('button', { type: 'button', onclick: () => print() }, words.of('printButton'))),
    );
  }
}

/** What is said of one client by one rule is one row, the newest, and of how many pages it was. */
function together(warnings: readonly Warned[]): { warned: Warned; pages: number }[] {
  const rows = new Map<string, { warned: Warned; on: Set<string> }>();
  for (const warned of warnings) {
    const page = warned.page.split('#')[0] ?? warned.page;
    const key = JSON.stringify([warned.site, warned.rule, warned.client ?? page]);
    const row = rows.get(key) ?? { warned, on: new Set<string>() };
    if (Date.parse(warned.last_seen) > Date.parse(row.warned.last_seen)) row.warned = warned;
    rows.set(key, { warned: row.warned, on: row.on.add(page) });
  }
  return [...rows.values()].map(({ warned, on }) => ({ warned, pages: on.size }));
}

/** Whether all that is remembered is here. */
function isWhole({ more }: HistoryView): boolean {
  return more === undefined || more.deals + more.clients + more.warnings === 0;
}

function idOf(deal: Deal): string {
  return `deal-${deal.site}-${deal.id}`;
}

/** The stages of a deal as dots, filled where they were seen. What they say, the list below says in words. */
function track(points: readonly Point[]): HTMLElement {
  const seen = new Set(points.filter(({ step }) => step !== null).map(({ state }) => state));
  return h('span', { class: 'track', 'aria-hidden': 'true' }, ...COURSE.map((stage) => h('span', { class: seen.has(stage) ? 'dot seen' : 'dot' })));
}

function amounts(deals: Deal[], words: Words): string {
  const sums = new Map<string, number>();
  for (const { amount, currency } of deals) {
    if (amount != null && currency != null) sums.set(currency, (sums.get(currency) ?? 0) + Number(amount));
  }
  return sums.size === 0 ? money(0, 'JPY', words) : [...sums].map(([currency, sum]) => money(sum, currency, words)).join(words.of('listComma'));
}
