import { beforeEach, describe, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { FRAME_PORT, type FromPage, PAGE_PORT } from '../messages';
import { fakePort } from '../testing/fake-port';
import { kobanState, pageModel } from '../testing/values';
import type { Background, StateView } from './background';
import type { PageView } from './page';
import { Ports } from './ports';

const URL = 'https://crowdworks.jp/contracts/1';
const OWN = { id: fakeBrowser.runtime.id, url: browser.runtime.getURL('/popup.html' as '/') };

function fakeBackground() {
  return {
    addPage: vi.fn<(page: PageView) => void>(),
    removePage: vi.fn(),
    movePage: vi.fn(),
    submit: vi.fn(async () => undefined),
    tooLarge: vi.fn(),
    takeFile: vi.fn(async () => undefined),
    arrived: vi.fn(),
    rewritten: vi.fn(),
    fold: vi.fn(),
    reportOf: vi.fn(() => ({ site: 'crowdworks', page: URL, rule: 'direct-contract' })),
    change: vi.fn(async () => true),
    stopAsking: vi.fn(async () => undefined),
    bringBack: vi.fn(async () => true),
    addView: vi.fn<(view: StateView) => void>(),
    removeView: vi.fn(),
  };
}

describe('Ports', () => {
  const ready = Promise.resolve();
  const opened = vi.fn();
  let background: ReturnType<typeof fakeBackground>;
  let ports: Ports;

  beforeEach(() => {
    opened.mockClear();
    background = fakeBackground();
    ports = new Ports(background as unknown as Background, ready, opened);
  });

  const tab = { id: 3 } as never;

  it('makes a page of a top frame, and of nothing else', async () => {
    ports.connect(fakePort(PAGE_PORT, { url: URL, frameId: 0 }));
    ports.connect(fakePort(PAGE_PORT, { url: URL, frameId: 4, tab }));
    ports.connect(fakePort('other', { url: URL, frameId: 0, tab }));
    await ready;
    expect(background.addPage).not.toHaveBeenCalled();
    ports.connect(fakePort(PAGE_PORT, { url: URL, frameId: 0, tab }));
    await ready;
    expect(background.addPage).toHaveBeenCalledWith(expect.objectContaining({ tabId: 3, url: URL }));
    expect(opened).toHaveBeenCalledWith('crowdworks.jp');
  });

  it('does what a page asks for', async () => {
    const port = fakePort(PAGE_PORT, { url: URL, frameId: 0, tab });
    const create = vi.spyOn(browser.tabs, 'create').mockResolvedValue({} as never);
    ports.connect(port);
    await ready;
    const page = background.addPage.mock.calls[0]![0];
    const messages: FromPage[] = [
      { type: 'at', url: `${URL}#x` },
      { type: 'submit', url: URL, html: '<p>' },
      { type: 'too-large', url: URL },
      { type: 'file', url: `${URL}/a.png`, data: 'YWJj' },
      { type: 'arrived', ticket: '0a'.repeat(16) },
      { type: 'rewritten' },
      { type: 'fold', folded: true },
      { type: 'report', rule: 'direct-contract' },
      { type: 'resume' },
      { type: 'undo' },
      { type: 'stop-asking' },
    ];
    for (const message of messages) port.hear(message);
    await ready;
    expect(background.movePage).toHaveBeenCalledWith(page, `${URL}#x`);
    expect(background.submit).toHaveBeenCalledWith(page, URL, '<p>');
    expect(background.tooLarge).toHaveBeenCalledWith(page, URL);
    expect(background.takeFile).toHaveBeenCalledWith(page, `${URL}/a.png`, 'YWJj');
    expect(background.arrived).toHaveBeenCalledWith('0a'.repeat(16));
    expect(background.rewritten).toHaveBeenCalledWith(page);
    expect(background.fold).toHaveBeenCalledWith(page, true);
    expect(create.mock.calls[0]?.[0]?.url).toMatch(/report\.html#site=crowdworks&page=.*&rule=direct-contract$/);
    expect(background.change).toHaveBeenCalledWith({ paused_until: null });
    expect(background.stopAsking).toHaveBeenCalledWith(page);
    expect(background.bringBack).toHaveBeenCalledWith(page);
    port.end();
    await ready;
    expect(background.removePage).toHaveBeenCalledWith(page);
  });

  it('follows the page of a tab to another address, as the browser tells of it', async () => {
    ports.connect(fakePort(PAGE_PORT, { url: URL, frameId: 0, tab }));
    await ready;
    ports.move(3, `${URL}/2`);
    ports.move(4, `${URL}/3`);
    expect(background.movePage.mock.calls).toEqual([[background.addPage.mock.calls[0]![0], `${URL}/2`]]);
  });

  it('opens no report on a warning that the page does not have, and does nothing on an unknown word', async () => {
    const create = vi.spyOn(browser.tabs, 'create').mockResolvedValue({} as never);
    background.reportOf.mockReturnValue(null as never);
    const port = fakePort(PAGE_PORT, { url: URL, frameId: 0, tab });
    ports.connect(port);
    port.hear({ type: 'report', rule: 'x' });
    port.hear({ type: 'change', change: { guard: false } });
    await ready;
    expect(create).not.toHaveBeenCalled();
    expect(background.change).not.toHaveBeenCalled();
  });

  it('shows a frame what its page is, also one that comes later, and forgets both with them', async () => {
    const port = fakePort(PAGE_PORT, { url: URL, frameId: 0, tab });
    ports.connect(port);
    await ready;
    const page = background.addPage.mock.calls[0]![0];
    const [early, late, after] = [1, 2, 3].map(() => fakePort(FRAME_PORT, { url: URL, frameId: 1, tab }));
    ports.connect(early!);
    const model = pageModel();
    page.show(model);
    ports.connect(late!);
    expect([port.sent, early!.sent, late!.sent]).toEqual([[model], [model], [model]]);
    early!.end();
    late!.end();
    port.end();
    ports.connect(after!);
    expect(after!.sent).toEqual([]);
    ports.connect(fakePort(FRAME_PORT, {}));
  });

  it('shows a tab’s frames nothing of the page that it left', async () => {
    const [former, next] = [1, 2].map(() => fakePort(PAGE_PORT, { url: URL, frameId: 0, tab }));
    ports.connect(former!);
    ports.connect(next!);
    await ready;
    const frame = fakePort(FRAME_PORT, { url: URL, frameId: 1, tab });
    ports.connect(frame);
    background.addPage.mock.calls[0]![0].show(pageModel());
    expect(former!.sent).toHaveLength(1);
    expect(frame.sent).toEqual([]);
  });

  it('test_house_f13 gives the state to the extension’s own pages alone', async () => {
    const page = fakePort('state:3', { id: OWN.id, url: URL, tab });
    ports.connect(page);
    await ready;
    expect(background.addView).not.toHaveBeenCalled();
    const own = fakePort('state:3', OWN);
    ports.connect(own);
    await ready;
    const view = background.addView.mock.calls[0]![0];
    expect(view.tabId).toBe(3);
    const state = kobanState();
    view.show(state);
    expect(own.sent).toEqual([state]);
    own.end();
    await ready;
    expect(background.removeView).toHaveBeenCalledWith(view);
  });
});
