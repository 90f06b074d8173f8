/** The browser's leave to enter an optional marketplace: asked for where its user switches the site on, and given back. */
import { browser } from 'wxt/browser';
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

export const siteLeave: SiteLeave = {
  isGiven: (site) => browser.permissions.contains({ origins: originsOf(site) }),
  ask: (site) => browser.permissions.request({ origins: originsOf(site) }),
  // The demo's build has all sites for good, and browsers refuse to take those away.
  giveBack: async (site) => void (await browser.permissions.remove({ origins: originsOf(site) }).catch(() => false)),
};
