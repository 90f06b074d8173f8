/** Pairing: the page that Koban opened hands over a one-time code, and Koban a token for it. */
import { ApiError, type Link, pair } from '../api/client';
import type { PairMessage, PairResult } from '../messages';
import { write } from './stored';

/**
 * Exchange the code and keep the link. `sender` is the address that the browser says the message came from: only the
 * pairing page of a service on this machine may name itself as Koban. A failed try leaves an older link as it was.
 */
export async function pairWith(message: PairMessage, sender: string, use: (link: Link) => void): Promise<PairResult> {
  const from = URL.canParse(sender) ? new URL(sender) : null;
  if (from === null || from.protocol !== 'http:' || from.hostname !== '127.0.0.1') return 'failed';
  if (from.pathname !== '/pair' || message.apiBase !== from.origin) return 'failed';
  try {
    const link = await pair(message.apiBase, message.code);
    await write('link', link);
    use(link);
    return 'paired';
  } catch (error) {
    if (error instanceof ApiError && error.kind === 'refused') return 'used';
    return error instanceof ApiError && error.kind === 'unreachable' ? 'unreachable' : 'failed';
  }
}
