/**
 * Pairing: the page that Koban opened hands over a one-time code, and the extension and Koban come to share a key by
 * it.
 */
import { browser } from 'wxt/browser';
import { ApiError, askForNumber, type Code, type Link, PairedLine, pair } from '../api/client';
import type { NumberResult, OfferedLink, PairMessage, PairResult } from '../messages';
import { type Offer, readLink, storageItems } from './stored';

const PATIENCE_MS = 5_000;
/** A code is good for ten minutes. */
const OFFER_LIFE_MS = 10 * 60_000;
/**
 * Pages that ask at once: whoever leads the browser to pairing pages again and again is not asked about without end.
 */
const MOST_OFFERS = 3;

/**
 * Pair by the code of a link. `sender` is the address that the browser says the message came from: only the pairing
 * page of a service on this machine may name itself as Koban. Whoever can lead the browser to an address can lead it to
 * their own pairing page, with a code of their own: so a link that exists is replaced without a question only where the
 * other side proves to be the Koban that it is to. `ask` opens the page that asks otherwise.
 */
export async function pairWith(
  message: PairMessage,
  sender: string,
  use: (link: Link) => void,
  ask: (id: string) => void,
): Promise<PairResult> {
  const from = URL.canParse(sender) ? new URL(sender) : null;
  if (from === null || from.protocol !== 'http:' || from.hostname !== '127.0.0.1') return 'failed';
  if (from.pathname !== '/pair' || message.apiBase !== from.origin) return 'failed';
  const link = await readLink();
  if (link === null || (await isSame(link, message.apiBase)))
    return exchange(message.apiBase, { by: 'link', code: message.code }, use);
  const id = await offered(message);
  if (id !== null) ask(id);
  return 'asked';
}

/** Whether the Koban that a link is to listens at an address: who does has the link's key. */
async function isSame({ key }: Link, apiBase: string): Promise<boolean> {
  const line = new PairedLine({ apiBase, key });
  return line.greet(AbortSignal.timeout(PATIENCE_MS)).then(
    () => true,
    () => false,
  );
}

async function open(): Promise<Record<string, Offer>> {
  const now = Date.now();
  return Object.fromEntries(
    Object.entries(await storageItems.offers.getValue()).filter(([, { at }]) => now - at < OFFER_LIFE_MS),
  );
}

async function offered({ apiBase, code }: PairMessage): Promise<string | null> {
  const offers = await open();
  if (Object.keys(offers).length >= MOST_OFFERS) return null;
  const id = crypto.randomUUID();
  await storageItems.offers.setValue({ ...offers, [id]: { apiBase, code, at: Date.now() } });
  return id;
}

/** The ports of an offered link; null where the offer is too old. */
export async function offer(id: string): Promise<OfferedLink | null> {
  const { [id]: pending } = await open();
  const link = await readLink();
  return pending === undefined || link === null
    ? null
    : { from: new URL(link.apiBase).port, to: new URL(pending.apiBase).port };
}

/** The user wants the link replaced. */
export async function replace(id: string, use: (link: Link) => void): Promise<PairResult> {
  const { [id]: pending, ...others } = await open();
  await storageItems.offers.setValue(others);
  return pending === undefined ? 'used' : exchange(pending.apiBase, { by: 'link', code: pending.code }, use);
}

/** Have Koban show its user a number, where it was last. */
export async function showNumber(): Promise<NumberResult> {
  try {
    await askForNumber(await storageItems.base.getValue());
    return 'shown';
  } catch (error) {
    if (error instanceof ApiError && error.status === 429) return 'too-often';
    return error instanceof ApiError && error.kind === 'unreachable' ? 'unreachable' : 'failed';
  }
}

/** Pair by the number that the user was shown. */
export async function pairByNumber(number: string, use: (link: Link) => void): Promise<PairResult> {
  return exchange(await storageItems.base.getValue(), { by: 'number', code: number }, use);
}

async function exchange(apiBase: string, code: Code, use: (link: Link) => void): Promise<PairResult> {
  try {
    const link = await pair(apiBase, code, browser.runtime.getURL('/').replace(/\/$/, ''));
    await storageItems.link.setValue(link);
    await storageItems.base.setValue(apiBase);
    use(link);
    return 'paired';
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind === 'failed') return 'failed';
    return error.kind === 'refused' ? 'used' : error.kind;
  }
}
