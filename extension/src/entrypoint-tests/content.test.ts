import { beforeEach, describe, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { openDocument } from '../testing/document';
import { type FakePort, fakePort } from '../testing/fake-port';
import { preparePage, within } from '../testing/page';
import { finding, pageModel, pageVerdict } from '../testing/values';
import { h } from '../ui/dom';

type Heard = (message: unknown, sender: { id?: string }, respond: (answer: unknown) => void) => unknown;

describe('the content script of a marketplace', () => {
  let ports: FakePort[];
  let heard: Heard | undefined;
  let state: DocumentReadyState;

  beforeEach(async () => {
    await openDocument();
    vi.useFakeTimers();
    vi.resetModules();
    preparePage();
    ports = [];
    state = 'complete';
    vi.spyOn(document, 'readyState', 'get').mockImplementation(() => state);
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
    vi.spyOn(browser.runtime, 'connect').mockImplementation(((info: { name: string }) => {
      const port = fakePort(info.name);
      ports.push(port);
      return port;
    }) as never);
    vi.spyOn(browser.runtime.onMessage, 'addListener').mockImplementation((listener) => {
      heard = listener as unknown as Heard;
    });
  });

  const start = async () => {
    const { default: script } = await import('../entrypoints/marketplace.content');
    script.main({} as never);
  };
  const danger = () => pageModel({ shown: pageVerdict({ findings: [finding()] }) });

  it('tells the popup what is marked, and nobody else', async () => {
    await start();
    document.body.append(h('p', {}, '選んだ文'));
    vi.stubGlobal('getSelection', () => ({ toString: () => 'あ'.repeat(7_000) }));
    const respond = vi.fn();
    heard?.({ type: 'selection' }, { id: 'another' }, respond);
    heard?.({ type: 'other' }, { id: browser.runtime.id }, respond);
    expect(respond).not.toHaveBeenCalled();
    heard?.({ type: 'selection' }, { id: browser.runtime.id }, respond);
    expect(respond).toHaveBeenCalledWith('あ'.repeat(6_000));
  });

  it('test_ux_19 tells the popup what cards are called, and leads to one of them', async () => {
    await start();
    document.body.append(h('li', {}, h('h3', {}, h('a', { href: '/jobs/1' }, '記事作成'))));
    const anchor = 'a[href$="/jobs/1"]';
    const respond = vi.fn();
    heard?.({ type: 'card-titles', anchors: [anchor] }, { id: 'another' }, respond);
    heard?.({ type: 'lead', anchor }, { id: 'another' }, respond);
    expect(respond).not.toHaveBeenCalled();
    heard?.({ type: 'card-titles', anchors: [anchor, '#none'] }, { id: browser.runtime.id }, respond);
    expect(respond).toHaveBeenLastCalledWith({ [anchor]: '記事作成' });
    heard?.({ type: 'lead', anchor }, { id: browser.runtime.id }, respond);
    expect(respond).toHaveBeenLastCalledWith(true);
  });

  it('in a frame looks at what one writes, and shows no verdict', async () => {
    vi.spyOn(window, 'top', 'get').mockReturnValue({} as never);
    await start();
    expect(ports[0]?.name).toBe('frame');
    ports[0]?.hear(danger());
    vi.advanceTimersByTime(5_000);
    expect(document.querySelector('koban-banner')).toBeNull();
  });

  it('leaves a prerendered page alone until somebody looks at it', async () => {
    Object.defineProperty(document, 'prerendering', { configurable: true, value: true });
    await start();
    expect(ports).toEqual([]);
    Object.defineProperty(document, 'prerendering', { configurable: true, value: false });
    document.dispatchEvent(new Event('prerenderingchange'));
    expect(ports).toHaveLength(1);
  });

  it('test_speed_1 says the state of an untouched page at its end from the moment that it is whole', async () => {
    state = 'loading';
    await start();
    ports[0]?.hear({ ...danger(), isUntouched: true });
    expect(document.querySelector('koban-verdict')).toBeNull();
    state = 'interactive';
    document.dispatchEvent(new Event('readystatechange'));
    expect(within('koban-verdict').textContent).toContain('直接契約の誘いです');
    expect(document.querySelector('koban-banner')).toBeNull();
    document.dispatchEvent(new Event('DOMContentLoaded'));
    vi.advanceTimersByTime(5_000);
    expect(within('koban-banner').textContent).toContain('直接契約の誘いです');
    expect(document.querySelector('koban-verdict'), 'the banner says it').toBeNull();
  });

  it('shows a verdict once the page is there and has settled', async () => {
    state = 'loading';
    await start();
    ports[0]?.hear(danger());
    vi.advanceTimersByTime(5_000);
    expect(document.querySelector('koban-banner')).toBeNull();
    state = 'complete';
    document.dispatchEvent(new Event('DOMContentLoaded'));
    vi.advanceTimersByTime(5_000);
    expect(within('koban-banner').textContent).toContain('直接契約の誘いです');
  });
});

describe('the content script of the pairing page', () => {
  const send = vi.fn(async (_: unknown) => 'paired');

  beforeEach(() => {
    vi.resetModules();
    send.mockClear();
    document.body.replaceChildren(h('p', { id: 'koban-pair-status' }));
    vi.spyOn(browser.runtime, 'sendMessage').mockImplementation(send as never);
    Object.assign(browser, { i18n: { getUILanguage: () => 'ja' } });
    vi.spyOn(history, 'replaceState').mockImplementation(() => undefined);
  });

  const open = async (address: string) => {
    vi.stubGlobal('location', new URL(address));
    const { default: script } = await import('../entrypoints/pair.content');
    await script.main({} as never);
    return document.getElementById('koban-pair-status')!;
  };

  it('hands over the code once, takes it out of the address, and says what came of it', async () => {
    const status = await open('http://127.0.0.1:8789/pair#code');
    expect(send).toHaveBeenCalledWith({ type: 'pair', apiBase: 'http://127.0.0.1:8789', code: 'code', next: null });
    expect(history.replaceState).toHaveBeenCalledWith(null, '', '/pair');
    expect(status.dataset['state']).toBe('paired');
    expect(status.textContent).not.toBe('');
  });

  it.each([
    ['ja', 'ja', 'Kobanと拡張機能をつなぎます'],
    ['es-MX', 'es', 'Conexión de Koban con la extensión'],
  ])('test_issue_21 speaks the language of the browser from its heading on: %s', async (browsers, language, title) => {
    Object.assign(browser, { i18n: { getUILanguage: () => browsers } });
    vi.stubGlobal('navigator', { language: browsers });
    document.body.prepend(h('h1', {}, '交番 Koban'));
    const status = await open('http://127.0.0.1:8789/pair#code');
    expect(document.querySelector('h1')?.textContent).toBe(title);
    expect(document.documentElement.lang).toBe(language);
    expect(status.querySelector('p')?.lang).toBe(language);
  });

  it.each([
    ['&start', 'start'],
    ['&close', 'close'],
    ['&else', null],
  ])('test_ux_b says what a window of Koban’s own wants of its tab: %s', async (suffix, next) => {
    await open(`http://127.0.0.1:8789/pair#code${suffix}`);
    expect(send).toHaveBeenCalledWith(expect.objectContaining({ code: 'code', next }));
  });

  it('says that the code is missing, and leaves other pages alone', async () => {
    expect((await open('http://127.0.0.1:8789/pair')).dataset['state']).toBe('no-code');
    expect((await open('http://127.0.0.1:8789/pairing#code')).dataset['state']).toBe('no-code');
    expect(send).not.toHaveBeenCalled();
  });
});
