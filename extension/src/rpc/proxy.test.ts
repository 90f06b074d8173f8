import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Browser, browser } from 'wxt/browser';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { kobanState } from '../testing/values';
import { filesOf, kobanService, provideService, subscribe } from './proxy';
import type { KobanService } from './service';

type Heard = (message: unknown, sender: Browser.runtime.MessageSender, respond: (answer: unknown) => void) => unknown;

const OWN = { id: fakeBrowser.runtime.id, url: browser.runtime.getURL('/popup.html' as '/') };

/** What the browser does between two of its contexts: hands a message on, as JSON, with the sender that it knows. */
function carry(sender: Browser.runtime.MessageSender): void {
  let heard: Heard | undefined;
  vi.spyOn(browser.runtime.onMessage, 'addListener').mockImplementation((listener) => {
    heard = listener as unknown as Heard;
  });
  vi.spyOn(browser.runtime, 'sendMessage').mockImplementation((message: unknown) => {
    const copy = <T>(value: T): T => (value === undefined ? value : JSON.parse(JSON.stringify(value)));
    return new Promise<unknown>((resolve) => {
      const isAnswered = heard?.(copy(message), sender, (answer) => resolve(copy(answer)));
      if (isAnswered !== true) resolve(undefined);
    }) as never;
  });
}

const change = vi.fn(async () => true);
const service = (over: Partial<KobanService> = {}) => ({ change, ...over }) as unknown as KobanService;

describe('test_house_f13 the service of the background', () => {
  beforeEach(() => {
    change.mockClear();
  });

  it('answers the extension’s own pages, once it is ready', async () => {
    carry(OWN);
    let start: () => void = () => undefined;
    provideService(service(), new Promise<void>((resolve) => (start = resolve)));
    const answer = kobanService().change({ guard: false });
    await Promise.resolve();
    expect(change).not.toHaveBeenCalled();
    start();
    expect(await answer).toBe(true);
    expect(change).toHaveBeenCalledWith({ guard: false });
  });

  it.each([
    ['a content script', { id: OWN.id, url: 'https://crowdworks.jp/contracts/1' }],
    ['another extension', { id: 'other', url: OWN.url }],
    ['nobody known', {}],
  ])('answers %s nothing, and does nothing for it', async (_, sender) => {
    carry(sender);
    provideService(service(), Promise.resolve());
    await expect(kobanService().change({ guard: false })).rejects.toThrow();
    expect(change).not.toHaveBeenCalled();
  });

  it('leaves other messages to others', () => {
    carry(OWN);
    provideService(service(), Promise.resolve());
    return expect(browser.runtime.sendMessage({ type: 'pair' })).resolves.toBeUndefined();
  });

  it('rejects a call that failed in the background, without its stack', async () => {
    carry(OWN);
    provideService(service({ change: async () => Promise.reject(new Error('broken')) }), Promise.resolve());
    await expect(kobanService().change({})).rejects.toThrow('broken');
  });

  it('hands over files', async () => {
    carry(OWN);
    const bundle = vi.fn(async () => ({ id: '1', type: 'application/zip', parts: 1 }));
    const filePart = vi.fn(async () => btoa('PK'));
    const exported = vi.fn(async () => null);
    provideService(service({ bundle, filePart, exported }), Promise.resolve());
    const files = filesOf(kobanService());
    expect(await (await files.bundle({ site: 'crowdworks' }))?.text()).toBe('PK');
    expect(bundle).toHaveBeenCalledWith({ site: 'crowdworks' });
    expect(await files.exported('csv')).toBeNull();
  });
});

describe('test_house_f13 the subscription to the state', () => {
  it('names the tab, shows each state, and connects again where the browser ended the background', () => {
    const ports: { name: string; say(state: unknown): void; end(): void }[] = [];
    vi.spyOn(browser.runtime, 'connect').mockImplementation(((info: { name: string }) => {
      let say: (state: unknown) => void = () => undefined;
      let end: () => void = () => undefined;
      ports.push({ name: info.name, say: (state) => say(state), end: () => end() });
      return {
        onMessage: { addListener: (listener: typeof say) => (say = listener) },
        onDisconnect: { addListener: (listener: typeof end) => (end = listener) },
      };
    }) as never);
    const show = vi.fn();
    subscribe(7, show);
    const state = kobanState();
    ports[0]?.say(state);
    expect(ports.map(({ name }) => name)).toEqual(['state:7']);
    expect(show).toHaveBeenCalledWith(state);
    ports[0]?.end();
    ports[1]?.say(state);
    expect(show).toHaveBeenCalledTimes(2);
  });
});
