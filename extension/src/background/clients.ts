/** Koban's records of the clients of open pages. */
import type { Known, PageVerdict } from '../api/types';
import type { Connection } from './connection';
import { clientKey } from './pagesettings';

export class KnownClients {
  private readonly records = new Map<string, Known | null>();

  constructor(
    private readonly connection: Connection,
    private readonly onChange: () => void,
  ) {}

  /** The record of a page's client; null where the page shows none, or nothing is known (yet). */
  of(page: PageVerdict | null): Known | null {
    return this.records.get(clientKey(page?.verdict ?? null) ?? '') ?? null;
  }

  /** Ask for the record of a page's client. `again`: also where it was asked for before. */
  async ask(page: PageVerdict | null, again: boolean): Promise<void> {
    const { api } = this.connection;
    const verdict = page?.verdict ?? null;
    const key = clientKey(verdict);
    if (api === null || key === null || !verdict?.site || !verdict.client || (this.records.has(key) && !again)) return;
    const record = await api.known(verdict.site, verdict.client.id).catch(() => undefined);
    if (record === undefined || api !== this.connection.api) return;
    this.records.set(key, record);
    this.onChange();
  }

  clear(): void {
    this.records.clear();
  }
}
