/** Findings that the user has read and folded: they stay folded for that client until something new is found. */
import type { Finding, PageVerdict } from '../api/types';
import { clientKey } from './pagesettings';

/** By client, or by address where a page shows none: marks of the findings that were there when it was folded. */
export type Folded = Record<string, string[]>;

const MOST = 500;

export class Folds {
  constructor(
    private marksByPage: Folded,
    private readonly store: (folded: Folded) => void,
  ) {}

  /** Whether all that is found on a page was there already when its banner was folded. */
  isFolded(page: PageVerdict | null): boolean {
    if (page === null) return false;
    const readMarks = new Set(this.marksByPage[keyOf(page)]);
    const { findings } = page.verdict;
    return findings.length > 0 && findings.every((finding) => readMarks.has(markOf(finding)));
  }

  fold(page: PageVerdict, isFolded: boolean): void {
    const key = keyOf(page);
    const { [key]: readMarks = [], ...others } = this.marksByPage;
    const marks = page.verdict.findings.map(markOf);
    const now = isFolded ? [...new Set([...readMarks, ...marks])] : readMarks.filter((mark) => !marks.includes(mark));
    // The newest last, so that the oldest go first.
    const all = Object.entries({ ...others, ...(now.length > 0 ? { [key]: now } : {}) });
    this.marksByPage = Object.fromEntries(all.slice(-MOST));
    this.store(this.marksByPage);
  }
}

function keyOf({ url, verdict }: PageVerdict): string {
  return clientKey(verdict) ?? mark(url);
}

function markOf({ rule, evidence }: Finding): string {
  return mark(JSON.stringify([rule, evidence.map(({ field, quote }) => [field, quote])]));
}

/**
 * A short mark of a text, from which the text is not to be had again (FNV-1a,
 * http://www.isthe.com/chongo/tech/comp/fnv/).
 */
function mark(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(36);
}
