import { describe, expect, it } from 'vitest';
import { finding, pageVerdict } from '../testing/values';
import { type Folded, Folds } from './folds';

const CLIENT = { id: '52', name: null };
const found = (quote: string) => finding({ evidence: [{ field: 'message.body', quote, marked: [] }] });

describe('Folds', () => {
  const start = (kept: Folded = {}) => {
    const written: Folded[] = [];
    return { folds: new Folds(kept, (each) => written.push(each)), written };
  };

  it('stays folded for a client, on other pages too, until something new is found', () => {
    const { folds, written } = start();
    const page = pageVerdict({ findings: [found('a')], client: CLIENT });
    expect(folds.isFolded(page)).toBe(false);
    folds.fold(page, true);
    expect(folds.isFolded({ ...page, url: 'https://crowdworks.jp/public/jobs/7' })).toBe(true);
    expect(folds.isFolded(pageVerdict({ findings: [found('a'), found('b')], client: CLIENT }))).toBe(false);
    expect(folds.isFolded(pageVerdict({ findings: [found('a')], client: { id: '53', name: null } }))).toBe(false);
    expect(start(written[0]).folds.isFolded(page)).toBe(true);
    folds.fold(page, false);
    expect(folds.isFolded(page)).toBe(false);
    expect(written[1]).toEqual({});
  });

  it('goes by the address where no client is shown, and keeps nothing of the page’s words', () => {
    const { folds, written } = start();
    const page = pageVerdict({ findings: [found('ひみつの文')] });
    folds.fold(page, true);
    expect(folds.isFolded(page)).toBe(true);
    expect(folds.isFolded({ ...page, url: 'https://crowdworks.jp/contracts/2' })).toBe(false);
    expect(JSON.stringify(written)).not.toMatch(/ひみつ|crowdworks/);
  });

  it('forgets the oldest first', () => {
    const { folds, written } = start();
    for (let id = 0; id < 510; id += 1)
      folds.fold(pageVerdict({ findings: [found('a')], client: { id: `c${id}`, name: null } }), true);
    const kept = Object.keys(written.at(-1) ?? {});
    expect(kept).toHaveLength(500);
    expect(kept).toContain('crowdworks:c509');
    expect(kept).not.toContain('crowdworks:c0');
  });

  it('does not fold what is empty', () => {
    const { folds } = start();
    expect(folds.isFolded(pageVerdict())).toBe(false);
    expect(folds.isFolded(null)).toBe(false);
  });
});
