import { describe, expect, it, vi } from 'vitest';
import { fakeKoban } from '../testing/fake-koban';
import { pageVerdict } from '../testing/values';
import { ApiError, KobanApi, PairedLine, pair, VisitorLine } from './client';

const BASE = 'http://127.0.0.1:8789';
const KEY = 'a'.repeat(64);
const LINK = { apiBase: BASE, key: KEY };
const ORIGIN = 'chrome-extension://abc';

function answering(status: number, body: unknown = {}) {
  const { fake, send } = fakeKoban({
    answers: () => new Response(status === 204 ? null : JSON.stringify(body), { status }),
  });
  const sent = vi.fn(send);
  return { fake, sent, api: new KobanApi(new PairedLine(LINK, sent)) };
}

describe('KobanApi', () => {
  it('sends the address of the page encoded, and nothing that would let another speak for it', async () => {
    const { api, fake, sent } = answering(200, pageVerdict());
    expect(await api.verdict('https://crowdworks.jp/a?b=1&c=#d')).toEqual(pageVerdict());
    const [address, init] = sent.mock.calls.at(-1) ?? [];
    expect(address).toBe('http://127.0.0.1:8789/v1/verdicts?url=https%3A%2F%2Fcrowdworks.jp%2Fa%3Fb%3D1%26c%3D%23d');
    expect(init).toMatchObject({ credentials: 'omit', redirect: 'error', cache: 'no-store' });
    expect(fake.heard.join()).not.toContain(KEY);
  });

  it('knows a page that was not judged from one that cannot be asked about', async () => {
    expect(await answering(404).api.verdict('https://crowdworks.jp/')).toBeNull();
    await expect(answering(500).api.verdict('https://crowdworks.jp/')).rejects.toMatchObject({ kind: 'failed' });
  });

  it.each([
    [401, 'refused'],
    [403, 'refused'],
    [422, 'failed'],
    [503, 'failed'],
  ])('tells %i as %s', async (status, kind) => {
    await expect(answering(status).api.status()).rejects.toMatchObject({ kind, status });
  });

  it('tells silence as unreachable, and an answer that is no JSON as failed', async () => {
    const down = vi.fn<typeof fetch>(async () => Promise.reject(new TypeError('refused')));
    await expect(new KobanApi(new PairedLine(LINK, down)).rules()).rejects.toMatchObject({
      kind: 'unreachable',
      status: null,
    });
    const { send } = fakeKoban({ answers: () => new Response('<html>') });
    await expect(new KobanApi(new PairedLine(LINK, send)).rules()).rejects.toBeInstanceOf(ApiError);
  });

  it('sends a change of settings as JSON', async () => {
    const { api, sent } = answering(200, {});
    await api.change({ rules: { 'direct-contract': false } });
    expect(sent.mock.calls.at(-1)?.[1]).toMatchObject({ method: 'PATCH', body: '{"rules":{"direct-contract":false}}' });
  });

  it('takes the page of Koban’s own by its token', async () => {
    const sent = vi.fn<typeof fetch>(async () => new Response('{}'));
    await new KobanApi(new VisitorLine(BASE, 'session', sent)).history();
    expect(new Headers(sent.mock.calls[0]?.[1]?.headers).get('authorization')).toBe('Bearer session');
  });
});

describe('attack 06: whoever takes the port', () => {
  const page = '<html>ここだけの話</html>';

  it('is told nothing, and not believed', async () => {
    const { fake, send } = fakeKoban({
      isImpostor: true,
      answers: () => Response.json(pageVerdict({ state: 'clear' })),
    });
    const api = new KobanApi(new PairedLine(LINK, send));
    await expect(api.check('https://crowdworks.jp/', page)).rejects.toMatchObject({ kind: 'stranger' });
    await expect(api.verdict('https://crowdworks.jp/secret')).rejects.toMatchObject({ kind: 'stranger' });
    expect(fake.heard.every((said) => said.startsWith('/v1/greeting'))).toBe(true);
    expect(fake.heard.join()).not.toMatch(/ここだけの話|secret|a{64}/);
  });

  it('is asked to prove itself again after a second, and after anything that went wrong', async () => {
    const { api, fake } = answering(200, {});
    await api.status();
    fake.isImpostor = true;
    fake.answers = () => Response.json({ version: '1' });
    await expect(api.status()).rejects.toMatchObject({ kind: 'stranger' });
    const before = fake.heard.length;
    await expect(api.check('https://crowdworks.jp/', page)).rejects.toMatchObject({ kind: 'stranger' });
    expect(fake.heard.slice(before).map((said) => said.split(' ')[0])).toEqual(['/v1/greeting']);

    fake.isImpostor = false;
    await api.status();
    const now = performance.now();
    vi.spyOn(performance, 'now').mockReturnValue(now + 1_001);
    const length = fake.heard.length;
    await api.status();
    expect(fake.heard.slice(length).map((said) => said.split(' ')[0])).toEqual(['/v1/greeting', '/v1/status']);
  });

  it('cannot use what it was sent, nor change an answer', async () => {
    const { send } = fakeKoban({ answers: () => Response.json(pageVerdict({ state: 'danger' })) });
    const changed: typeof fetch = async (address, init) => {
      const answer = await send(address, init);
      if (!String(address).includes('/v1/verdicts')) return answer;
      return new Response(JSON.stringify(pageVerdict({ state: 'clear' })), { status: 200, headers: answer.headers });
    };
    await expect(new KobanApi(new PairedLine(LINK, changed)).verdict('https://crowdworks.jp/')).rejects.toMatchObject({
      kind: 'stranger',
    });
    const other = new KobanApi(
      new PairedLine({ ...LINK, apiBase: 'http://127.0.0.1:9' }, (address, init) =>
        send(String(address).replace(':9/', ':8789/'), init),
      ),
    );
    await expect(other.status()).rejects.toMatchObject({ kind: 'stranger' });
  });

  it('is no trouble once Koban is back, started anew', async () => {
    const { api, fake } = answering(200, {});
    await api.status();
    fake.start = 'another';
    await expect(api.status()).resolves.toEqual({});
  });

  it('is asked to prove itself once the stream of events has ended', async () => {
    const { fake, send } = fakeKoban({
      answers: () => new Response('', { headers: { 'Content-Type': 'text/event-stream' } }),
    });
    const api = new KobanApi(new PairedLine(LINK, send));
    for await (const event of await api.events(new AbortController().signal)) expect(event).toBeNull();
    fake.isImpostor = true;
    const before = fake.heard.length;
    await expect(api.check('https://crowdworks.jp/', page)).rejects.toMatchObject({ kind: 'stranger' });
    expect(fake.heard.slice(before).map((said) => said.split(' ')[0])).toEqual(['/v1/greeting']);
  });

  it.each([
    [true, '/v1/events?inserts=true'],
    [false, '/v1/events'],
  ])('test_speed_1 is told with the stream whether pages may come without an element: %s', async (inserts, path) => {
    const { fake, send } = fakeKoban({
      answers: () => new Response('', { headers: { 'Content-Type': 'text/event-stream' } }),
    });
    await new KobanApi(new PairedLine(LINK, send), async () => inserts).events(new AbortController().signal);
    expect(fake.heard.at(-1)?.split(' ')[0]).toBe(path);
  });

  it('proves no stream of events by its head alone', async () => {
    const text = `event: verdict\ndata: ${JSON.stringify(pageVerdict({ state: 'clear' }))}\n\n`;
    const { send } = fakeKoban({
      answers: () => new Response(text, { headers: { 'Content-Type': 'text/event-stream' } }),
    });
    const events = await new KobanApi(new PairedLine(LINK, send)).events(new AbortController().signal);
    const read = async () => {
      for await (const event of events) expect(event).toBeNull();
    };
    await expect(read()).rejects.toMatchObject({ kind: 'stranger' });
  });
});

describe('pair', () => {
  const link = { by: 'link', code: 'one-time' } as const;

  it('comes to share a key with who made the code, without sending either', async () => {
    const { fake, send } = fakeKoban({ origin: ORIGIN });
    const got = await pair(BASE, link, ORIGIN, send);
    expect(got).toEqual({ apiBase: BASE, key: fake.key });
    expect(got.key).toMatch(/^[0-9a-f]{64}$/);
    expect(fake.heard.join()).not.toMatch(/one-time/);
    expect(fake.heard.join()).not.toContain(fake.key);
  });

  it('does so by a number too, however it is typed', async () => {
    const { fake, send } = fakeKoban({ origin: ORIGIN, code: '12345678' });
    expect(await pair(BASE, { by: 'number', code: '１２３４ 5678' }, ORIGIN, send)).toEqual({
      apiBase: BASE,
      key: fake.key,
    });
    expect(fake.heard.join()).not.toContain('12345678');
  });

  it('attack 06: takes no answer from who did not make the code', async () => {
    for (const said of [{ token: 'mine' }, { nonce: 'n'.repeat(43), proof: 'f'.repeat(64) }, { nonce: 7 }]) {
      const { send } = fakeKoban({ isImpostor: true, answers: () => Response.json(said) });
      await expect(pair(BASE, link, ORIGIN, send)).rejects.toMatchObject({ kind: 'stranger' });
    }
    await expect(
      pair(BASE, { ...link, code: 'other' }, ORIGIN, fakeKoban({ origin: ORIGIN }).send),
    ).rejects.toMatchObject({ kind: 'refused' });
  });
});

describe('each request', () => {
  const about = { site: 'crowdworks', deal: '7' };
  const requests: [string, string, string, (api: KobanApi) => Promise<unknown>][] = [
    ['GET', '/v1/health', '', (api) => api.health()],
    ['GET', '/v1/settings', '', (api) => api.settings()],
    ['POST', '/v1/check', '"keep":true', (api) => api.check('https://crowdworks.jp/', '<p>')],
    ['GET', '/v1/history', '', (api) => api.history()],
    ['GET', '/v1/history?search=%E9%9D%92', '', (api) => api.history('青')],
    ['GET', '/v1/history/today', '', (api) => api.today()],
    ['GET', '/v1/history/calendar', '', (api) => api.calendar()],
    ['GET', '/v1/history/client?site=s&client=c', '', (api) => api.known('s', 'c')],
    ['GET', '/v1/lessons', '', (api) => api.lessons()],
    ['POST', '/v1/lessons', '"warns":true', (api) => api.teach({ warns: true, rule: '', risk: '', texts: ['x'] })],
    ['DELETE', '/v1/lessons', '{}', (api) => api.unteach(null)],
    ['DELETE', '/v1/lessons/a%2Fb', '{}', (api) => api.unteach('a/b')],
    ['GET', '/v1/lessons/contribution', '', (api) => api.contribution()],
    ['PATCH', '/v1/history/client', '"note":null', (api) => api.note('s', 'c', null)],
    ['POST', '/v1/arrivals', '"ticket":"0a"', (api) => api.arrived('0a')],
    ['PATCH', '/v1/history/deal', '"revisions":2', (api) => api.revisions('s', 'd', 2)],
    ['DELETE', '/v1/history', '{}', (api) => api.forget(null)],
    ['DELETE', '/v1/history/client', '"client":"c"', (api) => api.forget({ site: 's', client: 'c' })],
    ['POST', '/v1/history/report/sheet', '"deal":"7"', (api) => api.sheet(about)],
    ['POST', '/v1/history/report/bundle', '"deal":"7"', (api) => api.bundle(about)],
    ['GET', '/v1/history/export?form=csv', '', (api) => api.exported('csv')],
    ['GET', '/v1/history/settings', '', (api) => api.historySettings()],
    ['PATCH', '/v1/history/settings', '"days":365', (api) => api.changeHistory({ days: 365 })],
    ['DELETE', '/v1/pairing', '{}', (api) => api.unpair()],
  ];

  it.each(requests)('%s %s', async (method, path, part, ask) => {
    const { api, sent } = answering(200, { text: 'x' });
    await ask(api);
    const [address, init] = sent.mock.calls.at(-1) ?? [];
    expect([init?.method, address]).toEqual([method, BASE + path]);
    expect(String(init?.body ?? '')).toContain(part);
  });
});
