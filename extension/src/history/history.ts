/** One's own page: what is due, the deals as they went, escrow not seen, what is owed, warnings over time, clients. */
import type { Deal, Due, HistoryView, Known, ReportFile, Text, Warned } from '../api/types';
import { h, icon, outward } from '../look/dom';
import { LOOKS, stateOf } from '../states';
import { type Key, Words, type Language } from '../words/words';

export interface HistoryDoing {
  note(site: string, client: string, note: string | null): Promise<boolean>;
  revisions(site: string, deal: string, revisions: number | null): Promise<boolean>;
  forget(site: string, client: string): Promise<boolean>;
  report(about: { site: string; deal?: string; client?: string }): Promise<ReportFile[] | null>;
  calendar(): Promise<string | null>;
  save(name: string, text: string, type: string): void;
  /** Read the history anew. */
  again(): void;
}

const STATES: Record<NonNullable<Deal['state']>, Key> = {
  proposed: 'dealProposed',
  agreed: 'dealAgreed',
  'escrow-requested': 'dealEscrowRequested',
  'escrow-funded': 'dealFunded',
  delivered: 'dealDelivered',
  'in-revision': 'dealInRevision',
  accepted: 'dealAccepted',
  paid: 'dealPaid',
  cancelled: 'dealCancelled',
  disputed: 'dealDisputed',
};
const WAITING = new Set<Deal['state']>(['agreed', 'escrow-requested']);
const MONTHS = 12;
const MOST = 100;

export class HistoryPage {
  private readonly main = h('main');
  private view: HistoryView | null | undefined;
  private words = new Words('ja');
  private search = '';
  private sure: string | null = null;

  constructor(
    root: HTMLElement,
    private readonly does: HistoryDoing,
  ) {
    root.append(this.main);
  }

  /** `view` is null where Koban cannot be asked. */
  show(view: HistoryView | null, language: Language): void {
    this.view = view;
    this.words = new Words(language);
    document.documentElement.lang = language;
    document.title = this.words.of('historyTitle');
    this.draw();
  }

  private draw(): void {
    const { view, words } = this;
    const title = h('h1', {}, words.of('historyTitle'));
    if (view === undefined) return;
    if (view === null) return this.main.replaceChildren(title, h('p', { role: 'status' }, words.of('healthNotRunning')));
    const trouble = view.recording.usable && view.recording.lost === 0 ? null : words.of('historyLost', view.recording.lost);
    const search = h('input', {
      type: 'search',
      'aria-label': words.of('historySearch'),
      placeholder: words.of('historySearch'),
      oninput: () => {
        this.search = search.value;
        lists.replaceChildren(...this.lists(view));
      },
    });
    search.value = this.search;
    const lists = h('div', {}, ...this.lists(view));
    this.main.replaceChildren(
      title,
      h('p', { class: 'none' }, words.of('historyLine')),
      ...(trouble === null ? [] : [h('p', { role: 'status' }, trouble)]),
      this.today(view.today),
      this.sums(view.deals),
      h('section', {}, search),
      lists,
      this.overTime(view.warnings),
    );
  }

  private lists(view: HistoryView): HTMLElement[] {
    return [this.deals(view.deals.filter((deal) => this.matches(deal.title, deal.client_name, deal.id)).slice(0, MOST)),
      this.clients(view.clients.filter((client) => this.matches(client.name, client.id, client.note)).slice(0, MOST)),
      this.warned(view.warnings.filter((warned) => this.matches(warned.title.ja, warned.title.en, warned.client_name, ...warned.quotes)).slice(0, MOST))];
  }

  private matches(...texts: (string | null | undefined)[]): boolean {
    const plain = (text: string) => text.normalize('NFKC').toLowerCase();
    const wanted = plain(this.search).split(/\s+/).filter(Boolean);
    const all = plain(texts.filter(Boolean).join(' '));
    return wanted.every((word) => all.includes(word));
  }

  private section(id: string, heading: Key, ...children: (Node | null)[]): HTMLElement {
    return h('section', { id }, h('h2', {}, this.words.of(heading)), ...children);
  }

  private none(): HTMLElement {
    return h('p', { class: 'none' }, this.words.of('historyNone'));
  }

  private today(dues: Due[]): HTMLElement {
    const save = async () => {
      const text = await this.does.calendar();
      if (text !== null) this.does.save('koban.ics', text, 'text/calendar');
    };
    return this.section(
      'today',
      'todayHeading',
      dues.length === 0 ? h('p', { class: 'none' }, this.words.of('todayNone')) : dueList(dues, this.words),
      h('button', { type: 'button', class: 'ics', onclick: () => void save() }, this.words.of('calendarButton')),
    );
  }

  private sums(deals: Deal[]): HTMLElement {
    const { words } = this;
    const waiting = deals.filter((deal) => WAITING.has(deal.state) && !deal.escrow_seen);
    const owed = deals.filter((deal) => deal.owed);
    const line = (key: Key, found: Deal[]) => h('li', {}, h('strong', {}, String(found.length)), ` ${words.of(key)} `, amounts(found));
    return this.section('sums', 'sumsHeading', h('ul', { class: 'sums' }, line('sumsWaiting', waiting), line('sumsOwed', owed)));
  }

  private deals(deals: Deal[]): HTMLElement {
    return this.section('deals', 'dealsHeading', ...(deals.length === 0 ? [this.none()] : deals.map((deal) => this.deal(deal))));
  }

  private deal(deal: Deal): HTMLElement {
    const { words } = this;
    const state = deal.state == null ? words.of('dealUnknown') : words.of(STATES[deal.state]);
    const unfunded = WAITING.has(deal.state) && !deal.escrow_seen;
    const revisions = h('input', { type: 'number', min: '0', max: '99', 'aria-label': words.of('revisionsField') });
    if (deal.revisions_agreed != null) revisions.value = String(deal.revisions_agreed);
    revisions.addEventListener('change', () =>
      void this.does.revisions(deal.site, deal.id, revisions.value === '' ? null : Number(revisions.value)),
    );
    return h(
      'details',
      { class: 'deal' },
      h(
        'summary',
        {},
        h('span', { class: 'title' }, deal.title ?? deal.id),
        h('span', {}, deal.client_name ?? ''),
        unfunded ? h('span', { class: 'mark danger' }, icon(LOOKS.danger.path), words.of('escrowStop')) : null,
        deal.owed ? h('span', { class: 'mark caution' }, icon(LOOKS.caution.path), words.of('dealOwed')) : null,
        h('span', { class: 'state' }, state),
      ),
      h(
        'ol',
        { class: 'steps' },
        ...deal.steps.map((step) =>
          h(
            'li',
            {},
            h('time', { datetime: step.first_seen }, words.day(day(step.first_seen))),
            h('strong', {}, words.of(STATES[step.state])),
            step.amount == null ? null : money(step.amount, step.currency ?? ''),
          ),
        ),
      ),
      deal.escrow_seen ? null : h('p', {}, words.of('escrowNeverSeen')),
      deal.dues.length === 0 ? null : dueList(deal.dues, words),
      h('p', {}, h('label', {}, words.of('revisionsField'), ' ', revisions)),
      deal.url == null ? null : h('p', {}, outward(deal.url, deal.url)),
      this.reporting({ site: deal.site, deal: deal.id }),
    );
  }

  private clients(clients: Known[]): HTMLElement {
    return this.section('clients', 'clientsHeading', ...(clients.length === 0 ? [this.none()] : clients.map((client) => this.client(client))));
  }

  private client(client: Known): HTMLElement {
    const { words } = this;
    const key = `${client.site}:${client.id}`;
    const forget = async () => {
      if (this.sure !== key) {
        this.sure = key;
        button.textContent = words.of('forgetSureButton');
        return;
      }
      this.sure = null;
      if (await this.does.forget(client.site, client.id)) this.does.again();
    };
    const button = h('button', { type: 'button', class: 'delete', onclick: () => void forget() }, words.of('forgetButton'));
    return h(
      'details',
      { class: 'client' },
      h('summary', {}, h('span', { class: 'title' }, client.name ?? client.id), h('span', { class: 'state' }, knownLine(client, words))),
      noteField(client, words, (note) => this.does.note(client.site, client.id, note)),
      this.reporting({ site: client.site, client: client.id }),
      h('p', {}, button),
    );
  }

  private reporting(about: { site: string; deal?: string; client?: string }): HTMLElement {
    const { words } = this;
    const place = h('div', { class: 'report', 'aria-live': 'polite' });
    const make = async () => {
      const files = await this.does.report(about);
      place.replaceChildren(...(files === null ? [h('p', {}, words.of('reportFailed'))] : reportParts(files, words, this.does.save)));
    };
    return h('div', {}, h('button', { type: 'button', onclick: () => void make() }, words.of('reportButton')), place);
  }

  private warned(warnings: Warned[]): HTMLElement {
    const { words } = this;
    const rows = warnings.map((warned) => {
      const state = stateOf(warned.severity);
      return h(
        'li',
        {},
        h('time', { datetime: warned.last_seen }, words.day(day(warned.last_seen))),
        h('span', { class: `mark ${state}` }, icon(LOOKS[state].path), words.of(LOOKS[state].word)),
        outward(warned.page, words.in(warned.title)),
        h('span', {}, warned.client_name ?? ''),
      );
    });
    return this.section('warnings', 'warningsHeading', rows.length === 0 ? this.none() : h('ul', { class: 'rows' }, ...rows));
  }

  /** Warnings by month, as bars with their numbers: one reads them without seeing the bars. */
  private overTime(warnings: Warned[]): HTMLElement {
    const { words } = this;
    const bars = (counts: [string, number][]) => {
      const most = Math.max(1, ...counts.map(([, count]) => count));
      return h(
        'table',
        { class: 'bars' },
        ...counts.map(([name, count]) =>
          h('tr', {}, h('th', { scope: 'row' }, name), h('td', { class: 'count' }, String(count)), h('td', {}, bar(count / most))),
        ),
      );
    };
    const months = new Map<string, number>();
    for (const { first_seen } of warnings) months.set(first_seen.slice(0, 7), (months.get(first_seen.slice(0, 7)) ?? 0) + 1);
    const titles = new Map<string, { title: Text; count: number }>();
    for (const { rule, title } of warnings) titles.set(rule, { title, count: (titles.get(rule)?.count ?? 0) + 1 });
    const byMonth = [...months].sort().slice(-MONTHS);
    const byRule = [...titles.values()].sort((one, other) => other.count - one.count).slice(0, 10);
    return this.section(
      'plots',
      'plotsHeading',
      ...(warnings.length === 0
        ? [this.none()]
        : [
            h('h3', {}, words.of('plotsByMonth')),
            bars(byMonth),
            h('h3', {}, words.of('plotsByRisk')),
            bars(byRule.map(({ title, count }) => [words.in(title), count])),
          ]),
    );
  }
}

function bar(share: number): HTMLElement {
  const inner = h('span', { class: 'bar', 'aria-hidden': 'true' });
  inner.style.inlineSize = `${Math.round(share * 100)}%`;
  return inner;
}

function amounts(deals: Deal[]): string {
  const sums = new Map<string, number>();
  for (const { amount, currency } of deals) {
    if (amount != null && currency != null) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  }
  return [...sums].map(([currency, sum]) => money(sum, currency)).join(', ');
}

function money(amount: number, currency: string): string {
  return ` ${amount.toLocaleString('en-US')} ${currency}`;
}

/** The day of a moment where the marketplaces are. */
function day(moment: string): string {
  return new Date(Date.parse(moment) + 9 * 3_600_000).toISOString().slice(0, 10);
}

/** What is due, the first first; what is past is said so. */
export function dueList(dues: Due[], words: Words): HTMLElement {
  const today = day(new Date().toISOString());
  return h(
    'ul',
    { class: 'rows dues' },
    ...dues.map((due) =>
      h(
        'li',
        {},
        h('time', { datetime: due.day }, words.day(due.day)),
        due.day < today ? h('strong', {}, words.of('overdue')) : null,
        h('span', {}, words.in(due.what)),
        due.title == null ? null : due.url == null ? h('span', {}, due.title) : outward(due.url, due.title),
      ),
    ),
  );
}

/** `初めて見た日 … 仕事2件・取引1件…` */
export function knownLine(client: Known, words: Words): string {
  return words.of('knownLine', words.day(day(client.first_seen)), client.jobs, client.deals, client.paid, client.owed, client.warnings);
}

/** The user's own note on a client, kept when it is left. */
export function noteField(client: Known, words: Words, keep: (note: string | null) => Promise<boolean>): HTMLElement {
  const said = h('span', { role: 'status' });
  const box = h('textarea', { rows: '2', maxlength: '4000', 'aria-label': words.of('noteField'), placeholder: words.of('noteField') });
  box.value = client.note ?? '';
  box.addEventListener('change', () => {
    void keep(box.value.trim() === '' ? null : box.value).then((kept) => (said.textContent = words.of(kept ? 'noteKept' : 'noteFailed')));
  });
  return h('div', { class: 'note' }, box, said);
}

/** The report's text to copy, and the bundle's files to save. */
export function reportParts(files: ReportFile[], words: Words, save: HistoryDoing['save']): HTMLElement[] {
  const text = files.find((file) => file.name === `report-${words.language}.txt`)?.text ?? '';
  const box = h('textarea', { readonly: true, rows: '10', 'aria-label': words.of('reportText') });
  box.value = text;
  const type = (name: string) => (name.endsWith('.html') ? 'text/html' : name.endsWith('.json') ? 'application/json' : 'text/plain');
  const copy = h('button', { type: 'button', onclick: () => void navigator.clipboard.writeText(text) }, words.of('copyButton'));
  const keep = () => files.forEach((file) => save(`koban-${file.name}`, file.text, type(file.name)));
  return [
    h('p', {}, words.of('reportLine')),
    box,
    h('p', {}, copy, ' ', h('button', { type: 'button', onclick: keep }, words.of('reportSave'))),
  ];
}
