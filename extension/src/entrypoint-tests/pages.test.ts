import { beforeEach, describe, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { beginPage, press, proxy, service, show, subscribe, text } from '../testing/own-page';
import { kobanState, settings } from '../testing/values';

vi.mock('../rpc/proxy', () => proxy);

describe('the extension’s own pages', () => {
  beforeEach(beginPage);

  it('test_reach_07 the playground asks Koban for what is written', async () => {
    await import('../entrypoints/playground/main');
    await show(kobanState());
    document.querySelector('textarea')!.value = 'LINEで';
    document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    await vi.waitFor(() => expect(service.checkText).toHaveBeenCalledWith('message', 'LINEで'));
  });

  it('test_reach_03 the start page and the options start Koban with the computer', async () => {
    await import('../entrypoints/welcome/main');
    await show(kobanState());
    await vi.waitFor(() => expect(document.querySelector('#again input')).not.toBeNull());
    press('#again input');
    expect(service.autostart).toHaveBeenCalledWith(true);
    document.body.replaceChildren();
    subscribe.mockClear();
    await import('../entrypoints/options/main');
    await show(kobanState({ autostart: 'on' }));
    press('#autostart input');
    expect(service.autostart).toHaveBeenLastCalledWith(false);
  });

  it('the popup is about the tab in front, and does what its buttons say', async () => {
    await import('../entrypoints/popup/main');
    await show(kobanState());
    expect(subscribe.mock.calls[0]?.[0]).toBe(7);
    press('.pause button');
    expect(service.change).toHaveBeenCalledWith({ paused_until: expect.any(String) });
    press('.ways button:last-child');
    expect(browser.tabs.create).toHaveBeenCalledWith({ url: expect.stringContaining('/deals.html') });
    press('.ways button');
    expect(browser.runtime.openOptionsPage).toHaveBeenCalled();
    for (const [health, done] of [
      ['not-running', () => expect(service.retry).toHaveBeenCalled()],
      [
        'not-paired',
        () => expect(browser.tabs.create).toHaveBeenCalledWith({ url: expect.stringContaining('/welcome.html') }),
      ],
      ['wrong-version', () => expect(browser.runtime.reload).toHaveBeenCalled()],
    ] as const) {
      await show(kobanState({ health }));
      press('.repair .main');
      done();
    }
    await show(kobanState({ paused: true }));
    press('.repair .main');
    expect(service.change).toHaveBeenLastCalledWith({ paused_until: null });
  });

  it('the popup asks its page alone what is marked there', async () => {
    const sendMessage = vi.spyOn(browser.tabs, 'sendMessage').mockResolvedValue('選んだ文' as never);
    await import('../entrypoints/popup/main');
    await show(kobanState());
    const missedEntry = document.querySelector<HTMLDetailsElement>('.missed')!;
    missedEntry.open = true;
    missedEntry.dispatchEvent(new Event('toggle'));
    await vi.waitFor(() => expect(document.querySelector<HTMLTextAreaElement>('#missed-text')?.value).toBe('選んだ文'));
    expect(sendMessage).toHaveBeenCalledWith(7, { type: 'selection' }, { frameId: 0 });
  });

  it('the options speak for no tab, and name clients by the history', async () => {
    service.history.mockResolvedValueOnce({
      view: { clients: [{ site: 'lancers', id: '9', name: '青空企画' }] },
    } as never);
    await import('../entrypoints/options/main');
    await show(kobanState({ settings: settings({ clients: { 'lancers:9': { muted: true, ask: true } } }) }));
    expect(subscribe.mock.calls[0]?.[0]).toBe(-1);
    await vi.waitFor(() => expect(text('#exceptions')).toContain('青空企画'));
    const language = document.querySelector<HTMLSelectElement>('#language')!;
    language.value = 'en';
    language.dispatchEvent(new Event('change'));
    expect(service.chooseLanguage).toHaveBeenCalledWith('en');
  });

  it('the report is of what its address names', async () => {
    location.hash = '#site=crowdworks&rule=direct-contract';
    await import('../entrypoints/report/main');
    await vi.waitFor(() => expect(text('.report')).toContain('事務局'));
    expect(service.sheet).toHaveBeenCalledWith({ site: 'crowdworks', rule: 'direct-contract' });
    expect(document.title).not.toBe('');
  });

  it('the question about another link shows both', async () => {
    location.hash = '#offer';
    await import('../entrypoints/replace/main');
    await vi.waitFor(() => expect(text('.line')).toContain('9000'));
    expect(service.offeredLink).toHaveBeenCalledWith('offer');
  });

  it('the start page knows the window of koban start, and tries a job', async () => {
    location.hash = '#window';
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => new Response('<p>仕事</p>')),
    );
    await import('../entrypoints/welcome/main');
    await show(kobanState());
    await vi.waitFor(() => expect(text('h1')).not.toBe(''));
    expect(service.markKobanWindow).toHaveBeenCalledOnce();
    press('#try button');
    await vi.waitFor(() => expect(text('.result')).toContain('確認済み'));
    expect(service.demonstrate).toHaveBeenCalledWith('https://crowdworks.jp/public/jobs/0', '<p>仕事</p>');
  });

  it('the history is read once, and again where the link changed', async () => {
    vi.stubGlobal('location', new URL('chrome-extension://id/deals.html'));
    await import('../entrypoints/deals/main');
    await show(kobanState());
    await show(kobanState());
    await vi.waitFor(() => expect(text('main')).not.toBe(''));
    expect(service.history).toHaveBeenCalledOnce();
    await show(kobanState({ health: 'not-running' }));
    expect(service.history).toHaveBeenCalledTimes(2);
  });

  it('the history that Koban serves comes by a session of its own, in a language of its own', async () => {
    const answers: Record<string, unknown> = {
      '/v1/history/session': { token: 't' },
      '/v1/history/settings': { enabled: true, days: 548 },
      '/v1/history': {
        recording: { usable: true, lost: 0, trouble: null, silent: false },
        today: [],
        deals: [],
        clients: [],
        warnings: [],
      },
    };
    const asked = vi.fn(async (address: RequestInfo | URL, init?: RequestInit) => {
      const { Authorization } = (init?.headers ?? {}) as Record<string, string>;
      const { pathname } = new URL(String(address));
      return Response.json(answers[pathname], { status: pathname.endsWith('session') || Authorization ? 200 : 401 });
    });
    vi.stubGlobal('fetch', asked);
    vi.stubGlobal('location', new URL('http://127.0.0.1:8789/history#code'));
    vi.spyOn(history, 'replaceState').mockImplementation(() => undefined);
    sessionStorage.setItem('koban-language', 'ja');
    await import('../entrypoints/deals/main');
    await vi.waitFor(() => expect(text('#deals h2')).not.toBe(''));
    expect(sessionStorage.getItem('koban-session')).toBe('t');
    expect(subscribe).not.toHaveBeenCalled();
    const select = document.querySelector<HTMLSelectElement>('header select')!;
    select.value = 'en';
    select.dispatchEvent(new Event('change'));
    await vi.waitFor(() => expect(document.documentElement.lang).toBe('en'));
  });
});
