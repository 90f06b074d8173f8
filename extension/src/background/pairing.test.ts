import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { digest } from '../api/proof';
import { type Fake, fakeKoban } from '../testing/fake-koban';
import { offer, pairWith, replace } from './pairing';
import { readLink, storageItems } from './stored';

const BASE = 'http://127.0.0.1:8789';
const OTHER = 'http://127.0.0.1:9000';
const ORIGIN = fakeBrowser.runtime.getURL('/').replace(/\/$/, '');
const message = { type: 'pair', apiBase: BASE, code: 'one-time', next: null } as const;
const others = { ...message, apiBase: OTHER };

/** The Kobans that listen at addresses. */
function listening(kobans: Record<string, Partial<Fake>>): Record<string, Fake> {
  const made = Object.fromEntries(
    Object.entries(kobans).map(([base, over]) => [base, fakeKoban({ origin: ORIGIN, ...over })]),
  );
  vi.stubGlobal(
    'fetch',
    vi.fn<typeof fetch>(
      (address, init) => made[new URL(String(address)).origin]?.send(address, init) ?? Promise.reject(new TypeError()),
    ),
  );
  return Object.fromEntries(Object.entries(made).map(([base, { fake }]) => [base, fake]));
}

describe('pairWith', () => {
  const use = vi.fn();
  const ask = vi.fn();

  beforeEach(() => {
    use.mockReset();
    ask.mockReset();
  });

  it('keeps the link that the code was good for', async () => {
    const { [BASE]: koban } = listening({ [BASE]: {} });
    expect(await pairWith(message, `${BASE}/pair`, use, ask)).toBe('paired');
    const link = { apiBase: BASE, key: koban?.key };
    expect(use).toHaveBeenCalledWith(link);
    expect(await storageItems.link.getValue()).toEqual(link);
  });

  it('leaves an older link as it was where the code is good no more', async () => {
    const { [BASE]: koban } = listening({ [BASE]: {} });
    await pairWith(message, `${BASE}/pair`, use, ask);
    const before = await storageItems.link.getValue();
    if (koban) koban.code = 'another';
    expect(await pairWith(message, `${BASE}/pair`, use, ask)).toBe('used');
    expect(await storageItems.link.getValue()).toEqual(before);
  });

  it.each([
    'https://crowdworks.jp/pair',
    'http://127.0.0.1:9999/pair',
    'http://127.0.0.1:8789/other',
    'http://127.0.0.1.evil.example:8789/pair',
    'https://127.0.0.1:8789/pair',
    '',
  ])('hears nobody but the pairing page itself: %s', async (sender) => {
    listening({ [BASE]: {} });
    expect(await pairWith(message, sender, use, ask)).toBe('failed');
    expect(fetch).not.toHaveBeenCalled();
    expect(await storageItems.link.getValue()).toBeNull();
  });

  it('attack 05: a navigation does not have the extension change sides', async () => {
    const { [OTHER]: impostor } = listening({ [BASE]: {}, [OTHER]: {} });
    await pairWith(message, `${BASE}/pair`, use, ask);
    const before = await storageItems.link.getValue();
    use.mockReset();
    expect(await pairWith(others, `${OTHER}/pair`, use, ask)).toBe('asked');
    expect(await storageItems.link.getValue()).toEqual(before);
    expect(use).not.toHaveBeenCalled();
    expect(impostor?.heard.some((said) => said.startsWith('/v1/pair'))).toBe(false);
    const [[id]] = ask.mock.calls as [[string]];
    expect(await offer(id)).toEqual({ from: '8789', to: '9000' });
    expect(await replace(id, use)).toBe('paired');
    expect(await storageItems.link.getValue()).toMatchObject({ apiBase: OTHER, key: impostor?.key });
    expect(await offer(id)).toBeNull();
    expect(await replace(id, use)).toBe('used');
  });

  it('attack 05: asks about a few at most', async () => {
    listening({ [BASE]: {}, [OTHER]: {} });
    await pairWith(message, `${BASE}/pair`, use, ask);
    for (let times = 0; times < 5; times += 1) expect(await pairWith(others, `${OTHER}/pair`, use, ask)).toBe('asked');
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it('asks nothing where the same Koban listens, at another port too', async () => {
    const kobans = listening({ [BASE]: {}, [OTHER]: {} });
    await pairWith(message, `${BASE}/pair`, use, ask);
    expect(await pairWith(message, `${BASE}/pair`, use, ask)).toBe('paired');
    const { [BASE]: here, [OTHER]: there } = kobans;
    if (here && there) there.key = here.key;
    expect(await pairWith(others, `${OTHER}/pair`, use, ask)).toBe('paired');
    expect(ask).not.toHaveBeenCalled();
  });

  it('goes on with a link of before by the hash of its token, which Koban has', async () => {
    await storageItems.link.setValue({ apiBase: BASE, token: 'of before' } as never);
    const key = await digest('of before');
    expect(await readLink()).toEqual({ apiBase: BASE, key });
    expect(await storageItems.link.getValue()).toEqual({ apiBase: BASE, key });
  });
});
