import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LessonInfo, SettingsChange } from '../api/types';
import { Words } from '../i18n/words';
import { REPLIES } from '../templates/templates';
import { openDocument } from '../testing/document';
import { kobanState, replyInfo, rule, settings } from '../testing/values';
import { exceptions, exported, imported, nothingOfOnesOwn } from './exceptions';
import { Options } from './options';

const WORDS = new Words('ja');
const OWN = settings({
  rules: { 'direct-contract': false },
  sites: { crowdworks: { enabled: false, rules: { 'low-pay': true } } },
  clients: {
    'lancers:a:b': { muted: true, ask: true },
    'lancers:9': { muted: false, ask: false },
    'lancers:7': { muted: true, ask: false },
  },
});

describe('exceptions', () => {
  it('says each in a sentence, with the change that undoes it', () => {
    expect(exceptions(OWN, [rule({ id: 'direct-contract' })], [], WORDS, new Map(), REPLIES)).toEqual([
      { line: '「直接契約の誘いです」の警告を表示しない', undo: { rules: { 'direct-contract': null } } },
      { line: 'crowdworksのページを調べない', undo: { sites: { crowdworks: { enabled: null } } } },
      {
        line: 'crowdworksでは「low-pay」の警告を表示する',
        undo: { sites: { crowdworks: { rules: { 'low-pay': null } } } },
      },
      { line: 'lancersの発注者 a:b についての警告を表示しない', undo: { clients: { 'lancers:a:b': null } } },
      { line: 'lancersの発注者 9 については、操作の前にたずねない', undo: { clients: { 'lancers:9': null } } },
      { line: 'lancersの発注者 7 についての警告を表示しない', undo: { clients: { 'lancers:7': { muted: null } } } },
      { line: 'lancersの発注者 7 については、操作の前にたずねない', undo: { clients: { 'lancers:7': { ask: null } } } },
    ]);
  });

  it('takes away all that is the user’s own', () => {
    const change = nothingOfOnesOwn(OWN);
    expect(change.rules).toEqual({ 'direct-contract': null });
    expect(change.sites).toEqual({ crowdworks: null });
    expect(Object.keys(change.clients ?? {})).toHaveLength(3);
    expect(change).toHaveProperty('pictures', null);
  });

  it('reads back what it has written, and nothing that is none of its own', () => {
    expect(imported(exported(OWN))).toEqual(JSON.parse(exported(OWN)));
    for (const other of ['', '[]', '{}', 'null', '{"serve": {"listen_port": 1}}', '{"rules": {}, "x": 1}']) {
      expect(imported(other)).toBeNull();
    }
  });
});

describe('exceptions of every kind', () => {
  it('test_ux_options names clients, tells of edited replies, and of what was called wrong in one line', () => {
    const own = settings({
      clients: { 'lancers:9': { muted: true, ask: true } },
      templates: { 'escrow-first': { ja: '私の文', en: 'mine' }, 'own-1': { ja: '見積もりです\n本文', en: 'x' } },
      wrong: { 'low-pay@lancers@1': '2026-11-26', 'low-pay@lancers@https://www.lancers.jp/a@b': '2026-11-26' },
    });
    const found = exceptions(
      own,
      [rule({ id: 'low-pay', title: { ja: '安い', en: 'Low' } })],
      [],
      WORDS,
      new Map([['lancers:9', '雑貨つむぎ']]),
      REPLIES,
    );
    expect(found.map(({ line }) => line)).toEqual([
      'lancersの発注者 雑貨つむぎ（9） についての警告を表示しない',
      'lancersの「安い」を間違いと記録した',
      '返信の文例「仮払いを先にお願いする」を変えた',
      '返信の文例「見積もりです」を変えた',
    ]);
    expect(found[1]?.undo).toEqual({
      wrong: { 'low-pay@lancers@1': null, 'low-pay@lancers@https://www.lancers.jp/a@b': null },
    });
  });
});

describe('Options', () => {
  const actions = {
    change: vi.fn(async (_: SettingsChange) => true),
    autostart: vi.fn(),
    language: vi.fn(),
    names: vi.fn(async () => new Map([['lancers:9', '雑貨つむぎ']])),
    save: vi.fn(),
    history: vi.fn(),
    exported: vi.fn(async () => new Blob(['PK'])),
    forgetAll: vi.fn(async () => true),
    lessons: vi.fn(async (): Promise<LessonInfo[] | null> => []),
    unteach: vi.fn(async () => true),
    contribution: vi.fn(async () => ''),
  };
  const turn = vi.fn(async (on: boolean) => on);
  const leave = { isGiven: async () => false, ask: async () => true, giveBack: async () => undefined };
  const notices = { isOn: async () => false, turn };
  let options: Options;
  const press = (selector: string) => document.querySelector<HTMLElement>(selector)?.click();

  beforeEach(async () => {
    await openDocument();
    for (const each of Object.values(actions)) each.mockClear();
    options = new Options(document.body, '0.1.0', { ...actions, notices, leave });
  });

  it('lists what was taught, and follows what is undone or taught elsewhere', async () => {
    const lesson = { id: 'a', warns: true, rule: '', risk: '', day: '2026-11-26', quote: '先に' };
    actions.lessons.mockResolvedValueOnce([lesson]);
    window.dispatchEvent(new Event('focus'));
    options.show(kobanState());
    await vi.waitFor(() =>
      expect(document.querySelector('#lessons li')?.textContent).toContain('「先に」に似た文章で警告する'),
    );
    press('#lessons li button');
    expect(actions.unteach).toHaveBeenCalledWith('a');
    await vi.waitFor(() =>
      expect(document.querySelector('#lessons')?.textContent).toContain('登録した文章はありません。'),
    );
  });

  const SITES = [
    {
      id: 'crowdworks',
      name: { ja: 'クラウドワークス', en: 'CrowdWorks' },
      operator: { ja: '', en: '' },
      hosts: [],
      enabled: true,
      optional: false,
    },
    {
      id: 'lancers',
      name: { ja: 'ランサーズ', en: 'Lancers' },
      operator: { ja: '', en: '' },
      hosts: [],
      enabled: false,
      optional: false,
    },
  ];

  it('test_ux_options has a switch for each site', () => {
    options.show(kobanState({ sites: SITES }));
    const switches = [...document.querySelectorAll<HTMLInputElement>('#sites .switch input')];
    expect(switches.map(({ checked }) => checked)).toEqual([true, false]);
    expect(document.querySelector('#sites .switch')?.textContent).toBe('クラウドワークスのページを調べる');
    for (const each of switches) each.click();
    expect(actions.change.mock.calls.map(([change]) => change.sites)).toEqual([
      { crowdworks: { enabled: false } },
      { lancers: { enabled: null } },
    ]);
  });

  it('test_reach_03 has the switch that starts Koban with the computer', () => {
    options.show(kobanState({ autostart: 'on' }));
    press('#autostart input');
    expect(actions.autostart).toHaveBeenCalledWith(false);
  });

  it('test_reach_07 opens the playground beside it, so that no draft is lost', () => {
    options.show(kobanState());
    expect(document.querySelector<HTMLAnchorElement>('a[href="/playground.html"]')?.target).toBe('_blank');
  });

  it('test_ux_options says whether Koban is paused, pauses and resumes', () => {
    const pausing = () => document.querySelector('#pausing')?.textContent;
    options.show(kobanState());
    expect(pausing()).toContain('いまは一時停止していません。');
    press('#pausing .buttons button:last-child');
    expect(actions.change).toHaveBeenLastCalledWith({ paused_until: '9999-12-31T00:00:00Z' });
    options.show(kobanState({ paused: true, settings: settings({ paused_until: '9999-12-31T00:00:00Z' }) }));
    expect(pausing()).toContain('再開するまで、ページを調べません。');
    press('#pausing button');
    expect(actions.change).toHaveBeenLastCalledWith({ paused_until: null });
  });

  it('test_ux_options helps where Koban is away too: the states, help, and how to remove it', () => {
    options.show(kobanState({ health: 'not-running', settings: null }));
    expect(document.querySelector<HTMLElement>('#sites')?.hidden).toBe(true);
    expect(document.querySelector<HTMLElement>('#pausing')?.hidden).toBe(true);
    const help = document.querySelector('#help')!;
    expect(help.querySelectorAll('.states li .mark svg')).toHaveLength(4);
    for (const words of [
      '調べた範囲で',
      'koban doctor',
      'Alt＋Shift＋P',
      'Alt＋Shift＋K',
      '.venv/bin/koban untrust',
      '.venv/bin/koban autostart off',
    ])
      expect(help.textContent).toContain(words);
    expect(help.querySelector('a')).toBeNull();
    options.show(kobanState({ tracker: 'https://koban.example/issues' }));
    expect(help.querySelector('a')?.href).toBe('https://koban.example/issues');
  });

  it('has all on the records in one place', async () => {
    options.show(kobanState());
    const switches = [...document.querySelectorAll<HTMLInputElement>('#history .switch input')];
    expect(switches.map((each) => each.checked)).toEqual([true, false, false, false]);
    for (const each of switches) each.click();
    expect(actions.change.mock.calls.map(([change]) => change.history)).toEqual([
      { enabled: false },
      { texts: true },
      { pages: true },
    ]);
    expect(turn).toHaveBeenLastCalledWith(true);
    const select = document.querySelector<HTMLSelectElement>('#history select');
    expect(select?.value).toBe('548');
    if (select) select.value = '183';
    select?.dispatchEvent(new Event('change'));
    expect(actions.change).toHaveBeenLastCalledWith({ history: { days: 183 } });
    const [csv, , forget] = document.querySelectorAll<HTMLButtonElement>('#history .buttons button');
    csv?.click();
    await vi.waitFor(() =>
      expect(actions.save).toHaveBeenCalledWith('koban-history-csv.zip', expect.any(Blob), 'application/zip'),
    );
    forget?.click();
    expect(actions.forgetAll).not.toHaveBeenCalled();
    forget?.click();
    expect(actions.forgetAll).toHaveBeenCalledOnce();
  });

  it('undoes an exception', () => {
    options.show(kobanState({ settings: OWN }));
    press('#exceptions button');
    expect(actions.change).toHaveBeenCalledWith({ rules: { 'direct-contract': null } });
  });

  it('offers nothing to change where Koban cannot be asked, and says why', () => {
    options.show(kobanState({ settings: null, health: 'not-running' }));
    expect(document.querySelector('.health')?.textContent).toContain('動いていません');
    const shown = [...document.querySelectorAll('section:not([hidden])')].map(({ id }) => id);
    expect(shown, 'the language and help').toEqual(['', 'help']);
  });

  it('test_issue_21 has a reply worded in the reader’s own language, beside those that Koban always has', () => {
    options.show(kobanState({ language: 'es' }));
    const boxes = [...document.querySelectorAll<HTMLTextAreaElement>('#replies details:first-of-type textarea')];
    expect(boxes.map(({ lang }) => lang)).toEqual(['ja', 'en', 'es']);
    const { text } = REPLIES[0]!;
    expect(boxes.map(({ value }) => value)).toEqual([text.ja, text.en, text['es']]);
    boxes[2]!.value = 'Primero el depósito.';
    press('#replies details:first-of-type button');
    const worded = { ...text, es: 'Primero el depósito.' };
    expect(actions.change).toHaveBeenCalledWith({ templates: { [REPLIES[0]!.id]: worded } });
  });

  it('keeps a draft under its own language where the reader’s changes', () => {
    options.show(kobanState({ language: 'es' }));
    const boxes = () => [...document.querySelectorAll<HTMLTextAreaElement>('#replies details:first-of-type textarea')];
    boxes()[2]!.value = 'Primero';
    options.show(kobanState({ language: 'fr' }));
    expect(boxes().map(({ lang }) => lang)).toEqual(['ja', 'en', 'es', 'fr']);
    expect(
      boxes()
        .map(({ value }) => value)
        .slice(2),
    ).toEqual(['Primero', REPLIES[0]!.text['fr']]);
  });

  it('speaks the language that is chosen', () => {
    options.show(kobanState({ settings: OWN, choice: 'en', language: 'en' }));
    const select = document.querySelector<HTMLSelectElement>('#language');
    expect([select?.value, document.title]).toEqual(['en', 'Koban settings']);
    if (select !== null) select.value = 'ja';
    select?.dispatchEvent(new Event('change'));
    expect(actions.language).toHaveBeenCalledWith('ja');
  });

  it('removes everything only when it is pressed twice, and says so once Koban has', async () => {
    options.show(kobanState({ settings: OWN }));
    press('#data .delete');
    expect(actions.change).not.toHaveBeenCalled();
    for (const [isReset, line] of [
      [false, '保存できませんでした'],
      [true, '初期設定'],
    ] as const) {
      actions.change.mockResolvedValueOnce(isReset);
      press('#data .delete');
      await vi.waitFor(() => expect(document.querySelector('.said')?.textContent).toContain(line));
    }
    expect(actions.change).toHaveBeenCalledWith(nothingOfOnesOwn(OWN));
  });

  it('keeps a reply as it is worded, and takes it back', () => {
    options.show(kobanState({ settings: settings({ templates: { 'escrow-first': { ja: '私の文', en: 'mine' } } }) }));
    const [box] = document.querySelectorAll<HTMLTextAreaElement>('#replies textarea');
    expect(box?.value).toBe('私の文');
    if (box !== undefined) box.value = '新しい文';
    const [keep, undo] = document.querySelectorAll<HTMLButtonElement>('#replies details:first-of-type button');
    keep?.click();
    expect(actions.change).toHaveBeenCalledWith({ templates: { 'escrow-first': { ja: '新しい文', en: 'mine' } } });
    undo?.click();
    expect(actions.change).toHaveBeenLastCalledWith({ templates: { 'escrow-first': null } });
  });

  const boxes = () => [...document.querySelectorAll<HTMLTextAreaElement>('#replies textarea')];
  const write = (words: string) => {
    options.show(kobanState({ settings: OWN }));
    const [box] = boxes();
    if (box) box.value = words;
    box?.focus();
  };

  it('house 03: keeps what is being written where anything changes elsewhere', () => {
    write('書きかけ');
    const [box] = boxes();
    options.show(
      kobanState({
        settings: settings({ rules: {}, templates: { 'other-reply': { ja: 'あ', en: 'a' } } }),
        rules: [rule()],
        language: 'en',
      }),
    );
    expect(boxes()[0]).toBe(box);
    expect(box?.value).toBe('書きかけ');
    expect(document.activeElement).toBe(box);
    expect(document.querySelector('#exceptions')?.textContent).not.toContain('直接契約');
  });

  it('house 03: keeps what is being written where Koban is away, and where it does not take it', async () => {
    write('書きかけ');
    options.show(kobanState({ settings: null, health: 'not-running' }));
    expect(document.querySelector('.health')?.textContent).toContain('動いていません');
    expect(boxes()[0]?.value).toBe('書きかけ');
    actions.change.mockResolvedValueOnce(false);
    press('#replies details:first-of-type button');
    await vi.waitFor(() => expect(document.querySelector('.unkept')?.textContent).toContain('保存できませんでした'));
    options.show(kobanState({ settings: OWN }));
    expect(boxes()[0]?.value).toBe('書きかけ');
    press('#replies details:first-of-type button');
    const kept = settings({ ...OWN, templates: { 'escrow-first': { ja: '別の窓で変えた文', en: 'x' } } });
    await vi.waitFor(() => expect(boxes()[0]?.defaultValue).toBe('書きかけ'));
    options.show(kobanState({ settings: kept }));
    expect(boxes()[0]?.value).toBe('別の窓で変えた文');
  });

  it('has a pack’s reply reworded, and its own words again where that is undone', async () => {
    const [replies, id] = [[replyInfo()], 'decline-a-call'];
    options.show(kobanState({ replies, settings: settings({ templates: { [id]: { ja: '私の文', en: 'mine' } } }) }));
    const entry = [...document.querySelectorAll<HTMLDetailsElement>('#replies details')].at(-1)!;
    expect(entry.querySelector('summary')?.textContent).toBe('通話を断る');
    expect(document.querySelector('#exceptions li')?.textContent).toContain('通話を断る');
    const [box] = entry.querySelectorAll('textarea');
    expect(box?.value).toBe('私の文');
    const undo = entry.querySelectorAll('button')[1]!;
    expect(undo.textContent).toBe('元に戻す');
    actions.change.mockResolvedValueOnce(false);
    undo.click();
    await vi.waitFor(() => expect(entry.textContent).toContain('保存できませんでした'));
    expect(box?.value, 'Koban has it still').toBe('私の文');
    undo.click();
    expect(actions.change).toHaveBeenLastCalledWith({ templates: { [id]: null } });
    await vi.waitFor(() => expect(box?.value).toBe('文章でお願いします。'));
  });

  it('house 03: keeps a draft on a pack’s reply that the pack drops, which is the user’s own once it is saved', async () => {
    const entry = () => [...document.querySelectorAll<HTMLDetailsElement>('#replies details')].at(-1)!;
    options.show(kobanState({ replies: [replyInfo()], settings: settings() }));
    const [box] = entry().querySelectorAll('textarea');
    box!.value = '書きかけ';
    options.show(kobanState({ replies: [], settings: settings() }));
    expect(entry().querySelector('textarea')).toBe(box);
    expect(box?.value).toBe('書きかけ');
    entry().querySelector('button')?.click();
    expect(actions.change).toHaveBeenLastCalledWith({
      templates: { 'decline-a-call': expect.objectContaining({ ja: '書きかけ' }) },
    });
    await vi.waitFor(() => expect(box?.defaultValue).toBe('書きかけ'));
    options.show(kobanState({ settings: settings({ templates: { 'decline-a-call': { ja: '書きかけ', en: '' } } }) }));
    expect(entry().querySelector('textarea')).toBe(box);
    options.show(kobanState({ replies: [], settings: settings() }));
    expect(document.querySelectorAll('#replies details')).toHaveLength(REPLIES.length);
  });

  it('test_issue_21 stores no blank version: English stands for a language without one', () => {
    options.show(kobanState({ language: 'fr', settings: settings() }));
    const [, , french] = document.querySelectorAll<HTMLTextAreaElement>('#replies details:first-of-type textarea');
    french!.value = ' ';
    press('#replies details:first-of-type button');
    const { ja, en } = REPLIES[0]!.text;
    const wanted = { templates: { [REPLIES[0]!.id]: expect.objectContaining({ ja, en, fr: null }) } };
    expect(actions.change).toHaveBeenLastCalledWith(wanted);
  });

  it('test_ux_options adds a reply of one’s own, says that it was saved, and can remove it', async () => {
    options.show(kobanState({ settings: settings({}) }));
    const box = document.querySelector<HTMLTextAreaElement>('.adding textarea')!;
    box.value = '見積もりをお送りします。';
    press('.adding button');
    await vi.waitFor(() => expect(actions.change).toHaveBeenCalled());
    const [{ templates }] = actions.change.mock.lastCall as unknown as [
      { templates: Record<string, { ja: string; en: string }> },
    ];
    const [id = ''] = Object.keys(templates);
    expect(templates[id]).toEqual({ ja: '見積もりをお送りします。', en: '見積もりをお送りします。' });
    await vi.waitFor(() => expect(box.value).toBe(''));
    options.show(kobanState({ settings: settings({ templates }) }));
    const own = [...document.querySelectorAll<HTMLDetailsElement>('#replies details')].at(-1)!;
    expect(own.open).toBe(true);
    expect(own.textContent).toContain('保存しました');
    own.querySelectorAll('button')[1]?.click();
    expect(actions.change).toHaveBeenLastCalledWith({ templates: { [id]: null } });
  });

  it('test_ux_options keeps a section open where saving draws it anew', async () => {
    options.show(kobanState({ settings: OWN }));
    const first = () => document.querySelector<HTMLDetailsElement>('#replies details')!;
    first().open = true;
    first().dispatchEvent(new Event('toggle'));
    const [box] = boxes();
    if (box) box.value = '新しい文';
    press('#replies details:first-of-type button');
    await vi.waitFor(() => expect(document.querySelector('.unkept')?.textContent).toBe('保存しました。'));
    options.show(
      kobanState({ settings: settings({ ...OWN, templates: { 'escrow-first': { ja: '新しい文', en: 'x' } } }) }),
    );
    expect(first().open).toBe(true);
    expect(document.querySelector('.unkept')?.textContent).toBe('保存しました。');
  });

  it('test_ux_options says that the disk is full, and shows the switch as it is', () => {
    options.show(kobanState({ settings: OWN }));
    const toggle = () => document.querySelector<HTMLInputElement>('#doings input')!;
    toggle().click();
    expect(toggle().checked).toBe(false);
    options.show(kobanState({ settings: OWN, trouble: { kind: 'disk', number: 1 } }));
    expect(document.querySelector('.trouble')?.textContent).toContain('ディスクに書き込めない');
    expect(toggle().checked).toBe(true);
  });

  it('test_ux_options says of each rule how grave it is, why, and what it warns of', () => {
    options.show(kobanState({ settings: OWN, rules: [rule({ example: '来月から直接お願いします' })] }));
    const row = document.querySelector('#rules .rule');
    expect(row?.textContent).toContain('危険直接契約の誘いです');
    expect(row?.querySelector('details')?.open).toBe(false);
    const search = document.querySelector<HTMLInputElement>('#rules input[type=search]')!;
    search.value = '来月から';
    search.dispatchEvent(new Event('input'));
    expect(document.querySelector<HTMLDetailsElement>('#rules .about')?.open, 'what was found is in sight').toBe(true);
    expect(document.querySelector('#rules .about')?.textContent).toContain('例：「来月から直接お願いします」');
  });
});
