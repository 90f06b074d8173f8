import { describe, expect, it, vi } from 'vitest';
import { readFile } from '../rpc/files';
import { pageVerdict } from '../testing/values';
import type { Background } from './background';
import { serviceOf } from './service';
import { storageItems } from './stored';

function prepared() {
  const api = {
    bundle: vi.fn(async () => new Blob(['PK'])),
    checkText: vi.fn(async (): Promise<unknown> => Promise.reject(new Error('away'))),
    exported: vi.fn(async () => Promise.reject(new Error('away'))),
    teach: vi.fn(async () => ({ id: '1' })),
    unteach: vi.fn(async () => undefined),
  };
  const connection = {
    api,
    examine: vi.fn(async () => undefined),
    retry: vi.fn(async () => undefined),
    autostart: vi.fn(async () => true),
  };
  const background = {
    connection,
    use: vi.fn(),
    note: vi.fn(async () => true),
    change: vi.fn(async () => true),
    unpair: vi.fn(async () => undefined),
    takeAway: vi.fn(async (..._: unknown[]) => true),
    followLesson: vi.fn(async () => undefined),
    bringBackOn: vi.fn(async () => true),
    takePicture: vi.fn(async () => undefined),
    takeChosen: vi.fn(async () => true),
    withdrawChosen: vi.fn(async () => true),
    demonstrate: vi.fn(async () => pageVerdict()),
  };
  const speech = { language: () => 'ja' as const, choose: vi.fn(async () => undefined) };
  return { api, background, speech, service: serviceOf(background as unknown as Background, speech) };
}

describe('serviceOf', () => {
  it('hands each call to the background', async () => {
    const { background, speech, service } = prepared();
    expect(await service.change({ guard: false })).toBe(true);
    expect(await service.note('s', 'c', '覚え')).toBe(true);
    expect(await service.language()).toBe('ja');
    await service.chooseLanguage('en');
    expect(await service.autostart(true)).toBe(true);
    expect(background.connection.autostart).toHaveBeenCalledWith(true);
    expect(await service.checkText('message', 'LINE')).toBeNull();
    await service.examine();
    await service.retry();
    expect(await service.demonstrate('https://crowdworks.jp/', '<p>')).toEqual(pageVerdict());
    expect(background.change).toHaveBeenCalledWith({ guard: false });
    expect(background.note).toHaveBeenCalledWith('s', 'c', '覚え');
    expect(speech.choose).toHaveBeenCalledWith('en');
    expect(background.connection.examine).toHaveBeenCalledOnce();
    expect(background.connection.retry).toHaveBeenCalledOnce();
    expect(await service.teach({ warns: true, rule: '', risk: '', texts: ['x'] })).toEqual({ id: '1' });
    const removal = { key: 'ruleGone', rule: 'x', title: { ja: '', en: '' }, undo: {} } as const;
    expect(await service.takeAway(3, {}, removal, null)).toEqual({ isTaken: true, lesson: null });
    expect(await service.bringBack(3)).toBe(true);
    await service.takePicture(3, 'https://cdn.example/a.png', 'cG5n');
    expect(background.takePicture).toHaveBeenCalledWith(3, 'https://cdn.example/a.png', 'cG5n');
    expect(await service.takeChosen(3, 'https://cdn.example/a.pdf', 'cGRm')).toBe(true);
    expect(background.takeChosen).toHaveBeenCalledWith(3, 'https://cdn.example/a.pdf', 'cGRm');
    expect(await service.withdrawChosen(3, 'https://cdn.example/a.pdf')).toBe(true);
    expect(background.withdrawChosen).toHaveBeenCalledWith(3, 'https://cdn.example/a.pdf');
    expect(background.takeAway).toHaveBeenCalledWith(3, {}, removal, null);
    expect(background.bringBackOn).toHaveBeenCalledWith(3);
  });

  it('undoes a lesson that Koban is still storing, and then takes the next one', async () => {
    const { api, background, service } = prepared();
    let store: (lesson: { id: string }) => void = () => undefined;
    api.teach.mockImplementationOnce(() => new Promise((resolve) => (store = resolve)));
    const lesson = { warns: false, rule: 'direct-contract', risk: '', texts: ['直接'] };
    const removal = { key: 'wrongGone', rule: 'direct-contract', title: { ja: '', en: '' }, undo: {} } as const;
    const answer = service.takeAway(3, {}, removal, lesson);
    const undone = (background.takeAway.mock.lastCall![3] as () => Promise<void>)();
    const next = service.takeAway(3, {}, removal, lesson);
    await vi.waitFor(() => expect(api.teach).toHaveBeenCalledOnce());
    expect(api.unteach).not.toHaveBeenCalled();
    store({ id: '7' });
    expect(await answer).toEqual({ isTaken: true, lesson: { id: '7' } });
    await undone;
    expect(api.unteach).toHaveBeenCalledExactlyOnceWith('7');
    expect(await next).toEqual({ isTaken: true, lesson: { id: '1' } });
    expect(background.followLesson, 'not of the one undone').toHaveBeenCalledTimes(2);
    expect(api.teach.mock.invocationCallOrder[1]).toBeGreaterThan(api.unteach.mock.invocationCallOrder[0] ?? Infinity);
  });

  it('forgets the link with the pairing', async () => {
    const { background, service } = prepared();
    await storageItems.link.setValue({ apiBase: 'http://127.0.0.1:1', key: 'k' });
    await service.unpair();
    expect(background.unpair).toHaveBeenCalledOnce();
    expect(await storageItems.link.getValue()).toBeNull();
  });

  it('holds a file until it was taken, and none where Koban gave none', async () => {
    const { service } = prepared();
    const handle = await service.bundle({ site: 'crowdworks' });
    expect(await (await readFile(handle, service.filePart))?.text()).toBe('PK');
    expect(await service.exported('csv')).toBeNull();
  });

  it('knows what this browser is, and which sites were opened in it', async () => {
    const { service } = prepared();
    expect(await service.isKobanWindow()).toBe(false);
    await service.markKobanWindow();
    expect(await service.isKobanWindow()).toBe(true);
    await storageItems.used.setValue(['crowdworks.jp']);
    expect(await service.usedHosts()).toEqual(['crowdworks.jp']);
  });

  it('pairs by a number, and by a link that was offered, or says why not', async () => {
    const { background, service } = prepared();
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => Promise.reject(new TypeError('refused'))),
    );
    expect(await service.showNumber()).toBe('unreachable');
    expect(await service.enterNumber('1234 5678')).toBe('unreachable');
    expect(await service.offeredLink('none')).toBeNull();
    expect(await service.acceptLink('none')).toBe('used');
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => new Response('{}', { status: 429 })),
    );
    expect(await service.showNumber()).toBe('too-often');
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => new Response('{}')),
    );
    expect(await service.showNumber()).toBe('shown');
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => new Response('{}', { status: 500 })),
    );
    expect(await service.showNumber()).toBe('failed');
    expect(background.use).not.toHaveBeenCalled();
  });
});
