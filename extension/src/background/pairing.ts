/** Pairing: the page that Koban opened hands over a one-time code, and Koban a token for it. */
import { ApiError, type Link, askForNumber, pair } from '../api/client';
import type { NumberResult, PairMessage, PairResult } from '../messages';
import { read, write } from './stored';

/**
 * Exchange the code and keep the link. `sender` is the address that the browser says the message came from: only the
 * pairing page of a service on this machine may name itself as Koban. A failed try leaves an older link as it was.
 */
export async function pairWith(message: PairMessage, sender: string, use: (link: Link) => void): Promise<PairResult> {
  const from = URL.canParse(sender) ? new URL(sender) : null;
  if (from === null || from.protocol !== 'http:' || from.hostname !== '127.0.0.1') return 'failed';
  if (from.pathname !== '/pair' || message.apiBase !== from.origin) return 'failed';
  return exchange(message.apiBase, message.code, use);
}

/** Have Koban show its user a number, where it was last. */
export async function showNumber(): Promise<NumberResult> {
  try {
    await askForNumber(await read('base'));
    return 'shown';
  } catch (error) {
    if (error instanceof ApiError && error.status === 429) return 'too-often';
    return error instanceof ApiError && error.kind === 'unreachable' ? 'unreachable' : 'failed';
  }
}

/** Exchange the number that the user was shown. */
export async function pairByNumber(number: string, use: (link: Link) => void): Promise<PairResult> {
  return exchange(await read('base'), number, use);
}

async function exchange(apiBase: string, code: string, use: (link: Link) => void): Promise<PairResult> {
  try {
    const link = await pair(apiBase, code);
    await write('link', link);
    await write('base', apiBase);
    use(link);
    return 'paired';
  } catch (error) {
    if (error instanceof ApiError && error.kind === 'refused') return 'used';
    return error instanceof ApiError && error.kind === 'unreachable' ? 'unreachable' : 'failed';
  }
}
