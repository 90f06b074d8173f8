/** The popup: the page's state in a sentence, what was found, the switches, and how the link is. */
import type { Finding, LessonInfo, RuleInfo, SettingsChange } from '../api/types';
import { h, icon } from '../look/dom';
import { dueList, knownLine, noteField } from '../history/parts';
import { type Choice, type ReportDoing, reportingOne } from '../history/report';
import { foldedFindings } from '../look/finding';
import { switchOf } from '../look/switch';
import { type PopupModel, stateOfPage } from '../messages';
import { LOOKS } from '../states';
import { reasonLine, stateLine } from '../words/lines';
import { Words } from '../words/words';
import type { TeachDoing } from '../teaching/doing';
import { type MissedDoing, missedEntry } from '../teaching/missed';
import { REPAIRS, type Repair, healthLine } from './health';
import { objection } from './objection';
import { type Search, searchedRules } from './rules';

export interface PopupDoing extends ReportDoing, TeachDoing, MissedDoing {
  change(change: SettingsChange): void;
  unpair(): void;
  examine(): void;
  options(): void;
  history(): void;
  note(site: string, client: string, note: string | null): Promise<boolean>;
  repair(repair: Repair): void;
}

export class Popup {
  private readonly status = h('div', { role: 'status' });
  private readonly header = h('header', {}, this.status);
  private readonly repair = h('section', { class: 'repair', hidden: true });
  private readonly findings = h('section', { hidden: true });
  private readonly taught = h('section', { class: 'taught', role: 'status', hidden: true });
  private readonly missed = h('section', { hidden: true });
  private readonly report = h('section', { class: 'to-report', hidden: true });
  private readonly past = h('section', { class: 'past', hidden: true });
  private readonly due = h('section', { class: 'due', hidden: true });
  private readonly site = h('section', { hidden: true });
  private readonly watch = h('section', { class: 'watch', hidden: true });
  private readonly rules = h('section', { hidden: true });
  private readonly footer = h('footer');
  private readonly drawn = new Map<HTMLElement, string>();
  /** What was taught last, and the warning that it was about. */
  private lesson: { of: LessonInfo; finding: Finding | null } | null = null;
  private model: PopupModel | null = null;
  private readonly search: Search = { words: '', open: new Set() };
  private rulesOpen = false;
  private linksOpen = false;

  constructor(
    root: HTMLElement,
    private readonly ownVersion: string,
    private readonly does: PopupDoing,
  ) {
    const parts = [this.repair, this.findings, this.taught, this.report, this.past, this.site, this.due, this.missed, this.watch, this.rules];
    root.append(h('main', {}, this.header, ...parts), this.footer);
  }

  show(model: PopupModel): void {
    this.model = model;
    const words = new Words(model.language);
    document.documentElement.lang = model.language;
    const verdict = model.page?.shown?.verdict;
    const health = healthLine(model, this.ownVersion, words);
    // Where nothing is checked, all that cannot be acted on now gives room to the one button that repairs it.
    const alone = health.repair !== null && (model.health !== 'ok' || model.paused);
    this.redraw(this.status, [model.page, model.health, model.version, model.language], () => this.drawHeader(model, words));
    this.redraw(this.findings, [alone, verdict?.findings, model.page?.reportUrl, model.site?.id, model.client, model.language], () => {
      const found = foldedFindings(verdict?.findings ?? [], verdict?.kind, words, model.page?.reportUrl ?? null);
      this.findings.hidden = found.length === 0;
      found.slice(1).forEach((finding) => finding.removeAttribute('open'));
      if (!alone) for (const element of found) this.objectTo(element, model, words);
      return [h('h2', {}, words.of('findingsHeading')), ...found];
    });
    this.redraw(this.taught, [alone, this.lesson, verdict?.findings, model.language], () => {
      this.taught.hidden = alone || this.lesson === null;
      return alone || this.lesson === null ? [] : this.drawTaught(this.lesson, verdict?.findings ?? [], words);
    });
    this.redraw(this.missed, [alone, model.version === null, model.rules.map(({ id }) => id), model.language], () => {
      this.missed.hidden = alone || model.version === null;
      return this.missed.hidden ? [] : [missedEntry(model.rules, words, this.does, (lesson) => this.learnt(lesson, null))];
    });
    const { known, today } = model;
    const reportable = alone ? [] : reportChoices(model, words);
    this.redraw(this.report, [reportable, model.language], () => {
      this.report.hidden = reportable.length === 0;
      return reportable.length === 0 ? [] : [h('h2', {}, words.of('reportHeading')), reportingOne(reportable, words, this.does)];
    });
    // Not by the note: it is being written here.
    this.redraw(this.past, [alone, known === null ? null : { ...known, note: null }, model.language], () => {
      this.past.hidden = alone || known === null;
      if (known === null || alone) return [];
      const note = noteField(known, words, (text) => this.does.note(known.site, known.id, text));
      return [h('h2', {}, words.of('knownHeading')), h('p', {}, knownLine(known, words)), note];
    });
    this.redraw(this.site, [alone, model.site, model.settings?.clients, model.client, model.language], () => {
      const switches = alone ? [] : this.switchesHere(model, words);
      this.site.hidden = switches.length === 0;
      return switches;
    });
    this.redraw(this.due, [alone, today, model.language], () => {
      this.due.hidden = alone || today.length === 0;
      return this.due.hidden ? [] : [h('h2', {}, words.of('todayHeading')), dueList(today, words)];
    });
    this.redraw(this.watch, [alone, model.settings, model.language], () => {
      this.watch.hidden = alone || model.settings === null;
      return alone ? [] : this.drawWatch(model, words);
    });
    this.redraw(this.rules, [alone, model.rules, model.site?.id, model.language], () => {
      this.rules.hidden = alone || model.rules.length === 0;
      return [this.rulesSection(model.rules, model.site?.id ?? null, words)];
    });
    this.redraw(this.repair, [health, model.tried, model.language], () => {
      const { repair } = health;
      this.repair.hidden = repair === null;
      if (repair === null) return [];
      return [
        h('p', {}, health.line),
        health.first === null ? null : h('p', {}, health.first),
        h('button', { type: 'button', class: 'main', onclick: () => this.does.repair(repair) }, words.of(REPAIRS[repair])),
        h('p', { role: 'status', class: 'tried' }, repair === 'again' && model.tried > 0 ? words.of('repairTried', model.tried) : null),
      ].filter((child) => child !== null);
    });
    this.redraw(this.footer, [health, model.aside, model.links, model.health, model.version, model.language], () => {
      return [
        h(
          'div',
          { class: 'ways' },
          h('button', { type: 'button', class: 'quiet', onclick: () => this.does.options() }, words.of('optionsButton')),
          h('button', { type: 'button', class: 'quiet', onclick: () => this.does.history() }, words.of('historyButton')),
          health.well && model.version !== null
            ? h('button', { type: 'button', class: 'quiet pause', onclick: () => this.does.change({ paused_until: inAnHour() }) }, words.of('pauseButton'))
            : null,
        ),
        ...(health.well ? [h('p', {}, model.version === null ? null : h('span', { class: 'mark clear' }, icon(LOOKS.clear.path)), health.line)] : []),
        ...(model.health === 'ok' && model.version !== null ? [this.examination(model, words)] : []),
        ...model.aside.map(({ host, reason }) =>
          h(
            'p',
            { class: 'aside' },
            h('span', { class: 'mark not-checked' }, icon(LOOKS['not-checked'].path)),
            words.of('asideLine', host, reasonLine(reason, words)),
          ),
        ),
      ];
    });
  }

  /** Draw a part anew where it changed, and leave the keyboard where it was. */
  private redraw(part: HTMLElement, of: unknown[], children: () => Node[]): void {
    const key = JSON.stringify(of);
    if (this.drawn.get(part) === key) return;
    this.drawn.set(part, key);
    const inputs = () => [...part.querySelectorAll<HTMLElement>('input, summary, a, button')];
    const focused = inputs().findIndex((element) => element === document.activeElement);
    part.replaceChildren(...children());
    if (focused >= 0) inputs()[focused]?.focus();
  }

  private drawHeader(model: PopupModel, words: Words): Node[] {
    const { page } = model;
    const state = page === null ? 'not-checked' : stateOfPage(page).state;
    const asking = model.health === 'ok' && model.version === null && page?.shown === null;
    const away = model.health === 'ok' ? words.of('elsewhereLine') : words.of('notCheckedLine', reasonLine(model.health, words));
    this.header.className = state;
    const feed = state === 'not-checked' ? undefined : page?.shown?.feed;
    return [
      h('h1', {}, icon(LOOKS[state].path), h('span', {}, page === null ? away : asking ? words.of('askingLine') : stateLine(page, words))),
      ...(feed === undefined ? [] : [h('p', { class: 'feed' }, words.of(feed === 'proxy' ? 'feedProxy' : 'feedExtension'))]),
    ];
  }

  /** What is switched for this site, and for this client. */
  private switchesHere({ site, settings, client }: PopupModel, words: Words): Node[] {
    const switches = [];
    if (site !== null) {
      // Nothing said is the same as on: the settings keep exceptions only.
      const check = (on: boolean) => this.does.change({ sites: { [site.id]: { enabled: on ? null : false } } });
      switches.push(switchOf(words.of('siteSwitchOf', words.in(site.name)), site.enabled, check));
    }
    if (settings !== null && client !== null) {
      const muted = settings.clients?.[client]?.muted ?? false;
      const mute = (on: boolean) => this.does.change({ clients: { [client]: { muted: on ? null : true } } });
      switches.push(switchOf(words.of('muteSwitchOf'), !muted, mute));
    }
    return switches;
  }

  /** What Koban does while one acts and writes, on every page. */
  private drawWatch({ settings }: PopupModel, words: Words): Node[] {
    if (settings === null) return [];
    return [
      h('h2', {}, words.of('watchHeading')),
      switchOf(words.of('stepSwitch'), settings.active_step, (on) => this.does.change({ active_step: on ? null : false })),
      switchOf(words.of('guardSwitch'), settings.guard, (on) => this.does.change({ guard: on ? null : false })),
    ];
  }

  /** Below each finding what one can do about it where it is not wanted. */
  private objectTo(element: HTMLElement, model: PopupModel, words: Words): void {
    const finding = (model.page?.shown?.verdict.findings ?? []).find((each) => each.rule === element.dataset['rule']);
    if (finding === undefined) return;
    const against = { finding, site: model.site, client: model.client, version: this.ownVersion };
    element.append(objection(against, words, new Date().toISOString().slice(0, 10), this.does.change, (wrong) => void this.unlearn(wrong)));
  }

  /** Have a warning that was wrong come no more on texts like the one that it quoted. */
  private async unlearn(finding: Finding): Promise<void> {
    const lesson = await this.does.teach({ warns: false, rule: finding.rule, risk: '', texts: finding.evidence.map(({ quote }) => quote) });
    if (typeof lesson !== 'string') this.learnt(lesson, finding);
  }

  private learnt(of: LessonInfo, finding: Finding | null): void {
    this.lesson = { of, finding };
    if (this.model !== null) this.show(this.model);
  }

  /** What was just taught, and what takes it back. */
  private drawTaught({ of, finding }: { of: LessonInfo; finding: Finding | null }, findings: readonly Finding[], words: Words): Node[] {
    const quotes = finding?.evidence.map(({ quote }) => quote) ?? [];
    const stays = findings.some(({ rule, evidence }) => rule === finding?.rule && evidence.some(({ quote }) => quotes.includes(quote)));
    const undo = async () => {
      if (!(await this.does.unteach(of.id))) return;
      this.lesson = null;
      if (this.model !== null) this.show(this.model);
    };
    return [
      h('p', {}, words.of(finding === null ? 'missedTaken' : stays ? 'wrongStays' : 'wrongTaught')),
      h('button', { type: 'button', onclick: () => void undo() }, words.of('undoButton')),
    ];
  }

  /** Every link of the chain with its repair, looked at when it is unfolded. */
  private examination({ links }: PopupModel, words: Words): HTMLElement {
    const details = h(
      'details',
      {
        class: 'links',
        open: this.linksOpen,
        ontoggle: () => {
          if (details.open && !this.linksOpen) this.does.examine();
          this.linksOpen = details.open;
        },
      },
      h('summary', {}, words.of('examineHeading')),
      h(
        'ul',
        {},
        ...(links ?? []).map((link) => {
          const state = link.holds === null ? 'not-checked' : link.holds ? 'clear' : 'danger';
          const mark = h('span', { class: `mark ${state}` }, icon(LOOKS[state].path));
          return h('li', {}, mark, words.in(link.what), link.repair === null ? null : h('p', { class: 'repair' }, words.in(link.repair)));
        }),
      ),
      h('button', { type: 'button', class: 'quiet unpair', onclick: () => this.does.unpair() }, words.of('unpairButton')),
    );
    return details;
  }

  private rulesSection(rules: RuleInfo[], site: string | null, words: Words): HTMLElement {
    const details = h(
      'details',
      { class: 'rules', open: this.rulesOpen, ontoggle: () => (this.rulesOpen = details.open) },
      h('summary', {}, words.of('rulesHeading')),
      ...searchedRules(rules, site, words, this.search, this.does.change),
    );
    return details;
  }
}

/** Kinds of pages that show one deal. */
const OF_A_DEAL = new Set(['contract', 'project', 'talkroom']);

/** What of a page one may report: each warning that is worth it, the deal that it is of, all on its client. */
function reportChoices({ page, known }: PopupModel, words: Words): Choice[] {
  const shown = page?.shown ?? null;
  if (shown === null || !shown.verdict.site) return [];
  const { site, findings, client, kind } = shown.verdict;
  const worth = findings.filter(({ report }) => report);
  // Before a client of whom nothing is to be said, the offer alone would say something.
  if (worth.length === 0 && (known === null || known.warnings + known.owed === 0)) return [];
  const rules = new Map(worth.map(({ rule, title }) => [rule, title]));
  return [
    ...[...rules].map(([rule, title]) => ({ about: { site, page: shown.url, rule }, name: words.in(title) })),
    ...(kind != null && OF_A_DEAL.has(kind) ? [{ about: { site, page: shown.url }, name: words.of('reportDeal') }] : []),
    ...(client ? [{ about: { site, client: client.id }, name: words.of('reportClient') }] : []),
  ];
}

function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}
