import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SettingsChange } from '../api/types';
import { finding, kobanState, pageVerdict, settings, status } from '../testing/values';
import { byUse, homeOf, lastFirst } from './sites';
import { Welcome, type WelcomeActions } from './welcome';

describe('Welcome', () => {
  const actions = {
    number: vi.fn<WelcomeActions['number']>(async () => 'shown'),
    enter: vi.fn<WelcomeActions['enter']>(async () => 'used'),
    demonstrate: vi.fn<WelcomeActions['demonstrate']>(async () => pageVerdict({ findings: [finding()] })),
    isPinned: vi.fn<WelcomeActions['isPinned']>(async () => null),
    autostart: vi.fn(),
    again: vi.fn(),
    change: vi.fn(async (_: SettingsChange) => true),
    options: vi.fn(),
    used: vi.fn<WelcomeActions['used']>(async () => []),
    isWindow: vi.fn<WelcomeActions['isWindow']>(async () => true),
    starting: null,
  };
  let welcome: Welcome;
  const text = (selector: string) => document.querySelector(selector)?.textContent;
  const press = async (selector: string) => {
    document.querySelector<HTMLButtonElement>(selector)?.click();
    await vi.waitFor(() => undefined);
  };

  beforeEach(() => {
    document.body.replaceChildren();
    welcome = new Welcome(document.body, '0.1.0', actions);
  });

  it('has nothing to ask of one who is connected', async () => {
    await welcome.show(kobanState({}));
    expect(text('#connect [role=status]')).toBe('接続できています。');
    expect(document.querySelector('#connect button')).toBeNull();
  });

  it('connects by a number, and says where it was a wrong one', async () => {
    await welcome.show(kobanState({ health: 'not-paired', version: null }));
    expect(document.querySelector<HTMLFormElement>('form')?.hidden).toBe(true);
    await press('#connect button');
    expect(document.querySelector<HTMLFormElement>('form')?.hidden).toBe(false);
    const field = document.querySelector<HTMLInputElement>('form input');
    if (field === null) throw new Error('no field');
    field.value = '123 456';
    document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    await vi.waitFor(() =>
      expect(text('.said')).toBe('番号が違うか、期限が切れています。もう一度、番号を表示してください。'),
    );
    expect(actions.enter).toHaveBeenCalledWith('123 456');
  });

  it('asks again where Koban does not run', async () => {
    await welcome.show(kobanState({ health: 'not-running', version: null }));
    await press('#connect button');
    expect(actions.again).toHaveBeenCalledOnce();
  });

  it('shows what is found in a made-up job', async () => {
    await welcome.show(kobanState({}));
    await press('#try button');
    await vi.waitFor(() => expect(text('.result .line')).toBe('危険：直接契約の誘いです'));
    expect(document.querySelectorAll('.result .finding')).toHaveLength(1);
    actions.demonstrate.mockResolvedValueOnce(null);
    await press('#try button');
    await vi.waitFor(() => expect(text('.result')).toBe('調べられませんでした。先にKobanとつないでください。'));
  });

  it('test_reach_03 offers to start Koban with the computer, where that is a choice', async () => {
    await welcome.show(kobanState({ autostart: 'off' }));
    await press('#again input');
    expect(actions.autostart).toHaveBeenCalledWith(true);
    await welcome.show(kobanState({ autostart: 'off', trouble: { kind: 'disk', number: 1 } }));
    expect(document.querySelector<HTMLInputElement>('#again input')?.checked).toBe(false);
    expect(text('#again [role=alert]')).toContain('ディスクに書き込めない');
    await welcome.show(kobanState({ autostart: null }));
    expect(document.querySelector('#again input, #again [role=alert]')).toBeNull();
  });

  it('says whether the icon is in sight', async () => {
    await welcome.show(kobanState({}));
    expect(text('#place')).toContain('パズル');
    expect(text('#place')).toContain('Alt＋Shift＋P');
    actions.isPinned.mockResolvedValueOnce(true);
    await welcome.show(kobanState({}));
    expect(text('#place')).toContain('アイコンはツールバーに出ています。');
  });

  it('test_issue_21 tries the job in the language that is spoken now', async () => {
    await welcome.show(kobanState({}));
    await press('#try button');
    await vi.waitFor(() => expect(text('.result .line')).toBe('危険：直接契約の誘いです'));
    await welcome.show(kobanState({ language: 'fr' }));
    expect(text('.result'), 'what was judged in another language is gone').toBe('');
    await press('#try button');
    expect(actions.demonstrate.mock.lastCall?.[0].language).toBe('fr');
  });

  it('asks once whether texts and pages are kept, and keeps neither until it is answered', async () => {
    await welcome.show(kobanState({}));
    expect([...document.querySelectorAll('.question button')].map((each) => each.textContent)).toEqual([
      '残さない',
      '残す',
      '残さない',
      '残す',
    ]);
    await press('.question.texts button:last-child');
    expect(actions.change).toHaveBeenLastCalledWith({ history: { texts: true } });
    await press('.question.pages button:first-child');
    expect(actions.change).toHaveBeenLastCalledWith({ history: { pages: false } });
    await welcome.show(
      kobanState({ settings: settings({ history: { enabled: true, days: 548, texts: true, pages: false } }) }),
    );
    expect(document.querySelector('.question')).toBeNull();
    expect([...document.querySelectorAll('.answer')].map((each) => each.textContent)).toEqual([
      '残します。設定でいつでも変えられます。',
      '残しません。設定でいつでも変えられます。',
    ]);
  });

  it('test_ux_11 shows the sites, the one used last first, and where one is', async () => {
    const [crowdworks] = status().sites;
    if (crowdworks === undefined) throw new Error('no site');
    const lancers = {
      ...crowdworks,
      id: 'lancers',
      name: { ja: 'ランサーズ', en: 'Lancers' },
      hosts: ['lancers.jp', 'www.lancers.jp'],
    };
    actions.used.mockResolvedValueOnce(['www.lancers.jp']);
    await welcome.show(kobanState({ sites: [crowdworks, lancers] }));
    expect([...document.querySelectorAll<HTMLAnchorElement>('.tile')].map((tile) => tile.href)).toEqual([
      'https://www.lancers.jp/',
      'https://crowdworks.jp/',
    ]);
    expect(text('.window')).toContain('ここでもう一度ログイン');
    actions.isWindow.mockResolvedValueOnce(false);
    await welcome.show(kobanState({ sites: [crowdworks, lancers] }));
    expect(text('.window')).toContain('ふだんどおりに');
    expect(byUse([crowdworks, lancers], [])).toEqual([crowdworks, lancers]);
    expect(homeOf({ ...crowdworks, hosts: ['internal.shufti.jp', 'app.shufti.jp', 'www.shufti.jp'] })).toBe(
      'https://www.shufti.jp/',
    );
    expect(lastFirst(['a', 'b'], 'b')).toEqual(['b', 'a']);
  });

  it('draws no earlier state over a later one', async () => {
    let answer = (_: null) => {};
    actions.isPinned.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    const earlier = welcome.show(kobanState({ health: 'not-running', sites: [] }));
    await welcome.show(kobanState({}));
    answer(null);
    await earlier;
    expect(text('#connect [role=status]')).toBe('接続できています。');
  });

  it('test_ux_disk leaves the sites first where there is no room', async () => {
    await welcome.show(kobanState({ storage: 'full' }));
    expect([...document.querySelectorAll('section')].slice(0, 2).map(({ id }) => id)).toEqual(['sites', 'connect']);
    expect(text('#connect')).toContain('もう一度確認する');
  });

  it('test_ux_23 is there before Koban is ready, with the sites, and fills itself where they stand', async () => {
    let end = () => {};
    const starting = new Promise<void>((resolve) => {
      end = resolve;
    });
    document.body.replaceChildren();
    welcome = new Welcome(document.body, '0.1.0', { ...actions, starting });
    const unknown = kobanState({ health: 'not-paired', version: null, settings: null, sites: [] });
    await welcome.show(unknown);
    expect(text('#connect [role=status]')).toContain('準備しています');
    expect([...document.querySelectorAll('section')].map(({ id }) => id)).toEqual(['sites', 'connect']);
    const tile = document.querySelector<HTMLAnchorElement>('.tile[href="https://crowdworks.jp/"]');
    expect(tile?.textContent).toBe('クラウドワークス');
    await welcome.show(kobanState({}));
    expect(text('#connect [role=status]')).toBe('接続できています。');
    expect([...document.querySelectorAll('section')].slice(0, 2).map(({ id }) => id)).toEqual(['sites', 'connect']);
    expect(document.querySelector('#try button')).not.toBeNull();

    document.body.replaceChildren();
    welcome = new Welcome(document.body, '0.1.0', { ...actions, starting });
    await welcome.show(unknown);
    end();
    await vi.waitFor(() =>
      expect(document.querySelector('#connect button'), 'where it never gets ready').not.toBeNull(),
    );
  });

  it('test_ux_10 asks for the key in plain words, recommends an answer, and says what came of it', async () => {
    await welcome.show(kobanState({}));
    expect(document.querySelector<HTMLElement>('#trust')?.hidden).toBe(true);
    await welcome.show(kobanState({ settings: settings({ trust: 'ask' }) }));
    expect(text('#trust .yes')).toContain('おすすめ');
    await press('#trust .yes');
    expect(actions.change).toHaveBeenLastCalledWith({ trust: 'yes' });
    await press('#trust .no');
    expect(actions.change).toHaveBeenLastCalledWith({ trust: null, trust_refused: true });
    for (const [trust, said] of [
      ['yes', '登録しています'],
      ['done', '登録しました'],
      ['failed', '登録できませんでした'],
    ] as const) {
      await welcome.show(kobanState({ settings: settings({ trust }) }));
      expect(text('#trust [role=status]')).toContain(said);
    }
  });

  it('test_ux_welcome says what each state means, how to come back, and the other way with what it cannot do', async () => {
    await welcome.show(kobanState({}));
    expect(document.querySelectorAll('.states li')).toHaveLength(4);
    expect(text('.states')).toContain('何もないという保証ではありません');
    expect(text('#again')).toContain('「.venv/bin/koban start」');
    expect(text('#again')).toContain('koban doctor');
    expect(text('#ways')).toContain('ふだんのブラウザ');
    expect(text('#ways')).toContain('できないこと');
  });
});
