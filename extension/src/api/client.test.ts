import { describe, expect, it, vi } from 'vitest';
import { pageVerdict } from '../testing';
import { ApiError, KobanApi, pair } from './client';

const LINK = { apiBase: 'http://127.0.0.1:8789', token: 'secret' };

function answering(status: number, body: unknown = {}) {
  return vi.fn<typeof fetch>(async () => new Response(JSON.stringify(body), { status }));
}

describe('KobanApi', () => {
  it('sends the token in the header only, and the address of the page encoded', async () => {
    const send = answering(200, pageVerdict());
    expect(await new KobanApi(LINK, send).verdict('https://crowdworks.jp/a?b=1&c=#d')).toEqual(pageVerdict());
    const [address, init] = send.mock.calls[0] ?? [];
    expect(address).toBe('http://127.0.0.1:8789/v1/verdicts?url=https%3A%2F%2Fcrowdworks.jp%2Fa%3Fb%3D1%26c%3D%23d');
    expect(new Headers(init?.headers).get('authorization')).toBe('Bearer secret');
    expect(init).toMatchObject({ credentials: 'omit', redirect: 'error', cache: 'no-store' });
  });

  it('knows a page that was not judged from one that cannot be asked about', async () => {
    expect(await new KobanApi(LINK, answering(404)).verdict('https://crowdworks.jp/')).toBeNull();
    await expect(new KobanApi(LINK, answering(500)).verdict('https://crowdworks.jp/')).rejects.toMatchObject({ kind: 'failed' });
  });

  it.each([
    [401, 'refused'],
    [403, 'refused'],
    [422, 'failed'],
    [503, 'failed'],
  ])('tells %i as %s', async (status, kind) => {
    await expect(new KobanApi(LINK, answering(status)).status()).rejects.toMatchObject({ kind, status });
  });

  it('tells silence as unreachable, and an answer that is no JSON as failed', async () => {
    const down = vi.fn<typeof fetch>(async () => Promise.reject(new TypeError('refused')));
    await expect(new KobanApi(LINK, down).rules()).rejects.toMatchObject({ kind: 'unreachable', status: null });
    const html = vi.fn<typeof fetch>(async () => new Response('<html>'));
    await expect(new KobanApi(LINK, html).rules()).rejects.toBeInstanceOf(ApiError);
  });

  it('sends a change of settings as JSON', async () => {
    const send = answering(200, {});
    await new KobanApi(LINK, send).change({ rules: { 'direct-contract': false } });
    expect(send.mock.calls[0]?.[1]).toMatchObject({ method: 'PATCH', body: '{"rules":{"direct-contract":false}}' });
  });
});

describe('pair', () => {
  it('gives the link for a code, and takes nothing but a token for one', async () => {
    expect(await pair(LINK.apiBase, 'code', answering(200, { token: 'secret' }))).toEqual(LINK);
    await expect(pair(LINK.apiBase, 'code', answering(200, { token: 7 }))).rejects.toMatchObject({ kind: 'failed' });
    await expect(pair(LINK.apiBase, 'code', answering(403))).rejects.toMatchObject({ kind: 'refused' });
  });
});
