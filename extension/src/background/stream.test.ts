import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KobanApi } from '../api/client';
import type { ApiEvent } from '../api/events';
import { EventStream } from './stream';

const SETTINGS: ApiEvent = { name: 'settings' } as ApiEvent;

/** A Koban whose streams the test opens, feeds and ends. */
class Streams {
  readonly signals: AbortSignal[] = [];
  private readonly waiting: ((event: ApiEvent | null) => void)[] = [];
  refuses = false;

  events = async (signal: AbortSignal) => {
    this.signals.push(signal);
    if (this.refuses) throw new Error('nobody listens');
    return this.read(signal);
  };

  private async *read(signal: AbortSignal): AsyncGenerator<ApiEvent> {
    for (;;) {
      const event = await new Promise<ApiEvent | null>((resolve, reject) => {
        this.waiting.push(resolve);
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
      if (event === null) return;
      yield event;
    }
  }

  say(event: ApiEvent | null): void {
    for (const hear of this.waiting.splice(0)) hear(event);
  }
}

describe('EventStream', () => {
  const listener = { opened: vi.fn(), happened: vi.fn(), broke: vi.fn() };
  let service: Streams;
  let stream: EventStream;
  const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

  beforeEach(() => {
    vi.useFakeTimers();
    for (const mock of Object.values(listener)) mock.mockReset();
    service = new Streams();
    stream = new EventStream(listener);
    stream.open(service as unknown as KobanApi);
  });

  afterEach(() => stream.close());

  it('says that it is open, and hands on what happens', async () => {
    await pass(0);
    service.say(SETTINGS);
    await pass(0);
    expect(listener.opened).toHaveBeenCalledOnce();
    expect(listener.happened).toHaveBeenCalledExactlyOnceWith(SETTINGS);
    expect([stream.isOpen, listener.broke.mock.calls]).toEqual([true, []]);
  });

  it('opens a stream that ended again, after a second', async () => {
    await pass(0);
    service.say(null);
    await pass(999);
    expect([listener.broke.mock.calls.length, service.signals.length]).toEqual([1, 1]);
    await pass(1);
    expect([listener.opened.mock.calls.length, service.signals.length]).toEqual([2, 2]);
  });

  it('waits twice as long after each attempt in vain, half a minute at most, and a second again once it was open', async () => {
    service.refuses = true;
    stream.open(service as unknown as KobanApi);
    await pass(0);
    for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
      const attempts = service.signals.length;
      await pass(seconds * 1000 - 1);
      expect(service.signals).toHaveLength(attempts);
      await pass(1);
      expect(service.signals).toHaveLength(attempts + 1);
    }
    service.refuses = false;
    await pass(30_000);
    expect(listener.opened, 'before all attempts in vain, and now').toHaveBeenCalledTimes(2);
    service.say(null);
    const attempts = service.signals.length;
    await pass(1000);
    expect(service.signals).toHaveLength(attempts + 1);
  });

  it('takes a line that is silent for longer than three pings for dead', async () => {
    await pass(49_000);
    service.say(SETTINGS);
    await pass(49_999);
    expect(listener.broke).not.toHaveBeenCalled();
    await pass(1);
    expect(listener.broke).toHaveBeenCalledOnce();
    expect(service.signals[0]?.aborted).toBe(true);
  });

  it('says nothing of a stream that was closed or left for another, not even that it is open', async () => {
    await pass(0);
    stream.open(service as unknown as KobanApi);
    stream.open(service as unknown as KobanApi);
    await pass(0);
    expect(service.signals.map((signal) => signal.aborted)).toEqual([true, true, false]);
    expect(listener.opened).toHaveBeenCalledTimes(2);
    stream.close();
    await pass(60_000);
    expect([stream.isOpen, service.signals.length, listener.broke.mock.calls]).toEqual([false, 3, []]);
  });
});
