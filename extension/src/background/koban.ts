/**
 * The extension's one voice to Koban: knows the link, the pages that are open and the popups that look at them,
 * and keeps all of them at what Koban says now. Everything it holds can be had again: the browser may end it any time.
 */
import { ApiError, type ApiErrorKind, type KobanApi, type Link } from '../api/client';
import type { ApiEvent } from '../api/events';
import type {
  Due,
  HealthLink,
  Known,
  PageVerdict,
  ReportRequest,
  RuleInfo,
  ServiceStatus,
  Settings,
  SettingsChange,
} from '../api/types';
import { seenBefore } from '../history/parts';
import type { Language, LanguageChoice } from '../i18n/words';
import type { Health, KobanState, NoteMessage, PageModel } from '../messages';
import type { Folds } from './folds';
import { clientKey, pageSettings } from './pagesettings';
import { EventStream } from './stream';
import { compatible } from './version';

/** A page that is open: told what to show. */
export interface PageView {
  readonly tabId: number;
  url: string;
  show(page: PageModel): void;
}

/** A popup that is open: looks at one tab. */
export interface PopupView {
  tabId: number | null;
  show(popup: KobanState): void;
}

export interface Surroundings {
  api(link: Link): KobanApi;
  /** This extension's own version. */
  version: string;
  language(): Language;
  /** What was read and folded away. */
  folds(): Folds;
  /** What the user chose; the language follows from it. */
  choice(): LanguageChoice;
  badge(tabId: number, page: PageModel): void;
  /** What is due within a week, or overdue: to surface by itself. */
  due(dues: Due[]): void;
  /** Called now and then while the stream is open, so that the browser sees that the background is at work. */
  alive(): void;
}

/** One page gives way to the next: the stream is kept as long as this after the last one. */
const LINGER_MS = 10_000;
const MOST_TOLD = 20;

export class Koban {
  private readonly pages = new Map<PageView, PageVerdict | null>();
  private readonly popups = new Set<PopupView>();
  /** The pages that are no longer what passed. */
  private readonly others = new WeakSet<PageView>();
  /** What each page was last shown, so that it is not shown the same again. */
  private readonly sent = new WeakMap<PageView, string>();
  /** Verdicts of pages that are still on their way to the browser, by address: Koban has often judged before they speak. */
  private readonly told = new Map<string, PageVerdict>();
  private leaving: ReturnType<typeof setTimeout> | undefined;
  private readonly stream = new EventStream({
    opened: () => void this.refresh(),
    happened: (event) => this.happened(event),
    // A line that merely ended says nothing of why: Koban is asked.
    broke: (error) => {
      // What happens until it is open again is missed.
      this.told.clear();
      if (error instanceof ApiError) this.failed(error);
      else void this.refresh();
    },
  });
  private api: KobanApi | null = null;
  private health: Health = 'not-paired';
  private status: ServiceStatus | null = null;
  private rules: RuleInfo[] = [];
  private settings: Settings | null = null;
  private links: HealthLink[] | null = null;
  private tried = 0;
  private trouble: KobanState['trouble'] = null;
  private today: Due[] = [];
  private readonly known = new Map<string, Known | null>();
  private refreshing: Promise<void> | null = null;
  private refreshAgain = false;

  constructor(private readonly around: Surroundings) {}

  /** Use this link from now on; null where the extension was never paired. */
  use(link: Link | null): void {
    this.stream.close();
    this.api = link === null ? null : this.around.api(link);
    this.status = null;
    this.rules = [];
    this.settings = null;
    this.links = null;
    this.health = link === null ? 'not-paired' : 'ok';
    this.known.clear();
    this.told.clear();
    void this.lookAhead();
    if (this.api === null) this.showAll();
    else if (this.isWatched) this.listen();
  }

  addPage(page: PageView): void {
    this.pages.set(page, null);
    const told = this.told.get(addressOf(page.url));
    if (told !== undefined) this.settle(page, told);
    void this.ask(page);
    this.listen();
  }

  /** The page is at another address now, by a navigation that loaded nothing. */
  movePage(page: PageView, url: string): void {
    if (page.url === url || !this.pages.has(page)) return;
    page.url = url;
    this.others.delete(page);
    this.pages.set(page, null);
    void this.ask(page);
  }

  /** The page was written over: what was judged of its address says nothing of what it shows now. */
  rewritten(page: PageView): void {
    if (!this.pages.has(page)) return;
    this.others.add(page);
    this.showPage(page);
  }

  /** The second feed: judge the page as the browser shows it. */
  async lookAt(page: PageView, url: string, html: string): Promise<void> {
    const { api } = this;
    if (api === null || !samePage(page.url, url) || !this.wants(page)) return;
    try {
      const verdict = await api.check(url, html);
      if (api === this.api && this.pages.has(page) && samePage(page.url, url)) this.settle(page, verdict);
    } catch (error) {
      if (api === this.api) this.failed(error);
    }
  }

  removePage(page: PageView): void {
    this.pages.delete(page);
    this.rest();
  }

  addPopup(popup: PopupView): void {
    this.popups.add(popup);
    this.listen();
    popup.show(this.kobanState(popup));
    void this.refresh();
    void this.lookAhead();
    for (const page of this.pages.keys()) if (page.tabId === popup.tabId) void this.meet(page, true);
  }

  removePopup(popup: PopupView): void {
    this.popups.delete(popup);
    this.rest();
  }

  /** Change the user's settings. The pages follow by the event that comes of it. */
  async change(change: SettingsChange): Promise<void> {
    try {
      await this.api?.change(change);
      this.trouble = null;
      await this.refresh();
    } catch (error) {
      this.refused(error);
    }
  }

  /** Koban is well and did not take a change: that is said, and is no failure of the link. */
  private refused(error: unknown): void {
    const status = error instanceof ApiError ? error.status : null;
    if (status !== FULL && status !== INVALID) return this.failed(error);
    this.trouble = { kind: status === FULL ? 'disk' : 'refused', number: (this.trouble?.number ?? 0) + 1 };
    this.showPopups();
  }

  /** The same, answered: whether Koban took it. */
  async take(change: SettingsChange): Promise<boolean> {
    try {
      if (this.api === null) return false;
      await this.api.change(change);
      this.trouble = null;
    } catch (error) {
      this.refused(error);
      return false;
    }
    await this.refresh();
    return true;
  }

  /** Ask no more before steps with the client of this page: who that is, the verdict says, not the page. */
  async stopAsking(page: PageView): Promise<void> {
    const key = clientKey(this.pages.get(page)?.verdict ?? null);
    if (key !== null) await this.change({ clients: { [key]: { ask: false } } });
  }

  /** What a report on a rule's warning on this page is about: of which site and page, Koban knows itself. */
  reportOf(page: PageView, rule: string): ReportRequest | null {
    const shown = this.pages.get(page) ?? null;
    const { site, findings } = shown?.verdict ?? {};
    if (shown === null || !site || !findings?.some((finding) => finding.rule === rule)) return null;
    return { site, page: shown.url, rule };
  }

  /** Remember that the banner of this page was folded away, or is wanted again. */
  fold(page: PageView, folded: boolean): void {
    const shown = this.pages.get(page) ?? null;
    if (shown !== null) this.around.folds().fold(shown, folded);
  }

  /** Have Koban look at every link of the chain. */
  async examine(): Promise<void> {
    try {
      this.links = (await this.api?.health()) ?? null;
      this.showPopups();
    } catch (error) {
      this.failed(error);
    }
  }

  /** Ask Koban anew, now rather than when it would be tried next. */
  async again(): Promise<void> {
    const { api } = this;
    if (api === null) return;
    await this.refresh();
    if (this.health === 'ok' && this.status?.proxy.listening === true) this.stream.open(api);
    else this.tried += 1;
    this.showPopups();
  }

  /** Judge a made-up page, which is not kept; null where Koban cannot be asked. */
  async demonstrate(url: string, html: string): Promise<PageVerdict | null> {
    return (await this.api?.check(url, html, false).catch(() => null)) ?? null;
  }

  /** Keep the user's own note on a client, and show it where that client is looked at. */
  async note({ site, client, note }: NoteMessage): Promise<boolean> {
    try {
      if (this.api === null) return false;
      await this.api.note(site, client, note);
    } catch {
      return false;
    }
    await Promise.all([...this.pages.keys()].map((page) => this.meet(page, true)));
    return true;
  }

  /** Ask what is due: of no matter to the verdicts, and silent where Koban cannot be asked. */
  async lookAhead(): Promise<void> {
    const { api } = this;
    const dues = api === null ? [] : await api.today().catch(() => null);
    if (dues === null || api !== this.api) return;
    this.today = dues;
    this.around.due(dues);
    this.showAll();
  }

  /** Ask what is known of the client of a page, after its verdict was shown. anew: also where that was asked before. */
  private async meet(page: PageView, anew: boolean): Promise<void> {
    const { api } = this;
    const verdict = this.pages.get(page)?.verdict ?? null;
    const key = clientKey(verdict);
    if (api === null || key === null || !verdict?.site || !verdict.client || (this.known.has(key) && !anew)) return;
    const known = await api.known(verdict.site, verdict.client.id).catch(() => undefined);
    if (known === undefined || api !== this.api) return;
    this.known.set(key, known);
    this.showAll();
  }

  /** Whether the first-run page is still to be shown, as far as Koban knows; null where it cannot be asked. */
  async wantsWelcome(): Promise<boolean | null> {
    const settings = await this.api?.settings().catch(() => null);
    return settings == null ? null : !settings.welcomed;
  }

  /** End the pairing on both sides. Koban forgets the token; where it cannot be asked, the token is forgotten here. */
  async unpair(): Promise<void> {
    await this.api?.unpair().catch(() => undefined);
    this.use(null);
    this.showAll();
  }

  showAll(): void {
    for (const page of this.pages.keys()) this.showPage(page);
    this.showPopups();
  }

  private get isWatched(): boolean {
    return this.pages.size > 0 || this.popups.size > 0;
  }

  private listen(): void {
    if (this.api !== null && !this.stream.isOpen) this.stream.open(this.api);
  }

  private rest(): void {
    clearTimeout(this.leaving);
    if (!this.isWatched) this.leaving = setTimeout(() => this.leave(), LINGER_MS);
  }

  private leave(): void {
    if (this.isWatched) return;
    this.stream.close();
    this.told.clear();
  }

  private happened(event: ApiEvent): void {
    this.around.alive();
    if (event.name === 'verdict') {
      this.keepTold(event.data);
      for (const page of this.pages.keys()) {
        if (samePage(page.url, event.data.url)) this.settle(page, event.data);
      }
    } else if (event.name === 'settings') {
      this.told.clear();
      void this.refresh();
    }
  }

  private keepTold(verdict: PageVerdict): void {
    const address = addressOf(verdict.url);
    this.told.delete(address);
    this.told.set(address, verdict);
    const [oldest] = this.told.keys();
    if (this.told.size > MOST_TOLD && oldest !== undefined) this.told.delete(oldest);
  }

  /** Ask everything anew: how Koban is, its rules, the verdict of each open page. Calls that overlap become one more. */
  private refresh(): Promise<void> {
    if (this.refreshing !== null) {
      this.refreshAgain = true;
      return this.refreshing;
    }
    const run = async () => {
      do {
        this.refreshAgain = false;
        await this.refreshOnce();
      } while (this.refreshAgain);
    };
    this.refreshing = run().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  private async refreshOnce(): Promise<void> {
    const api = this.api;
    if (api === null) return this.showAll();
    try {
      const [status, rules, settings] = await Promise.all([api.status(), api.rules(), api.settings()]);
      if (api !== this.api) return;
      this.status = status;
      this.rules = rules;
      this.settings = settings;
      this.health = compatible(this.around.version, status.version) ? 'ok' : 'wrong-version';
      if (this.health === 'ok' && status.proxy.listening) this.tried = 0;
    } catch (error) {
      if (api === this.api) this.failed(error);
      return;
    }
    await Promise.all([...this.pages.keys()].map((page) => this.ask(page)));
    this.showPopups();
  }

  private async ask(page: PageView): Promise<void> {
    const { api } = this;
    if (api === null) return this.showPage(page);
    const { url } = page;
    try {
      const verdict = await api.verdict(url);
      // Another answer may be on its way: the page moved, or Koban was paired anew.
      if (api !== this.api || page.url !== url || !this.pages.has(page)) return;
      // Overtaken by an event that brought a later one.
      if (!isOlder(verdict, this.pages.get(page) ?? null)) this.settle(page, verdict);
      // It answers again before the stream's next try.
      if (this.health === 'not-running' || this.health === 'failing' || this.health === 'stranger')
        this.stream.open(api);
    } catch (error) {
      if (api === this.api) this.failed(error);
    }
  }

  private settle(page: PageView, verdict: PageVerdict | null): void {
    const isFirst = (this.pages.get(page) ?? null) === null;
    this.pages.set(page, verdict);
    this.showPage(page);
    this.showPopups();
    void this.meet(page, isFirst);
  }

  private failed(error: unknown): void {
    const kind = error instanceof ApiError ? error.kind : 'unreachable';
    this.health = HEALTHS[kind];
    this.status = null;
    this.showAll();
  }

  private showPage(page: PageView): void {
    const model = this.pageModel(page);
    const text = JSON.stringify(model);
    if (this.sent.get(page) !== text) page.show(model);
    this.sent.set(page, text);
    this.around.badge(page.tabId, model);
  }

  private showPopups(): void {
    for (const popup of this.popups) popup.show(this.kobanState(popup));
  }

  private pageModel(page: PageView): PageModel {
    const shown = this.pages.get(page) ?? null;
    const known = this.knownOf(shown);
    return {
      url: page.url,
      health: this.health,
      shown,
      folded: this.around.folds().isFolded(shown),
      wantsPage: this.health === 'ok' && this.wants(page),
      settings: this.settings === null ? null : pageSettings(this.settings, shown?.verdict ?? null),
      known: known !== null && shown !== null && seenBefore(known, shown.judged_at) ? known : null,
      language: this.around.language(),
    };
  }

  private kobanState(popup: PopupView): KobanState {
    const page = [...this.pages.keys()].find((candidate) => candidate.tabId === popup.tabId);
    return {
      page: page === undefined ? null : this.pageModel(page),
      health: this.health,
      version: this.status?.version ?? null,
      proxyListening: this.status?.proxy.listening ?? false,
      aside: this.status?.proxy.aside ?? [],
      links: this.links,
      known: page === undefined ? null : this.knownOf(this.pages.get(page) ?? null),
      today: this.today,
      tried: this.tried,
      trouble: this.trouble,
      paused: this.status?.paused ?? false,
      tracker: this.status?.tracker ?? null,
      site: page === undefined ? null : this.siteOf(page.url),
      settings: this.settings,
      client: page === undefined ? null : clientKey(this.pages.get(page)?.verdict ?? null),
      rules: this.rules,
      sites: this.status?.sites ?? [],
      language: this.around.language(),
      choice: this.around.choice(),
    };
  }

  private wants(page: PageView): boolean {
    return this.others.has(page) || wantsPage(this.pages.get(page) ?? null);
  }

  private knownOf(shown: PageVerdict | null): Known | null {
    return this.known.get(clientKey(shown?.verdict ?? null) ?? '') ?? null;
  }

  private siteOf(url: string) {
    const { hostname } = new URL(url);
    return this.status?.sites.find((site) => site.hosts.includes(hostname)) ?? null;
  }
}

/** HTTP: what was asked for is not valid; the server has no room for it. */
const INVALID = 422;
const FULL = 507;

const HEALTHS: Record<ApiErrorKind, Health> = {
  refused: 'not-paired',
  unreachable: 'not-running',
  stranger: 'stranger',
  failed: 'failing',
};

/** Why the proxy's own look was not enough, though the page may hold more than what passed. */
const TRY_AGAIN = new Set([
  'page-changed',
  'unreadable',
  'nothing-to-check',
  'failed',
  'too-large',
  'too-slow',
  'bot-check',
  'refused',
]);

/** Whether the page itself is to be asked: it never passed the proxy, did so unread, or was judged by its looks before. */
function wantsPage(shown: PageVerdict | null): boolean {
  if (shown === null || shown.feed === 'extension') return true;
  return shown.verdict.state === 'not-checked' && TRY_AGAIN.has(shown.verdict.reason ?? '');
}

function isOlder(one: PageVerdict | null, other: PageVerdict | null): boolean {
  return one !== null && other !== null && Date.parse(one.judged_at) < Date.parse(other.judged_at);
}

/** Whether two addresses name one page: all but the fragment. */
export function samePage(one: string, other: string): boolean {
  return addressOf(one) === addressOf(other);
}

function addressOf(url: string): string {
  return url.split('#')[0] ?? url;
}
