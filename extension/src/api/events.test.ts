import { describe, expect, it } from 'vitest';
import { pageVerdict } from '../testing/values';
import { type ApiEvent, readEvents } from './events';

async function read(...chunks: (string | Uint8Array)[]): Promise<ApiEvent[]> {
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : chunk);
      controller.close();
    },
  });
  const events: ApiEvent[] = [];
  for await (const event of readEvents(stream, async () => true)) events.push(event);
  return events;
}

describe('readEvents', () => {
  const data = pageVerdict({ client: { id: '1', name: '名前' } });
  const text = `event: verdict\ndata: ${JSON.stringify(data)}\n\n`;

  it('reads verdicts, settings and pings in order', async () => {
    const settings = { schema_version: 1, rules: {}, sites: {} };
    expect(await read(': connected\n\n', text, `event: settings\ndata: ${JSON.stringify(settings)}\n\n`)).toEqual([
      { name: 'ping' },
      { name: 'verdict', data },
      { name: 'settings', data: settings },
    ]);
  });

  it('reads the same whatever the pieces it comes in, also within a character', async () => {
    for (const ending of ['\n', '\r\n', '\r']) {
      const bytes = new TextEncoder().encode(`${text.replaceAll('\n', ending)}:${ending}`);
      for (const size of [1, 2, 7, bytes.length]) {
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
          bytes.slice(n * size, (n + 1) * size),
        );
        expect(await read(...chunks)).toContainEqual({ name: 'verdict', data });
      }
    }
  });

  it('joins several data lines', async () => {
    const [first, rest] = [JSON.stringify(data).slice(0, -1), '}'];
    expect(await read(`event: verdict\ndata: ${first}\ndata: ${rest}\n\n`)).toEqual([{ name: 'verdict', data }]);
  });

  it('passes over unknown events, broken data and an event without its end', async () => {
    expect(
      await read('event: other\ndata: {}\n\n', 'event: verdict\ndata: {"url\n\n', 'event: verdict\ndata: {}\n'),
    ).toEqual([]);
  });

  it('attack 06: ends where an event is not proven, and counts them', async () => {
    const said: unknown[] = [];
    const stream = new Blob([`proof: one\n${text}${text}`]).stream();
    const events = readEvents(stream, async (number, name, _, proof) => {
      said.push([number, name, proof]);
      return proof === 'one';
    });
    expect((await events.next()).value).toEqual({ name: 'verdict', data });
    await expect(events.next()).rejects.toMatchObject({ kind: 'stranger' });
    expect(said).toEqual([
      [0, 'verdict', 'one'],
      [1, 'verdict', null],
    ]);
  });
});
