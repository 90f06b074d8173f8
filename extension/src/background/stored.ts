/** Stored values, which outlive the background. Content scripts cannot read them. */
import { browser } from 'wxt/browser';
import { storage } from 'wxt/utils/storage';
import type { Link } from '../api/client';
import { digest } from '../api/proof';
import type { LanguageChoice } from '../i18n/languages';
import type { Folded } from './folds';

/** Each value by its name, with what it is before it was ever stored. */
export const storageItems = {
  link: storage.defineItem<(Link & { token?: never }) | OldLink | null>('local:link', { fallback: null }),
  language: storage.defineItem<LanguageChoice>('local:language', { fallback: 'auto' }),
  /** Koban's last address, for an extension that is not paired (any more). */
  base: storage.defineItem<string>('local:base', { fallback: 'http://127.0.0.1:8789' }),
  /** The first-run page was shown. */
  welcomed: storage.defineItem<boolean>('local:welcomed', { fallback: false }),
  folded: storage.defineItem<Folded>('local:folded', { fallback: {} }),
  /** Hosts of the marketplaces that were opened, the last first. */
  used: storage.defineItem<string[]>('local:used', { fallback: [] }),
  /** This browser is the window that `koban start` opens. */
  window: storage.defineItem<boolean>('local:window', { fallback: false }),
  /** The tab in which the first-run page was opened: gone with the browser. */
  start: storage.defineItem<number | null>('session:start', { fallback: null }),
  /** The day on which a notice of due dates was shown last. */
  lastNoticeDay: storage.defineItem<string>('local:told', { fallback: '' }),
  /** The offers that are asked about, by what their page is told: gone with the browser. */
  offers: storage.defineItem<Record<string, Offer>>('session:offers', { fallback: {} }),
};

/** A link as it was stored before keys: with a token, of which Koban knows the SHA-256. */
interface OldLink {
  apiBase: string;
  key?: never;
  token?: unknown;
}

/** The link, null where the extension was never paired. The SHA-256 of an old link's token is the key from now on. */
export async function readLink(): Promise<Link | null> {
  const link = await storageItems.link.getValue();
  if (link === null) return null;
  if (link.key !== undefined) return { apiBase: link.apiBase, key: link.key };
  if (typeof link.token !== 'string') return null;
  const newLink = { apiBase: link.apiBase, key: await digest(link.token) };
  await storageItems.link.setValue(newLink);
  return newLink;
}

/** A pairing link that was opened while the extension was linked to another Koban, as far as it could be seen. */
export interface Offer {
  apiBase: string;
  code: string;
  at: number;
}

/** Keep the key from the renderers of web pages, where the browser can (Chromium). */
export async function closeToContentScripts(): Promise<void> {
  await browser.storage.local.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' }).catch(() => undefined);
}
