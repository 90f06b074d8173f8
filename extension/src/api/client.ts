/** Talks to the Koban that runs on this machine. Every answer is one of `schema.d.ts`, or an ApiError. */

import { type ApiEvent, readEvents } from './events';
import { type Answer, ApiError, fetched, json, type Line, type Link, portOf, type Send, send, whole } from './line';
import type { AnswerOf, Method, Path, RequestOf, Rest } from './operations';
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
  TextKind,
  Verdict,
} from './types';

export { ApiError, type ApiErrorKind, type Link, PairedLine, VisitorLine } from './line';

const HTML = 'text/html; charset=utf-8';
const PATIENCE_MS = 10_000;
/** Recent pages are judged again before the answer. */
const LEARNING_MS = 30_000;
/** For what Koban puts together from years. */
const LONG_PATIENCE_MS = 300_000;

export class KobanApi {
  /** `inserts`: whether pages may come without Koban's element, since this extension inserts it. */
  constructor(
    private readonly line: Line,
    private readonly inserts: () => Promise<boolean> = async () => false,
  ) {}

  /** Koban's own state. */
  status(): Promise<ServiceStatus> {
    return this.ask('get', '/v1/status');
  }

  /** Every link of the chain, with the repair for each that is broken. */
  health(): Promise<HealthLink[]> {
    return this.ask('get', '/v1/health');
  }

  rules(): Promise<RuleInfo[]> {
    return this.ask('get', '/v1/rules');
  }

  settings(): Promise<Settings> {
    return this.ask('get', '/v1/settings');
  }

  change(change: SettingsChange): Promise<Settings> {
    return this.ask('patch', '/v1/settings', { body: { ...change } });
  }

  /** The verdict of a page that passed, or of what a view of it shows instead; null where Koban has seen none. */
  verdict(url: string, view: string | null = null): Promise<PageVerdict | null> {
    return orNull(this.ask('get', '/v1/verdicts', { query: view === null ? { url } : { url, view } }));
  }

  /** Say that the page with this ticket at its end came to this browser. */
  async arrived(ticket: string): Promise<void> {
    await this.request('post', '/v1/arrivals', { body: { ticket } });
  }

  /**
   * Judge a page as the browser shows it. One that is not to be kept is a demonstration. `view`: the name under which
   * what it shows is kept apart from what other tabs show. `rewritten`: that is not what passes at its address.
   */
  check(url: string, body: string, keep = true, view: string | null = null, rewritten = false): Promise<PageVerdict> {
    return this.ask('post', '/v1/check', { body: { url, body, content_type: HTML, keep, view, rewritten } });
  }

  /**
   * Have a picture or file of a page, in base64, looked into. Returns whether it was. `chosen`: its user chose it by hand.
   */
  async enclose(page: string, url: string, data: string, chosen = false): Promise<boolean> {
    const request = { body: { page, url, data, chosen }, patience: LONG_PATIENCE_MS };
    return (await this.ask('post', '/v1/enclosures', request)).looked;
  }

  /** Have forgotten what a file held that its user chose for an address. */
  async withdraw(url: string): Promise<void> {
    await this.request('delete', '/v1/enclosures', { query: { url }, body: {} });
  }

  /** The newest of the remembered deals, clients and warnings, or of those that hold all words of a search. */
  history(search = ''): Promise<HistoryView> {
    if (search === '') return this.ask('get', '/v1/history');
    return this.ask('get', '/v1/history', { query: { search: search.slice(0, 200) }, patience: LONG_PATIENCE_MS });
  }

  /** Dates due within a week, or overdue. */
  today(): Promise<Due[]> {
    return this.ask('get', '/v1/history/today');
  }

  /** All due dates as an iCalendar file. */
  async calendar(): Promise<string> {
    return (await this.ask('get', '/v1/history/calendar')).text;
  }

  /** The user's record with a client; null for one that was never seen. */
  known(site: string, client: string): Promise<Known | null> {
    return orNull(this.ask('get', '/v1/history/client', { query: { site, client } }));
  }

  /** The user's lessons, the newest first. */
  lessons(): Promise<LessonInfo[]> {
    return this.ask('get', '/v1/lessons');
  }

  /** Learn from a text. */
  teach(lesson: LessonRequest): Promise<LessonInfo> {
    return this.ask('post', '/v1/lessons', { body: lesson, patience: LEARNING_MS });
  }

  /** Undo a lesson, or all of them. */
  async unteach(id: string | null): Promise<void> {
    const patience = LEARNING_MS;
    if (id === null) await this.request('delete', '/v1/lessons', { body: {}, patience });
    else await this.request('delete', '/v1/lessons/{ident}', { path: { ident: id }, body: {}, patience });
  }

  /** All lessons without personal details, as they may be passed on. */
  async contribution(): Promise<string> {
    return (await this.ask('get', '/v1/lessons/contribution')).text;
  }

  /** Store the user's own note on a client. */
  async note(site: string, client: string, note: string | null): Promise<void> {
    await this.request('patch', '/v1/history/client', { body: { site, client, note } });
  }

  /** Store how many revisions were agreed. */
  async revisions(site: string, deal: string, revisions: number | null): Promise<void> {
    await this.request('patch', '/v1/history/deal', { body: { site, deal, revisions } });
  }

  /** Delete all that is remembered of a client, or of everybody. */
  async forget(of: { site: string; client: string } | null): Promise<void> {
    if (of === null) await this.request('delete', '/v1/history', { body: {} });
    else await this.request('delete', '/v1/history/client', { body: of });
  }

  /** The sheet of a report: its place, its text, the next steps. Koban sends it nowhere. */
  sheet(about: ReportRequest): Promise<ReportSheet> {
    return this.ask('post', '/v1/history/report/sheet', { body: about });
  }

  /** The evidence of a report as one file. */
  async bundle(about: ReportRequest): Promise<Blob> {
    return blob(await this.request('post', '/v1/history/report/bundle', { body: about, patience: LONG_PATIENCE_MS }));
  }

  /** The whole history as one file. */
  async exported(form: 'jsonl' | 'csv'): Promise<Blob> {
    return blob(await this.request('get', '/v1/history/export', { query: { form }, patience: LONG_PATIENCE_MS }));
  }

  /** Content and retention of the history. */
  historySettings(): Promise<HistorySettings> {
    return this.ask('get', '/v1/history/settings');
  }

  changeHistory(change: HistoryChange): Promise<HistorySettings> {
    return this.ask('patch', '/v1/history/settings', { body: change });
  }

  /** Judge a text by itself; nothing of it is kept. */
  checkText(kind: TextKind, text: string): Promise<Verdict> {
    return this.ask('post', '/v1/texts', { body: { kind, text } });
  }

  /** Have the system start Koban with the computer, or not. */
  async autostart(on: boolean): Promise<void> {
    await this.request('put', '/v1/autostart', { body: { on } });
  }

  /** Have Koban forget this extension. */
  async unpair(): Promise<void> {
    await this.request('delete', '/v1/pairing', { body: {} });
  }

  /** The events as they happen, until `signal` aborts or Koban ends. */
  async events(signal: AbortSignal): Promise<AsyncIterable<ApiEvent>> {
    const path = (await this.inserts()) ? '/v1/events?inserts=true' : '/v1/events';
    return this.until(readEvents(...(await this.line.open(path, signal))));
  }

  private async *until(events: AsyncIterable<ApiEvent>): AsyncIterable<ApiEvent> {
    try {
      yield* events;
    } finally {
      this.line.doubt();
    }
  }

  /** The JSON of the answer of any operation that the API describes. Rejects with ApiError. */
  async ask<M extends Method, P extends Path<M>>(
    method: M,
    path: P,
    ...rest: Rest<RequestOf<M, P>>
  ): Promise<AnswerOf<M, P>> {
    const answer = await this.request(method, path, ...rest);
    const content = json(answer);
    if (content === null) throw new ApiError('failed', answer.status);
    return content as AnswerOf<M, P>;
  }

  private async request<M extends Method, P extends Path<M>>(
    method: M,
    path: P,
    ...[request]: Rest<RequestOf<M, P>>
  ): Promise<Answer> {
    const { query, path: places, body, patience = PATIENCE_MS } = (request ?? {}) as AnyRequest;
    const address = path.replace(/\{(\w+)\}/g, (_, place: string) => encodeURIComponent(places?.[place] ?? ''));
    const search = query === undefined ? '' : `?${new URLSearchParams(query)}`;
    const content = body === undefined ? undefined : JSON.stringify(body);
    const signal = AbortSignal.timeout(patience);
    return checked(await this.line.ask(method.toUpperCase(), address + search, content, signal));
  }
}

interface AnyRequest {
  query?: Record<string, string>;
  path?: Record<string, string>;
  body?: unknown;
  patience?: number;
}

/** An answer, or null where Koban knows nothing of what was asked for. */
async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  return answer.catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  });
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
  const reply = json(answer) as { nonce?: unknown; proof?: unknown } | null;
  const theirs = reply?.nonce;
  if (typeof theirs !== 'string' || reply?.proof !== (await proof(secret, 'pair answer', ...lines, theirs)))
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
