/** Requests about the history. The background makes them for the extension's pages, Koban's own page for itself. */
import { ApiError, type KobanApi } from '../api/client';
import type { HistoryChange, HistoryView, ReportRequest, ReportSheet } from '../api/types';
import type { Shown } from './history';

/** Results are null and false where Koban cannot be asked, or knows nothing of it. */
export interface HistoryCalls {
  note(site: string, client: string, note: string | null): Promise<boolean>;
  revisions(site: string, deal: string, revisions: number | null): Promise<boolean>;
  forget(site: string, client: string): Promise<boolean>;
  forgetAll(): Promise<boolean>;
  changeHistory(change: HistoryChange): Promise<boolean>;
  /** The newest of the history, or why it cannot be shown. */
  history(): Promise<Shown>;
  find(search: string): Promise<HistoryView | null>;
  calendar(): Promise<string | null>;
  sheet(about: ReportRequest): Promise<ReportSheet | null>;
  /** The evidence of a report. */
  bundle(about: ReportRequest): Promise<Blob | null>;
  /** The whole history. */
  exported(form: 'jsonl' | 'csv'): Promise<Blob | null>;
}

/** `api` gives null where there is no link to Koban. */
export function historyCalls(api: () => Promise<KobanApi | null>): HistoryCalls {
  const ask = async <T>(call: (api: KobanApi) => Promise<T>): Promise<T | null> => {
    const client = await api();
    return client === null ? null : call(client).catch(() => null);
  };
  const order = async (call: (api: KobanApi) => Promise<unknown>) =>
    (await ask((client) => call(client).then(() => true))) ?? false;
  return {
    note: (site, client, note) => order((api) => api.note(site, client, note)),
    revisions: (site, deal, revisions) => order((api) => api.revisions(site, deal, revisions)),
    forget: (site, client) => order((api) => api.forget({ site, client })),
    forgetAll: () => order((api) => api.forget(null)),
    changeHistory: (change) => order((api) => api.changeHistory(change)),
    history: async () => {
      const client = await api();
      if (client === null) return 'closed';
      try {
        const [view, settings] = await Promise.all([client.history(), client.historySettings()]);
        return { view, settings };
      } catch (error) {
        return error instanceof ApiError && error.kind === 'refused' ? 'closed' : 'not-running';
      }
    },
    find: (search) => ask((api) => api.history(search)),
    calendar: () => ask((api) => api.calendar()),
    sheet: (about) => ask((api) => api.sheet(about)),
    bundle: (about) => ask((api) => api.bundle(about)),
    exported: (form) => ask((api) => api.exported(form)),
  };
}
