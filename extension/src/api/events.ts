/** Server-sent events read from a streaming fetch: `EventSource` cannot prove who asks. */
import { ApiError, type ProvesEvent } from './line';
import type { PageVerdict, Settings } from './types';

export type ApiEvent = { name: 'verdict'; data: PageVerdict } | { name: 'settings'; data: Settings } | { name: 'ping' };

/**
 * The events of a stream, as they come. Comment lines are pings: they say that the line is alive. Unknown events
 * and broken data are passed over; one that is not proven to be Koban's is an ApiError.
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream)
 */
export async function* readEvents(stream: ReadableStream<Uint8Array>, proves: ProvesEvent): AsyncGenerator<ApiEvent> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let name = '';
  let data: string[] = [];
  let eventProof: string | null = null;
  let number = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith(':')) yield { name: 'ping' };
        else if (line.startsWith('event:')) name = line.slice(6).trim();
        else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
        else if (line.startsWith('proof:')) eventProof = line.slice(6).trim();
        else if (line === '' && (name !== '' || data.length > 0)) {
          const text = data.join('\n');
          if (!(await proves(number, name, text, eventProof))) throw new ApiError('stranger');
          number += 1;
          const event = eventOf(name, text);
          if (event !== null) yield event;
          name = '';
          data = [];
          eventProof = null;
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function eventOf(name: string, data: string): ApiEvent | null {
  if (name !== 'verdict' && name !== 'settings') return null;
  try {
    return { name, data: JSON.parse(data) } as ApiEvent;
  } catch {
    return null;
  }
}
