/**
 * The browser's leave to enter marketplaces. For an optional one it is asked for where its user switches the site on, and
 * given back.
 */
import { browser } from 'wxt/browser';
import marketplaces from '../marketplaces.json';
import optional from '../optional-marketplaces.json';

const HOSTS: Readonly<Record<string, readonly string[] | undefined>> = optional;

export interface SiteLeave {
  isGiven(site: string): Promise<boolean>;
  /** To be called within the user's own click. */
  ask(site: string): Promise<boolean>;
  giveBack(site: string): Promise<void>;
}

export const OPTIONAL_SITES: readonly string[] = Object.keys(optional);

export function originsOf(site: string): string[] {
  return (HOSTS[site] ?? []).map((host) => `https://${host}/*`);
}

/** Whether the browser lets the extension into all marketplaces but the optional ones: its user may have taken one out. */
export function entersMarketplaces(): Promise<boolean> {
  return browser.permissions.contains({ origins: marketplaces.map((host) => `https://${host}/*`) });
}

export const siteLeave: SiteLeave = {
  isGiven: (site) => browser.permissions.contains({ origins: originsOf(site) }),
  ask: (site) => browser.permissions.request({ origins: originsOf(site) }),
  // The demo's build has all sites for good, and browsers refuse to take those away.
  giveBack: async (site) => void (await browser.permissions.remove({ origins: originsOf(site) }).catch(() => false)),
};
