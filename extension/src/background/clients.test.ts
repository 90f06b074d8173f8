import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Known } from '../api/types';
import { known, pageVerdict } from '../testing/values';
import { KnownClients } from './clients';
import type { Connection } from './connection';

const client = { id: '52', name: '青空企画' };
const page = pageVerdict({ site: 'crowdworks', client });

describe('KnownClients', () => {
  const ask = vi.fn<(site: string, id: string) => Promise<Known | null>>();
  const changed = vi.fn();
  let connection: { api: { known: typeof ask } | null };
  let clients: KnownClients;

  beforeEach(() => {
    ask.mockReset().mockResolvedValue(known());
    changed.mockReset();
    connection = { api: { known: ask } };
    clients = new KnownClients(connection as unknown as Connection, changed);
  });

  it('asks once for the client of a page, whom its site names', async () => {
    await clients.ask(page, false);
    await clients.ask(page, false);
    expect(ask).toHaveBeenCalledExactlyOnceWith('crowdworks', '52');
    expect(changed).toHaveBeenCalledOnce();
    expect(clients.of(page)).toEqual(known());
  });

  it('asks again where something may have happened since', async () => {
    await clients.ask(page, false);
    ask.mockResolvedValue(known({ note: '遅い' }));
    await clients.ask(page, true);
    expect(clients.of(page)?.note).toBe('遅い');
  });

  it('takes one client of two sites for two', async () => {
    await clients.ask(page, false);
    expect(clients.of(pageVerdict({ site: 'lancers', client }))).toBeNull();
  });

  it('asks nothing where a page shows no client, is of no site, or Koban cannot be asked', async () => {
    await clients.ask(null, true);
    await clients.ask(pageVerdict({ site: 'crowdworks' }), true);
    connection.api = null;
    await clients.ask(page, true);
    expect(ask).not.toHaveBeenCalled();
    expect(clients.of(null)).toBeNull();
  });

  it('keeps what it knew where an answer fails, and asks another time', async () => {
    await clients.ask(page, false);
    ask.mockRejectedValueOnce(new Error('gone'));
    await clients.ask(page, true);
    expect(clients.of(page)).toEqual(known());
    clients.clear();
    expect(clients.of(page)).toBeNull();
    await clients.ask(page, false);
    expect(clients.of(page)).toEqual(known());
  });

  it('drops the answer of a Koban that was left meanwhile', async () => {
    ask.mockImplementation(async () => {
      connection.api = { known: ask };
      return known();
    });
    await clients.ask(page, false);
    expect([clients.of(page), changed.mock.calls]).toEqual([null, []]);
  });
});
