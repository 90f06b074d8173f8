/** Ties the connection to Koban to what shows it: open pages, their badges, and the extension's own pages. */
import type { KobanApi, Link } from '../api/client';
import type { ApiEvent } from '../api/events';
import type { Due, PageVerdict, ReportRequest, Settings, SettingsChange } from '../api/types';
import { seenBefore } from '../history/parts';
import { further, type Language, type LanguageChoice } from '../i18n/languages';
import type { KobanState, PageModel, Removal } from '../messages';
import type { Withdrawal } from '../teaching/actions';
import { KnownClients } from './clients';
import { Connection } from './connection';
import { Files } from './files';
import type { Folds } from './folds';
import { forPage } from './for-page';
import type { PageView } from './page';
import { clientKey, type OfPacks, pageSettings } from './pagesettings';
import { Removals } from './removals';
import { Verdicts } from './verdicts';

/** A page of the extension's own that shows Koban's state, and the tab that it is about. */
export interface StateView {
  readonly tabId: number | null;
  show(state: KobanState): void;
}

export interface Environment {
  api(link: Link): KobanApi;
  /** This extension's own version. */
  version: string;
  language(): Language;
  /** The user's choice; the language follows from it. */
  choice(): LanguageChoice;
  /** The banners that the user has folded. */
  folds(): Folds;
  badge(tabId: number, page: PageModel): void;
  /** Due within a week, or overdue. */
  due(dues: Due[]): void;
  /** Called with every event, so that the browser sees that the background is at work. */
  alive(): void;
}

/** One page gives way to the next: the stream is kept open for this long after the last one. */
const LINGER_MS = 10_000;

export class Background {
  readonly connection: Connection;
  private readonly verdicts: Verdicts;
  private readonly clients: KnownClients;
  private readonly files: Files;
  private readonly removals = new Removals();
  private readonly views = new Set<StateView>();
  /** The last model of each page, so that it is not shown the same again. */
  private readonly sentModels = new WeakMap<PageView, string>();
  /** The further language that Koban was asked for last. */
  private askedFor: Language | null = null;
  /** The settings by which the user's choices were followed last; null before Koban said any. */
  private followedSettings: Settings | null = null;
  private leaving: ReturnType<typeof setTimeout> | undefined;
  private dues: Due[] = [];

  constructor(private readonly environment: Environment) {
    this.connection = new Connection((link) => environment.api(link), environment.version, {
      changed: () => this.showAll(),
      stateChanged: () => this.showState(),
      refreshed: () => this.refreshed(),
      happened: (event) => this.happened(event),
      broke: () => this.verdicts.forgetEarly(),
    });
    this.verdicts = new Verdicts(
      this.connection,
      (page, isFirst) => this.settled(page, isFirst),
      (page) => this.showPage(page),
    );
    this.files = new Files(this.connection, this.verdicts, (page) => {
      this.showPage(page);
      this.showState();
    });
    this.clients = new KnownClients(this.connection, () => this.showAll());
  }

  /** Use this link from now on; null where the extension was never paired. */
  use(link: Link | null): void {
    this.connection.use(link);
    this.clients.clear();
    this.followedSettings = null;
    this.verdicts.forgetEarly();
    void this.lookAhead();
    if (link === null) this.showAll();
    else if (this.isWatched) this.connection.listen();
  }

  addPage(page: PageView): void {
    this.verdicts.add(page);
    this.connection.listen();
  }

  movePage(page: PageView, url: string): void {
    this.verdicts.move(page, url);
    // What is known of the page before is not said of this one while it is asked about.
    this.showPage(page);
    this.showState();
  }

  rewritten(page: PageView): void {
    if (!this.verdicts.markRewritten(page)) return;
    this.showPage(page);
    this.showState();
  }

  /** A page came to this browser through Koban: its next ones need not wait for their verdicts. */
  async arrived(ticket: string): Promise<void> {
    // A page can write tickets that are none, and a connection may have ended: then its pages go on waiting.
    await this.connection.api?.arrived(ticket).catch(() => undefined);
  }

  /** The second feed: have a page judged as the browser shows it. */
  submit(page: PageView, url: string, html: string): Promise<void> {
    return this.verdicts.submit(page, url, html);
  }

  /** A page as the browser shows it is too large to be sent. */
  tooLarge(page: PageView, url: string): void {
    this.verdicts.markTooLarge(page, url);
  }

  /** A picture or file of a page, as the browser has it; null where it cannot be read. */
  async takeFile(page: PageView, url: string, data: string | null): Promise<void> {
    await this.files.take(page, url, data);
  }

  /** A picture of a tab's page as it is drawn there. */
  async takePicture(tabId: number, url: string, data: string): Promise<void> {
    const page = this.verdicts.onTab(tabId);
    if (page !== null) await this.files.take(page, url, data);
  }

  /** A file that its user chose for an address of a tab's page. Returns whether it was looked into. */
  async takeChosen(tabId: number, url: string, data: string): Promise<boolean> {
    const page = this.verdicts.onTab(tabId);
    return page !== null && (await this.files.take(page, url, data, true));
  }

  /** Have forgotten what that file held. Returns whether it was. */
  async withdrawChosen(tabId: number, url: string): Promise<boolean> {
    const page = this.verdicts.onTab(tabId);
    if (page === null || !(await this.files.withdraw(page, url))) return false;
    // What it was warned of no longer counts for its client.
    await this.clients.ask(this.verdicts.of(page), true);
    return true;
  }

  removePage(page: PageView): void {
    this.verdicts.remove(page);
    this.showState();
    this.rest();
  }

  addView(view: StateView): void {
    this.views.add(view);
    this.connection.listen();
    view.show(this.state(view));
    void this.connection.refresh();
    void this.lookAhead();
    for (const page of this.verdicts.pages) {
      if (page.tabId === view.tabId) void this.clients.ask(this.verdicts.of(page), true);
    }
  }

  removeView(view: StateView): void {
    this.views.delete(view);
    this.rest();
  }

  /**
   * Have Koban say its warnings in the user's language too, once for each language: another browser may speak another.
   */
  async speak(): Promise<void> {
    const { health, settings } = this.connection;
    const furtherLanguage = further(this.environment.language());
    // An older Koban has no such setting.
    if (health !== 'ok' || settings?.language === undefined || furtherLanguage === this.askedFor) return;
    this.askedFor = furtherLanguage;
    if (furtherLanguage === settings.language) return;
    if (!(await this.connection.ask({ language: furtherLanguage }))) {
      // Where Koban has not taken it, it is asked again when it answers next.
      if (this.askedFor === furtherLanguage) this.askedFor = null;
      return;
    }
    // What is due was said in the language before.
    await this.lookAhead();
  }

  /** The user has taught something that may take warnings away: those of a Koban that has ended are not kept. */
  followLesson(): Promise<void> {
    return this.verdicts.dropUnread();
  }

  change(change: SettingsChange): Promise<boolean> {
    return this.connection.change(change);
  }

  /** Ask no more before steps with the client of this page, whom the verdict names, not the page. */
  async stopAsking(page: PageView): Promise<void> {
    const key = clientKey(this.verdicts.of(page)?.verdict ?? null);
    if (key !== null) await this.change({ clients: { [key]: { ask: false } } });
  }

  /**
   * Take a warning away, and remember it on the tab's page, which offers to bring it back. `withdraw` undoes what Koban
   * was taught with it, and is called when it is brought back. Returns whether Koban stored the change.
   */
  async takeAway(
    tabId: number,
    change: SettingsChange,
    removal: Removal,
    withdraw: Withdrawal | null = null,
  ): Promise<boolean> {
    const page = this.verdicts.onTab(tabId);
    const forget = page && this.removals.set(page, removal, withdraw);
    this.showAll();
    if (await this.change(change)) return true;
    // Koban has not taken it: the warning is there still.
    forget?.();
    void withdraw?.();
    this.showAll();
    return false;
  }

  /** Bring back the warning that was taken away last on a page. Returns whether it was. */
  async bringBack(page: PageView): Promise<boolean> {
    const entry = this.removals.take(page);
    if (entry === null) return false;
    this.showAll();
    if (await this.change(entry.removal.undo)) {
      void entry.withdraw?.();
      return true;
    }
    // Koban has not taken it: what was taken away is so still.
    this.removals.putBack(page, entry);
    this.showAll();
    return false;
  }

  /** The same on a tab's page. */
  async bringBackOn(tabId: number): Promise<boolean> {
    const page = this.verdicts.onTab(tabId);
    return page !== null && (await this.bringBack(page));
  }

  /** The subject of a report on a rule's warning on this page; null where the page has no such warning. */
  reportOf(page: PageView, rule: string): ReportRequest | null {
    const pageVerdict = this.verdicts.of(page);
    const { site, findings } = pageVerdict?.verdict ?? {};
    if (pageVerdict === null || !site || !findings?.some((finding) => finding.rule === rule)) return null;
    return { site, page: pageVerdict.url, rule };
  }

  /** Remember that the banner of this page was folded, or unfolded. */
  fold(page: PageView, isFolded: boolean): void {
    const pageVerdict = this.verdicts.of(page);
    if (pageVerdict !== null) this.environment.folds().fold(pageVerdict, isFolded);
  }

  /** Judge a made-up page, which is not stored; null where Koban cannot be asked. */
  async demonstrate(url: string, html: string): Promise<PageVerdict | null> {
    return (await this.connection.api?.check(url, html, false).catch(() => null)) ?? null;
  }

  /** Store the user's own note on a client, and show it wherever that client is. Returns whether it was stored. */
  async note(site: string, client: string, note: string | null): Promise<boolean> {
    const { api } = this.connection;
    try {
      if (api === null) return false;
      await api.note(site, client, note);
    } catch {
      return false;
    }
    await this.askClients();
    return true;
  }

  /** The user has had a client forgotten, or everybody: no open page says more of them than Koban knows still. */
  followForgetting(): Promise<void> {
    return this.askClients();
  }

  /** Ask for due dates: of no matter to the verdicts, and silent where Koban cannot be asked. */
  async lookAhead(): Promise<void> {
    const { api } = this.connection;
    const dues = api === null ? [] : await api.today().catch(() => null);
    if (dues === null || api !== this.connection.api) return;
    this.dues = dues;
    this.environment.due(dues);
    this.showAll();
  }

  /** Whether the first-run page is still to be shown; null where Koban cannot be asked. */
  async wantsWelcome(): Promise<boolean | null> {
    const settings = await this.connection.api?.settings().catch(() => null);
    return settings == null ? null : !settings.welcomed;
  }

  async unpair(): Promise<void> {
    await this.connection.unpair();
    this.use(null);
  }

  showAll(): void {
    for (const page of this.verdicts.pages) this.showPage(page);
    this.showState();
  }

  private async askClients(): Promise<void> {
    await Promise.all(this.verdicts.pages.map((page) => this.clients.ask(this.verdicts.of(page), true)));
  }

  private get isWatched(): boolean {
    return this.verdicts.pages.length > 0 || this.views.size > 0;
  }

  private rest(): void {
    clearTimeout(this.leaving);
    if (!this.isWatched) this.leaving = setTimeout(() => this.leave(), LINGER_MS);
  }

  private leave(): void {
    if (this.isWatched) return;
    this.connection.close();
    this.verdicts.forgetEarly();
  }

  private async refreshed(): Promise<void> {
    await this.verdicts.askAll();
    await this.followChoices();
    // What Koban says of itself is in their models too.
    for (const page of this.verdicts.pages) this.showPage(page);
    void this.speak();
  }

  /** What the user switched off, also while Koban was away, holds for warnings of a Koban that has ended too. */
  private async followChoices(): Promise<void> {
    const { settings } = this.connection;
    if (settings === null) return;
    const former = this.followedSettings;
    this.followedSettings = settings;
    if (former !== null && mayWarnLess(former, settings)) await this.verdicts.dropUnread();
  }

  private happened(event: ApiEvent): void {
    this.environment.alive();
    if (event.name === 'verdict') this.verdicts.receive(event.data);
    else if (event.name === 'settings') {
      this.verdicts.forgetEarly();
      void this.connection.refresh();
    }
  }

  private settled(page: PageView, isFirst: boolean): void {
    this.showPage(page);
    this.showState();
    void this.clients.ask(this.verdicts.of(page), isFirst);
  }

  private showPage(page: PageView): void {
    const model = this.pageModel(page);
    const text = JSON.stringify(model);
    if (this.sentModels.get(page) !== text) page.show(forPage(model));
    this.sentModels.set(page, text);
    this.environment.badge(page.tabId, model);
  }

  private showState(): void {
    for (const view of this.views) view.show(this.state(view));
  }

  private pageModel(page: PageView): PageModel {
    const { health, settings } = this.connection;
    const pageVerdict = this.verdicts.of(page);
    const client = this.clients.of(pageVerdict);
    return {
      url: page.url,
      health,
      shown: pageVerdict,
      readAgain: this.verdicts.isReadAgain(page),
      isUntouched: this.verdicts.isUntouched(page),
      folded: this.environment.folds().isFolded(pageVerdict),
      wantsPage: health === 'ok' && this.verdicts.wantsPage(page),
      files: this.files.of(page),
      settings: settings === null ? null : pageSettings(settings, pageVerdict?.verdict ?? null, this.ofPacks(page)),
      known: client !== null && pageVerdict !== null && seenBefore(client, pageVerdict.judged_at) ? client : null,
      removed: this.removals.of(page),
      unstored: this.connection.storage,
      language: this.environment.language(),
    };
  }

  /** What packs bring for a page. */
  private ofPacks(page: PageView): OfPacks {
    const { replies, controls } = this.connection;
    const host = new URL(page.url).hostname;
    return { replies, controls: controls.find((each) => each.hosts.includes(host)) ?? null };
  }

  private state(view: StateView): KobanState {
    const { status, health, links, rules, replies, settings, tried, trouble } = this.connection;
    const page = this.verdicts.onTab(view.tabId);
    const verdict = page === null ? null : this.verdicts.of(page);
    const host = page === null ? null : new URL(page.url).hostname;
    return {
      page: page === null ? null : this.pageModel(page),
      health,
      version: status?.version ?? null,
      newest: status?.newest ?? null,
      proxyListening: status?.proxy.listening ?? false,
      pictures: status?.pictures ?? null,
      autostart: status?.autostart ?? null,
      aside: status?.proxy.aside ?? [],
      links,
      known: this.clients.of(verdict),
      today: this.dues,
      tried,
      trouble,
      paused: status?.paused ?? false,
      storage: this.connection.storage,
      tracker: status?.tracker ?? null,
      site: status?.sites.find((site) => host !== null && site.hosts.includes(host)) ?? null,
      settings,
      client: clientKey(verdict?.verdict ?? null),
      rules,
      replies,
      sites: status?.sites ?? [],
      language: this.environment.language(),
      choice: this.environment.choice(),
    };
  }
}

/** Whether settings may take away a warning that stood by the former ones. */
function mayWarnLess(former: Settings, settings: Settings): boolean {
  const [formerSwitches, switches] = [warningSwitches(former), warningSwitches(settings)];
  const isLowered = [...new Set([...formerSwitches.keys(), ...switches.keys()])].some(
    (key) => switchRank(switches.get(key)) < switchRank(formerSwitches.get(key)),
  );
  const isAnyWrong = Object.keys(settings.wrong ?? {}).some((key) => former.wrong?.[key] === undefined);
  const isAnyMuted = Object.entries(settings.clients ?? {}).some(
    ([key, client]) => client.muted && !former.clients?.[key]?.muted,
  );
  const pause = settings.paused_until ?? null;
  return isLowered || isAnyWrong || isAnyMuted || (pause !== null && pause !== former.paused_until);
}

/** The switches of rules, of sites, and of rules on a site, each by a name of its own. */
function warningSwitches({ rules, sites }: Settings): Map<string, boolean | null | undefined> {
  const ofRules = Object.entries(rules ?? {}).map(([rule, isOn]) => [`rule ${rule}`, isOn] as const);
  const ofSites = Object.entries(sites ?? {}).flatMap(([site, { enabled, rules: own }]) => [
    [`site ${site}`, enabled] as const,
    ...Object.entries(own ?? {}).map(([rule, isOn]) => [`site ${site} ${rule}`, isOn] as const),
  ]);
  return new Map([...ofRules, ...ofSites]);
}

/** Without a switch the default holds, which may be either. */
function switchRank(isOn: boolean | null | undefined): number {
  return isOn == null ? 1 : isOn ? 2 : 0;
}
