import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Finding, LessonRequest, SettingsChange } from '../api/types';
import { Words } from '../i18n/words';
import type { CardTitles, Removal } from '../messages';
import type { Taken } from '../teaching/actions';
import {
  due,
  finding,
  known,
  kobanState,
  pageModel,
  pageVerdict,
  reportSheet,
  rule,
  settings,
  status,
} from '../testing/values';
import { healthLine, pausedLine } from './health';
import { Popup } from './popup';
import { groups, isOn, matching, switched } from './rules';

describe('Popup', () => {
  const change = vi.fn(async (_: SettingsChange) => true);
  const answer = vi.fn(async (): Promise<Taken | null> => null);
  let undo: SettingsChange = {};
  const takeAway = vi.fn(async (taking: SettingsChange, removal: Removal, _: LessonRequest | null) => {
    undo = removal.undo;
    const [isTaken, lesson] = await Promise.all([change(taking), answer()]);
    return { isTaken, lesson };
  });
  const bringBack = vi.fn(() => change(undo));
  const unpair = vi.fn();
  const examine = vi.fn();
  const options = vi.fn();
  const repair = vi.fn();
  const sheet = vi.fn(async () => reportSheet());
  const bundle = vi.fn(async () => new Blob(['PK']));
  const save = vi.fn();
  const teach = vi.fn(async (): Promise<Taken> => 'failed');
  const cardTitles = vi.fn(async (_: readonly string[]): Promise<CardTitles> => ({}));
  const lead = vi.fn(async () => true);
  const draft = vi.fn(async () => 'inserted' as const);
  const unteach = vi.fn(async () => true);
  const leave = {
    isGiven: vi.fn(async () => false),
    ask: vi.fn(async () => true),
    giveBack: vi.fn(async () => undefined),
  };
  let popup: Popup;
  const text = (selector: string) => document.querySelector(selector)?.textContent;

  beforeEach(() => {
    change.mockClear();
    document.body.replaceChildren();
    popup = new Popup(document.body, '0.1.0', {
      change,
      takeAway,
      bringBack,
      unpair,
      examine,
      options,
      history: vi.fn(),
      note: async () => true,
      repair,
      sheet,
      bundle,
      save,
      teach,
      unteach,
      selection: async () => '',
      cardTitles,
      lead,
      draft,
      leave,
      lookInSight: async () => 0,
      giveFile: async () => true,
      withdrawFile: async () => true,
      chooseElsewhere: null,
    });
  });

  it('has buttons of its own for each gravest warning, so that none acts for one that a late verdict puts there', () => {
    const seen = (...findings: Finding[]) =>
      kobanState({ page: pageModel({ shown: pageVerdict({ findings }) }), settings: settings(), site: null });
    const caution = finding({ rule: 'first-seen', severity: 'caution' });
    const wrong = () => document.querySelector<HTMLButtonElement>('.findings .wrong');
    popup.show(seen(caution));
    const before = wrong();
    expect(before?.dataset['rule']).toBe('first-seen');
    popup.show(seen(caution, finding({ rule: 'also-seen', severity: 'caution' })));
    expect(wrong()).toBe(before);
    popup.show(seen(caution, finding({ rule: 'graver', severity: 'danger' })));
    expect(wrong()?.dataset['rule']).toBe('graver');
    expect(wrong()).not.toBe(before);
    expect(before?.isConnected).toBe(false);
  });

  it('says the state in one sentence, with its shape', () => {
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ findings: [finding()] }) }) }));
    expect(text('h1')).toBe('危険：警告が1件あります');
    expect(document.querySelector('header')?.className).toBe('danger');
    const before = pageModel({ shown: pageVerdict({ findings: [finding()] }), readAgain: true });
    popup.show(kobanState({ page: before }));
    expect(text('h1')).toBe('危険：警告が1件あります（読み直しています）');
    popup.show(kobanState({ page: null }));
    expect(text('h1')).toBe('対応サイトのページではありません');
    popup.show(kobanState({ page: null, health: 'not-running' }));
    expect(text('h1')).toBe('未確認（Kobanが動いていません）');
  });

  it('offers the marketplaces abroad where the tab is of none that is on', async () => {
    const [site] = status().sites;
    const upwork = { ...site!, id: 'upwork', name: { ja: 'Upwork', en: 'Upwork' }, optional: true, enabled: false };
    popup.show(kobanState({ page: null, site: null, sites: [site!, upwork] }));
    const offered = document.querySelectorAll<HTMLInputElement>('.abroad [role=switch]');
    expect(offered).toHaveLength(1);
    offered[0]!.click();
    await vi.waitFor(() => expect(change).toHaveBeenCalledWith({ sites: { upwork: { enabled: true } } }));
    expect(leave.ask).toHaveBeenCalledWith('upwork');
    popup.show(kobanState({ sites: [site!, upwork] }));
    expect(document.querySelector('.abroad [role=switch]')).toBeNull();
  });

  it('gives the leave for a site back where its switch in the popup is turned off', async () => {
    const [site] = status().sites;
    popup.show(kobanState({ site: { ...site!, id: 'upwork', optional: true, enabled: true } }));
    document.querySelector<HTMLInputElement>('.here [role=switch]')!.click();
    await vi.waitFor(() => expect(leave.giveBack).toHaveBeenCalledWith('upwork'));
    expect(change).toHaveBeenCalledWith({ sites: { upwork: { enabled: null } } });
  });

  it('test_ux_b says what was checked where nothing was found', () => {
    const checked = ['job.title', 'job.body', 'client.rating', 'thread.id', 'message.body'];
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ checked }) }) }));
    expect(text('header .checked')).toBe('調べたもの：仕事の内容、発注者の情報、メッセージ');
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ checked: ['new.field'] }) }) }));
    expect(document.querySelector('header .checked')).toBeNull();
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ findings: [finding()] }) }) }));
    expect(document.querySelector('header .checked')).toBeNull();
  });

  it('tells what is due on any tab, and what was between the user and the client', () => {
    popup.show(kobanState({ page: null, today: [due()] }));
    expect(text('.due')).toContain('記事作成');
    popup.show(kobanState({ known: known() }));
    expect(text('.past p')).toBe('はじめて見た日 2026年10月1日・仕事3件・支払い済み1件・警告2件');
    expect(document.querySelector<HTMLTextAreaElement>('.past textarea')?.value).toBe('返事が早い');
  });

  it('test_house_19 lists the details that a verdict carries, and hides their place without any', () => {
    const country = { label: { ja: '発注者の国', en: "Client's country" }, value: { ja: '日本', en: 'Japan' } };
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ details: [country] }) }) }));
    expect(text('.read dl')).toBe('発注者の国日本');
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict() }) }));
    expect(document.querySelector<HTMLElement>('.read')?.hidden).toBe(true);
  });

  it('test_ux_01 prepares a report below the warning that is worth one: the button of the site, the words, one file', async () => {
    const shown = pageVerdict({
      findings: [finding({ report: true })],
      kind: 'contract',
      client: { id: '52', name: null },
    });
    popup.show(kobanState({ page: pageModel({ shown }) }));
    const report = () => text('.finding .report');
    document.querySelector<HTMLButtonElement>('.finding .reporting > button')?.click();
    await vi.waitFor(() => expect(report()).toContain('Kobanはどこにも送りません'));
    const { url } = shown;
    expect(sheet).toHaveBeenLastCalledWith({ site: 'crowdworks', page: url, rule: finding().rule });
    expect(text('.finding .way')).toBe('「違反報告をする」');
    expect(
      [...document.querySelectorAll<HTMLAnchorElement>('.finding .report a')].map(({ href }) => href),
    ).not.toContain('https://crowdworks.jp/help');
    expect(report()).toContain('2026年11月24日に確認');
    expect(report()).toContain('188');
    expect(document.querySelector<HTMLTextAreaElement>('.finding .report textarea')?.value).toBe('事務局 御中');
    const [, keep] = document.querySelectorAll<HTMLButtonElement>('.finding .report button');
    keep?.click();
    await vi.waitFor(() => expect(save).toHaveBeenCalledWith('koban-report.zip', expect.any(Blob), 'application/zip'));
    const select = document.querySelector<HTMLSelectElement>('.to-report select')!;
    expect([...select.options].map(({ text }) => text)).toEqual(['この取引', 'この発注者との記録すべて']);
    for (const [chosen, about] of [
      ['0', { site: 'crowdworks', page: url }],
      ['1', { site: 'crowdworks', client: '52' }],
    ] as const) {
      select.value = chosen;
      select.dispatchEvent(new Event('change'));
      expect(text('.to-report .report')).toBe('');
      document.querySelector<HTMLButtonElement>('.to-report button')?.click();
      await vi.waitFor(() => expect(sheet).toHaveBeenLastCalledWith(about));
    }
  });

  it('test_ux_01 says where no way to report was verified, and links to no form', async () => {
    const { place } = reportSheet();
    sheet.mockResolvedValueOnce(reportSheet({ place: { ...place, path: null, source: null } }));
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ findings: [finding()] }) }) }));
    document.querySelector<HTMLButtonElement>('.finding .reporting > button')?.click();
    await vi.waitFor(() => expect(text('.way.unknown')).toContain('通報の窓口は確かめられていません'));
    expect(document.querySelector('.way.unknown + p a')?.textContent).toBe('サイトのヘルプを開く');
  });

  it('offers no report where there is nothing to report', () => {
    const isOffered = () => !document.querySelector('.to-report')?.hasAttribute('hidden');
    const page = pageModel({ shown: pageVerdict({ client: { id: '52', name: null } }) });
    popup.show(kobanState({ page }));
    expect(isOffered()).toBe(false);
    popup.show(kobanState({ page, known: known({ warnings: 0, owed: 0 }) }));
    expect(isOffered()).toBe(false);
    popup.show(kobanState({ page, known: known({ warnings: 0, owed: 1 }) }));
    expect(isOffered()).toBe(true);
  });

  it('says which hosts pass unread, and why', () => {
    popup.show(kobanState({ aside: [{ host: 'crowdworks.jp', reason: 'bot-check', until: '2026-11-24T01:00:00Z' }] }));
    expect(text('footer .aside')).toBe(
      'crowdworks.jp：サイトがロボット確認を求めたため、通信は調べずにそのまま通しています',
    );
  });

  it('examines the chain when it is unfolded, and says the repair of what is broken', () => {
    popup.show(kobanState({}));
    const details = document.querySelector<HTMLDetailsElement>('details.links');
    if (details === null) throw new Error('no examination');
    details.open = true;
    details.dispatchEvent(new Event('toggle'));
    expect(examine).toHaveBeenCalledOnce();
    const broken = {
      holds: false,
      what: { ja: '壊れています', en: 'broken' },
      repair: { ja: '直してください', en: 'mend' },
    };
    popup.show(
      kobanState({ links: [{ holds: true, what: { ja: '動いています', en: 'runs' }, repair: null }, broken] }),
    );
    expect([...document.querySelectorAll('.links li')].map((each) => each.textContent)).toEqual([
      '動いています',
      '壊れています直してください',
    ]);
    expect(document.querySelector<HTMLDetailsElement>('details.links')?.open).toBe(true);
  });

  const SITE = {
    id: 'crowdworks',
    name: { ja: 'クラウドワークス', en: 'CrowdWorks' },
    operator: { ja: '', en: '' },
    hosts: [],
    enabled: true,
    optional: false,
  };
  const press = (selector: string) => document.querySelector<HTMLButtonElement>(selector)?.click();

  it('test_ux_15 takes a wrong warning away at once, and brings it back', async () => {
    const found = finding({ rule: 'direct-contract', subject_id: 'm1' });
    const model = kobanState({
      page: pageModel({
        shown: pageVerdict({ findings: [found, finding({ rule: 'direct-contract', subject_id: 'm2' })] }),
      }),
      site: SITE,
      client: 'crowdworks:52',
    });
    popup.show(model);
    const region = document.querySelector('.taken-away')?.closest('[role=status]');
    expect(region?.closest('[hidden]'), 'a screen reader knows it before it has words').toBeNull();
    press('.finding .wrong');
    expect(region?.textContent).toContain('表示しないようにしました');
    const key = 'direct-contract@crowdworks@m1';
    expect(change).toHaveBeenLastCalledWith({ wrong: { [key]: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) } });
    expect(text('.taken span')).toBe('「直接契約の誘いです」を、ここでは表示しないようにしました。');
    press('.undo');
    expect(change).toHaveBeenLastCalledWith({ wrong: { [key]: null } });
    await vi.waitFor(() => expect(document.querySelector<HTMLElement>('.taken-away')?.hidden).toBe(true));
  });

  it('says that a warning is taken away no longer than Koban has it so', async () => {
    const isGone = () => !document.querySelector<HTMLElement>('.taken-away')!.hidden;
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ findings: [finding()] }) }) }));
    change.mockResolvedValueOnce(false);
    press('.finding .wrong');
    expect(isGone()).toBe(true);
    await vi.waitFor(() => expect(isGone(), 'it was not stored').toBe(false));
    press('.finding .wrong');
    await new Promise((resolve) => setTimeout(resolve));
    for (const isBack of [false, true]) {
      change.mockResolvedValueOnce(isBack);
      press('.undo');
      await new Promise((resolve) => setTimeout(resolve));
      expect(isGone()).toBe(!isBack);
    }
  });

  it('test_ux_15 of a list every card of that rule is meant, by its own name', () => {
    const findings = ['1', '2'].map((id) =>
      finding({ rule: 'low-pay', severity: 'caution', subject: 'job', subject_id: id, anchor: `/jobs/${id}` }),
    );
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ findings, kind: 'job-list' }) }) }));
    press('.finding .wrong');
    expect(Object.keys((change.mock.lastCall![0] as { wrong: object }).wrong)).toEqual([
      'low-pay@crowdworks@1',
      'low-pay@crowdworks@2',
    ]);
  });

  describe('on a list', () => {
    const job = (id: string, over: Parameters<typeof finding>[0] = {}) =>
      finding({ severity: 'caution', subject: 'job', subject_id: id, anchor: `a[href$="/jobs/${id}"]`, ...over });
    const list = (...findings: Finding[]) =>
      kobanState({ page: pageModel({ shown: pageVerdict({ findings, kind: 'job-list' }) }) });
    const leads = (selector = '.cards .lead') =>
      [...document.querySelectorAll<HTMLButtonElement>(selector)].map(({ textContent }) => textContent);

    it('test_ux_19 names the job of each warning, and leads to its card', async () => {
      cardTitles.mockResolvedValueOnce({ 'a[href$="/jobs/1"]': '記事作成', 'a[href$="/jobs/2"]': '口コミの投稿' });
      popup.show(list(job('1', { severity: 'danger' }), job('2', { rule: 'low-pay' })));
      await vi.waitFor(() => expect(leads()).toEqual(['記事作成', '口コミの投稿']));
      expect(leads('.others .lead')).toEqual(['口コミの投稿']);
      document.querySelector<HTMLButtonElement>('.others .lead')?.click();
      expect(lead).toHaveBeenLastCalledWith('a[href$="/jobs/2"]');
      await vi.waitFor(() => expect(text('.others .cards .none')).toBe(''));
      lead.mockResolvedValueOnce(false);
      document.querySelector<HTMLButtonElement>('.others .lead')?.click();
      await vi.waitFor(() => expect(text('.others .cards .none')).toBe('いまのページには見当たりません。'));
    });

    it('test_ux_19 has two jobs of a warning in sight, and folds the others', async () => {
      const ids = ['1', '2', '3', '4', '5'];
      cardTitles.mockImplementationOnce(async (anchors) => Object.fromEntries(anchors.map((each) => [each, each])));
      popup.show(list(...ids.map((id) => job(id))));
      await vi.waitFor(() => expect(leads()).toHaveLength(5));
      expect(leads('.cards details .lead')).toHaveLength(3);
      expect(text('.cards details summary')).toBe('ほか3件');
    });

    it('test_ux_19 asks a page again that has no cards yet, and one that has them once', async () => {
      cardTitles.mockClear();
      const state = list(job('1'));
      popup.show(state);
      await vi.waitFor(() => expect(cardTitles).toHaveBeenCalledTimes(1));
      await Promise.resolve();
      expect(document.querySelector('.cards')).toBeNull();
      cardTitles.mockResolvedValueOnce({ 'a[href$="/jobs/1"]': '記事作成' });
      popup.show(state);
      await vi.waitFor(() => expect(leads()).toEqual(['記事作成']));
      popup.show(state);
      expect(cardTitles).toHaveBeenCalledTimes(2);
    });

    it('asks no page that is no list', () => {
      cardTitles.mockClear();
      popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ findings: [job('1')], kind: 'job' }) }) }));
      expect(cardTitles).not.toHaveBeenCalled();
    });
  });

  it('test_ux_15 then offers to switch the rule or the client off, and one way to tell the project', () => {
    const found = finding({ rule: 'direct-contract', seen: { ja: '「秘密の文」', en: 'secret' } });
    const model = kobanState({
      page: pageModel({ shown: pageVerdict({ findings: [found] }) }),
      site: SITE,
      client: 'crowdworks:52',
    });
    popup.show(model);
    press('.finding .wrong');
    press('.taken-away .client-off');
    expect(change).toHaveBeenLastCalledWith({ clients: { 'crowdworks:52': { muted: true } } });
    press('.taken-away .rule-off');
    expect(change).toHaveBeenLastCalledWith({ rules: { 'direct-contract': false } });
    press('.undo');
    expect(change).toHaveBeenLastCalledWith({ rules: { 'direct-contract': null } });
    press('.finding .wrong');
    const told = document.querySelector<HTMLTextAreaElement>('.tell textarea')?.value ?? '';
    expect(told.split('\n')).toEqual([
      'Kobanの警告が間違っていました。',
      'ルール：direct-contract',
      'サイト：crowdworks',
      'バージョン：0.1.0',
    ]);
    expect(text('.tell')).toContain('まだ公開されていません');
    expect(document.querySelector('.tell a')).toBeNull();
    popup.show({ ...model, tracker: 'https://koban.example/issues' });
    popup.show({
      ...model,
      tracker: 'https://koban.example/issues',
      page: pageModel({ url: 'https://crowdworks.jp/other', shown: pageVerdict({ findings: [found] }) }),
    });
    expect(document.querySelector<HTMLElement>('.taken-away')?.hidden, 'of another page').toBe(true);
  });

  it('dates what is called wrong by the day of its user, not by that of Greenwich', () => {
    vi.useFakeTimers({ now: new Date(2026, 10, 26, 0, 30) });
    try {
      popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ findings: [finding()] }) }) }));
      press('.finding .wrong');
      const [days] = change.mock.calls.map(([each]) => Object.values(each.wrong ?? {}));
      expect(days).toEqual(['2026-11-26']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('test_ux_15 switches a rule off right below its warning', () => {
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ findings: [finding()] }) }) }));
    press('.finding .rule-off');
    expect(change).toHaveBeenLastCalledWith({ rules: { 'direct-contract': false } });
  });

  it('test_ux_c switches off the rule of any warning by one press, and says so to the page', () => {
    const other = finding({ rule: 'x', severity: 'caution', title: { ja: '別の警告', en: 'Another' } });
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ findings: [finding(), other] }) }) }));
    const short = document.querySelector<HTMLButtonElement>('.others .rule-off');
    expect(short?.getAttribute('aria-label')).toContain('別の警告');
    short?.click();
    expect(change).toHaveBeenLastCalledWith({ rules: { x: false } });
    expect(takeAway).toHaveBeenLastCalledWith(
      { rules: { x: false } },
      { key: 'ruleGone', rule: 'x', title: other.title, undo: { rules: { x: null } } },
      null,
    );
    press('.undo');
    expect(change).toHaveBeenLastCalledWith({ rules: { x: null } });
  });

  it('test_ux_c takes an exception for this site away with the rule, and brings both back', () => {
    const sites = { crowdworks: { enabled: true, rules: { 'direct-contract': true } } };
    popup.show(
      kobanState({
        page: pageModel({ shown: pageVerdict({ findings: [finding()] }) }),
        settings: settings({ sites, rules: { 'direct-contract': true } }),
      }),
    );
    press('.finding .rule-off');
    const expected = (all: boolean, here: boolean | null) => ({
      rules: { 'direct-contract': all },
      sites: { crowdworks: { rules: { 'direct-contract': here } } },
    });
    expect(change).toHaveBeenLastCalledWith(expected(false, null));
    press('.undo');
    expect(change).toHaveBeenLastCalledWith(expected(true, true));
  });

  it('test_ux_c offers to bring back what another popup took away, and forgets what the page brought back', () => {
    const removed = { key: 'ruleGone', title: finding().title } as const;
    const shown = pageVerdict({ findings: [finding()] });
    popup.show(kobanState({ page: pageModel({ shown, removed }) }));
    expect(text('.taken span')).toContain('直接契約の誘いです');
    press('.undo');
    expect(bringBack).toHaveBeenCalled();
    popup.show(kobanState({ page: pageModel({ shown }) }));
    press('.finding .rule-off');
    popup.show(kobanState({ page: pageModel({ shown, removed }) }));
    expect(document.querySelectorAll('.undo')).toHaveLength(1);
    popup.show(kobanState({ page: pageModel({ shown }) }));
    expect(document.querySelector<HTMLElement>('.taken-away')?.hidden).toBe(true);
  });

  it('test_ux_popup has the light, the gravest warning, the switches and the pause before all else', () => {
    const findings = [
      finding({ rule: 'x', severity: 'caution' }),
      finding(),
      finding({ rule: 'y', severity: 'notice' }),
    ];
    const shown = pageVerdict({
      findings,
      kind: 'contract',
      stage: 'agreed-unfunded',
      client: { id: '52', name: null },
    });
    popup.show(kobanState({ page: pageModel({ shown }), client: 'crowdworks:52', known: known(), today: [due()] }));
    expect(text('header .light')).toBe('まだ始めないでください');
    const inSight = [...document.querySelectorAll<HTMLElement>('main > section')]
      .filter((each) => !each.hidden)
      .map((each) => each.className);
    expect(inSight.slice(0, 3)).toEqual(['findings', 'here', 'pause']);
    expect([...document.querySelectorAll('.findings > .finding .title')].map((each) => each.textContent)).toEqual([
      '直接契約の誘いです',
    ]);
    expect([...document.querySelectorAll('.others h2, .others summary')].map((each) => each.textContent)).toEqual([
      'ほかの警告',
      '注意直接契約の誘いです',
      'お知らせを見る',
      'お知らせ直接契約の誘いです',
    ]);
  });

  it('test_ux_a6 says once that the work is not to begin, why, and that warnings of the client are off', () => {
    const contract = { kind: 'contract', stage: 'agreed-unfunded' } as const;
    const header = () => [...document.querySelectorAll('header h1, header p')].map((each) => each.textContent);
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict(contract) }) }));
    const [line, reason, light] = ['注意', 'この契約は、まだ仮払いされていません。', 'まだ始めないでください'];
    expect(header()).toEqual([line, reason, light]);
    const muted = pageVerdict({ ...contract, state: 'not-checked', reason: 'muted' });
    popup.show(kobanState({ page: pageModel({ shown: muted }) }));
    expect(header()).toEqual([line, reason, '未確認（この発注者についての警告を表示しない設定です）', light]);
  });

  it('test_ux_disk can be paused where there is no room', () => {
    popup.show(kobanState({ storage: 'full' }));
    expect(document.querySelectorAll('section.pause button')).toHaveLength(3);
  });

  it('test_ux_popup pauses for an hour, for today, or until one resumes', () => {
    popup.show(kobanState({}));
    const [hour, today, open] = document.querySelectorAll<HTMLButtonElement>('section.pause button');
    const until = (button: HTMLButtonElement | undefined) => {
      button?.click();
      return Date.parse((change.mock.lastCall![0] as { paused_until: string }).paused_until);
    };
    expect(until(hour)).toBeGreaterThan(Date.now() + 3_500_000);
    expect(new Date(until(today)).getHours()).toBe(0);
    expect(until(open)).toBeGreaterThan(Date.parse('9000-01-01'));
  });

  it.each([
    [new Date(2026, 10, 26, 13, 5).toISOString(), '13:05まで、ページを調べません。'],
    [new Date(2026, 10, 27).toISOString(), '今日いっぱい、ページを調べません。'],
    ['9999-12-31T00:00:00Z', '再開するまで、ページを調べません。'],
    [null, '再開するまで、ページを調べません。'],
  ])('test_ux_popup says until when it is paused: %s', (until, line) => {
    expect(pausedLine(until, new Words('ja'), new Date(2026, 10, 26, 12, 5))).toBe(line);
  });

  it('test_ux_popup asks once before the pairing is revoked', () => {
    popup.show(kobanState({}));
    press('.links .delete');
    expect(unpair).not.toHaveBeenCalled();
    press('.links .delete');
    expect(unpair).toHaveBeenCalledOnce();
    popup.show(kobanState({ health: 'not-paired' }));
    expect(document.querySelector('.links .delete')).toBeNull();
  });

  it('teaches what was wrong, and takes that back with the warning', async () => {
    const lesson = {
      id: 'a',
      warns: false,
      rule: 'direct-contract',
      risk: 'direct-contract',
      day: '2026-11-26',
      quote: '直接',
    };
    answer.mockResolvedValueOnce(lesson);
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ findings: [finding()] }) }) }));
    press('.actions .wrong');
    expect(takeAway).toHaveBeenLastCalledWith(
      { wrong: expect.anything() },
      expect.objectContaining({ key: 'wrongGone', rule: 'direct-contract' }),
      {
        warns: false,
        rule: 'direct-contract',
        risk: '',
        texts: ['直接お願いします'],
      },
    );
    await vi.waitFor(() => expect(document.querySelector<HTMLElement>('.taken-away')?.hidden).toBe(false));
    expect(document.querySelector<HTMLElement>('.taught')?.hidden).toBe(true);
    press('.taken-away .undo');
    await vi.waitFor(() => expect(document.querySelector<HTMLElement>('.taken-away')?.hidden).toBe(true));
    expect(document.querySelector<HTMLElement>('.taught')?.hidden, 'the background withdraws it').toBe(true);
  });

  it('undoes once, however often that is pressed meanwhile', async () => {
    const removed = { key: 'ruleGone', title: finding().title } as const;
    const shown = pageVerdict({ findings: [finding()] });
    let finish: (isDone: boolean) => void = () => undefined;
    const slow = () => new Promise<boolean>((resolve) => (finish = resolve));
    popup.show(kobanState({ page: pageModel({ shown }) }));
    press('.finding .rule-off');
    for (const others of [false, true]) {
      if (others) popup.show(kobanState({ page: pageModel({ shown, removed }) }));
      bringBack.mockClear();
      bringBack.mockImplementationOnce(slow);
      press('.taken-away .undo');
      press('.taken-away .undo');
      expect(bringBack).toHaveBeenCalledOnce();
      finish(true);
      await new Promise((resolve) => setTimeout(resolve));
    }
  });

  it('leaves the lesson where its rule was switched off after it, and that alone is undone', async () => {
    const lesson = { id: 'a', warns: false, rule: 'direct-contract', risk: '', day: '2026-11-26', quote: '直接' };
    answer.mockResolvedValueOnce(lesson);
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ findings: [finding()] }) }) }));
    press('.actions .wrong');
    await new Promise((resolve) => setTimeout(resolve));
    unteach.mockClear();
    press('.taken-away .rule-off');
    press('.taken-away .undo');
    expect(change).toHaveBeenLastCalledWith({ rules: { 'direct-contract': null } });
    expect(unteach).not.toHaveBeenCalled();
    const taughtNote = () => document.querySelector<HTMLElement>('.taught');
    await vi.waitFor(() => expect(taughtNote()?.hidden, 'the lesson has its own undo').toBe(false));
    press('.taught button');
    expect(unteach).toHaveBeenCalledWith('a');
  });

  it('tells of a lesson that is stored after its rule was switched off and on again', async () => {
    let store: (lesson: Taken) => void = () => undefined;
    answer.mockImplementationOnce(() => new Promise((resolve) => (store = resolve)));
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ findings: [finding()] }) }) }));
    press('.actions .wrong');
    press('.taken-away .rule-off');
    press('.taken-away .undo');
    store({ id: 'a', warns: false, rule: 'direct-contract', risk: '', day: '2026-11-26', quote: '直接' });
    await vi.waitFor(() => expect(document.querySelector<HTMLElement>('.taught')?.hidden).toBe(false));
  });

  it('says nothing of a lesson that was taken back before it was stored', async () => {
    let store: (lesson: Taken) => void = () => undefined;
    answer.mockImplementationOnce(() => new Promise((resolve) => (store = resolve)));
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ findings: [finding()] }) }) }));
    press('.actions .wrong');
    press('.taken-away .undo');
    store({ id: 'a', warns: false, rule: 'direct-contract', risk: '', day: '2026-11-26', quote: '直接' });
    await new Promise((resolve) => setTimeout(resolve));
    expect(document.querySelector<HTMLElement>('.taught')?.hidden).toBe(true);
  });

  it.each([
    ['pair', { health: 'not-paired' }],
    ['again', { health: 'not-running' }],
    ['reload', { health: 'wrong-version', version: '0.2.0' }],
    ['again', { health: 'failing' }],
    ['look', { storage: 'full' }],
    ['look', { storage: 'read-only' }],
    ['again', { proxyListening: false }],
    ['resume', { paused: true }],
  ] as const)('shows one button that repairs: %s for %o', (wanted, over) => {
    popup.show(kobanState(over));
    const buttons = document.querySelectorAll<HTMLButtonElement>('.repair button');
    expect(buttons).toHaveLength(1);
    buttons[0]?.click();
    expect(repair).toHaveBeenLastCalledWith(wanted);
    expect(document.querySelector('footer .mark.clear')).toBeNull();
    popup.show(kobanState({}));
    expect(document.querySelector<HTMLElement>('.repair')?.hidden).toBe(true);
  });

  it.each([
    { health: 'not-paired' },
    { health: 'not-running' },
    { health: 'wrong-version' },
    { health: 'failing' },
    { paused: true },
  ] as const)('is a screen of its own, without what cannot be acted on: %o', (over) => {
    const client = 'crowdworks:52';
    const page = pageModel({ shown: pageVerdict({ findings: [finding()], client: { id: '52', name: null } }) });
    popup.show(kobanState({ page, client, known: known(), today: [due()] }));
    const inSight = () =>
      [...document.querySelectorAll<HTMLElement>('main > section')]
        .filter((each) => !each.hidden)
        .map((each) => each.className);
    expect(inSight()).toHaveLength(9);
    popup.show(kobanState({ page, client, known: known(), today: [due()], ...over }));
    expect(inSight()).toEqual(['repair', 'findings']);
    expect(text('main > section:not([hidden]) .finding .title')).toBe('直接契約の誘いです');
    expect(document.querySelector('.actions')).toBeNull();
  });

  it('says that it asks until Koban has answered', () => {
    popup.show(kobanState({ page: pageModel(), version: null }));
    expect(text('h1')).toBe('確認しています');
    expect(document.querySelector('footer .mark.clear')).toBeNull();
    popup.show(kobanState({ page: pageModel() }));
    expect(text('h1')).toBe('未確認（Kobanを通らずに開かれたページです）');
  });

  it('says that a try was in vain, and keeps the keyboard on the button', () => {
    popup.show(kobanState({ health: 'not-running' }));
    const button = () => document.querySelector<HTMLButtonElement>('.repair button');
    button()?.focus();
    popup.show(kobanState({ health: 'not-running', tried: 1 }));
    expect(text('.tried')).toBe('再接続を試しましたが、まだつながりません（1回目）。');
    expect(document.activeElement).toBe(button());
  });

  it('speaks English when asked to', () => {
    popup.show(kobanState({ language: 'en' }));
    expect(text('h1')).toBe('Checked, nothing found');
    expect(document.documentElement.lang).toBe('en');
  });

  it('lists what was found, gravest open', () => {
    const caution = finding({ severity: 'caution' });
    popup.show(kobanState({ page: pageModel({ shown: pageVerdict({ findings: [caution, finding()] }) }) }));
    const found = [...document.querySelectorAll<HTMLDetailsElement>('details.finding')];
    expect(found.map((details) => [details.querySelector('.mark')?.textContent, details.open])).toEqual([
      ['危険', true],
      ['注意', false],
    ]);
    expect(text('.seen')).toBe('「直接お願いします」');
  });

  it('switches the site off, and on again by taking the exception away', () => {
    popup.show(kobanState());
    const input = () => document.querySelector<HTMLInputElement>('section > .switch input');
    input()?.click();
    expect(change).toHaveBeenLastCalledWith({ sites: { crowdworks: { enabled: false } } });
    input()?.click();
    expect(change).toHaveBeenLastCalledWith({ sites: { crowdworks: { enabled: null } } });
  });

  it('mutes the client of the page, and takes the exception away again', () => {
    const input = () => [...document.querySelectorAll<HTMLInputElement>('section:not(.watch) > .switch input')].at(1);
    popup.show(kobanState({ client: 'crowdworks:52' }));
    input()?.click();
    expect(change).toHaveBeenLastCalledWith({ clients: { 'crowdworks:52': { muted: true } } });
    const clients = { 'crowdworks:52': { muted: true, ask: true } };
    popup.show(kobanState({ client: 'crowdworks:52', settings: settings({ clients }) }));
    expect(input()?.checked).toBe(false);
    input()?.click();
    expect(change).toHaveBeenLastCalledWith({ clients: { 'crowdworks:52': { muted: null } } });
  });

  it('switches the asking and the guard off', () => {
    popup.show(kobanState());
    const [step, guard] = document.querySelectorAll<HTMLInputElement>('section.watch .switch input');
    step?.click();
    expect(change).toHaveBeenLastCalledWith({ active_step: false });
    guard?.click();
    expect(change).toHaveBeenLastCalledWith({ guard: false });
  });

  it('switches a rule, and keeps keyboard and search where they were', () => {
    popup.show(kobanState());
    const input = () => document.querySelector<HTMLInputElement>('[data-rule="direct-contract"] input');
    const details = document.querySelector<HTMLDetailsElement>('.rules');
    if (details) details.open = true;
    input()?.focus();
    input()?.click();
    expect(change).toHaveBeenLastCalledWith({ rules: { 'direct-contract': false } });
    popup.show(kobanState({ rules: [rule({ enabled: false })] }));
    expect(input()?.checked).toBe(false);
    expect(document.activeElement).toBe(input());
  });

  it('keeps the topics that were unfolded, and unfolds what a search finds', () => {
    const topics = () => [...document.querySelectorAll<HTMLDetailsElement>('.topic')].map((topic) => topic.open);
    const rules = [rule({ topic: 'payment' }), rule({ id: 'other', topic: 'contact' })];
    popup.show(kobanState({ rules }));
    expect(topics()).toEqual([false, false]);
    const [first] = document.querySelectorAll<HTMLDetailsElement>('.topic');
    if (first) first.open = true;
    first?.dispatchEvent(new Event('toggle'));
    popup.show(kobanState({ rules: rules.map((each) => ({ ...each, enabled: false })) }));
    expect(topics()).toEqual([true, false]);
    const search = document.querySelector<HTMLInputElement>('[type="search"]');
    if (!search) throw new Error('no search');
    search.value = 'other';
    search.dispatchEvent(new Event('input'));
    expect(topics()).toEqual([true]);
    search.value = '';
    search.dispatchEvent(new Event('input'));
    expect(topics()).toEqual([true, false]);
  });

  it('finds rules by their words', () => {
    popup.show(kobanState({ rules: [rule(), rule({ id: 'other', title: { ja: '仮払い前', en: 'Escrow' } })] }));
    const search = document.querySelector<HTMLInputElement>('[type="search"]');
    if (!search) throw new Error('no search');
    search.value = '仮払い';
    search.dispatchEvent(new Event('input'));
    expect([...document.querySelectorAll<HTMLElement>('[data-rule]')].map((label) => label.dataset['rule'])).toEqual([
      'other',
    ]);
    search.value = 'どこにもない';
    search.dispatchEvent(new Event('input'));
    expect(text('.none')).toBe('当てはまる警告ルールはありません');
  });
});

describe('rules', () => {
  it('puts the word for a site above that for all', () => {
    expect(isOn(rule({ enabled: true, sites: { crowdworks: false } }), 'crowdworks')).toBe(false);
    expect(isOn(rule({ enabled: true, sites: { crowdworks: false } }), 'lancers')).toBe(true);
    expect(isOn(rule({ enabled: true, sites: { crowdworks: false } }), null)).toBe(true);
  });

  it('takes an exception away that would keep the switch from acting here', () => {
    expect(switched(rule({ sites: { crowdworks: false } }), 'crowdworks', true)).toEqual({
      rules: { 'direct-contract': true },
      sites: { crowdworks: { rules: { 'direct-contract': null } } },
    });
  });

  it('groups by topic, strange ones last', () => {
    const rules = [
      rule({ id: 'x', topic: 'new' }),
      rule({ id: 'y', topic: 'work' }),
      rule({ id: 'z', topic: 'payment' }),
    ];
    expect(groups(rules).map((group) => group.topic)).toEqual(['topicPayment', 'topicWork', 'topicOther']);
  });

  it('searches without regard to width and case', () => {
    expect(matching([rule()], 'ＤＩＲＥＣＴ', new Words('ja'))).toHaveLength(1);
    expect(matching([rule()], '直接 禁止', new Words('ja'))).toHaveLength(1);
    expect(matching([rule()], '直接 ない言葉', new Words('ja'))).toHaveLength(0);
  });

  it.each([
    ['title', { title: { ja: 'LINEへの誘いです', en: '' } }],
    ['reason', { reason: { ja: 'LINEでの連絡は規約違反です。', en: '' } }],
    ['advice', { advice: { ja: 'LINEには返信しないでください。', en: '' } }],
    ['example', { example: '詳細はＬＩＮＥでご説明します' }],
    ['id', { id: 'line-invitation' }],
  ])('test_ux_options finds what is shown of a rule: its %s', (_, over) => {
    const others = [rule({ id: 'other' }), rule({ id: 'after-decline' })];
    expect(matching([...others, rule(over)], 'line', new Words('ja'))).toHaveLength(1);
  });

  it('test_ux_options finds rules by their topic and severity', () => {
    const rules = [rule({ topic: 'payment', severity: 'caution' }), rule({ topic: 'work' })];
    expect(matching(rules, '報酬と仮払い', new Words('ja'))).toEqual([rules[0]]);
    expect(matching(rules, '危険', new Words('ja'))).toEqual([rules[1]]);
  });
});

describe('healthLine', () => {
  const line = (over: Parameters<typeof kobanState>[0]) => healthLine(kobanState(over), '0.1.0', new Words('ja'));

  it('names a newer version, with which all is as well as before', () => {
    expect(line({ version: '0.1.0' }).line).toBe('Kobanは動いています（0.1.0）');
    expect(line({ version: '0.1.0', newest: '0.2.0' })).toEqual({
      well: true,
      line: 'Kobanは動いています（0.1.0）。新しい版 0.2.0 が出ています。',
      first: null,
      repair: null,
    });
  });

  it('has a sentence of its own for each way in which the link can be ill', () => {
    const ill = [
      line({ health: 'not-paired' }),
      line({ health: 'not-running' }),
      line({ health: 'wrong-version', version: '0.2.0' }),
      line({ health: 'failing' }),
      line({ paused: true }),
      line({ proxyListening: false }),
    ];
    expect(new Set(ill.map((each) => each.line)).size).toBe(6);
    expect(ill.every((each) => !each.well)).toBe(true);
    expect(ill[2]?.line).toContain('0.2.0');
    expect(line({})).toEqual({ well: true, line: 'Kobanは動いています（0.1.0）', first: null, repair: null });
  });
});
