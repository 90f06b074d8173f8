/** Talks to the Koban that runs on this machine. Every answer is one of `schema.d.ts`, or an ApiError. */

import { type ApiEvent, readEvents } from './events';
import { type Answer, ApiError, fetched, json, type Line, type Link, portOf, type Send, send, whole } from './line';
import { newNonce, proof, stretched } from './proof';
import type {
  Due,
  HealthLink,
  HistoryChange,
  HistorySettings,
  HistoryView,
  Known,
  LessonInfo,
  LessonRequest,
  PageVerdict,
  ReportRequest,
  ReportSheet,
  RuleInfo,
  ServiceStatus,
  Settings,
  SettingsChange,
} from './types';

export { ApiError, type ApiErrorKind, type Link, PairedLine, VisitorLine } from './line';

const PATIENCE_MS = 10_000;
/** The pages of late are judged anew before it is answered. */
const LEARNING_MS = 30_000;
/** For what Koban puts together from years. */
const LONG_PATIENCE_MS = 300_000;

export class KobanApi {
  constructor(private readonly line: Line) {}

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

  /** What the user taught, the newest first. */
  lessons(): Promise<LessonInfo[]> {
    return this.ask('GET', '/v1/lessons');
  }

  /** Learn from a text. */
  teach(lesson: LessonRequest): Promise<LessonInfo> {
    return this.ask('POST', '/v1/lessons', lesson, LEARNING_MS);
  }

  /** Undo a lesson, or all of them. */
  async unteach(id: string | null): Promise<void> {
    await this.request(
      'DELETE',
      id === null ? '/v1/lessons' : `/v1/lessons/${encodeURIComponent(id)}`,
      {},
      LEARNING_MS,
    );
  }

  /** All lessons without personal details, as they may be passed on. */
  async contribution(): Promise<string> {
    return (await this.ask<{ text: string }>('GET', '/v1/lessons/contribution')).text;
  }

  /** Keep the user's own note on a client. */
  async note(site: string, client: string, note: string | null): Promise<void> {
    await this.request('PATCH', '/v1/history/client', { site, client, note });
  }

  /** Keep how many revisions were agreed. */
  async revisions(site: string, deal: string, revisions: number | null): Promise<void> {
    await this.request('PATCH', '/v1/history/deal', { site, deal, revisions });
  }

  /** Delete all that is remembered of a client, or of everybody. */
  async forget(of: { site: string; client: string } | null): Promise<void> {
    const path = of === null ? '/v1/history' : '/v1/history/client';
    await this.request('DELETE', path, of ?? {});
  }

  /** Where to report, what to write, what to do next. Koban sends it nowhere. */
  sheet(about: ReportRequest): Promise<ReportSheet> {
    return this.ask('POST', '/v1/history/report/sheet', about);
  }

  /** The evidence of a report as one file. */
  async bundle(about: ReportRequest): Promise<Blob> {
    return blob(await this.request('POST', '/v1/history/report/bundle', about, LONG_PATIENCE_MS));
  }

  /** The whole history as one file. */
  async exported(form: 'jsonl' | 'csv'): Promise<Blob> {
    return blob(await this.request('GET', `/v1/history/export?form=${form}`, undefined, LONG_PATIENCE_MS));
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
    await this.request('DELETE', '/v1/pairing', {});
  }

  /** The events as they happen, until `signal` aborts or Koban ends. */
  async events(signal: AbortSignal): Promise<AsyncIterable<ApiEvent>> {
    return this.until(readEvents(...(await this.line.open('/v1/events', signal))));
  }

  private async *until(events: AsyncIterable<ApiEvent>): AsyncIterable<ApiEvent> {
    try {
      yield* events;
    } finally {
      this.line.doubt();
    }
  }

  private async ask<T>(method: string, path: string, body?: unknown, patience = PATIENCE_MS): Promise<T> {
    const answer = await this.request(method, path, body, patience);
    const said = json(answer);
    if (said === null) throw new ApiError('failed', answer.status);
    return said as T;
  }

  private async request(method: string, path: string, body?: unknown, patience = PATIENCE_MS): Promise<Answer> {
    return checked(
      await this.line.ask(
        method,
        path,
        body === undefined ? undefined : JSON.stringify(body),
        AbortSignal.timeout(patience),
      ),
    );
  }
}

function blob(answer: Answer): Blob {
  return new Blob([answer.body], { type: answer.type });
}

/** The code of a pairing link, or a number that the user was shown. */
export interface Code {
  by: 'link' | 'number';
  code: string;
}

/**
 * Come to share a key with the Koban that made a code. Neither is sent: each side proves to the other that it knows the
 * code. Throws ApiError: `stranger` where who answers does not know it. `origin`: this extension's own.
 */
export async function pair(apiBase: string, { by, code }: Code, origin: string, via: Send = send): Promise<Link> {
  const nonce = newNonce();
  const secret = by === 'link' ? code : await stretched(code.replace(/\s/g, '').normalize('NFKC'), nonce);
  const lines = [portOf(apiBase), origin, nonce] as const;
  const offer = { by, nonce, proof: await proof(secret, 'pair request', ...lines) };
  const answer = await unpaired(`${apiBase}/v1/pair`, offer, via);
  const said = json(answer) as { nonce?: unknown; proof?: unknown } | null;
  const theirs = said?.nonce;
  if (typeof theirs !== 'string' || said?.proof !== (await proof(secret, 'pair answer', ...lines, theirs)))
    throw new ApiError('stranger', answer.status);
  return { apiBase, key: await proof(secret, 'pair key', ...lines, theirs) };
}

/** Exchange the code of a link to the history for a session's token, from the page that Koban itself serves. */
export async function enterHistory(apiBase: string, code: string, via: Send = send): Promise<string> {
  const answer = await unpaired(`${apiBase}/v1/history/session`, { code }, via);
  const token = (json(answer) as { token?: unknown } | null)?.token;
  if (typeof token !== 'string') throw new ApiError('failed', answer.status);
  return token;
}

/** Have Koban show its user a number that pairs. */
export async function askForNumber(apiBase: string, via: Send = send): Promise<void> {
  await unpaired(`${apiBase}/v1/pairing/number`, {}, via);
}

/** A request of an extension that has no key yet. */
async function unpaired(address: string, body: unknown, via: Send): Promise<Answer> {
  return checked(
    await whole(await fetched(via, address, 'POST', {}, JSON.stringify(body), AbortSignal.timeout(PATIENCE_MS))),
  );
}

function checked(answer: Answer): Answer {
  const { status } = answer;
  if (status === 401 || status === 403) throw new ApiError('refused', status);
  if (status < 200 || status > 299) throw new ApiError('failed', status);
  return answer;
}
