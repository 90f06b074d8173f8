/** The popup: the page's state in a sentence, its findings, the switches, and how the link to Koban is. */
import type { VNode } from 'preact';
import type { Finding, LessonInfo, LessonRequest, SettingsChange } from '../api/types';
import { knownLine, today } from '../history/parts';
import { type Choice, type ReportActions, reporting, reportingOne } from '../history/report';
import { dueList, noteField, sureButton } from '../history/widgets';
import { checkedLine, countLine, notCheckedLine, reasonLine, stateLine, withReadAgain } from '../i18n/lines';
import { type Key, Words } from '../i18n/words';
import { type CardTitles, type KobanState, type PageModel, type Removal, stateOfPage } from '../messages';
import { isList, kindInfo, LOOKS, warns } from '../states';
import type { Taken, TeachActions } from '../teaching/actions';
import { type MissedActions, missedEntry } from '../teaching/missed';
import { foldedFinding, listedFindings } from '../ui/finding';
import { type Light, lightOf } from '../ui/light';
import { type Child, group, h, icon, Root, switchOf, VIRTUAL } from '../ui/virtual';
import { type CardActions, cardAnchors, cardsOf } from './cards';
import { detailsList } from './details';
import { type FileActions, FilesAtHand } from './files-at-hand';
import { type HealthLine, healthLine, IN_VAIN, isLinked, REPAIRS, type Repair, TROUBLES } from './health';
import { type Against, ruleOffButton, type Take, type TakenAway, takenAway, takenLine, wrongButton } from './objection';
import { pauseButtons } from './pause';
import { type PictureActions, PicturesInSight, picturesLine } from './pictures';
import { type ReplyActions, replyEntry } from './reply';
import { searchedRules } from './rules';
import { type SiteActions, siteSwitch } from './sites';

export interface PopupActions
  extends ReportActions,
    TeachActions,
    MissedActions,
    CardActions,
    ReplyActions,
    PictureActions,
    FileActions,
    SiteActions {
  /** As `KobanService.takeAway`, on the popup's page. */
  takeAway(
    change: SettingsChange,
    removal: Removal,
    lesson: LessonRequest | null,
  ): Promise<{ isTaken: boolean; lesson: Taken | null }>;
  /** Bring back what was taken away on the page last, also while another popup was open. Resolves to whether it was. */
  bringBack(): Promise<boolean>;
  unpair(): void;
  examine(): void;
  options(): void;
  history(): void;
  note(site: string, client: string, note: string | null): Promise<boolean>;
  repair(repair: Repair): void;
}

/** A lesson, and the warning that it is about; null where it is about a text without one. */
interface Taught {
  lesson: LessonInfo;
  finding: Finding | null;
}

export class Popup {
  private readonly root: Root;
  /** The latest lesson. */
  private lastLesson: Taught | null = null;
  /** The warning taken away last, and its page. */
  private last: { taken: TakenAway; page: string | null; isKnown: boolean } | null = null;
  /** The warnings that were brought back here. */
  private readonly broughtBack = new WeakSet<Finding>();
  /** What was taken away last is being brought back. */
  private isBringingBack = false;
  /** The titles of the list's cards; empty until the page has told them. */
  private cards: { key: string; titles: CardTitles } = { key: '', titles: {} };
  private readonly inSight: PicturesInSight;
  private readonly atHand: FilesAtHand;
  private linksOpen = false;
  private state: KobanState | null = null;

  constructor(
    element: HTMLElement,
    private readonly ownVersion: string,
    private readonly actions: PopupActions,
  ) {
    this.root = new Root(element);
    this.inSight = new PicturesInSight(actions, () => this.again());
    this.atHand = new FilesAtHand(actions, () => this.again());
  }

  show(state: KobanState): void {
    this.state = state;
    this.follow(state);
    void this.askCards(state);
    document.documentElement.lang = state.language;
    const words = new Words(state.language);
    const health = healthLine(state, this.ownVersion, words);
    // Where nothing is checked, all that cannot be acted on now gives room to the one button that repairs it.
    const isAlone = health.repair !== null && (state.health !== 'ok' || state.paused);
    // In the first 600 pixels: how the page is, the gravest warning, what is switched here, the pause.
    this.root.draw(
      h(
        'main',
        {},
        header(state, words),
        this.repair(health, state, words),
        troubleNote(state, words),
        this.takenAway(words),
        this.taughtNote(isAlone, words),
        this.gravest(isAlone, state, words),
        section('pictures', isAlone ? [] : picturesLine(state, words, this.actions.change, this.inSight, this.atHand)),
        this.switchesHere(isAlone, state, words),
        this.abroad(isAlone, state, words),
        this.pause(!isAlone && isLinked(health) && state.version !== null, words),
        this.others(isAlone, state, words),
        this.report(isAlone, state, words),
        this.details(isAlone, state, words),
        this.past(isAlone, state, words),
        this.due(isAlone, state, words),
        this.missed(isAlone, state, words),
        this.watch(isAlone, state, words),
        this.rules(isAlone, state, words),
      ),
      this.footer(health, state, words),
    );
  }

  /** The page alone knows what its cards are called. It is asked again while it has none of them yet. */
  private async askCards({ page }: KobanState): Promise<void> {
    const anchors = cardAnchors(page?.shown?.verdict);
    const key = JSON.stringify([page?.url, anchors]);
    if (this.cards.key === key) return;
    this.cards = { key, titles: {} };
    if (anchors.length === 0) return;
    const titles = await this.actions.cardTitles(anchors);
    if (this.cards.key !== key) return;
    if (Object.keys(titles).length === 0) {
      this.cards = { key: '', titles };
      return;
    }
    this.cards = { key, titles };
    this.again();
  }

  private again(): void {
    if (this.state !== null) this.show(this.state);
  }

  private repair({ repair, line, first }: HealthLine, { tried }: KobanState, words: Words): VNode {
    if (repair === null) return section('repair', []);
    const failureKey = IN_VAIN[repair];
    return section('repair', [
      h('p', {}, line),
      first === null ? null : h('p', {}, first),
      h(
        'button',
        { type: 'button', class: 'main', onclick: () => this.actions.repair(repair) },
        words.of(REPAIRS[repair]),
      ),
      h(
        'p',
        { role: 'status', class: 'tried' },
        tried === 0 || failureKey === undefined ? null : words.of(failureKey, tried),
      ),
    ]);
  }

  private get taken(): TakenAway | null {
    return this.last !== null && this.last.page === (this.state?.page?.url ?? null) ? this.last.taken : null;
  }

  /** The page brings a warning back too, and remembers what another popup took away. */
  private follow({ page }: KobanState): void {
    if (this.last === null) return;
    if (page?.removed != null) this.last.isKnown = true;
    else if (this.last.isKnown) this.last = null;
  }

  private takenAway(words: Words): VNode {
    const { taken, state } = this;
    if (taken !== null) {
      return liveSection(
        'status',
        'taken-away',
        takenAway(taken, words, () => void this.undo(), this.take),
      );
    }
    const removal = state?.page?.removed ?? null;
    const line =
      removal && takenLine(words.of(removal.key, words.in(removal.title)), words, () => void this.bringBack());
    return liveSection('status', 'taken-away', line === null ? [] : [line]);
  }

  /** The latest lesson, with its undo. */
  private taughtNote(isAlone: boolean, words: Words): VNode {
    const { lastLesson: taught } = this;
    // A warning that was called wrong has its own line, with the undo of both.
    if (isAlone || taught === null || (taught.finding !== null && this.taken !== null)) {
      return liveSection('status', 'taught', []);
    }
    const { lesson, finding } = taught;
    const quotes = finding?.evidence.map(({ quote }) => quote) ?? [];
    const stays = (this.state?.page?.shown?.verdict.findings ?? []).some(
      ({ rule, evidence }) => rule === finding?.rule && evidence.some(({ quote }) => quotes.includes(quote)),
    );
    const undo = async () => {
      if (!(await this.actions.unteach(lesson.id))) return;
      this.lastLesson = null;
      this.again();
    };
    const line = h('p', {}, words.of(finding === null ? 'missedTaken' : stays ? 'wrongStays' : 'wrongTaught'));
    const button = h('button', { type: 'button', onclick: () => void undo() }, words.of('undoButton'));
    return liveSection('status', 'taught', [line, button]);
  }

  /** The gravest finding, unfolded. */
  private gravest(isAlone: boolean, state: KobanState, words: Words): VNode {
    const [first] = listed(state);
    if (first === undefined) return section('findings', []);
    const against = isAlone ? null : this.against(first.finding, state);
    const ruleOff = against && ruleOffButton(against, words, this.take);
    // Buttons of its own: a press that was meant for one warning never reaches that which a late verdict puts there.
    return section('findings', [
      group(
        keyOf(first),
        this.cardsOf(first.finding, state, words),
        this.finding(first, against, true, ruleOff, words),
      ),
    ]);
  }

  /** The other findings, each folded to its title with a button that switches its rule off; notices folded together. */
  private others(isAlone: boolean, state: KobanState, words: Words): VNode {
    const [, ...rest] = listed(state);
    const row = (each: Listed) => {
      const against = isAlone ? null : this.against(each.finding, state);
      return group(
        keyOf(each),
        h(
          'div',
          { class: 'entry' },
          this.cardsOf(each.finding, state, words),
          h(
            'div',
            { class: 'row' },
            this.finding(each, against, false, null, words),
            against && ruleOffButton(against, words, this.take, true),
          ),
        ),
      );
    };
    const isNotice = ({ finding }: Listed) => !warns(finding.severity);
    const others = rest.filter((each) => !isNotice(each));
    const notices = rest.filter(isNotice);
    return section('others', [
      ...(others.length === 0 ? [] : [h('h2', {}, words.of('othersHeading')), ...others.map(row)]),
      ...(notices.length === 0
        ? []
        : [h('details', { class: 'notices' }, h('summary', {}, words.of('noticesHeading')), ...notices.map(row))]),
    ]);
  }

  private cardsOf({ rule }: Finding, { page }: KobanState, words: Words): VNode | null {
    return cardsOf(rule, page?.shown?.verdict.findings ?? [], this.cards.titles, words, this.actions.lead);
  }

  /** A finding with what one can do about it; nothing where `against` is null. */
  private finding(
    { finding, count }: Listed,
    against: Against | null,
    open: boolean,
    ruleOff: VNode | null,
    words: Words,
  ): VNode {
    const actions =
      against &&
      h(
        'div',
        { class: 'actions' },
        this.reporting(against, words),
        ruleOff,
        wrongButton(against, words, today(), this.take),
      );
    const reply = () => this.reply(finding, words);
    return foldedFinding<VNode>(VIRTUAL, finding, words, { open, count, actions, reply: against && reply });
  }

  private reply(finding: Finding, words: Words): VNode | null {
    return this.state && replyEntry(finding, this.state.page, this.state, words, this.actions.draft);
  }

  private against(finding: Finding, { page, site, client, settings, tracker }: KobanState): Against | null {
    const pageVerdict = page?.shown ?? null;
    return pageVerdict && { finding, shown: pageVerdict, site, client, settings, tracker, version: this.ownVersion };
  }

  private reporting({ finding, shown }: Against, words: Words): VNode | null {
    const { url, verdict } = shown;
    if (!finding.report || !verdict.site) return null;
    return reporting({ site: verdict.site, page: url, rule: finding.rule }, words, this.actions);
  }

  /** The switches of this site, and of this client. */
  private switchesHere(isAlone: boolean, { site, settings, client }: KobanState, words: Words): VNode {
    const switches: Child[] = [];
    if (site !== null && !isAlone) switches.push(siteSwitch(site, words, this.actions));
    if (settings !== null && client !== null && !isAlone) {
      const isMuted = settings.clients?.[client]?.muted ?? false;
      const mute = (on: boolean) => this.actions.change({ clients: { [client]: { muted: on ? null : true } } });
      switches.push(switchOf(words.of('muteSwitchOf'), !isMuted, mute));
    }
    return section('here', switches);
  }

  /**
   * The marketplaces abroad, where the tab is of no marketplace that is on: it may be one of them. The browser would say
   * which with a permission that opens every page to the extension.
   */
  private abroad(isAlone: boolean, { page, sites }: KobanState, words: Words): VNode {
    const optional = isAlone || page !== null ? [] : sites.filter((site) => site.optional);
    if (optional.length === 0) return section('abroad', []);
    const switches = optional.map((site) => siteSwitch(site, words, this.actions));
    return section('abroad', [
      h(
        'details',
        {},
        h('summary', {}, words.of('abroadSummary')),
        h('p', { class: 'none' }, words.of('sitesAbroadLine')),
        ...switches,
      ),
    ]);
  }

  private pause(mayPause: boolean, words: Words): VNode {
    if (!mayPause) return section('pause', []);
    return section('pause', [h('h2', {}, words.of('pauseHeading')), pauseButtons(words, this.actions.change)]);
  }

  private report(isAlone: boolean, state: KobanState, words: Words): VNode {
    const choices = isAlone ? [] : reportChoices(state, words);
    if (choices.length === 0) return section('to-report', []);
    return section('to-report', [h('h2', {}, words.of('reportHeading')), reportingOne(choices, words, this.actions)]);
  }

  private details(isAlone: boolean, { page }: KobanState, words: Words): VNode {
    const list = isAlone ? null : detailsList(page?.shown?.verdict, words);
    return section('read', list === null ? [] : [list]);
  }

  private past(isAlone: boolean, { known }: KobanState, words: Words): VNode {
    if (isAlone || known === null) return section('past', []);
    return section('past', [
      h('h2', {}, words.of('knownHeading')),
      h('p', {}, knownLine(known, words)),
      noteField(known, words, (note) => this.actions.note(known.site, known.id, note)),
    ]);
  }

  private due(isAlone: boolean, { today }: KobanState, words: Words): VNode {
    if (isAlone || today.length === 0) return section('due', []);
    return section('due', [h('h2', {}, words.of('todayHeading')), dueList(today, words)]);
  }

  private missed(isAlone: boolean, { version, rules }: KobanState, words: Words): VNode {
    if (isAlone || version === null) return section(null, []);
    const onTaught = (lesson: LessonInfo) => this.learnt({ lesson, finding: null });
    return section(null, [missedEntry({ rules, words, actions: this.actions, taught: onTaught })]);
  }

  /** Switches of the step question and the sending guard, for every page. */
  private watch(isAlone: boolean, { settings }: KobanState, words: Words): VNode {
    if (isAlone || settings === null) return section('watch', []);
    const { change } = this.actions;
    return section('watch', [
      h('h2', {}, words.of('watchHeading')),
      switchOf(words.of('stepSwitch'), settings.active_step, (on) => change({ active_step: on ? null : false })),
      switchOf(words.of('guardSwitch'), settings.guard, (on) => change({ guard: on ? null : false })),
    ]);
  }

  private rules(isAlone: boolean, { rules, site }: KobanState, words: Words): VNode {
    if (isAlone || rules.length === 0) return section(null, []);
    const list = searchedRules({ rules, site: site?.id ?? null, words, change: this.actions.change });
    return section(null, [h('details', { class: 'rules' }, h('summary', {}, words.of('rulesHeading')), list)]);
  }

  private footer(health: HealthLine, state: KobanState, words: Words): VNode {
    const isKnown = state.version !== null;
    const quiet = (key: Key, onclick: () => void) =>
      h('button', { type: 'button', class: 'quiet', onclick }, words.of(key));
    return h(
      'footer',
      {},
      h(
        'div',
        { class: 'ways' },
        quiet('optionsButton', () => this.actions.options()),
        quiet('historyButton', () => this.actions.history()),
      ),
      health.well ? h('p', {}, isKnown ? marked('clear') : null, health.line) : null,
      state.health === 'ok' && isKnown ? this.examination(state, words) : null,
      ...state.aside.map(({ host, reason }) =>
        h('p', { class: 'aside' }, marked('not-checked'), words.of('asideLine', host, reasonLine(reason, words))),
      ),
    );
  }

  /** Every link of the chain with its repair, examined when it is unfolded. */
  private examination({ links, page }: KobanState, words: Words): VNode {
    const ontoggle = ({ currentTarget }: Event) => {
      const { open } = currentTarget as HTMLDetailsElement;
      if (open && !this.linksOpen) this.actions.examine();
      this.linksOpen = open;
    };
    const rows = (links ?? []).map((link) =>
      h(
        'li',
        {},
        marked(link.holds === null ? 'not-checked' : link.holds ? 'clear' : 'danger'),
        words.in(link.what),
        link.repair === null ? null : h('p', { class: 'repair' }, words.in(link.repair)),
      ),
    );
    const feed = page?.shown ? words.of(page.shown.feed === 'proxy' ? 'feedProxy' : 'feedExtension') : null;
    return h(
      'details',
      { class: 'links', ontoggle },
      h('summary', {}, words.of('examineHeading')),
      h('ul', {}, ...rows),
      feed === null ? null : h('p', { class: 'feed' }, feed),
      sureButton(words.of('unpairButton'), words.of('unpairSure'), () => this.actions.unpair()),
    );
  }

  /** Take something away at once, and remember how it is brought back. */
  private readonly take: Take = (change, taken) => void this.takeAway(change, taken);

  /** Where a warning was wrong, it comes no more on texts like those it quoted. */
  private async takeAway(change: SettingsChange, taken: TakenAway): Promise<void> {
    const { key, undo, against } = taken;
    const { finding } = against;
    const { rule, title, evidence } = finding;
    const isWrong = change.wrong !== undefined;
    const texts = evidence.map(({ quote }) => quote);
    const before = this.last;
    if (isWrong) this.broughtBack.delete(finding);
    this.last = { taken, page: this.state?.page?.url ?? null, isKnown: false };
    this.again();
    const { isTaken, lesson } = await this.actions.takeAway(
      change,
      { key, undo, rule, title },
      isWrong ? { warns: false, rule, risk: '', texts } : null,
    );
    // Koban has not taken it: the state says why.
    if (!isTaken && this.last?.taken === taken) this.last = before;
    this.again();
    if (!isTaken || lesson === null || typeof lesson === 'string') return;
    // Undone while it was being stored: the background withdraws it.
    if (!this.broughtBack.has(finding)) this.learnt({ lesson, finding });
  }

  /** The background withdraws what was taught with it. */
  private async undo(): Promise<void> {
    const { last } = this;
    if (last === null || this.isBringingBack) return;
    const { key, against } = last.taken;
    // A rule that was switched off after its warning was called wrong is a removal of its own: the lesson stays.
    const withLesson = key === 'wrongGone' ? against.finding : null;
    if (withLesson !== null) this.broughtBack.add(withLesson);
    if (!(await this.bringBack())) {
      if (withLesson !== null) this.broughtBack.delete(withLesson);
      return;
    }
    if (withLesson !== null && this.lastLesson?.finding === withLesson) this.lastLesson = null;
    if (this.last === last) this.last = null;
    this.again();
  }

  /** Bring back what was taken away last; a second press meanwhile would bring back what was taken away before it. */
  private async bringBack(): Promise<boolean> {
    if (this.isBringingBack) return false;
    this.isBringingBack = true;
    try {
      return await this.actions.bringBack();
    } finally {
      this.isBringingBack = false;
    }
  }

  private learnt(taught: Taught): void {
    this.lastLesson = taught;
    this.again();
  }
}

type Listed = ReturnType<typeof listedFindings>[number];

/** The same finding has the same key in each verdict of the page. */
function keyOf({ finding: { rule, evidence } }: Listed): string {
  return JSON.stringify([rule, evidence]);
}

/** The findings of the page, gravest first. */
function listed({ page }: KobanState): Listed[] {
  const verdict = page?.shown?.verdict;
  return listedFindings(verdict?.findings ?? [], isList(verdict?.kind));
}

/** A part of the popup that keeps its place, and is hidden while it is empty. */
function section(name: string | null, children: Child[]): VNode {
  return h('section', { class: name, hidden: children.length === 0 }, ...children);
}

/** One that is said as it comes: what is hidden is no live region, and neither is what appears with its words. */
function liveSection(role: 'status' | 'alert', name: string, children: Child[]): VNode {
  return h('div', { role }, section(name, children));
}

function header(koban: KobanState, words: Words): VNode {
  const { page } = koban;
  const state = page === null ? 'not-checked' : stateOfPage(page).state;
  const light = lightOf(page?.shown?.verdict);
  const [line, ...below] = headLines(koban, words);
  return h(
    'header',
    { class: state },
    h(
      'div',
      { role: 'status' },
      h('h1', {}, icon(LOOKS[state].path), h('span', {}, line)),
      ...below.map((text) => h('p', { class: 'checked' }, text)),
      light === null
        ? null
        : h(
            'p',
            { class: 'light' },
            h('span', { class: `mark ${light.state}` }, icon(LOOKS[light.state].path), words.of(light.word)),
          ),
    ),
  );
}

/** The state in a sentence, and what stands below it: why, or what was checked. */
function headLines({ page, health, version }: KobanState, words: Words): [line: string, ...below: string[]] {
  if (page === null) return [health === 'ok' ? words.of('elsewhereLine') : notCheckedLine(health, words)];
  if (health === 'ok' && version === null && page.shown === null) return [words.of('askingLine')];
  const countText = countLine(page, words);
  if (countText !== null) return [withReadAgain(countText, page, words)];
  const { state } = stateOfPage(page);
  const verdict = page.shown?.verdict;
  const light = lightOf(verdict);
  if (state === 'caution' && light?.state === 'caution')
    return [withReadAgain(words.of('stateCaution'), page, words), ...behindLight(light, page, words)];
  const line = withReadAgain(stateLine(page, words), page, words);
  const checkedText = state === 'clear' ? checkedLine(verdict?.checked ?? [], words) : null;
  return checkedText === null ? [line] : [line, checkedText];
}

/** Why the light is as it is, where it alone makes the page a caution; and that the client's warnings are off. */
function behindLight(light: Light, { shown }: PageModel, words: Words): string[] {
  const isMuted = shown?.verdict.reason === 'muted';
  return [words.of(light.from), ...(isMuted ? [notCheckedLine('muted', words)] : [])];
}

function troubleNote({ trouble }: KobanState, words: Words): VNode {
  const children = trouble === null ? [] : [h('p', { key: trouble.number }, words.of(TROUBLES[trouble.kind]))];
  return liveSection('alert', 'trouble', children);
}

function marked(state: keyof typeof LOOKS): VNode {
  return h('span', { class: `mark ${state}` }, icon(LOOKS[state].path));
}

/** Subjects of a report besides a single warning, which has its own button: the page's deal, all on its client. */
function reportChoices({ page, known }: KobanState, words: Words): Choice[] {
  const pageVerdict = page?.shown ?? null;
  if (pageVerdict === null || !pageVerdict.verdict.site) return [];
  const { site, findings, client, kind } = pageVerdict.verdict;
  // Before a client of whom nothing is to be said, the offer alone would say something.
  if (!findings.some(({ report }) => report) && (known === null || known.warnings + known.owed === 0)) return [];
  return [
    ...(kindInfo(kind)?.isAgreed ? [{ about: { site, page: pageVerdict.url }, name: words.of('reportDeal') }] : []),
    ...(client ? [{ about: { site, client: client.id }, name: words.of('reportClient') }] : []),
  ];
}
