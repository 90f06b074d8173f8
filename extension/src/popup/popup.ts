/** The popup: the page's state in a sentence, what was found, the switches, and how the link is. */
import type { Finding, LessonInfo, RuleInfo, SettingsChange } from '../api/types';
import { h, icon } from '../look/dom';
import { dueList, knownLine, noteField, sureButton } from '../history/parts';
import { type Choice, type ReportDoing, reporting, reportingOne } from '../history/report';
import { foldedFindings } from '../look/finding';
import { lightOf } from '../look/light';
import { switchOf } from '../look/switch';
import { type PopupModel, stateOfPage } from '../messages';
import { PAGE_KINDS } from '../lexicon.generated';
import { LOOKS, countedByRule, gravestFirst, isList } from '../states';
import { reasonLine, stateLine } from '../words/lines';
import { type Key, Words } from '../words/words';
import type { TeachDoing } from '../teaching/doing';
import { type MissedDoing, missedEntry } from '../teaching/missed';
import { REPAIRS, type Repair, TROUBLES, UNTIL_RESUMED, endOfToday, healthLine } from './health';
import { objections, type TakenAway, takenAway } from './objection';
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
  private readonly trouble = h('section', { class: 'trouble', role: 'alert', hidden: true });
  private readonly taken = h('section', { class: 'taken-away', role: 'status', hidden: true });
  private readonly findings = h('section', { class: 'findings', hidden: true });
  private readonly taught = h('section', { class: 'taught', role: 'status', hidden: true });
  private readonly missed = h('section', { hidden: true });
  private readonly report = h('section', { class: 'to-report', hidden: true });
  private readonly past = h('section', { class: 'past', hidden: true });
  private readonly due = h('section', { class: 'due', hidden: true });
  private readonly site = h('section', { class: 'here', hidden: true });
  private readonly pause = h('section', { class: 'pause', hidden: true });
  private readonly watch = h('section', { class: 'watch', hidden: true });
  private readonly rules = h('section', { hidden: true });
  private readonly footer = h('footer');
  private readonly drawn = new Map<HTMLElement, string>();
  /** What was taught last, and the warning that it was about. */
  private lesson: { of: LessonInfo; finding: Finding | null } | null = null;
  private readonly search: Search = { words: '', open: new Set() };
  private rulesOpen = false;
  private linksOpen = false;
  /** What was taken away last, and from which page. */
  private last: { taken: TakenAway; page: string | null } | null = null;
  private model: PopupModel | null = null;

  constructor(
    root: HTMLElement,
    private readonly ownVersion: string,
    private readonly does: PopupDoing,
  ) {
    // In the first 600 pixels: how the page is, the gravest warning, what is switched here, the pause.
    const parts = [this.repair, this.trouble, this.taken, this.taught, this.findings, this.site, this.pause, this.report, this.past, this.due, this.missed, this.watch, this.rules];
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
    const { trouble } = model;
    this.redraw(this.trouble, [trouble, model.language], () => {
      this.trouble.hidden = trouble === null;
      return trouble === null ? [] : [h('p', {}, words.of(TROUBLES[trouble.kind]))];
    });
    const taken = this.last !== null && this.last.page === (model.page?.url ?? null) ? this.last.taken : null;
    this.redraw(this.taken, [taken, model.language], () => {
      this.taken.hidden = taken === null;
      return taken === null ? [] : takenAway(taken, words, () => this.undo(), this.take);
    });
    this.redraw(this.findings, [alone, verdict?.findings, model.site?.id, model.client, model.tracker, model.language], () => {
      const judged = verdict?.findings ?? [];
      const found = foldedFindings(judged, isList(verdict?.kind), words, null);
      const told = isList(verdict?.kind) ? countedByRule(judged).map(({ finding }) => finding) : gravestFirst(judged);
      this.findings.hidden = found.length === 0;
      found.forEach((finding, number) => finding.toggleAttribute('open', number === 0));
      found.forEach((element, number) => !alone && this.objectTo(element, told[number], model, words));
      const [first, ...rest] = found;
      const isNotice = (element: HTMLElement) => told[found.indexOf(element)]?.severity === 'notice';
      return [
        ...(first === undefined ? [] : [first]),
        ...others('othersHeading', rest.filter((element) => !isNotice(element)), words),
        ...others('noticesHeading', rest.filter(isNotice), words),
      ];
    });
    // A warning called wrong has its own line, with the undo of both.
    const lesson = this.lesson !== null && (this.lesson.finding === null || taken === null) ? this.lesson : null;
    this.redraw(this.taught, [alone, lesson, verdict?.findings, model.language], () => {
      this.taught.hidden = alone || lesson === null;
      return alone || lesson === null ? [] : this.drawTaught(lesson, verdict?.findings ?? [], words);
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
    this.redraw(this.site, [alone, trouble, model.site, model.settings?.clients, model.client, model.language], () => {
      const switches = alone ? [] : this.switchesHere(model, words);
      this.site.hidden = switches.length === 0;
      return switches;
    });
    const mayPause = !alone && health.well && model.version !== null;
    this.redraw(this.pause, [mayPause, model.language], () => {
      this.pause.hidden = !mayPause;
      return mayPause ? this.drawPause(words) : [];
    });
    this.redraw(this.due, [alone, today, model.language], () => {
      this.due.hidden = alone || today.length === 0;
      return this.due.hidden ? [] : [h('h2', {}, words.of('todayHeading')), dueList(today, words)];
    });
    this.redraw(this.watch, [alone, trouble, model.settings, model.language], () => {
      this.watch.hidden = alone || model.settings === null;
      return alone ? [] : this.drawWatch(model, words);
    });
    this.redraw(this.rules, [alone, trouble, model.rules, model.site?.id, model.language], () => {
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
    this.redraw(this.footer, [health, model.aside, model.links, model.page?.shown?.feed, model.health, model.version, model.language], () => {
      return [
        h(
          'div',
          { class: 'ways' },
          h('button', { type: 'button', class: 'quiet', onclick: () => this.does.options() }, words.of('optionsButton')),
          h('button', { type: 'button', class: 'quiet', onclick: () => this.does.history() }, words.of('historyButton')),
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
    const light = lightOf(page?.shown?.verdict);
    return [
      h('h1', {}, icon(LOOKS[state].path), h('span', {}, page === null ? away : asking ? words.of('askingLine') : stateLine(page, words))),
      ...(light === null ? [] : [h('p', { class: 'light' }, h('span', { class: `mark ${light.state}` }, icon(LOOKS[light.state].path), words.of(light.word)))]),
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

  /** Take something away at once, and remember how it is brought back. */
  private readonly take = (change: SettingsChange, taken: TakenAway): void => {
    this.last = { taken, page: this.model?.page?.url ?? null };
    this.does.change(change);
    if (change.wrong !== undefined) void this.unlearn(taken.against.finding);
    if (this.model !== null) this.show(this.model);
  };

  private undo(): void {
    if (this.last !== null) this.does.change(this.last.taken.undo);
    const { lesson, last } = this;
    if (lesson !== null && lesson.finding !== null && lesson.finding === last?.taken.against.finding) {
      void this.does.unteach(lesson.of.id);
      this.lesson = null;
    }
    this.last = null;
    if (this.model !== null) this.show(this.model);
  }

  private drawPause(words: Words): Node[] {
    const pause = (key: Key, until: () => string) =>
      h('button', { type: 'button', onclick: () => this.does.change({ paused_until: until() }) }, words.of(key));
    return [
      h('h2', {}, words.of('pauseHeading')),
      h('div', { class: 'buttons' }, pause('pauseButton', inAnHour), pause('pauseToday', () => endOfToday(new Date())), pause('pauseOpen', () => UNTIL_RESUMED)),
    ];
  }

  /** Below each finding what one can do about it: report it, or not want it. */
  private objectTo(element: HTMLElement, finding: Finding | undefined, model: PopupModel, words: Words): void {
    const shown = model.page?.shown ?? null;
    if (shown === null || finding === undefined) return;
    const { site, client, tracker } = model;
    const against = { finding, shown, site, client, tracker, version: this.ownVersion };
    const actions = h('div', { class: 'actions' });
    if (finding.report && shown.verdict.site) {
      actions.append(reporting({ site: shown.verdict.site, page: shown.url, rule: finding.rule }, words, this.does));
    }
    actions.append(...objections(against, words, new Date().toISOString().slice(0, 10), this.take));
    element.append(actions);
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
  private examination({ links, page }: PopupModel, words: Words): HTMLElement {
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
      ...(page?.shown ? [h('p', { class: 'feed' }, words.of(page.shown.feed === 'proxy' ? 'feedProxy' : 'feedExtension'))] : []),
      sureButton(words.of('unpairButton'), words.of('unpairSure'), () => this.does.unpair()),
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

/** The findings after the first, folded together: what is to be seen first has the room. */
function others(heading: Key, found: HTMLElement[], words: Words): HTMLElement[] {
  return found.length === 0 ? [] : [h('details', { class: 'others' }, h('summary', {}, words.of(heading)), ...found)];
}

/** What one may report beside a single warning, which has its own button: the deal that the page is of, all on its client. */
function reportChoices({ page, known }: PopupModel, words: Words): Choice[] {
  const shown = page?.shown ?? null;
  if (shown === null || !shown.verdict.site) return [];
  const { site, findings, client, kind } = shown.verdict;
  // Before a client of whom nothing is to be said, the offer alone would say something.
  if (!findings.some(({ report }) => report) && (known === null || known.warnings + known.owed === 0)) return [];
  return [
    ...(kind != null && PAGE_KINDS[kind]?.isAgreed ? [{ about: { site, page: shown.url }, name: words.of('reportDeal') }] : []),
    ...(client ? [{ about: { site, client: client.id }, name: words.of('reportClient') }] : []),
  ];
}

function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}
