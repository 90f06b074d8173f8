/** Talks to the Koban that runs on this machine. Every answer is one of `schema.d.ts`, or an ApiError. */
import type { Due, HealthLink, HistoryChange, HistorySettings, HistoryView, Known, PageVerdict, ReportRequest, ReportSheet, RuleInfo, ServiceStatus, Settings, SettingsChange } from './types';

/** Where Koban listens and what it knows this extension by. */
export interface Link {
  apiBase: string;
  token: string;
}

/** `unreachable`: nothing answers there. `refused`: it answers, and does not know this extension. `failed`: anything else. */
export type ApiErrorKind = 'unreachable' | 'refused' | 'failed';

export class ApiError extends Error {
  constructor(
    readonly kind: ApiErrorKind,
    readonly status: number | null = null,
  ) {
    super(status === null ? kind : `${kind} (${status})`);
  }
}

const PATIENCE_MS = 10_000;
/** For what Koban puts together from years. */
const LONG_PATIENCE_MS = 300_000;

export class KobanApi {
  constructor(
    private readonly link: Link,
    private readonly send: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  /** How Koban itself is doing. */
  status(): Promise<ServiceStatus> {
    return this.ask('GET', '/v1/status');
  }

  /** Every link of the chain, with the repair for each that is broken. */
  health(): Promise<HealthLink[]> {
    return this.ask('GET', '/v1/health');
  }

  rules(): Promise<RuleInfo[]> {
    return this.ask('GET', '/v1/rules');
  }

  settings(): Promise<Settings> {
    return this.ask('GET', '/v1/settings');
  }

  change(change: SettingsChange): Promise<Settings> {
    return this.ask('PATCH', '/v1/settings', change);
  }

  /** The verdict of a page that passed; null for one that Koban has not seen. */
  async verdict(url: string): Promise<PageVerdict | null> {
    try {
      return await this.ask<PageVerdict>('GET', `/v1/verdicts?url=${encodeURIComponent(url)}`);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  /** Judge a page as the browser shows it. One that is not to be kept is a demonstration. */
  check(url: string, body: string, keep = true): Promise<PageVerdict> {
    return this.ask('POST', '/v1/check', { url, body, keep });
  }

  /** The newest of what is remembered of deals, clients and warnings, or of that in which all words of a search stand. */
  history(search = ''): Promise<HistoryView> {
    const query = search === '' ? '' : `?${new URLSearchParams({ search: search.slice(0, 200) })}`;
    return this.ask('GET', `/v1/history${query}`, undefined, search === '' ? PATIENCE_MS : LONG_PATIENCE_MS);
  }

  /** What is due within a week, or overdue. */
  today(): Promise<Due[]> {
    return this.ask('GET', '/v1/history/today');
  }

  /** All due dates as an iCalendar file. */
  async calendar(): Promise<string> {
    return (await this.ask<{ text: string }>('GET', '/v1/history/calendar')).text;
  }

  /** What was between the user and a client; null for one that was never seen. */
  async known(site: string, client: string): Promise<Known | null> {
    const query = new URLSearchParams({ site, client });
    try {
      return await this.ask<Known>('GET', `/v1/history/client?${query}`);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  /** Keep the user's own note on a client. */
  async note(site: string, client: string, note: string | null): Promise<void> {
    await this.request('PATCH', '/v1/history/client', { site, client, note }, AbortSignal.timeout(PATIENCE_MS));
  }

  /** Keep how many revisions were agreed. */
  async revisions(site: string, deal: string, revisions: number | null): Promise<void> {
    await this.request('PATCH', '/v1/history/deal', { site, deal, revisions }, AbortSignal.timeout(PATIENCE_MS));
  }

  /** Delete all that is remembered of a client, or of everybody. */
  async forget(of: { site: string; client: string } | null): Promise<void> {
    const path = of === null ? '/v1/history' : '/v1/history/client';
    await this.request('DELETE', path, of ?? {}, AbortSignal.timeout(PATIENCE_MS));
  }

  /** Where to report, what to write, what to do next. Koban sends it nowhere. */
  sheet(about: ReportRequest): Promise<ReportSheet> {
    return this.ask('POST', '/v1/history/report/sheet', about);
  }

  /** The evidence of a report as one file. */
  async bundle(about: ReportRequest): Promise<Blob> {
    return (await this.request('POST', '/v1/history/report/bundle', about, AbortSignal.timeout(LONG_PATIENCE_MS))).blob();
  }

  /** The whole history as one file. */
  async exported(form: 'jsonl' | 'csv'): Promise<Blob> {
    return (await this.request('GET', `/v1/history/export?form=${form}`, undefined, AbortSignal.timeout(LONG_PATIENCE_MS))).blob();
  }

  /** What is remembered, and for how long. */
  historySettings(): Promise<HistorySettings> {
    return this.ask('GET', '/v1/history/settings');
  }

  changeHistory(change: HistoryChange): Promise<HistorySettings> {
    return this.ask('PATCH', '/v1/history/settings', change);
  }

  /** Have Koban forget this extension. */
  async unpair(): Promise<void> {
    await this.request('DELETE', '/v1/pairing', {}, AbortSignal.timeout(PATIENCE_MS));
  }

  /** The stream of events, open until `signal` aborts or Koban ends. */
  async events(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const answer = await this.request('GET', '/v1/events', undefined, signal);
    if (answer.body === null) throw new ApiError('failed', answer.status);
    return answer.body;
  }

  private async ask<T>(method: string, path: string, body?: unknown, patience = PATIENCE_MS): Promise<T> {
    const answer = await this.request(method, path, body, AbortSignal.timeout(patience));
    try {
      return (await answer.json()) as T;
    } catch {
      throw new ApiError('failed', answer.status);
    }
  }

  private async request(method: string, path: string, body: unknown, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { Authorization: `Bearer ${this.link.token}` };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    return checked(
      this.send(this.link.apiBase + path, {
        method,
        headers,
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  }
}

/** Exchange the code of a pairing link, or a number that the user was shown, for a token. */
export function pair(apiBase: string, code: string, send: typeof fetch = (input, init) => fetch(input, init)): Promise<Link> {
  return exchanged(apiBase, '/v1/pair', code, send);
}

/** Exchange the code of a link to the history for a session's token, from the page that Koban itself serves. */
export function enterHistory(apiBase: string, code: string, send: typeof fetch = (input, init) => fetch(input, init)): Promise<Link> {
  return exchanged(apiBase, '/v1/history/session', code, send);
}

async function exchanged(apiBase: string, path: string, code: string, send: typeof fetch): Promise<Link> {
  const answer = await unpaired(apiBase + path, { code }, send);
  const { token } = (await answer.json().catch(() => ({}))) as { token?: unknown };
  if (typeof token !== 'string') throw new ApiError('failed', answer.status);
  return { apiBase, token };
}

/** Have Koban show its user a number that pairs. */
export async function askForNumber(apiBase: string, send: typeof fetch = (input, init) => fetch(input, init)): Promise<void> {
  await unpaired(`${apiBase}/v1/pairing/number`, {}, send);
}

/** A request of an extension that has no token yet. */
function unpaired(address: string, body: unknown, send: typeof fetch): Promise<Response> {
  return checked(
    send(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    }),
  );
}

async function checked(request: Promise<Response>): Promise<Response> {
  let answer: Response;
  try {
    answer = await request;
  } catch {
    throw new ApiError('unreachable');
  }
  if (answer.status === 401 || answer.status === 403) throw new ApiError('refused', answer.status);
  if (!answer.ok) throw new ApiError('failed', answer.status);
  return answer;
}
