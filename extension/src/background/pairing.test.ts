import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { pairWith } from './pairing';
import { read } from './stored';

const BASE = 'http://127.0.0.1:8789';
const message = { type: 'pair', apiBase: BASE, code: 'one-time' } as const;

function answer(status: number, body: unknown): void {
  vi.stubGlobal('fetch', vi.fn(async () => new Response(JSON.stringify(body), { status })));
}

describe('pairWith', () => {
  beforeEach(() => fakeBrowser.reset());

  it('keeps the link that the code was good for', async () => {
    answer(200, { token: 'secret' });
    const use = vi.fn();
    expect(await pairWith(message, `${BASE}/pair`, use)).toBe('paired');
    expect(use).toHaveBeenCalledWith({ apiBase: BASE, token: 'secret' });
    expect(await read('link')).toEqual({ apiBase: BASE, token: 'secret' });
  });

  it('leaves an older link as it was where the code is good no more', async () => {
    answer(200, { token: 'first' });
    await pairWith(message, `${BASE}/pair`, vi.fn());
    answer(403, {});
    expect(await pairWith(message, `${BASE}/pair`, vi.fn())).toBe('used');
    expect(await read('link')).toMatchObject({ token: 'first' });
  });

  it.each([
    'https://crowdworks.jp/pair',
    'http://127.0.0.1:9999/pair',
    'http://127.0.0.1:8789/other',
    'http://127.0.0.1.evil.example:8789/pair',
    'https://127.0.0.1:8789/pair',
    '',
  ])('hears nobody but the pairing page itself: %s', async (sender) => {
    answer(200, { token: 'secret' });
    expect(await pairWith(message, sender, vi.fn())).toBe('failed');
    expect(fetch).not.toHaveBeenCalled();
    expect(await read('link')).toBeNull();
  });
});
