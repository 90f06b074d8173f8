import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Browser, browser } from 'wxt/browser';
import { due, finding, pageVerdict } from '../testing/values';
import type { Folds } from './folds';
import { storageItems } from './stored';

type Heard = (message: unknown, sender: Browser.runtime.MessageSender, respond: (answer: unknown) => void) => unknown;

const pairWith = vi.fn(async (..._: unknown[]) => 'paired');
vi.mock('./pairing', async (original) => ({
  ...(await original<object>()),
  pairWith: (...args: unknown[]) => pairWith(...args),
}));
const showDue = vi.fn(async () => undefined);
const tell = vi.fn(async () => undefined);
vi.mock('./due', async (original) => ({
  ...(await original<object>()),
  showDue: (...args: []) => showDue(...args),
  tell: (...args: []) => tell(...args),
}));

vi.mock('./badge', () => ({ showBadge: async () => undefined }));

describe('the runtime, as the entrypoint of the background starts it', () => {
  const listeners: Record<string, ((...args: never[]) => unknown)[]> = {};
  const event = (name: string) => ({
    addListener: (listener: (...args: never[]) => unknown) =>
      (listeners[name] = [...(listeners[name] ?? []), listener]),
    hasListener: () => false,
  });
  const create = vi.fn(async () => ({ id: 8 }));
  const access = vi.fn(async () => undefined);
  const alarms = { get: vi.fn(async () => undefined), create: vi.fn(async () => undefined), onAlarm: event('alarm') };

  beforeEach(async () => {
    vi.clearAllMocks();
    for (const name of Object.keys(listeners)) delete listeners[name];
    vi.spyOn(browser.runtime, 'getManifest').mockReturnValue({ version: '0.1.0' } as never);
    Object.assign(browser.runtime, {
      onMessage: event('message'),
      onConnect: event('connect'),
      onInstalled: event('installed'),
    });
    Object.assign(browser, {
      alarms,
      notifications: { onClicked: event('clicked'), clear: vi.fn() },
      permissions: { onAdded: event('added'), onRemoved: event('removed'), contains: async () => false },
      scripting: { getRegisteredContentScripts: async () => [] },
      i18n: { getUILanguage: () => 'ja' },
    });
    Object.assign(browser.storage.local, { setAccessLevel: access });
    Object.assign(browser.tabs, { onUpdated: event('updated'), query: async () => [] });
    vi.spyOn(browser.tabs, 'create').mockImplementation(create as never);
    const { default: background } = await import('../entrypoints/background');
    background.main();
    await vi.waitFor(() => expect(showDue).toHaveBeenCalled());
  });

  const fire = (name: string, ...args: unknown[]) => listeners[name]?.map((listener) => listener(...(args as never[])));
  const send = (message: unknown, sender: Browser.runtime.MessageSender) =>
    new Promise((resolve) => {
      const answers = (listeners['message'] as unknown as Heard[]).map((heard) => heard(message, sender, resolve));
      if (!answers.includes(true)) resolve(undefined);
    });

  it('closes what it stores to content scripts before all else, and looks ahead by an alarm', async () => {
    expect(access).toHaveBeenCalledWith({ accessLevel: 'TRUSTED_CONTEXTS' });
    await vi.waitFor(() => expect(alarms.create).toHaveBeenCalledWith('due', { periodInMinutes: 30 }));
    showDue.mockClear();
    fire('alarm');
    await vi.waitFor(() => expect(showDue).toHaveBeenCalled());
    expect(tell).toHaveBeenCalled();
  });

  it('tells pages that nothing is checked also where nothing that is stored can be read', async () => {
    vi.spyOn(browser.storage.local, 'get').mockRejectedValue(new Error('the database is broken'));
    const port = {
      name: 'page:0',
      sender: { url: 'https://www.lancers.jp/', frameId: 0, tab: { id: 1 } },
      postMessage: vi.fn(),
      onMessage: event('from-page'),
      onDisconnect: event('gone'),
    };
    for (const name of Object.keys(listeners)) delete listeners[name];
    const { Runtime } = await import('./runtime');
    new Runtime().start();
    fire('connect', port);
    await vi.waitFor(() =>
      expect(port.postMessage).toHaveBeenCalledWith(expect.objectContaining({ health: 'not-paired', language: 'ja' })),
    );
    vi.mocked(browser.storage.local.get).mockRestore();
  });

  it('speaks the browser’s language where the stored one is none of Koban’s', async () => {
    await storageItems.language.setValue('xx' as never);
    const { Runtime } = await import('./runtime');
    const { Background } = await import('./background');
    const use = vi.spyOn(Background.prototype, 'use');
    const runtime = new Runtime();
    runtime.start();
    await vi.waitFor(() => expect(use, 'all is read').toHaveBeenCalledOnce());
    expect(runtime.language()).toBe('ja');
  });

  it('writes over no folds that it could not read, and goes on where what was chosen cannot be written', async () => {
    const page = pageVerdict({ findings: [finding()] });
    await storageItems.folded.setValue({ stored: ['mark'] });
    const { Background } = await import('./background');
    const use = vi.spyOn(Background.prototype, 'use');
    const showAll = vi.spyOn(Background.prototype, 'showAll');
    const speak = vi.spyOn(Background.prototype, 'speak').mockResolvedValue(undefined as never);
    vi.spyOn(storageItems.folded, 'getValue').mockRejectedValueOnce(new Error('the database is broken'));
    const { Runtime } = await import('./runtime');
    const runtime = new Runtime();
    runtime.start();
    await vi.waitFor(() => expect(use).toHaveBeenCalledOnce());
    const { folds } = runtime as unknown as { folds: Folds };
    folds.fold(page, true);
    expect(folds.isFolded(page)).toBe(true);
    await new Promise((next) => setTimeout(next));
    expect(await storageItems.folded.getValue()).toEqual({ stored: ['mark'] });
    vi.spyOn(storageItems.language, 'setValue').mockRejectedValueOnce(new Error('the disk is full'));
    showAll.mockClear();
    await runtime.choose('en');
    expect([runtime.language(), showAll.mock.calls.length, speak.mock.calls.length]).toEqual(['en', 1, 1]);
  });

  it.each(['added', 'removed'])(
    'test_speed_1 tells Koban of leave that is %s, as the stream is opened',
    async (name) => {
      const { Connection } = await import('./connection');
      const listenAnew = vi.spyOn(Connection.prototype, 'listenAnew');
      fire(name, { origins: ['https://crowdworks.jp/*'] });
      await vi.waitFor(() => expect(listenAnew).toHaveBeenCalledOnce());
    },
  );

  it('takes of a content script the pairing alone, with the address that the browser says', async () => {
    const sender = { id: browser.runtime.id, url: 'http://127.0.0.1:8789/pair' };
    const message = { type: 'pair', apiBase: 'http://127.0.0.1:8789', code: 'c' };
    expect(await send(message, sender)).toBe('paired');
    expect(pairWith.mock.calls[0]?.slice(0, 2)).toEqual([message, sender.url]);
    (pairWith.mock.calls[0]![3] as (id: string) => void)('offer');
    expect(create).toHaveBeenCalledWith({ url: expect.stringContaining('/replace.html#offer') });
    expect(await send({ type: 'call', message: { id: '1' } }, sender)).toBeUndefined();
  });

  it('test_ux_b leaves the pairing page of a window of Koban’s own for the start page, or closes it', async () => {
    const [update, remove] = [vi.fn(async () => undefined), vi.fn(async () => undefined)];
    let open = 2;
    Object.assign(browser.tabs, { update, remove, query: async () => Array.from({ length: open }, () => ({})) });
    const sender = { id: browser.runtime.id, url: 'http://127.0.0.1:8789/pair', tab: { id: 7 } } as never;
    const message = { type: 'pair', apiBase: 'http://127.0.0.1:8789', code: 'c' };
    await send({ ...message, next: 'start' }, sender);
    await vi.waitFor(() =>
      expect(update).toHaveBeenCalledWith(7, { url: expect.stringContaining('/welcome.html#window') }),
    );
    await send({ ...message, next: 'close' }, sender);
    await vi.waitFor(() => expect(remove).toHaveBeenCalledWith(7));
    open = 1;
    await send({ ...message, next: 'close' }, sender);
    pairWith.mockResolvedValueOnce('used');
    await send({ ...message, next: 'start' }, sender);
    await send(message, sender);
    await new Promise((next) => setTimeout(next));
    expect([update.mock.calls.length, remove.mock.calls.length]).toEqual([1, 1]);
  });

  it('test_ux_b shows the first-run page behind a marketplace that its user looks at', async () => {
    await storageItems.link.setValue({ apiBase: 'http://127.0.0.1:1', key: 'k' });
    Object.assign(browser.tabs, { query: async () => [{ url: 'https://crowdworks.jp/public/jobs' }] });
    fire('installed', { reason: 'install' });
    await vi.waitFor(() => expect(create).toHaveBeenCalledWith(expect.objectContaining({ active: false })));
  });

  it('shows the first-run page once', async () => {
    await storageItems.link.setValue({ apiBase: 'http://127.0.0.1:1', key: 'k' });
    fire('installed', { reason: 'update' });
    fire('installed', { reason: 'install' });
    await vi.waitFor(() =>
      expect(create).toHaveBeenCalledWith({ url: expect.stringContaining('/welcome.html'), active: true }),
    );
    expect(await storageItems.welcomed.getValue()).toBe(true);
    fire('installed', { reason: 'install' });
    await new Promise((next) => setTimeout(next));
    expect(create).toHaveBeenCalledOnce();
  });

  it('test_ux_23 shows no second start page in the window that koban start has opened on it', async () => {
    await storageItems.link.setValue({ apiBase: 'http://127.0.0.1:1', key: 'k' });
    await storageItems.window.setValue(true);
    fire('installed', { reason: 'install' });
    await new Promise((next) => setTimeout(next));
    expect(create).not.toHaveBeenCalled();
  });

  it('test_ux_23 has one start page where the pairing came later than it waits for', async () => {
    vi.useFakeTimers();
    const [update, remove, get] = [vi.fn(async () => undefined), vi.fn(async () => undefined), vi.fn(async () => ({}))];
    Object.assign(browser.tabs, { update, remove, get, query: async () => [{}, {}] });
    fire('installed', { reason: 'install' });
    await vi.advanceTimersByTimeAsync(10_000);
    vi.useRealTimers();
    expect(create).toHaveBeenCalledOnce();
    const sender = { id: browser.runtime.id, url: 'http://127.0.0.1:8789/pair', tab: { id: 7 } } as never;
    const message = { type: 'pair', apiBase: 'http://127.0.0.1:8789', code: 'c', next: 'start' };
    await send(message, sender);
    await vi.waitFor(() => expect(remove).toHaveBeenCalledWith(7));
    expect(get).toHaveBeenCalledWith(8);
    expect(update).not.toHaveBeenCalled();
    expect(await storageItems.window.getValue()).toBe(true);
    get.mockRejectedValueOnce(new Error('closed'));
    await send(message, sender);
    await vi.waitFor(() => expect(update).toHaveBeenCalledWith(7, expect.anything()));
  });

  it('test_ux_23 opens no start page while the pairing page becomes it', async () => {
    const update = vi.fn(async () => undefined);
    Object.assign(browser.tabs, { update });
    fire('installed', { reason: 'install' });
    const sender = { id: browser.runtime.id, url: 'http://127.0.0.1:8789/pair', tab: { id: 7 } } as never;
    await send({ type: 'pair', apiBase: 'http://127.0.0.1:8789', code: 'c', next: 'start' }, sender);
    await storageItems.link.setValue({ apiBase: 'http://127.0.0.1:1', key: 'k' });
    await vi.waitFor(() => expect(update).toHaveBeenCalledWith(7, expect.anything()));
    expect(create).not.toHaveBeenCalled();
  });

  it('opens the history from its notice, and looks ahead once notices are allowed', async () => {
    fire('clicked', 'of-another');
    expect(create).not.toHaveBeenCalled();
    fire('clicked', 'koban-due');
    expect(create).toHaveBeenCalledWith({ url: expect.stringContaining('/deals.html') });
    showDue.mockClear();
    fire('added', {});
    await vi.waitFor(() => expect(showDue).toHaveBeenCalled());
    expect(due().day).toBeTruthy();
  });

  it('remembers the site that was opened last, and hears pages at once', async () => {
    const port = {
      name: 'page:0',
      sender: { url: 'https://www.lancers.jp/', frameId: 0, tab: { id: 1 } },
      postMessage: vi.fn(),
      onMessage: event('from-page'),
      onDisconnect: event('gone'),
    };
    fire('connect', port);
    await vi.waitFor(async () => expect(await storageItems.used.getValue()).toEqual(['www.lancers.jp']));
    await vi.waitFor(() =>
      expect(port.postMessage).toHaveBeenCalledWith(expect.objectContaining({ health: 'not-paired' })),
    );
    fire('updated', 1, { status: 'complete' });
    fire('updated', 1, { url: 'https://www.lancers.jp/work/2' });
    await vi.waitFor(() =>
      expect(port.postMessage).toHaveBeenCalledWith(expect.objectContaining({ url: 'https://www.lancers.jp/work/2' })),
    );
    fire('gone');
  });
});
