/** The marketplaces on the start page: the one used last first. */
import type { SiteStatus } from '../api/types';

const MOST = 12;

/** Hosts with one put first, each once. */
export function lastFirst(used: readonly string[], host: string): string[] {
  return [host, ...used.filter((each) => each !== host)].slice(0, MOST);
}

/** Sites by when they were used last; those that never were, as Koban has them. */
export function byUse(sites: readonly SiteStatus[], used: readonly string[]): SiteStatus[] {
  const place = (site: SiteStatus) => {
    const places = site.hosts.map((host) => used.indexOf(host)).filter((number) => number >= 0);
    return places.length === 0 ? used.length : Math.min(...places);
  };
  return [...sites].sort((one, other) => place(one) - place(other));
}

/** The start page of a site: at the host that people know it by, not at one of an API. */
export function homeOf(site: SiteStatus): string {
  const host =
    site.hosts.find((each) => each.startsWith('www.')) ??
    site.hosts.find((each) => each.startsWith('app.')) ??
    site.hosts[0] ??
    '';
  return `https://${host}/`;
}
