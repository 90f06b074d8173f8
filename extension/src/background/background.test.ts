import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, KobanApi, VisitorLine } from '../api/client';
import { readEvents } from '../api/events';
import type { Due, Known, PageVerdict, ServiceStatus, Settings, SettingsChange, Verdict } from '../api/types';
import type { Language } from '../i18n/languages';
import type { KobanState, PageModel } from '../messages';
import { due, finding, known, PAGE, pageVerdict, replyInfo, rule, settings, status } from '../testing/values';
import { Background } from './background';
import { Folds } from './folds';
import { type PageView, samePage } from './page';

/** A Koban that runs here: answers as the API does, with an event stream that the test writes to. */
class Service extends KobanApi {
  verdicts = new Map<string, PageVerdict>();
  current: ServiceStatus = status();
  wanted: Settings = settings();
  refuses: ApiError | null = null;
  readonly changes: unknown[] = [];
  private told: ReadableStreamDefaultController<Uint8Array> | null = null;
  streams = 0;

  constructor() {
    super(new VisitorLine('http://127.0.0.1:1', 't'));
  }

  private answer<T>(value: T): Promise<T> {
    return this.refuses === null ? Promise.resolve(value) : Promise.reject(this.refuses);
  }
  override status = () => this.answer(this.current);
  override rules = () => this.answer([rule()]);
  override settings = () => this.answer(this.wanted);
  /** What views of pages show that is not what passed at their address, by the name that each was handed over under. */
  readonly views = new Map<string, PageVerdict>();
  override verdict = (url: string, view: string | null = null) =>
    this.answer((view === null ? this.verdicts.get(url) : this.views.get(view)) ?? null);
  dues: Due[] = [];
  clients = new Map<string, Known>();
  override today = () => this.answer(this.dues);
  override known = (site: string, client: string) => this.answer(this.clients.get(`${site}:${client}`) ?? null);
  override note = async (site: string, client: string, note: string | null) => {
    const found = await this.known(site, client);
    if (found === null) throw new ApiError('failed', 404);
    this.clients.set(`${site}:${client}`, { ...found, note });
  };
  override change = (change: SettingsChange) => {
    this.changes.push(change);
    return this.answer({} as Settings);
  };
  override autostart = async (on: boolean) => {
    await this.answer(null);
    this.current = status({ autostart: on ? 'on' : 'off' });
  };
  override events = () => {
    this.streams += 1;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.told = controller;
      },
    });
    return this.answer(readEvents(stream, async () => true));
  };

  tell(event: string, data: unknown): void {
    this.told?.enqueue(new TextEncoder().encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
  }

  end(): void {
    this.told?.close();
  }
}

function view(url = PAGE, tabId = 1) {
  const shown: PageModel[] = [];
  const page: PageView = { tabId, url, since: 0, show: (model) => shown.push(model) };
  return { page, shown, last: () => shown.at(-1) };
}

function popupView(tabId = 1) {
  const shown: KobanState[] = [];
  return { popup: { tabId, show: (model: KobanState) => shown.push(model) }, last: () => shown.at(-1) };
}

const PENDING = { state: 'not-checked', reason: 'pending' } as const;

describe('Background', () => {
  let service: Service;
  const badge = vi.fn();
  const told = vi.fn();
  let folds: Folds;
  let language: Language;
  let background: Background;

  beforeEach(() => {
    service = new Service();
    language = 'ja';
    badge.mockClear();
    told.mockClear();
    folds = new Folds({}, () => undefined);
    background = new Background({
      api: () => service,
      version: '0.1.0',
      language: () => language,
      folds: () => folds,
      choice: () => 'auto',
      badge,
      due: told,
      alive: () => undefined,
    });
  });

  const link = { apiBase: 'http://127.0.0.1:1', key: 'k' };
  const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

  /** An open page that is warned of, of a Koban that is linked. */
  async function pageWithWarning() {
    service.verdicts.set(PAGE, pageVerdict({ findings: [finding()] }));
    background.use(link);
    const shown = view();
    background.addPage(shown.page);
    await settled();
    return shown;
  }

  it('says that it is not paired, to page, badge and popup, before it ever was', async () => {
    background.use(null);
    const { page, last } = view();
    const popup = popupView();
    background.addPage(page);
    background.addView(popup.popup);
    await settled();
    expect(last()).toMatchObject({ health: 'not-paired', shown: null });
    expect(badge).toHaveBeenLastCalledWith(1, expect.objectContaining({ health: 'not-paired' }));
    expect(popup.last()).toMatchObject({ health: 'not-paired', rules: [] });
  });

  it('test_issue_21_has_warnings_said_in_a_further_language: asked for once, and taken back', async () => {
    service.wanted = { ...service.wanted, language: null };
    background.use(link);
    background.addView(popupView().popup);
    await settled();
    expect(service.changes, 'Japanese is always there').toEqual([]);
    language = 'fr';
    service.dues = [due()];
    await background.speak();
    expect(told, 'what is due is asked for anew').toHaveBeenLastCalledWith([due()]);
    expect(service.changes).toEqual([{ language: 'fr' }]);
    service.wanted = { ...service.wanted, language: 'es' };
    service.tell('settings', {});
    await settled();
    expect(service.changes, 'another browser speaks another').toHaveLength(1);
    language = 'en';
    await background.speak();
    expect(service.changes.at(-1)).toEqual({ language: null });
  });

  it('test_issue_21 asks again for a language that could not be asked for, and says nothing of it', async () => {
    service.wanted = { ...service.wanted, language: null };
    background.use(link);
    const { popup, last } = popupView();
    background.addView(popup);
    await settled();
    language = 'fr';
    const change = vi.spyOn(service, 'change').mockRejectedValueOnce(new ApiError('failed', 507));
    await background.speak();
    expect(last()).toMatchObject({ health: 'ok', trouble: null });
    service.tell('settings', {});
    await settled();
    expect(change.mock.calls).toEqual([[{ language: 'fr' }], [{ language: 'fr' }]]);
  });

  it('asks an older Koban, which has no such setting, for no language', async () => {
    language = 'fr';
    background.use(link);
    background.addView(popupView().popup);
    await settled();
    expect(service.changes).toEqual([]);
  });

  it('test_speed_1 hands a ticket to Koban, and takes no harm where Koban knows none or is none', async () => {
    const arrived = vi.spyOn(service, 'arrived').mockRejectedValue(new ApiError('failed', 404));
    await background.arrived('0a');
    expect(arrived).not.toHaveBeenCalled();
    background.use(link);
    const { page, last } = view();
    background.addPage(page);
    await settled();
    await background.arrived('0a');
    expect(arrived).toHaveBeenCalledExactlyOnceWith('0a');
    expect(last()?.health).toBe('ok');
  });

  it('test_ux_c brings back what was taken away, from the page or another popup, with what was taught', async () => {
    const withdraw = vi.fn(async () => undefined);
    const { page, last } = await pageWithWarning();
    const removal = { key: 'wrongGone', rule: 'direct-contract', title: finding().title } as const;
    const taking = { wrong: { a: '2026-11-30' } };
    expect(await background.takeAway(1, taking, { ...removal, undo: { wrong: { a: null } } }, withdraw)).toBe(true);
    expect(last()?.removed).toEqual({ key: 'wrongGone', title: finding().title });
    expect(await background.bringBack(page)).toBe(true);
    expect(last()?.removed).toBeNull();
    expect(service.changes).toEqual([taking, { wrong: { a: null } }]);
    expect(withdraw).toHaveBeenCalledOnce();
    expect(await background.bringBackOn(1)).toBe(false);
    expect(service.changes, 'once').toHaveLength(2);
    expect(await background.takeAway(2, {}, { ...removal, undo: {} })).toBe(true);
    expect(await background.bringBackOn(2), 'there is no such page').toBe(false);
  });

  it('says that nothing was taken away, and teaches nothing of it, where Koban does not take it', async () => {
    const withdraw = vi.fn(async () => undefined);
    const { last } = await pageWithWarning();
    const removal = { rule: 'direct-contract', title: finding().title, undo: {} } as const;
    await background.takeAway(1, {}, { ...removal, key: 'wrongGone' });
    for (const key of ['wrongGone', 'ruleGone'] as const) {
      vi.spyOn(service, 'change').mockRejectedValueOnce(new ApiError('failed', 507));
      expect(await background.takeAway(1, {}, { ...removal, key }, withdraw)).toBe(false);
      expect(last()?.removed?.key, 'what was taken away before').toBe('wrongGone');
    }
    expect(withdraw).toHaveBeenCalledTimes(2);
  });

  it('keeps what was taken away, and what was taught of it, where Koban does not bring it back', async () => {
    const withdraw = vi.fn(async () => undefined);
    const { page, last } = await pageWithWarning();
    const removal = { key: 'wrongGone', rule: 'direct-contract', title: finding().title } as const;
    await background.takeAway(1, {}, { ...removal, undo: { wrong: { a: null } } }, withdraw);
    const change = vi.spyOn(service, 'change').mockRejectedValueOnce(new ApiError('failed', 507));
    expect(await background.bringBack(page)).toBe(false);
    expect([last()?.removed?.key, withdraw.mock.calls.length]).toEqual(['wrongGone', 0]);
    await background.bringBack(page);
    expect([last()?.removed, withdraw.mock.calls.length, change.mock.calls.length]).toEqual([null, 1, 2]);
  });

  it('says nothing any longer of a client whom the user has had forgotten, in any open page', async () => {
    service.verdicts.set(PAGE, pageVerdict({ client: { id: '52', name: null } }));
    service.clients.set('crowdworks:52', known());
    background.use(link);
    const { page, last } = view();
    background.addPage(page);
    await settled();
    expect(last()?.known?.note).toBe('返事が早い');
    service.clients.clear();
    await background.followForgetting();
    expect(last()?.known).toBeNull();
  });

  it('test_ux_01 shows a page its verdict, and knows what a report on it is about', async () => {
    const { page, last } = await pageWithWarning();
    expect(last()).toMatchObject({ health: 'ok' });
    expect(last()?.shown?.verdict.state).toBe('danger');
    expect(background.reportOf(page, 'direct-contract')).toEqual({
      site: 'crowdworks',
      page: PAGE,
      rule: 'direct-contract',
    });
    expect(background.reportOf(page, 'of-another-page')).toBeNull();
  });

  it('shows in the popup alone what a file says that its user chose', async () => {
    const place = { field: 'message.attachment.text', quote: 'ひみつ', marked: [], file: 'https://a.example/b.pdf' };
    service.verdicts.set(
      PAGE,
      pageVerdict({ findings: [finding({ evidence: [{ ...place, chosen: true as const }] })] }),
    );
    const [{ page, last }, { popup, last: inPopup }] = [view(), popupView()];
    background.use(link);
    background.addPage(page);
    background.addView(popup);
    await settled();
    expect(JSON.stringify(inPopup()?.page?.shown)).toContain('ひみつ');
    expect(last()?.shown?.verdict.findings).toHaveLength(1);
    expect(JSON.stringify(last())).not.toContain('ひみつ');
    const taken = vi.spyOn(service, 'enclose').mockResolvedValue(true);
    const withdrawn = vi.spyOn(service, 'withdraw').mockResolvedValue(undefined);
    expect(await background.takeChosen(9, 'https://a.example/b.pdf', 'eA=='), 'no such tab').toBe(false);
    expect(await background.withdrawChosen(9, 'https://a.example/b.pdf')).toBe(false);
    expect(await background.withdrawChosen(1, 'https://a.example/b.pdf')).toBe(true);
    expect([taken.mock.calls.length, withdrawn.mock.calls.length]).toEqual([0, 1]);
  });

  it('counts for a client no longer what a chosen file was warned of, once that is taken back', async () => {
    service.clients.set('crowdworks:52', known({ warnings: 1 }));
    service.verdicts.set(PAGE, pageVerdict({ findings: [finding()], client: { id: '52' } }));
    background.use(link);
    const { page, last } = view();
    background.addPage(page);
    await settled();
    expect(last()?.known?.warnings).toBe(1);
    service.clients.set('crowdworks:52', known({ warnings: 0 }));
    vi.spyOn(service, 'withdraw').mockResolvedValue(undefined);
    await background.withdrawChosen(1, 'https://a.example/b.pdf');
    expect(last()?.known?.warnings).toBe(0);
  });

  it('keeps a banner folded for a page that comes again', async () => {
    const { page, last } = await pageWithWarning();
    expect(last()?.folded).toBe(false);
    background.fold(page, true);
    const again = view(PAGE, 2);
    background.addPage(again.page);
    await settled();
    expect(again.last()?.folded).toBe(true);
  });

  it('tries again when asked to, and counts what was in vain', async () => {
    service.refuses = new ApiError('unreachable');
    background.use(link);
    const popup = popupView();
    background.addView(popup.popup);
    await settled();
    expect(popup.last()).toMatchObject({ health: 'not-running', tried: 0 });
    await background.connection.retry();
    expect(popup.last()?.tried).toBe(1);
    service.refuses = null;
    await background.connection.retry();
    expect(popup.last()).toMatchObject({ health: 'ok', tried: 0 });
  });

  it('test_reach_03 shows what the system does once it was changed, and that it was not', async () => {
    background.use(link);
    const popup = popupView();
    background.addView(popup.popup);
    await settled();
    expect(popup.last()?.autostart).toBeNull();
    expect(await background.connection.autostart(true)).toBe(true);
    expect(popup.last()?.autostart).toBe('on');
    service.refuses = new ApiError('failed', 507);
    expect(await background.connection.autostart(false)).toBe(false);
    expect(popup.last()).toMatchObject({ autostart: 'on', trouble: { kind: 'disk' } });
  });

  it('shows what comes later to that page alone, whatever the fragment', async () => {
    background.use(link);
    const one = view(`${PAGE}#scroll_to_message`, 1);
    const other = view('https://crowdworks.jp/contracts/2', 2);
    background.addPage(one.page);
    background.addPage(other.page);
    await settled();
    service.tell('verdict', pageVerdict({ findings: [finding()] }));
    await settled();
    expect(one.last()?.shown?.verdict.state).toBe('danger');
    expect(other.last()?.shown).toBeNull();
  });

  it('asks again for open pages when settings change', async () => {
    service.verdicts.set(PAGE, pageVerdict({ findings: [finding()] }));
    background.use(link);
    const { page, last } = view();
    const popup = popupView();
    background.addPage(page);
    background.addView(popup.popup);
    await settled();
    service.verdicts.set(PAGE, pageVerdict());
    service.tell('settings', {});
    await settled();
    expect(last()?.shown?.verdict.state).toBe('clear');
    expect(popup.last()?.page?.shown?.verdict.state).toBe('clear');
  });

  it('takes a danger of a Koban that has ended away when the user switches it off, and for no other change', async () => {
    const { last } = await pageWithWarning();
    // Koban was started anew, and knows nothing of it.
    service.verdicts.clear();
    await background.connection.refresh();
    for (const change of [{}, { language: 'fr' }, { clients: { 'crowdworks:1': { ask: false, muted: false } } }]) {
      service.wanted = { ...service.wanted, ...change } as Settings;
      service.tell('settings', {});
      await settled();
      expect(last()?.shown?.verdict.state).toBe('danger');
    }
    service.wanted = { ...service.wanted, wrong: { 'a-rule@crowdworks@1': '2026-11-24' } };
    await background.change({});
    expect(last()).toMatchObject({ shown: null, wantsPage: true });
  });

  it('takes it away also where the user switched it off while Koban was away', async () => {
    const { last } = await pageWithWarning();
    service.verdicts.clear();
    service.wanted = { ...service.wanted, rules: { 'a-rule': false } };
    await background.connection.refresh();
    expect(last()?.shown).toBeNull();
  });

  it.each<[string, Partial<Settings>, Partial<Settings>, 'kept' | 'dropped']>([
    ['a rule switched on', { rules: { 'a-rule': false } }, { rules: { 'a-rule': true } }, 'kept'],
    ['a rule’s switch undone', { rules: { 'a-rule': false } }, {}, 'kept'],
    ['a noisy rule’s switch undone', { rules: { 'a-rule': true } }, {}, 'dropped'],
    ['a rule off on a site', {}, { sites: { crowdworks: { rules: { 'a-rule': false } } } }, 'dropped'],
    ['a site switched on', { sites: { crowdworks: { enabled: false } } }, { sites: { crowdworks: {} } }, 'kept'],
    ['a site switched off', {}, { sites: { crowdworks: { enabled: false } } }, 'dropped'],
    ['a warning no longer wrong', { wrong: { a: '2026-11-24' } }, { wrong: {} }, 'kept'],
    ['another wrong instead', { wrong: { a: '2026-11-24' } }, { wrong: { b: '2026-11-24' } }, 'dropped'],
    ['a client unmuted', { clients: { 'c:1': { ask: true, muted: true } } }, {}, 'kept'],
    ['a client muted', {}, { clients: { 'c:1': { ask: true, muted: true } } }, 'dropped'],
    ['a pause ended', { paused_until: '2026-11-24T01:00:00Z' }, { paused_until: null }, 'kept'],
    ['a pause', {}, { paused_until: '2026-11-24T01:00:00Z' }, 'dropped'],
  ])('has the danger of a Koban that has ended after %s', async (_, former, latter, outcome) => {
    const before = service.wanted;
    service.wanted = { ...before, ...former } as Settings;
    const { last } = await pageWithWarning();
    service.verdicts.clear();
    service.wanted = { ...before, ...latter } as Settings;
    await background.connection.refresh();
    expect(last()?.shown?.verdict.state).toBe(outcome === 'kept' ? 'danger' : undefined);
  });

  it('takes it away when the user teaches that a warning was wrong', async () => {
    const { last } = await pageWithWarning();
    service.verdicts.clear();
    await background.connection.refresh();
    expect(last()?.shown?.verdict.state).toBe('danger');
    await background.followLesson();
    expect(last()?.shown).toBeNull();
  });

  it('has the replies of a pack where a page and its popup show them, until Koban says that they are gone', async () => {
    service.current = status({ replies: [replyInfo()] });
    background.use(link);
    const { page, last } = view();
    const popup = popupView();
    background.addPage(page);
    background.addView(popup.popup);
    await settled();
    expect(last()?.settings?.replies).toEqual([replyInfo()]);
    expect(popup.last()?.replies).toEqual([replyInfo()]);
    service.refuses = new ApiError('unreachable');
    await background.connection.refresh();
    expect(last()?.settings?.replies, 'Koban is away').toEqual([replyInfo()]);
    service.refuses = null;
    service.current = status();
    service.tell('settings', {});
    await settled();
    expect(last()?.settings?.replies).toEqual([]);
    expect(popup.last()?.replies).toEqual([]);
  });

  it('has the controls that a pack words anew where a page is of their site', async () => {
    const controls = { hosts: ['crowdworks.jp'], steps: {}, field_labels: { 'client.rating': ['評価の平均'] } };
    service.current = status({ controls: [{ ...controls, hosts: ['www.lancers.jp'] }, controls] });
    background.use(link);
    const { page, last } = view();
    const elsewhere = view('https://www.upwork.com/jobs/~1', 2);
    background.addPage(page);
    background.addPage(elsewhere.page);
    await settled();
    expect(last()?.settings?.controls).toEqual(controls);
    expect(elsewhere.last()?.settings?.controls).toBeNull();
  });

  it('never shows a page the verdict of the address it was at before', async () => {
    background.use(link);
    const { page, last, shown } = view();
    let release: (verdict: PageVerdict) => void = () => undefined;
    service.verdict = (_, view = null) =>
      view === null ? new Promise((resolve) => (release = resolve)) : Promise.resolve(null);
    background.addPage(page);
    await settled();
    const late = release;
    background.movePage(page, 'https://crowdworks.jp/contracts/2');
    late(pageVerdict({ findings: [finding()] }));
    await settled();
    expect(shown.filter((model) => model.shown !== null)).toEqual([]);
    const there = pageVerdict({}, 'https://crowdworks.jp/contracts/2');
    release(there);
    await settled();
    expect(last(), 'of an earlier visit').toMatchObject({ shown: { verdict: { reason: 'pending' } }, wantsPage: true });
    const fetched = new Date(Date.now() - 1_000).toISOString();
    service.tell('verdict', { ...there, judged_at: fetched });
    await settled();
    expect(last()?.shown?.verdict.state, 'what its script fetched before it moved').toBe('clear');
    service.tell('verdict', there);
    await settled();
    expect(last()?.shown?.verdict.state, 'an earlier one that comes late').toBe('clear');
  });

  it.each([
    ['of an earlier visit', '2026-11-24T00:00:01Z', {}],
    ['test_speed_1 of this one, while it was still judged', pageVerdict().judged_at, PENDING],
  ])('shows no answer %s over an event that overtook it', async (_, judged_at, answer) => {
    background.use(link);
    const { page, last } = view();
    let release: (verdict: PageVerdict) => void = () => undefined;
    service.verdict = (_, view = null) =>
      view === null ? new Promise((resolve) => (release = resolve)) : Promise.resolve(null);
    background.addPage(page);
    await settled();
    service.tell('verdict', { ...pageVerdict({ findings: [finding()] }), judged_at });
    await settled();
    release(pageVerdict(answer));
    await settled();
    expect(last()?.shown?.verdict.state).toBe('danger');
  });

  it('test_speed_1 tells a page that it passed untouched since it began to load', async () => {
    const began = Date.parse(pageVerdict().judged_at);
    const passed = (ms: number) => ({ ...pageVerdict(), untouched_since: new Date(began + ms).toISOString() });
    service.verdicts.set(PAGE, passed(-1));
    background.use(link);
    const { page, last } = view();
    page.since = began;
    background.addPage(page);
    await settled();
    expect(last()?.isUntouched, 'by an earlier visit').toBe(false);
    service.tell('verdict', passed(1));
    await settled();
    expect(last()?.isUntouched).toBe(true);
    service.tell('verdict', pageVerdict());
    await settled();
    expect(last()?.isUntouched, 'with an element').toBe(false);
  });

  it('ends the asking for the client that the verdict names, and for nobody where it names none', async () => {
    background.use(link);
    const { page } = view();
    background.addPage(page);
    await settled();
    service.tell('verdict', pageVerdict({ findings: [finding()] }));
    await settled();
    await background.stopAsking(page);
    expect(service.changes).toEqual([]);
    const named = pageVerdict({ findings: [finding()] });
    service.tell('verdict', { ...named, verdict: { ...named.verdict, client: { id: '52', name: null } } });
    await settled();
    await background.stopAsking(page);
    expect(service.changes).toEqual([{ clients: { 'crowdworks:52': { ask: false } } }]);
  });

  it.each([
    ['refused', 'not-paired'],
    ['unreachable', 'not-running'],
    ['failed', 'failing'],
  ] as const)('tells %s as %s, and keeps what the page was judged to be', async (kind, health) => {
    const { page, last } = await pageWithWarning();
    service.refuses = new ApiError(kind);
    service.end();
    await settled();
    expect(last()).toMatchObject({ health });
    expect(last()?.shown?.verdict.state).toBe('danger');
    background.removePage(page);
  });

  it('comes back by itself when Koban does', async () => {
    vi.useFakeTimers();
    service.refuses = new ApiError('unreachable');
    background.use(link);
    const { page, last } = view();
    background.addPage(page);
    await vi.advanceTimersByTimeAsync(10);
    expect(last()?.health).toBe('not-running');
    service.refuses = null;
    service.verdicts.set(PAGE, pageVerdict());
    await vi.advanceTimersByTimeAsync(1_100);
    expect(last()).toMatchObject({ health: 'ok', shown: { url: PAGE } });
    background.removePage(page);
  });

  it('says so where the versions do not match', async () => {
    service.current = status({ version: '0.2.0' });
    background.use(link);
    const popup = popupView();
    background.addView(popup.popup);
    await settled();
    expect(popup.last()).toMatchObject({ health: 'wrong-version', version: '0.2.0' });
    background.removeView(popup.popup);
  });

  it('opens one stream for all who look, and none when nobody has looked for a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const settled = () => vi.advanceTimersByTimeAsync(5);
    background.use(link);
    const one = view();
    const other = view(PAGE, 2);
    background.addPage(one.page);
    background.addPage(other.page);
    await settled();
    expect(service.streams).toBe(1);
    background.removePage(one.page);
    background.removePage(other.page);
    await vi.advanceTimersByTimeAsync(9_000);
    background.addPage(one.page);
    await settled();
    expect(service.streams).toBe(1);
    background.removePage(one.page);
    await vi.advanceTimersByTimeAsync(11_000);
    background.addPage(one.page);
    await settled();
    expect(service.streams).toBe(2);
  });

  it('shows at once what Koban told of a page that was still on its way, and nothing that may be of yesterday', async () => {
    background.use(link);
    const next = 'https://crowdworks.jp/contracts/2';
    const { page, shown } = view(`${next}#top`, 2);
    background.addPage(view().page);
    await settled();
    service.tell('verdict', pageVerdict({ findings: [finding()] }, next));
    await settled();
    background.addPage(page);
    expect(shown.map((each) => each.shown?.verdict.state)).toEqual(['danger']);
    background.removePage(page);
    service.tell('settings', {});
    await settled();
    const later = view(next, 3);
    background.addPage(later.page);
    expect(later.shown).toEqual([]);
  });

  it('shows a page nothing that it shows already', async () => {
    service.verdicts.set(PAGE, pageVerdict());
    background.use(link);
    const { page, shown } = view();
    background.addPage(page);
    await settled();
    const before = shown.length;
    background.showAll();
    service.tell('settings', {});
    await settled();
    expect(shown).toHaveLength(before);
    service.tell('verdict', pageVerdict({ findings: [finding()] }));
    await settled();
    expect(shown).toHaveLength(before + 1);
  });

  it('has a page judged by its looks where nothing of it passed, and no other', async () => {
    background.use(link);
    const { page, last } = view();
    background.addPage(page);
    await settled();
    expect(last()?.wantsPage).toBe(true);
    const checked: string[] = [];
    service.check = async (url, html) => {
      checked.push(html);
      return { ...pageVerdict({ findings: [finding()] }, url), feed: 'extension' };
    };
    await background.submit(page, 'https://crowdworks.jp/contracts/2', 'of another page');
    await background.submit(page, `${PAGE}#part`, 'first');
    expect(last()).toMatchObject({ wantsPage: true, shown: { feed: 'extension' } });
    service.tell('verdict', pageVerdict());
    await settled();
    expect(last()?.wantsPage).toBe(false);
    await background.submit(page, PAGE, 'late');
    expect(checked).toEqual(['first']);
  });

  it('field-14 says of a page that is not what passed only what was seen of it', async () => {
    service.verdicts.set(PAGE, pageVerdict());
    background.use(link);
    const { page, last } = view();
    background.addPage(page);
    await settled();
    expect(last()?.shown?.verdict.state).toBe('clear');
    const popup = popupView();
    background.addView(popup.popup);
    background.rewritten(page);
    expect(last()).toMatchObject({ shown: null, wantsPage: true });
    expect(popup.last()?.page?.shown, 'nor does an open popup say so').toBeNull();
    const asShown = { ...pageVerdict({ findings: [finding()] }), judged_at: '2026-11-24T00:00:05Z' };
    service.check = async (_url, _html, _keep, view) => {
      service.views.set(view ?? '', { ...asShown, feed: 'extension' });
      return { ...asShown, feed: 'extension' };
    };
    await background.submit(page, PAGE, 'as shown');
    expect(last()?.shown?.feed).toBe('extension');
    // Of what passed meanwhile and took longer, and of what its service worker fetches for the next visit.
    for (const judged_at of ['2026-11-24T00:00:00Z', '2026-11-24T00:00:09Z']) {
      service.verdicts.set(PAGE, { ...pageVerdict(), judged_at });
      service.tell('verdict', { ...pageVerdict(), judged_at });
      await settled();
      expect(last()?.shown).toMatchObject({ feed: 'extension', verdict: { state: 'danger' } });
    }
    // What its scripts fetch is of what it shows.
    const [name] = service.views.keys();
    const fetched = { ...asShown, judged_at: '2026-11-24T00:00:11Z', feed: 'proxy' as const };
    service.views.set(name ?? '', fetched);
    service.tell('verdict', { ...pageVerdict(), judged_at: '2026-11-24T00:00:11Z' });
    await settled();
    expect(last()?.shown).toEqual(fetched);
    expect(last()?.wantsPage).toBe(true);
    // Koban was started anew, and knows nothing of it.
    service.views.clear();
    await background.connection.refresh();
    await settled();
    expect(last()?.shown).toEqual(fetched);
  });

  it('field-14 shows what passes in the tab that shows it, and not in the one beside it', async () => {
    background.use(link);
    const rewritten = view();
    const other = view(PAGE, 2);
    for (const { page } of [rewritten, other]) background.addPage(page);
    await settled();
    background.rewritten(rewritten.page);
    service.check = async (_url, _html, _keep, name) => {
      const verdict = { ...pageVerdict({ findings: [finding()] }), feed: 'extension' as const };
      service.views.set(name ?? '', verdict);
      return verdict;
    };
    await background.submit(rewritten.page, PAGE, 'as shown');
    service.tell('verdict', { ...pageVerdict(), judged_at: '2026-11-24T00:00:09Z' });
    await settled();
    expect(rewritten.last()?.shown?.verdict.state).toBe('danger');
    expect(other.last()?.shown?.verdict.state).toBe('clear');
  });

  const at = (time: string, over: Partial<Verdict> = {}, awaits = false): PageVerdict => ({
    ...pageVerdict(over),
    judged_at: `2026-11-24T00:00:${time}Z`,
    awaits,
  });
  const danger = { findings: [finding()] };
  /** The page of before, which is closed, and the same address loaded again at ten seconds past. */
  const reloaded = async (before: PageVerdict) => {
    background.use(link);
    const former = view();
    background.addPage(former.page);
    await settled();
    service.tell('verdict', before);
    await settled();
    background.removePage(former.page);
    service.verdicts.set(PAGE, before);
    const next = view();
    next.page.since = Date.parse('2026-11-24T00:00:10Z');
    background.addPage(next.page);
    return next;
  };

  it('shows a danger of before a reload as being read again, until the page and what its scripts fetch are judged', async () => {
    const popup = popupView();
    background.addView(popup.popup);
    const { page, shown, last } = await reloaded(at('05', { ...danger, stage: 'funded' }));
    expect(shown[0]).toMatchObject({ readAgain: true, shown: { verdict: { state: 'danger', stage: 'unknown' } } });
    await settled();
    service.tell('verdict', at('11', { state: 'not-checked', reason: 'too-slow' }));
    service.tell('verdict', at('11', {}, true));
    await settled();
    expect(last()).toMatchObject({ readAgain: true, shown: { verdict: { state: 'danger' } }, wantsPage: false });
    expect(popup.last()?.page).toEqual(last());
    expect(badge).toHaveBeenLastCalledWith(1, last());
    service.tell('verdict', at('12', danger));
    await settled();
    expect(last()).toMatchObject({ readAgain: false, shown: { verdict: { state: 'danger' } } });
    expect(shown.every((model) => model.shown?.verdict.state === 'danger')).toBe(true);
    background.removePage(page);
  });

  it('drops a danger of before once the page was read without it', async () => {
    const { last } = await reloaded(at('05', danger));
    service.tell('verdict', at('11'));
    await settled();
    expect(last()).toMatchObject({ readAgain: false, shown: { verdict: { state: 'clear' } } });
  });

  it('waits for what the scripts fetch for a limited time, and not once the user has switched something', async () => {
    vi.useFakeTimers();
    const waiting = reloaded(at('05', danger));
    await vi.advanceTimersByTimeAsync(100);
    const { page, last } = await waiting;
    service.tell('verdict', at('11', {}, true));
    await vi.advanceTimersByTimeAsync(9_800);
    expect(last()?.shown?.verdict.state).toBe('danger');
    await vi.advanceTimersByTimeAsync(200);
    expect(last()).toMatchObject({ readAgain: false, shown: { verdict: { state: 'clear' } } });
    service.tell('verdict', at('13', danger));
    service.tell('verdict', at('14', {}, true));
    await vi.advanceTimersByTimeAsync(100);
    expect(last()).toMatchObject({ readAgain: true, shown: { verdict: { state: 'danger' } } });
    service.verdicts.set(PAGE, at('14', {}, true));
    service.tell('settings', {});
    await vi.advanceTimersByTimeAsync(100);
    expect(last()).toMatchObject({ readAgain: false, shown: { verdict: { state: 'clear' } } });
    service.tell('verdict', at('15', danger, true));
    service.tell('verdict', at('15', {}, true));
    await vi.advanceTimersByTimeAsync(100);
    expect(last()?.shown?.verdict.state, 'a warning that is called wrong goes at once').toBe('clear');
    background.removePage(page);
  });

  it('shows no page as clear by what was seen before it was loaded', async () => {
    const { page, shown, last } = await reloaded(at('05', { stage: 'funded' }));
    await settled();
    for (const model of shown) {
      expect(model.shown?.verdict).toMatchObject({ state: 'not-checked', reason: 'pending', findings: [] });
      expect(model.shown?.verdict.stage).toBeUndefined();
      expect(model.wantsPage, 'it may not pass at all').toBe(true);
    }
    service.tell('verdict', at('11'));
    await settled();
    expect(last()).toMatchObject({ wantsPage: false, shown: { verdict: { state: 'clear' } } });
    service.verdicts.set(`${PAGE}#further`, at('11'));
    background.movePage(page, `${PAGE}#further`);
    await settled();
    expect(last()?.shown?.verdict.state, 'a place in it').toBe('clear');
  });

  it('says nothing of the page before while it asks about the one that a script went to', async () => {
    service.verdicts.set(PAGE, pageVerdict({}));
    background.use(link);
    const { page, last } = view();
    background.addPage(page);
    await settled();
    expect(last()?.shown?.verdict.state).toBe('clear');
    service.verdict = () => new Promise(() => undefined);
    background.movePage(page, 'https://crowdworks.jp/contracts/2');
    await settled();
    expect(last()?.shown?.verdict.state ?? null).not.toBe('clear');
  });

  it('field-14 a place in a page that is not what passed makes it no other page', async () => {
    service.verdicts.set(PAGE, pageVerdict({}));
    background.use(link);
    const { page, last } = view();
    background.addPage(page);
    await settled();
    background.rewritten(page);
    service.verdicts.set(`${PAGE}#further`, pageVerdict({}));
    background.movePage(page, `${PAGE}#further`);
    await settled();
    expect(last()?.wantsPage, 'it is still to be judged as shown').toBe(true);
  });

  it('field-14 keeps what was found of a page that is not what passed until more is known', async () => {
    const { page, last } = await pageWithWarning();
    background.rewritten(page);
    expect(last()).toMatchObject({ shown: { verdict: { state: 'danger' } }, wantsPage: true });
  });

  const ofClient = () => pageVerdict({ client: { id: '52', name: null } });

  it('tells a page what was between the user and its client before this visit, and nobody else', async () => {
    service.verdicts.set(PAGE, ofClient());
    service.clients.set('crowdworks:52', known());
    background.use(link);
    const { page, last, shown } = view();
    const other = view('https://crowdworks.jp/contracts/2', 2);
    background.addPage(page);
    background.addPage(other.page);
    await settled();
    expect(shown.find((model) => model.shown !== null)?.known).toBeNull();
    expect(last()?.known).toMatchObject({ id: '52', note: '返事が早い' });
    expect(other.shown.every((model) => model.known === null)).toBe(true);
  });

  it('says nothing in the page of a client who was never seen before this visit', async () => {
    service.verdicts.set(PAGE, ofClient());
    service.clients.set('crowdworks:52', known({ first_seen: '2026-11-23T23:59:00Z' }));
    background.use(link);
    const { page, last } = view();
    const popup = popupView();
    background.addPage(page);
    background.addView(popup.popup);
    await settled();
    expect(last()?.shown?.url).toBe(PAGE);
    expect(last()?.known).toBeNull();
    expect(popup.last()?.known).toMatchObject({ id: '52' });
  });

  it('keeps a note and shows it at once, and says where it could not', async () => {
    service.verdicts.set(PAGE, ofClient());
    service.clients.set('crowdworks:52', known());
    background.use(link);
    const { page, last } = view();
    background.addPage(page);
    await settled();
    expect(await background.note('crowdworks', '52', '新しい')).toBe(true);
    expect(last()?.known?.note).toBe('新しい');
    expect(await background.note('crowdworks', '9', 'x')).toBe(false);
  });

  it('looks ahead by itself, and keeps what it knew where Koban cannot be asked', async () => {
    service.dues = [due()];
    background.use(link);
    await settled();
    expect(told).toHaveBeenLastCalledWith([due()]);
    service.refuses = new ApiError('unreachable');
    await background.lookAhead();
    expect(told).toHaveBeenCalledTimes(1);
    background.use(null);
    await settled();
    expect(told).toHaveBeenLastCalledWith([]);
  });

  it.each([
    [507, 'disk'],
    [422, 'refused'],
  ] as const)('test_ux_options says why a change was not taken, and stays well: %i', async (status, kind) => {
    background.use(link);
    const { popup, last } = popupView();
    background.addView(popup);
    await settled();
    service.change = () => Promise.reject(new ApiError('failed', status));
    await background.change({ guard: false });
    expect(last()).toMatchObject({ health: 'ok', trouble: { kind, number: 1 } });
    expect(await background.change({ guard: false })).toBe(false);
    expect(last()?.trouble).toEqual({ kind, number: 2 });
    service.change = () => Promise.resolve({} as Settings);
    await background.change({ guard: false });
    expect(last()?.trouble).toBeNull();
  });

  it('test_ux_disk tells pages and popup that there is no room, and looks again when it is asked to', async () => {
    service.verdicts.set(PAGE, pageVerdict());
    service.current = status({ storage: 'full' });
    background.use(link);
    const { page, last } = view();
    background.addPage(page);
    const { popup, last: state } = popupView();
    background.addView(popup);
    await settled();
    expect([last()?.unstored, state()?.storage]).toEqual(['full', 'full']);
    const before = service.streams;
    await background.connection.retry();
    expect(state()?.tried, 'still full').toBe(1);
    expect(service.streams, 'verdicts come all the same').toBe(before + 1);
    service.current = status();
    await background.connection.retry();
    expect([last()?.unstored, state()?.storage, state()?.tried]).toEqual([null, null, 0]);
  });

  it('passes a change of settings on', async () => {
    background.use(link);
    await background.change({ rules: { 'direct-contract': false } });
    expect(service.changes).toEqual([{ rules: { 'direct-contract': false } }]);
  });
});

describe('samePage', () => {
  it('leaves the fragment out, and nothing else', () => {
    expect(samePage('https://a.jp/x#1', 'https://a.jp/x#2')).toBe(true);
    expect(samePage('https://a.jp/x?1', 'https://a.jp/x')).toBe(false);
  });
});
