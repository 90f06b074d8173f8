import { beforeEach, describe, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import type { LessonInfo } from '../api/types';
import {
  beginPage,
  buttonNamed,
  choose,
  files,
  one,
  press,
  proxy,
  savedFiles,
  says,
  service,
  show,
  switchNamed,
  text,
} from '../testing/own-page';
import { kobanState, settings } from '../testing/values';

vi.mock('../rpc/proxy', () => proxy);

const STEP = '応募・同意・納品などの前に確認する';
const LESSON: LessonInfo = {
  id: '0123456789abcdef',
  warns: true,
  rule: '',
  risk: '',
  day: '2026-11-26',
  quote: '先にお願いします',
};

async function open() {
  await import('../entrypoints/options/main');
}

beforeEach(beginPage);

describe('the options', () => {
  it('speak the user’s language, and the other once that is chosen', async () => {
    await open();
    await show(kobanState());
    expect([text('h1'), document.title]).toEqual(['Kobanの設定', 'Kobanの設定']);
    await show(kobanState({ language: 'en' }));
    expect([text('h1'), document.title]).toEqual(['Koban settings', 'Koban settings']);
  });

  it('send what is switched, and show it as Koban has it', async () => {
    await open();
    await show(kobanState());
    switchNamed(STEP).click();
    expect(service.change).toHaveBeenCalledWith({ active_step: false });
    await show(kobanState({ settings: settings({ active_step: false }) }));
    expect(switchNamed(STEP).checked).toBe(false);
  });

  it('say that a change was not stored, and show what still holds', async () => {
    service.change.mockResolvedValueOnce(false);
    await open();
    await show(kobanState());
    switchNamed(STEP).click();
    await show(kobanState({ trouble: { kind: 'disk', number: 1 } }));
    expect(text('[role=alert]')).toContain('ディスクに書き込めない');
    expect(switchNamed(STEP).checked).toBe(true);
  });

  it('have nothing to switch where Koban is away, and say so', async () => {
    await open();
    await show(kobanState({ health: 'not-running', settings: null, sites: [] }));
    expect(text('.health')).toContain('Kobanが動いていません');
    expect(document.querySelectorAll('section:not([hidden]) input')).toHaveLength(0);
    expect(text('#help')).not.toBe('');
  });

  it('switch notices on where the browser gives leave, and off where it does not', async () => {
    const request = vi.fn(async () => false);
    Object.assign(browser.permissions, { request });
    await open();
    await show(kobanState());
    const notices = () => switchNamed('今日・明日の期日を1日1回、デスクトップ通知で知らせる');
    notices().click();
    await vi.waitFor(() => expect(notices().checked).toBe(false));
    request.mockResolvedValueOnce(true);
    notices().click();
    await vi.waitFor(() => expect(request).toHaveBeenCalledTimes(2));
    expect(notices().checked).toBe(true);
  });

  it('open the history, and name a client by their id where it cannot be read', async () => {
    await open();
    await show(kobanState({ settings: settings({ clients: { 'lancers:9': { muted: true, ask: true } } }) }));
    await vi.waitFor(() => expect(service.history).toHaveBeenCalledOnce());
    expect(text('#exceptions')).toContain('発注者 9 についての警告を表示しない');
    buttonNamed('取引の記録を開く').click();
    expect(browser.tabs.create).toHaveBeenCalledWith({ url: expect.stringContaining('/deals.html') });
  });
});

describe('a file of settings', () => {
  const status = '#data .said';
  const give = (contents: string) => choose(one<HTMLInputElement>('#import'), new File([contents], 'settings.json'));

  it('is taken by Koban, or refused, and the page says which', async () => {
    await open();
    await show(kobanState());
    give('{"active_step": false}');
    await says(status, '読み込みました。');
    expect(service.change).toHaveBeenCalledWith({ active_step: false });
    service.change.mockResolvedValueOnce(false);
    give('{"active_step": false}');
    await says(status, '内容に誤りがあるため、何も変えていません。');
  });

  it('is none where it is something else, and nothing is sent', async () => {
    await open();
    await show(kobanState());
    give('{"other": 1}');
    await says(status, 'Kobanの設定ファイルではないため');
    expect(service.change).not.toHaveBeenCalled();
  });

  it('is written with the user’s own settings', async () => {
    const filesByName = savedFiles();
    await open();
    await show(kobanState({ settings: settings({ active_step: false }) }));
    press('#data .export');
    expect(JSON.parse((await filesByName.get('koban-settings.json')) ?? '')).toMatchObject({ active_step: false });
  });
});

describe('the records', () => {
  const status = '#history .buttons [role=status]';

  it('are handed over as a file, and the page says where Koban is away', async () => {
    const filesByName = savedFiles();
    await open();
    await show(kobanState());
    buttonNamed('すべて書き出す（JSON Lines）').click();
    await says(status, 'Kobanに接続できませんでした。');
    expect(filesByName.size).toBe(0);
    files.exported.mockResolvedValueOnce(new Blob(['PK']));
    buttonNamed('すべて書き出す（JSON Lines）').click();
    await vi.waitFor(() => expect([...filesByName.keys()]).toEqual(['koban-history-jsonl.zip']));
  });

  it('are deleted once it was asked twice, and the page says where Koban is away', async () => {
    await open();
    await show(kobanState());
    press('#history .delete');
    expect(service.forgetAll).not.toHaveBeenCalled();
    service.forgetAll.mockResolvedValueOnce(false);
    press('#history .delete');
    await says(status, 'Kobanに接続できませんでした。');
    press('#history .delete');
    await says(status, 'すべて消しました。');
  });
});

describe('what was taught', () => {
  it('is nothing at first', async () => {
    await open();
    await show(kobanState());
    await says('#lessons', '登録した文章はありません。');
  });

  it('is listed, and forgotten one by one', async () => {
    service.lessons.mockResolvedValueOnce([LESSON]);
    await open();
    await show(kobanState());
    await says('#lessons li', '「先にお願いします」に似た文章で警告する');
    press('#lessons li button');
    await says('#lessons', '登録した文章はありません。');
    expect(service.unteach).toHaveBeenCalledWith(LESSON.id);
  });

  it('is shown before it is passed on, and the page says where it cannot be had', async () => {
    const filesByName = savedFiles();
    service.lessons.mockResolvedValueOnce([LESSON]);
    await open();
    await show(kobanState());
    await says('#lessons li', '先にお願いします');
    press('#lessons p button');
    await says('.contribution', 'Kobanが動いているか');
    service.contribution.mockResolvedValueOnce('{"text":"…"}\n');
    press('#lessons p button');
    await vi.waitFor(() => expect(one<HTMLTextAreaElement>('.contribution textarea')?.value).toBe('{"text":"…"}\n'));
    expect(filesByName.size).toBe(0);
    press('.contribution button');
    expect(await filesByName.get('koban-lessons.jsonl')).toBe('{"text":"…"}\n');
  });

  it('is not shown at all while Koban has not told it', async () => {
    service.lessons.mockResolvedValueOnce(null);
    await open();
    await show(kobanState());
    await vi.waitFor(() => expect(service.lessons).toHaveBeenCalled());
    expect(one('#lessons')?.hidden).toBe(true);
  });
});
