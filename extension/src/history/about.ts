/** The subject of a report, in the address of the page that prepares it. */
import type { ReportRequest } from '../api/types';

const PARTS = ['site', 'page', 'rule', 'deal', 'client', 'finding'] as const;

export function asHash(about: ReportRequest): string {
  const parts = PARTS.flatMap((part) => (about[part] == null ? [] : [[part, about[part]]]));
  return new URLSearchParams(parts).toString();
}

/** null where the address names no site. */
export function ofHash(hash: string): ReportRequest | null {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const site = parameters.get('site');
  if (site === null) return null;
  return {
    site,
    ...Object.fromEntries(PARTS.filter((part) => parameters.has(part)).map((part) => [part, parameters.get(part)])),
  };
}
