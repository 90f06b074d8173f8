import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, type KobanApi } from '../api/client';
import type { ServiceStatus } from '../api/types';
import { rule, settings, status } from '../testing/values';
import { Connection } from './connection';

const link = { apiBase: 'http://127.0.0.1:1', key: 'k' };

/** Answers of Koban, each of which a test may exchange. */
function service() {
  return {
    status: vi.fn(async (): Promise<ServiceStatus> => status()),
    rules: vi.fn(async () => [rule()]),
    settings: vi.fn(async () => settings()),
    change: vi.fn(async () => settings()),
    autostart: vi.fn(async () => undefined),
    health: vi.fn(async () => []),
    unpair: vi.fn(async () => undefined),
    events: vi.fn(() => new Promise<never>(() => undefined)),
  };
}

describe('Connection', () => {
  const listener = {
    changed: vi.fn(),
    stateChanged: vi.fn(),
    refreshed: vi.fn(async () => undefined),
    happened: vi.fn(),
    broke: vi.fn(),
  };
  let api: ReturnType<typeof service>;
  let connection: Connection;

  beforeEach(() => {
    for (const mock of Object.values(listener)) mock.mockClear();
    api = service();
    connection = new Connection(() => api as unknown as KobanApi, '0.1.0', listener);
    connection.use(link);
  });

  it('knows nothing of a Koban that it was never paired with, and asks it nothing', async () => {
    connection.use(null);
    await connection.refresh();
    expect([connection.health, connection.api, connection.status]).toEqual(['not-paired', null, null]);
    expect(await connection.change({ guard: false })).toBe(false);
    expect(listener.changed).toHaveBeenCalledOnce();
    expect(api.status).not.toHaveBeenCalled();
  });

  it('has what Koban says of itself, and says so once the verdicts of open pages are asked for', async () => {
    await connection.refresh();
    expect([connection.health, connection.rules, connection.settings]).toEqual(['ok', [rule()], settings()]);
    expect(connection.status).toEqual(status());
    const [refreshed] = listener.refreshed.mock.invocationCallOrder;
    const [changed] = listener.stateChanged.mock.invocationCallOrder;
    expect(Number(refreshed)).toBeLessThan(Number(changed));
  });

  it.each([
    ['refused', 'not-paired'],
    ['unreachable', 'not-running'],
    ['stranger', 'stranger'],
    ['failed', 'failing'],
  ] as const)('takes an answer that is %s for a Koban that is %s, and drops what it said', async (kind, health) => {
    await connection.refresh();
    api.rules.mockRejectedValue(new ApiError(kind));
    await connection.refresh();
    expect([connection.health, connection.status]).toEqual([health, null]);
    expect(listener.changed).toHaveBeenCalledOnce();
  });

  it('takes an error of its own for a Koban that is not running', async () => {
    api.settings.mockRejectedValue(new TypeError('fetch'));
    await connection.refresh();
    expect(connection.health).toBe('not-running');
  });

  it('says where the versions do not match', async () => {
    api.status.mockResolvedValue(status({ version: '9.0.0' }));
    await connection.refresh();
    expect(connection.health).toBe('wrong-version');
  });

  it('makes one more of all the calls that come while it asks', async () => {
    await Promise.all([connection.refresh(), connection.refresh(), connection.refresh()]);
    expect(api.status).toHaveBeenCalledTimes(2);
    await connection.refresh();
    expect(api.status).toHaveBeenCalledTimes(3);
  });

  it('drops the answers of a Koban that was left meanwhile', async () => {
    const asked = connection.refresh();
    connection.use(null);
    await asked;
    expect([connection.status, connection.settings, connection.health]).toEqual([null, null, 'not-paired']);
  });

  it('counts attempts in vain until all is well, which a proxy that does not listen is not', async () => {
    api.status.mockResolvedValue(status({ proxy: { port: 8788, listening: false, aside: [] } }));
    await connection.retry();
    await connection.retry();
    expect(connection.tried).toBe(2);
    api.status.mockResolvedValue(status());
    await connection.retry();
    expect(connection.tried).toBe(0);
  });

  it('test_speed_1 opens an open stream anew, and no other', () => {
    connection.listenAnew();
    expect(api.events).not.toHaveBeenCalled();
    connection.listen();
    connection.listenAnew();
    expect(api.events).toHaveBeenCalledTimes(2);
    connection.use(null);
    connection.listenAnew();
    expect(api.events).toHaveBeenCalledTimes(2);
  });

  it('opens the stream once, and anew where Koban answers again after a failure', () => {
    connection.listen();
    connection.listen();
    connection.answered();
    expect(api.events).toHaveBeenCalledOnce();
    connection.fail(new ApiError('unreachable'));
    connection.answered();
    expect(api.events).toHaveBeenCalledTimes(2);
    connection.close();
  });

  it.each([
    [507, 'disk'],
    [422, 'refused'],
    [409, 'refused'],
  ] as const)('takes a change that is answered %i for no failure of the link', async (code, kind) => {
    api.change.mockRejectedValue(new ApiError('failed', code));
    expect([await connection.change({}), await connection.change({})]).toEqual([false, false]);
    expect([connection.health, connection.trouble]).toEqual(['ok', { kind, number: 2 }]);
    api.change.mockResolvedValue(settings());
    expect(await connection.change({})).toBe(true);
    expect(connection.trouble).toBeNull();
  });

  it('takes any other failure of a change for one of the link', async () => {
    api.autostart.mockRejectedValue(new ApiError('failed', 500));
    expect(await connection.autostart(true)).toBe(false);
    expect([connection.health, connection.trouble]).toEqual(['failing', null]);
  });

  it('tells of no change that the user has not made and Koban does not take', async () => {
    api.change.mockRejectedValue(new ApiError('failed', 422));
    expect(await connection.ask({})).toBe(false);
    expect([connection.health, connection.trouble]).toEqual(['ok', null]);
  });

  it('has every link examined, and ends a pairing on this side where Koban cannot be asked', async () => {
    await connection.examine();
    expect(connection.links).toEqual([]);
    api.unpair.mockRejectedValue(new ApiError('unreachable'));
    await expect(connection.unpair()).resolves.toBeUndefined();
    api.health.mockRejectedValue(new ApiError('unreachable'));
    await connection.examine();
    expect(connection.health).toBe('not-running');
  });
});
