/** What outlives the background, which the browser may end at any time. Content scripts cannot read it. */
import { browser } from 'wxt/browser';
import type { Link } from '../api/client';
import type { LanguageChoice } from '../words/words';
import type { Folded } from './folds';

interface Stored {
  link: Link | null;
  language: LanguageChoice;
  /** Where Koban was last, for an extension that is not paired (any more). */
  base: string;
  /** The first-run page was shown. */
  welcomed: boolean;
  folded: Folded;
  /** The day on which a notice of what is due was shown last. */
  told: string;
}

const DEFAULTS: Stored = { link: null, language: 'auto', base: 'http://127.0.0.1:8789', welcomed: false, folded: {}, told: '' };

export async function read<K extends keyof Stored>(key: K): Promise<Stored[K]> {
  const found = await browser.storage.local.get(key);
  return (found[key] as Stored[K] | undefined) ?? DEFAULTS[key];
}

export async function write<K extends keyof Stored>(key: K, value: Stored[K]): Promise<void> {
  await browser.storage.local.set({ [key]: value });
}

/** Keep the token from the renderers of web pages, where the browser can (Chromium). */
export async function closeToContentScripts(): Promise<void> {
  await browser.storage.local.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' }).catch(() => undefined);
}
