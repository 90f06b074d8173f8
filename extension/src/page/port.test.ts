import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { type PageModel, stateOfPage } from '../messages';
import { type FakePort, fakePort } from '../testing/fake-port';
import { trusted } from '../testing/page';
import { finding, known, pageModel, pageVerdict } from '../testing/values';

const FILES = { wanted: ['https://elsewhere.example/a.png'], unseen: ['https://elsewhere.example/b.png'] };

describe('PagePort', () => {
  let ports: FakePort[];
  let visibility: DocumentVisibilityState;
  const received = vi.fn();
  const listeners: [EventTarget, string, EventListener][] = [];

  beforeEach(() => {
    vi.useFakeTimers();
    vi.resetModules();
    received.mockClear();
    ports = [];
    visibility = 'visible';
    for (const target of [document, window]) {
      const add = target.addEventListener.bind(target);
      vi.spyOn(target, 'addEventListener').mockImplementation(((name: string, listener: EventListener) => {
        listeners.push([target, name, listener]);
        add(name, listener);
      }) as never);
    }
    vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility);
    vi.spyOn(browser.runtime, 'connect').mockImplementation(((info: { name: string }) => {
      const port = fakePort(info.name);
      ports.push(port);
      return port;
    }) as never);
  });

  afterEach(() => {
    for (const [target, ...listener] of listeners.splice(0)) target.removeEventListener(...listener);
  });

  const start = async () => new (await import('./port')).PagePort(received);

  it('is opened as the script is read, says where the page is, and hears what it is to show', async () => {
    await start();
    expect(ports).toHaveLength(1);
    expect(ports[0]).toMatchObject({ sent: [{ type: 'at', url: location.href }] });
    const [kind, since] = ports[0]?.name.split(':') ?? [];
    expect(kind).toBe('page');
    expect(Number(since), 'when the page began to load').toBeCloseTo(Date.now() - performance.now(), -2);
    ports[0]?.hear(pageModel());
    expect(received).toHaveBeenCalledWith(pageModel());
  });

  it('field-14 tells a new line that the page is not what passed, and how it was sent as it is shown', async () => {
    const port = await start();
    port.send({ type: 'rewritten' });
    ports[0]?.end();
    vi.advanceTimersByTime(1_000);
    expect(ports[1]?.sent).toEqual([{ type: 'at', url: location.href }, { type: 'rewritten' }]);
    const asShown = { type: 'submit', url: location.href, html: '<p>' } as const;
    port.send(asShown);
    for (const line of [2, 3]) {
      ports[line - 1]?.end();
      vi.advanceTimersByTime(60_000);
      expect(ports[line]?.sent).toEqual([{ type: 'at', url: location.href }, { type: 'rewritten' }, asShown]);
    }
    port.send({ type: 'rewritten' });
    ports[3]?.end();
    vi.advanceTimersByTime(60_000);
    expect(ports[4]?.sent, 'what was shown before is not shown now').toEqual([
      { type: 'at', url: location.href },
      { type: 'rewritten' },
    ]);
  });

  it('field-14 says nothing of the address before', async () => {
    const port = await start();
    port.send({ type: 'rewritten' });
    history.pushState(null, '', '/another');
    ports[0]?.end();
    vi.advanceTimersByTime(1_000);
    expect(ports[1]?.sent).toEqual([{ type: 'at', url: location.href }]);
    history.back();
  });

  it('opens a line at once for what is to be sent', async () => {
    const port = await start();
    ports[0]?.end();
    port.send({ type: 'resume' });
    expect(ports[1]?.sent).toEqual([{ type: 'at', url: location.href }, { type: 'resume' }]);
    vi.advanceTimersByTime(60_000);
    expect(ports).toHaveLength(2);
  });

  it('keeps what the page shows until there is a line, and no press', async () => {
    const port = await start();
    ports[0]?.end();
    visibility = 'hidden';
    port.send({ type: 'file', url: 'https://elsewhere.example/a.png', data: null });
    port.send({ type: 'report', rule: 'direct-contract' });
    expect(ports).toHaveLength(1);
    visibility = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    expect(ports[1]?.sent).toEqual([
      { type: 'at', url: location.href },
      { type: 'file', url: 'https://elsewhere.example/a.png', data: null },
    ]);
    ports[1]?.end();
    vi.advanceTimersByTime(60_000);
    expect(ports[2]?.sent).toEqual([{ type: 'at', url: location.href }]);
  });

  it('keeps the last copy of the page alone', async () => {
    const port = await start();
    ports[0]?.end();
    visibility = 'hidden';
    port.send({ type: 'submit', url: location.href, html: '一' });
    port.send({ type: 'file', url: 'https://elsewhere.example/a.png', data: null });
    port.send({ type: 'submit', url: location.href, html: '二' });
    port.send({ type: 'too-large', url: location.href });
    port.send({ type: 'submit', url: location.href, html: '三' });
    visibility = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    expect(ports[1]?.sent.slice(1)).toEqual([
      { type: 'file', url: 'https://elsewhere.example/a.png', data: null },
      { type: 'submit', url: location.href, html: '三' },
    ]);
  });

  it('sends nothing of the address before', async () => {
    const port = await start();
    ports[0]?.end();
    visibility = 'hidden';
    port.send({ type: 'submit', url: location.href, html: '<p>' });
    history.pushState(null, '', '/another');
    visibility = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    expect(ports[1]?.sent).toEqual([{ type: 'at', url: location.href }]);
    history.back();
  });

  it('waits where nobody looks at the page', async () => {
    visibility = 'hidden';
    await start();
    expect(ports).toEqual([]);
    visibility = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    expect(ports).toHaveLength(1);
  });

  it('opens again where the background was ended, ever later, and at once after a good answer', async () => {
    await start();
    ports[0]?.end();
    vi.advanceTimersByTime(1_000);
    expect(ports).toHaveLength(2);
    ports[1]?.end();
    vi.advanceTimersByTime(1_000);
    expect(ports).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(ports).toHaveLength(3);
    ports[2]?.hear(pageModel());
    ports[2]?.end();
    vi.advanceTimersByTime(1_000);
    expect(ports).toHaveLength(4);
  });

  it('closes with the page, and opens when it comes back from the browser’s cache', async () => {
    const port = await start();
    const closed = vi.spyOn(ports[0]!, 'disconnect');
    dispatchEvent(new Event('pagehide'));
    expect(closed, 'a page that only says so').not.toHaveBeenCalled();
    dispatchEvent(trusted(new Event('pagehide')));
    expect(closed).toHaveBeenCalled();
    port.send({ type: 'resume' });
    expect(ports[0]?.sent).toHaveLength(1);
    dispatchEvent(trusted(Object.assign(new Event('pageshow'), { persisted: false })));
    expect(ports).toHaveLength(1);
    dispatchEvent(trusted(Object.assign(new Event('pageshow'), { persisted: true })));
    expect(ports).toHaveLength(2);
  });

  describe('where the extension was replaced', () => {
    const replace = () =>
      vi.spyOn(browser.runtime, 'connect').mockImplementation(() => {
        throw new Error('Extension context invalidated.');
      });

    it('says nothing of a page that nothing was said of', async () => {
      replace();
      const port = await start();
      port.send({ type: 'resume' });
      expect(received).not.toHaveBeenCalled();
    });

    it('says no longer that the page is clear, and that it is to be reloaded', async () => {
      await start();
      ports[0]?.hear(
        pageModel({ url: location.href, shown: pageVerdict(), readAgain: true, wantsPage: true, files: FILES }),
      );
      replace();
      ports[0]?.end();
      vi.advanceTimersByTime(1_000);
      const model: PageModel = received.mock.lastCall?.[0];
      expect(model).toMatchObject({ health: 'replaced', readAgain: false, wantsPage: false, shown: pageVerdict() });
      expect(model.files).toEqual({ wanted: [], unseen: FILES.unseen });
      expect(stateOfPage(model)).toEqual({ state: 'not-checked', reason: 'replaced' });
    });

    it('keeps in a frame what is known of the page that it is in', async () => {
      vi.spyOn(window, 'top', 'get').mockReturnValue({} as never);
      await start();
      expect(ports[0]?.name).toBe('frame');
      const warned = pageVerdict({ findings: [finding()] });
      ports[0]?.hear(pageModel({ url: `${location.href}elsewhere`, shown: warned, known: known(), files: FILES }));
      replace();
      ports[0]?.end();
      vi.advanceTimersByTime(1_000);
      expect(received.mock.lastCall?.[0]).toMatchObject({ shown: warned, known: known(), health: 'replaced' });
    });

    it('says so once to what sends something as it is told', async () => {
      const port = await start();
      ports[0]?.hear(pageModel({ url: location.href }));
      received.mockClear();
      received.mockImplementation(() => port.send({ type: 'resume' }));
      replace();
      ports[0]?.end();
      vi.advanceTimersByTime(1_000);
      received.mockReset();
      document.dispatchEvent(new Event('visibilitychange'));
      expect(received).not.toHaveBeenCalled();
    });

    it('says of the next page nothing that was of this one', async () => {
      const navigation = new EventTarget();
      vi.stubGlobal('navigation', navigation);
      await start();
      const warned = pageVerdict({ findings: [finding()] });
      const there = location.href;
      ports[0]?.hear(pageModel({ url: there, shown: warned, known: known() }));
      replace();
      ports[0]?.end();
      vi.advanceTimersByTime(1_000);
      expect(received.mock.lastCall?.[0]).toMatchObject({ shown: warned, known: known() });
      history.pushState(null, '', '/another');
      navigation.dispatchEvent(new Event('currententrychange'));
      const unknown = { shown: null, known: null, health: 'replaced' };
      expect(received.mock.lastCall?.[0]).toMatchObject({ url: location.href, ...unknown });
      history.pushState(null, '', there);
      navigation.dispatchEvent(new Event('currententrychange'));
      expect(received.mock.lastCall?.[0]).toMatchObject({ url: there, ...unknown });
    });
  });
});
