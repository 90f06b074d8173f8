/** Keeps one stream of events open for as long as somebody looks, and opens it again where it breaks. */
import type { KobanApi } from '../api/client';
import type { ApiEvent } from '../api/events';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** Koban pings every 15 seconds; after three missed ones the line is dead. */
const SILENCE_MS = 50_000;

export interface Listener {
  /** The stream is open: whatever happened before was missed. */
  opened(): void;
  happened(event: ApiEvent): void;
  broke(error: unknown): void;
}

export class EventStream {
  private abort: AbortController | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private wait = FIRST_WAIT_MS;

  constructor(private readonly listener: Listener) {}

  /** Listen to `api`; a stream that was open is left. */
  open(api: KobanApi): void {
    this.close();
    this.wait = FIRST_WAIT_MS;
    const abort = new AbortController();
    this.abort = abort;
    void this.run(api, abort);
  }

  get isOpen(): boolean {
    return this.abort !== null;
  }

  close(): void {
    this.abort?.abort();
    this.abort = null;
    clearTimeout(this.retry);
  }

  private async run(api: KobanApi, abort: AbortController): Promise<void> {
    let silence: ReturnType<typeof setTimeout> | undefined;
    const watch = new AbortController();
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(() => watch.abort(), SILENCE_MS);
    };
    try {
      listen();
      const events = await api.events(AbortSignal.any([abort.signal, watch.signal]));
      if (abort.signal.aborted) return;
      this.wait = FIRST_WAIT_MS;
      this.listener.opened();
      for await (const event of events) {
        if (abort.signal.aborted) return;
        listen();
        this.listener.happened(event);
      }
      throw new Error('the stream ended');
    } catch (error) {
      if (abort.signal.aborted) return;
      this.listener.broke(error);
      this.retry = setTimeout(() => void this.run(api, abort), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
    } finally {
      clearTimeout(silence);
    }
  }
}
