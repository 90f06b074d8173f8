/** What outlives the background, which the browser may end at any time. Content scripts cannot read it. */
import { browser } from 'wxt/browser';
import type { Link } from '../api/client';
import { digest } from '../api/proof';
import type { LanguageChoice } from '../i18n/words';
import type { Folded } from './folds';

interface Stored {
  link: Link | null;
  language: LanguageChoice;
  /** Where Koban was last, for an extension that is not paired (any more). */
  base: string;
  /** The first-run page was shown. */
  welcomed: boolean;
  folded: Folded;
  /** Hosts of the marketplaces that were opened, the last first. */
  used: string[];
  /** This browser is the window that `koban start` opens. */
  window: boolean;
  /** The day on which a notice of what is due was shown last. */
  told: string;
}

const DEFAULTS: Stored = {
  link: null,
  language: 'auto',
  base: 'http://127.0.0.1:8789',
  welcomed: false,
  used: [],
  window: false,
  folded: {},
  told: '',
};

export async function read<K extends keyof Stored>(key: K): Promise<Stored[K]> {
  const found = await browser.storage.local.get(key);
  return (found[key] as Stored[K] | undefined) ?? DEFAULTS[key];
}

export async function write<K extends keyof Stored>(key: K, value: Stored[K]): Promise<void> {
  await browser.storage.local.set({ [key]: value });
}

/**
 * The link, null where the extension was never paired. One of before has a token, of which Koban knows the SHA-256:
 * that is the key from now on.
 */
export async function readLink(): Promise<Link | null> {
  const link: (Partial<Link> & { apiBase: string; token?: unknown }) | null = await read('link');
  if (link === null) return null;
  if (link.key !== undefined) return { apiBase: link.apiBase, key: link.key };
  if (typeof link.token !== 'string') return null;
  const renewed = { apiBase: link.apiBase, key: await digest(link.token) };
  await write('link', renewed);
  return renewed;
}

/** A pairing link that was opened while the extension was linked to another Koban, as far as it could be seen. */
export interface Offer {
  apiBase: string;
  code: string;
  at: number;
}

/** The offers that are asked about, by what their page is told: gone with the browser, and out of content scripts' reach. */
export async function readOffers(): Promise<Record<string, Offer>> {
  const { offers } = await browser.storage.session.get('offers');
  return (offers as Record<string, Offer> | undefined) ?? {};
}

export async function writeOffers(offers: Record<string, Offer>): Promise<void> {
  await browser.storage.session.set({ offers });
}

/** Keep the key from the renderers of web pages, where the browser can (Chromium). */
export async function closeToContentScripts(): Promise<void> {
  await browser.storage.local.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' }).catch(() => undefined);
}
