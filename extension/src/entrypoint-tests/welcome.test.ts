import { beforeEach, describe, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { beginPage, buttonNamed, one, press, proxy, says, service, show, text } from '../testing/own-page';
import { kobanState } from '../testing/values';

vi.mock('../rpc/proxy', () => proxy);

async function open() {
  await import('../entrypoints/welcome/main');
}

beforeEach(beginPage);

describe('the start page', () => {
  it('speaks the user’s language, and the other once that is chosen', async () => {
    await open();
    await show(kobanState());
    await vi.waitFor(() => expect(document.documentElement.lang).toBe('ja'));
    const title = text('h1');
    await show(kobanState({ language: 'en' }));
    await vi.waitFor(() => expect(document.documentElement.lang).toBe('en'));
    expect(text('h1')).not.toBe(title);
  });

  it('pairs by the number that Koban shows, and says why it could not', async () => {
    await open();
    await show(kobanState({ health: 'not-paired', version: null, settings: null }));
    service.showNumber.mockResolvedValueOnce('unreachable');
    await vi.waitFor(() => expect(one('#connect .main')).not.toBeNull());
    press('#connect .main');
    await says('#connect .said', 'Kobanが応答しません。');
    expect(one('#connect form')?.hidden).toBe(true);
    press('#connect .main');
    await vi.waitFor(() => expect(one('#connect form')?.hidden).toBe(false));
    one<HTMLInputElement>('#connect input')!.value = '1234 5678';
    service.enterNumber.mockResolvedValueOnce('used');
    one('#connect form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    await says('#connect .said', '番号が違うか、期限が切れています。');
    expect(service.enterNumber).toHaveBeenCalledWith('1234 5678');
    one('#connect form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    await says('#connect .said', '接続できています。');
  });

  it('asks Koban again where it is away, and says that the made-up job could not be judged', async () => {
    vi.stubGlobal('fetch', async () => new Response('<p>仕事</p>'));
    service.demonstrate.mockResolvedValueOnce(null);
    await open();
    await show(kobanState({ health: 'not-running', version: null }));
    await vi.waitFor(() => expect(one('#connect .main')).not.toBeNull());
    press('#connect .main');
    expect(service.retry).toHaveBeenCalledOnce();
    press('#try button');
    await says('.result', '調べられませんでした。先にKobanとつないでください。');
  });

  it('keeps what is answered once, and opens the options', async () => {
    await open();
    await show(kobanState());
    await vi.waitFor(() => expect(one('.question.texts')).not.toBeNull());
    press('.question.texts button:last-child');
    expect(service.change).toHaveBeenCalledWith({ history: { texts: true } });
    buttonNamed('設定を開く').click();
    expect(browser.runtime.openOptionsPage).toHaveBeenCalledOnce();
  });

  it('waits for the Koban that koban start is starting, and no longer than that takes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    location.hash = '#window';
    await open();
    await show(kobanState({ health: 'not-running', version: null, settings: null, sites: [] }));
    await says('#connect', '準備');
    expect(one('#try'), 'nothing can be tried yet').toBeNull();
    vi.advanceTimersByTime(30_000);
    await says('#connect', 'Kobanが動いていません');
  });
});
