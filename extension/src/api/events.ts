/** Server-sent events read from a streaming fetch: `EventSource` cannot send a token. */
import type { PageVerdict, Settings } from './types';

export type ApiEvent = { name: 'verdict'; data: PageVerdict } | { name: 'settings'; data: Settings } | { name: 'ping' };

/**
 * The events of a stream, as they come. Comment lines are pings: they say that the line is alive. Unknown events
 * and broken data are passed over. (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream)
 */
export async function* readEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<ApiEvent> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let name = '';
  let data: string[] = [];
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
        else if (line === '') {
          const event = eventOf(name, data.join('\n'));
          if (event !== null) yield event;
          name = '';
          data = [];
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
