/** The marketplaces on the start page: the one used last first. */
import type { SiteStatus } from '../api/types';
import first from './sites.generated.json';

const MOST = 12;

/** What the start page shows of a marketplace. */
export type StartSite = Pick<SiteStatus, 'name' | 'hosts'>;

/** The marketplaces that are on from the first start, for as long as Koban has not said which are. */
export const FIRST_SITES: readonly StartSite[] = first;

/** Hosts with one put first, each once. */
export function lastFirst(used: readonly string[], host: string): string[] {
  return [host, ...used.filter((each) => each !== host)].slice(0, MOST);
}

/** Sites by when they were used last; those that never were, as Koban has them. */
export function byUse(sites: readonly StartSite[], used: readonly string[]): StartSite[] {
  const place = (site: StartSite) => {
    const places = site.hosts.map((host) => used.indexOf(host)).filter((number) => number >= 0);
    return places.length === 0 ? used.length : Math.min(...places);
  };
  return [...sites].sort((one, other) => place(one) - place(other));
}

/** The start page of a site: at the host that people know it by, not at one of an API. */
export function homeOf(site: StartSite): string {
  const host =
    site.hosts.find((each) => each.startsWith('www.')) ??
    site.hosts.find((each) => each.startsWith('app.')) ??
    site.hosts[0] ??
    '';
  return `https://${host}/`;
}
