import { beforeEach, describe, expect, it, vi } from 'vitest';
import { due, finding, known, pageModel, pageVerdict, popupModel, reportSheet, rule, settings } from '../testing';
import { Words } from '../words/words';
import { healthLine } from './health';
import { Popup } from './popup';
import type { Taken } from '../teaching/doing';
import { groups, isOn, matching, switched } from './rules';

describe('Popup', () => {
  const change = vi.fn();
  const unpair = vi.fn();
  const examine = vi.fn();
  const options = vi.fn();
  const repair = vi.fn();
  const sheet = vi.fn(async () => reportSheet());
  const bundle = vi.fn(async () => new Blob(['PK']));
  const save = vi.fn();
  const teach = vi.fn(async (): Promise<Taken> => 'failed');
  const unteach = vi.fn(async () => true);
  let popup: Popup;
  const text = (selector: string) => document.querySelector(selector)?.textContent;

  beforeEach(() => {
    change.mockClear();
    document.body.replaceChildren();
    popup = new Popup(document.body, '0.1.0', { change, unpair, examine, options, history: vi.fn(), note: async () => true, repair, sheet, bundle, save, teach, unteach, selection: async () => '' });
  });

  it('says the state in one sentence, with its shape', () => {
    popup.show(popupModel({ page: pageModel({ shown: pageVerdict({ findings: [finding()] }) }) }));
    expect(text('h1')).toBe('危険：直接契約の誘いです');
    expect(document.querySelector('header')?.className).toBe('danger');
    popup.show(popupModel({ page: null }));
    expect(text('h1')).toBe('対応サイトのページではありません');
    popup.show(popupModel({ page: null, health: 'not-running' }));
    expect(text('h1')).toBe('未確認（Kobanが動いていません）');
  });

  it('tells what is due on any tab, and what was between the user and the client', () => {
    popup.show(popupModel({ page: null, today: [due()] }));
    expect(text('.due')).toContain('記事作成');
    popup.show(popupModel({ known: known() }));
    expect(text('.past p')).toBe('初回表示日 2026年10月1日・仕事3件・支払い済み1件・警告2件');
    expect(document.querySelector<HTMLTextAreaElement>('.past textarea')?.value).toBe('返事が早い');
  });

  it('prepares a report where a finding is worth one: place, words, one file, what to do next', async () => {
    const shown = pageVerdict({ findings: [finding({ report: true })], kind: 'contract', client: { id: '52', name: null } });
    popup.show(popupModel({ page: pageModel({ shown }) }));
    document.querySelector<HTMLButtonElement>('.to-report button')?.click();
    await vi.waitFor(() => expect(text('.report')).toContain('Kobanはどこにも送りません'));
    const { url } = shown;
    expect(sheet).toHaveBeenLastCalledWith({ site: 'crowdworks', page: url, rule: finding().rule });
    const select = document.querySelector<HTMLSelectElement>('.to-report select')!;
    expect([...select.options].map(({ text }) => text)).toEqual([finding().title.ja, 'この取引', 'この発注者との記録すべて']);
    for (const [chosen, about] of [['1', { site: 'crowdworks', page: url }], ['2', { site: 'crowdworks', client: '52' }]] as const) {
      select.value = chosen;
      select.dispatchEvent(new Event('change'));
      expect(text('.report')).toBe('');
      document.querySelector<HTMLButtonElement>('.to-report button')?.click();
      await vi.waitFor(() => expect(sheet).toHaveBeenLastCalledWith(about));
    }
    await vi.waitFor(() => expect(text('.report')).toContain('公開された案内の記載によります'));
    expect(document.querySelector<HTMLAnchorElement>('.report a')?.href).toBe('https://crowdworks.jp/report');
    expect(text('.report')).toContain('2026年11月24日に確認');
    expect(text('.report')).toContain('188');
    expect(document.querySelector<HTMLTextAreaElement>('.report textarea')?.value).toBe('事務局 御中');
    const [, keep] = document.querySelectorAll<HTMLButtonElement>('.report button');
    keep?.click();
    await vi.waitFor(() => expect(save).toHaveBeenCalledWith('koban-report.zip', expect.any(Blob), 'application/zip'));
  });

  it('offers no report where there is nothing to report', () => {
    const isOffered = () => !document.querySelector('.to-report')?.hasAttribute('hidden');
    const page = pageModel({ shown: pageVerdict({ client: { id: '52', name: null } }) });
    popup.show(popupModel({ page }));
    expect(isOffered()).toBe(false);
    popup.show(popupModel({ page, known: known({ warnings: 0, owed: 0 }) }));
    expect(isOffered()).toBe(false);
    popup.show(popupModel({ page, known: known({ warnings: 0, owed: 1 }) }));
    expect(isOffered()).toBe(true);
  });

  it('says which hosts pass unread, and why', () => {
    popup.show(popupModel({ aside: [{ host: 'crowdworks.jp', reason: 'bot-check', until: '2026-11-24T01:00:00Z' }] }));
    expect(text('footer .aside')).toBe('crowdworks.jp：サイトがロボット確認を求めたため、通信には触れていません');
  });

  it('examines the chain when it is unfolded, and says the repair of what is broken', () => {
    popup.show(popupModel({}));
    const details = document.querySelector<HTMLDetailsElement>('details.links');
    if (details === null) throw new Error('no examination');
    details.open = true;
    details.dispatchEvent(new Event('toggle'));
    expect(examine).toHaveBeenCalledOnce();
    const broken = { holds: false, what: { ja: '壊れています', en: 'broken' }, repair: { ja: '直してください', en: 'mend' } };
    popup.show(popupModel({ links: [{ holds: true, what: { ja: '動いています', en: 'runs' }, repair: null }, broken] }));
    expect([...document.querySelectorAll('.links li')].map((each) => each.textContent)).toEqual([
      '動いています',
      '壊れています直してください',
    ]);
    expect(document.querySelector<HTMLDetailsElement>('details.links')?.open).toBe(true);
  });

  it('offers three things to do about a warning, and writes a text with nothing of the page in it', () => {
    const found = finding({ rule: 'direct-contract', seen: { ja: '「秘密の文」', en: 'secret' } });
    const site = { id: 'crowdworks', name: { ja: 'クラウドワークス', en: 'CrowdWorks' }, operator: { ja: '', en: '' }, report_url: '', hosts: [], enabled: true };
    popup.show(popupModel({ page: pageModel({ shown: pageVerdict({ findings: [found] }) }), site, client: 'crowdworks:52' }));
    const [off, mute, wrong] = document.querySelectorAll<HTMLButtonElement>('.objection button');
    off?.click();
    expect(change).toHaveBeenLastCalledWith({ sites: { crowdworks: { enabled: false } } });
    mute?.click();
    expect(change).toHaveBeenLastCalledWith({ clients: { 'crowdworks:52': { muted: true } } });
    wrong?.click();
    expect(change).toHaveBeenLastCalledWith({ wrong: { 'direct-contract@crowdworks': expect.stringMatching(/^\d{4}-\d\d-\d\d$/) } });
    const text = document.querySelector<HTMLTextAreaElement>('.objection textarea')?.value ?? '';
    expect(text.split('\n')).toEqual(['Kobanの警告が間違っていました。', 'ルール：direct-contract', 'サイト：crowdworks', 'バージョン：0.1.0']);
  });

  it('teaches what was wrong, says what comes of it, and takes it back', async () => {
    const lesson = { id: 'a', warns: false, rule: 'direct-contract', risk: 'direct-contract', day: '2026-11-26', quote: '直接' };
    teach.mockResolvedValueOnce(lesson);
    const of = (...findings: ReturnType<typeof finding>[]) => popupModel({ page: pageModel({ shown: pageVerdict({ findings }) }) });
    popup.show(of(finding()));
    const wrong = [...document.querySelectorAll<HTMLButtonElement>('.objection button')].at(-1);
    wrong?.click();
    expect(teach).toHaveBeenCalledWith({ warns: false, rule: 'direct-contract', risk: '', texts: ['直接お願いします'] });
    await vi.waitFor(() => expect(text('.taught')).toContain('引き続き表示します'));
    popup.show(of());
    expect(text('.taught p')).toBe('似た文章では、この警告を表示しません。');
    document.querySelector<HTMLButtonElement>('.taught button')?.click();
    await vi.waitFor(() => expect(document.querySelector<HTMLElement>('.taught')?.hidden).toBe(true));
    expect(unteach).toHaveBeenCalledWith('a');
  });

  it.each([
    ['pair', { health: 'not-paired' }],
    ['again', { health: 'not-running' }],
    ['reload', { health: 'wrong-version', version: '0.2.0' }],
    ['again', { health: 'failing' }],
    ['again', { proxyListening: false }],
    ['resume', { paused: true }],
  ] as const)('shows one button that repairs: %s for %o', (wanted, over) => {
    popup.show(popupModel(over));
    const buttons = document.querySelectorAll<HTMLButtonElement>('.repair button');
    expect(buttons).toHaveLength(1);
    buttons[0]?.click();
    expect(repair).toHaveBeenLastCalledWith(wanted);
    expect(document.querySelector('footer .mark.clear')).toBeNull();
    popup.show(popupModel({}));
    expect(document.querySelector<HTMLElement>('.repair')?.hidden).toBe(true);
  });

  it.each([{ health: 'not-paired' }, { health: 'not-running' }, { health: 'wrong-version' }, { health: 'failing' }, { paused: true }] as const)(
    'is a screen of its own, without what cannot be acted on: %o',
    (over) => {
      const client = 'crowdworks:52';
      const page = pageModel({ shown: pageVerdict({ findings: [finding()], client: { id: '52', name: null } }) });
      popup.show(popupModel({ page, client, known: known(), today: [due()] }));
      const inSight = () => [...document.querySelectorAll<HTMLElement>('main > section')].filter((each) => !each.hidden).map((each) => each.className);
      expect(inSight()).toHaveLength(8);
      popup.show(popupModel({ page, client, known: known(), today: [due()], ...over }));
      expect(inSight()).toEqual(['repair', '']);
      expect(text('main > section:not([hidden]) .finding .title')).toBe('直接契約の誘いです');
      expect(document.querySelector('.objection')).toBeNull();
    },
  );

  it('says that it asks until Koban has answered', () => {
    popup.show(popupModel({ page: pageModel(), version: null }));
    expect(text('h1')).toBe('確認しています');
    expect(document.querySelector('footer .mark.clear')).toBeNull();
    popup.show(popupModel({ page: pageModel() }));
    expect(text('h1')).toBe('未確認（Kobanを通らずに開かれたページです）');
  });

  it('says that a try was in vain, and keeps the keyboard on the button', () => {
    popup.show(popupModel({ health: 'not-running' }));
    const button = () => document.querySelector<HTMLButtonElement>('.repair button');
    button()?.focus();
    popup.show(popupModel({ health: 'not-running', tried: 1 }));
    expect(text('.tried')).toBe('再接続しましたが、まだ直っていません（1回目）。');
    expect(document.activeElement).toBe(button());
  });

  it('pauses for an hour', () => {
    popup.show(popupModel({}));
    document.querySelector<HTMLButtonElement>('footer button.pause')?.click();
    const { paused_until } = change.mock.lastCall?.[0] as { paused_until: string };
    expect(Math.abs(Date.parse(paused_until) - Date.now() - 3_600_000)).toBeLessThan(60_000);
  });

  it('ends the pairing when asked to, and offers it only where there is one', () => {
    popup.show(popupModel({}));
    document.querySelector<HTMLButtonElement>('footer button.unpair')?.click();
    expect(unpair).toHaveBeenCalledOnce();
    popup.show(popupModel({ health: 'not-paired' }));
    expect(document.querySelector('footer button.unpair')).toBeNull();
  });

  it('speaks English when asked to', () => {
    popup.show(popupModel({ language: 'en' }));
    expect(text('h1')).toBe('Checked, nothing found');
    expect(document.documentElement.lang).toBe('en');
  });

  it('lists what was found, gravest open', () => {
    const caution = finding({ severity: 'caution' });
    popup.show(popupModel({ page: pageModel({ shown: pageVerdict({ findings: [caution, finding()] }) }) }));
    const found = [...document.querySelectorAll<HTMLDetailsElement>('details.finding')];
    expect(found.map((details) => [details.querySelector('.mark')?.textContent, details.open])).toEqual([
      ['危険', true],
      ['注意', false],
    ]);
    expect(text('.seen')).toBe('「直接お願いします」');
  });

  it('switches the site off, and on again by taking the exception away', () => {
    popup.show(popupModel());
    const input = () => document.querySelector<HTMLInputElement>('section > .switch input');
    input()?.click();
    expect(change).toHaveBeenLastCalledWith({ sites: { crowdworks: { enabled: false } } });
    input()?.click();
    expect(change).toHaveBeenLastCalledWith({ sites: { crowdworks: { enabled: null } } });
  });

  it('mutes the client of the page, and takes the exception away again', () => {
    const input = () => [...document.querySelectorAll<HTMLInputElement>('section:not(.watch) > .switch input')].at(1);
    popup.show(popupModel({ client: 'crowdworks:52' }));
    input()?.click();
    expect(change).toHaveBeenLastCalledWith({ clients: { 'crowdworks:52': { muted: true } } });
    const clients = { 'crowdworks:52': { muted: true, ask: true } };
    popup.show(popupModel({ client: 'crowdworks:52', settings: settings({ clients }) }));
    expect(input()?.checked).toBe(false);
    input()?.click();
    expect(change).toHaveBeenLastCalledWith({ clients: { 'crowdworks:52': { muted: null } } });
  });

  it('switches the asking and the guard off', () => {
    popup.show(popupModel());
    const [step, guard] = document.querySelectorAll<HTMLInputElement>('section.watch .switch input');
    step?.click();
    expect(change).toHaveBeenLastCalledWith({ active_step: false });
    guard?.click();
    expect(change).toHaveBeenLastCalledWith({ guard: false });
  });

  it('switches a rule, and keeps keyboard and search where they were', () => {
    popup.show(popupModel());
    const input = () => document.querySelector<HTMLInputElement>('[data-rule="direct-contract"] input');
    const details = document.querySelector<HTMLDetailsElement>('.rules');
    if (details) details.open = true;
    input()?.focus();
    input()?.click();
    expect(change).toHaveBeenLastCalledWith({ rules: { 'direct-contract': false } });
    popup.show(popupModel({ rules: [rule({ enabled: false })] }));
    expect(input()?.checked).toBe(false);
    expect(document.activeElement).toBe(input());
  });

  it('keeps the topics that were unfolded, and unfolds what a search finds', () => {
    const topics = () => [...document.querySelectorAll<HTMLDetailsElement>('.topic')].map((topic) => topic.open);
    const rules = [rule({ topic: 'payment' }), rule({ id: 'other', topic: 'contact' })];
    popup.show(popupModel({ rules }));
    expect(topics()).toEqual([false, false]);
    const [first] = document.querySelectorAll<HTMLDetailsElement>('.topic');
    if (first) first.open = true;
    first?.dispatchEvent(new Event('toggle'));
    popup.show(popupModel({ rules: rules.map((each) => ({ ...each, enabled: false })) }));
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
    popup.show(popupModel({ rules: [rule(), rule({ id: 'other', title: { ja: '仮払い前', en: 'Escrow' } })] }));
    const search = document.querySelector<HTMLInputElement>('[type="search"]');
    if (!search) throw new Error('no search');
    search.value = '仮払い';
    search.dispatchEvent(new Event('input'));
    expect([...document.querySelectorAll<HTMLElement>('[data-rule]')].map((label) => label.dataset['rule'])).toEqual(['other']);
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
    const rules = [rule({ id: 'x', topic: 'new' }), rule({ id: 'y', topic: 'work' }), rule({ id: 'z', topic: 'payment' })];
    expect(groups(rules).map((group) => group.topic)).toEqual(['topicPayment', 'topicWork', 'topicOther']);
  });

  it('searches without regard to width and case', () => {
    expect(matching([rule()], 'ＤＩＲＥＣＴ', new Words('ja'))).toHaveLength(1);
    expect(matching([rule()], '直接 禁止', new Words('ja'))).toHaveLength(1);
    expect(matching([rule()], '直接 ない言葉', new Words('ja'))).toHaveLength(0);
  });
});

describe('healthLine', () => {
  const line = (over: Parameters<typeof popupModel>[0]) => healthLine(popupModel(over), '0.1.0', new Words('ja'));

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
