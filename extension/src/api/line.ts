/** Sends requests to Koban, and verifies that answers are Koban's. */
import { digest, keyName, newNonce, proof } from './proof';

/** The address of Koban, and the key that it and this extension share. The key itself is never sent. */
export interface Link {
  apiBase: string;
  key: string;
}

/**
 * `unreachable`: nothing answers there. `refused`: it answers, and does not know this extension. `stranger`: what
 * answers does not prove to be Koban, so nothing that it says is believed. `failed`: anything else.
 */
export type ApiErrorKind = 'unreachable' | 'refused' | 'stranger' | 'failed';

export class ApiError extends Error {
  constructor(
    readonly kind: ApiErrorKind,
    readonly status: number | null = null,
  ) {
    super(status === null ? kind : `${kind} (${status})`);
  }
}

export interface Answer {
  status: number;
  type: string;
  body: Uint8Array<ArrayBuffer>;
}

/** Whether an event of a stream is Koban's. */
export type ProvesEvent = (number: number, name: string, data: string, eventProof: string | null) => Promise<boolean>;

export interface Line {
  /** A whole answer, whatever its status. Throws ApiError. */
  ask(method: string, path: string, body: string | undefined, signal: AbortSignal): Promise<Answer>;
  /** A stream that stays open. Throws ApiError. */
  open(path: string, signal: AbortSignal): Promise<[ReadableStream<Uint8Array>, ProvesEvent]>;
  /** Something ended: who listens there next may be somebody else, and is to prove itself before anything is said. */
  doubt(): void;
}

export type Send = typeof fetch;

const HEADER = 'Koban-Proof';
/** Validity of a proof: after it, Koban has to prove itself again before anything is sent. */
const FRESH_MS = 1_000;

export const send: Send = (input, init) => fetch(input, init);

/** Fetch as Koban is asked: no cookie, no cache, no way elsewhere. Throws ApiError where nothing answers. */
export async function fetched(
  via: Send,
  address: string,
  method: string,
  headers: Record<string, string>,
  body: string | undefined,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await via(address, {
      method,
      headers: body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      signal,
      ...(body === undefined ? {} : { body }),
    });
  } catch {
    throw new ApiError('unreachable');
  }
}

/** The whole of an answer. Throws ApiError where it breaks off. */
export async function whole(answer: Response): Promise<Answer> {
  try {
    return {
      status: answer.status,
      type: answer.headers.get('Content-Type') ?? '',
      body: new Uint8Array(await answer.arrayBuffer()),
    };
  } catch {
    throw new ApiError('unreachable');
  }
}

/** Parses an answer as JSON; returns null where it is none. */
export function json(answer: Answer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(answer.body));
  } catch {
    return null;
  }
}

export function portOf(apiBase: string): string {
  return new URL(apiBase).port || '80';
}

/**
 * To the Koban that shares a key with this extension: nothing is sent to who has not proven to have it, and nothing
 * believed of them.
 */
export class PairedLine implements Line {
  private start: string | null = null;
  private provenAt = -Infinity;
  private greeting: Promise<string> | null = null;

  constructor(
    private readonly link: Link,
    private readonly via: Send = send,
  ) {}

  async ask(method: string, path: string, body: string | undefined, signal: AbortSignal): Promise<Answer> {
    return this.proven(method, path, body, signal, async (answer, proves) => {
      const body = await whole(answer);
      return [body, await proves(body.body)];
    });
  }

  async open(path: string, signal: AbortSignal): Promise<[ReadableStream<Uint8Array>, ProvesEvent]> {
    const { answer, nonce, start } = await this.proven(
      'GET',
      path,
      undefined,
      signal,
      async (answer, proves, nonce, start) => {
        if (answer.ok) return [{ answer, nonce, start }, await proves('')];
        return [{ answer, nonce, start }, await proves((await whole(answer)).body)];
      },
    );
    if (!answer.ok || answer.body === null) throw new ApiError('failed', answer.status);
    const { key, apiBase } = this.link;
    const proves: ProvesEvent = async (number, name, data, eventProof) => {
      const isProven =
        eventProof === (await proof(key, 'event', portOf(apiBase), start, nonce, number, name, await digest(data)));
      if (isProven) this.provenAt = performance.now();
      return isProven;
    };
    return [answer.body, proves];
  }

  doubt(): void {
    this.start = null;
  }

  /** Have whoever listens there prove to have the key. Throws ApiError where they do not. */
  async greet(signal: AbortSignal): Promise<string> {
    const { apiBase, key } = this.link;
    const nonce = newNonce();
    const request = JSON.stringify({ key: await keyName(key), nonce });
    const answer = await whole(await fetched(this.via, `${apiBase}/v1/greeting`, 'POST', {}, request, signal));
    const reply = json(answer) as { start?: unknown; proof?: unknown } | null;
    const start = reply?.start;
    if (typeof start !== 'string' || reply?.proof !== (await proof(key, 'greeting', portOf(apiBase), nonce, start)))
      throw unproven(answer.status);
    this.provenAt = performance.now();
    this.start = start;
    return start;
  }

  private async proven<T>(
    method: string,
    path: string,
    body: string | undefined,
    signal: AbortSignal,
    readAnswer: (
      answer: Response,
      proves: (body: string | Uint8Array<ArrayBuffer>) => Promise<boolean>,
      nonce: string,
      start: string,
    ) => Promise<[T, boolean]>,
  ): Promise<T> {
    const { apiBase, key } = this.link;
    const port = portOf(apiBase);
    for (const isLast of [false, true]) {
      const start = await this.greeted(signal);
      const nonce = newNonce();
      const of = await digest(body ?? '');
      const requestProof = await proof(key, 'request', port, start, nonce, method, path, of);
      const authorization = `Koban key=${await keyName(key)}, start=${start}, nonce=${nonce}, body=${of}, proof=${requestProof}`;
      try {
        const answer = await fetched(this.via, apiBase + path, method, { Authorization: authorization }, body, signal);
        const proves = async (content: string | Uint8Array<ArrayBuffer>) =>
          answer.headers.get(HEADER) ===
          (await proof(key, 'answer', port, start, nonce, answer.status, await digest(content)));
        const [result, isProven] = await readAnswer(answer, proves, nonce, start);
        if (isProven) {
          this.provenAt = performance.now();
          return result;
        }
        // Koban was restarted: it greets with another nonce.
        if (isLast || answer.status !== 401) throw unproven(answer.status);
        this.start = null;
      } catch (error) {
        this.doubt();
        throw error;
      }
    }
    throw new ApiError('failed');
  }

  /** Koban's nonce, from who has just proven to have the key. */
  private greeted(signal: AbortSignal): Promise<string> {
    if (this.start !== null && performance.now() - this.provenAt < FRESH_MS) return Promise.resolve(this.start);
    this.greeting ??= this.greet(signal).finally(() => {
      this.greeting = null;
    });
    return this.greeting;
  }
}

/** Why an answer without a proof is no answer. */
function unproven(status: number): ApiError {
  if (status === 401 || status === 403) return new ApiError('refused', status);
  // What Koban says before it looks who asks.
  return new ApiError(status === 503 || status === 408 ? 'failed' : 'stranger', status);
}

/**
 * To the Koban that serves this very page, by the token of its session: it is gone with that Koban, and good for the
 * history alone.
 */
export class VisitorLine implements Line {
  constructor(
    private readonly apiBase: string,
    private readonly token: string,
    private readonly via: Send = send,
  ) {}

  async ask(method: string, path: string, body: string | undefined, signal: AbortSignal): Promise<Answer> {
    return whole(
      await fetched(this.via, this.apiBase + path, method, { Authorization: `Bearer ${this.token}` }, body, signal),
    );
  }

  async open(): Promise<[ReadableStream<Uint8Array>, ProvesEvent]> {
    throw new ApiError('refused');
  }

  doubt(): void {
    // Nothing is proven here.
  }
}
