import { describe, expect, it, vi } from 'vitest';
import type { Removal } from '../messages';
import type { PageView } from './page';
import { Removals } from './removals';

const view = (url = 'https://crowdworks.jp/contracts/1'): PageView => ({ tabId: 1, url, since: 0, show: vi.fn() });
const removal = (over: Partial<Removal> = {}): Removal => ({
  key: 'wrongGone',
  rule: 'direct-contract',
  title: { ja: '直接契約の誘いです', en: 'Offered a contract outside the site' },
  undo: { wrong: { 'direct-contract@crowdworks@1': null } },
  ...over,
});

describe('Removals', () => {
  it('tells a page what was taken away, and no setting', () => {
    const [removals, page] = [new Removals(), view()];
    removals.set(page, removal(), null);
    expect(removals.of(page)).toEqual({ key: 'wrongGone', title: removal().title });
    expect(removals.of(view())).toBeNull();
    removals.take(page);
    expect(removals.of(page)).toBeNull();
  });

  it('brings back once, with what was taught of it', () => {
    const [removals, page] = [new Removals(), view()];
    const withdraw = vi.fn(async () => undefined);
    removals.set(page, removal(), withdraw);
    expect(removals.take(page)).toEqual({ url: page.url, removal: removal(), withdraw });
    expect(removals.take(page)).toBeNull();
  });

  it('keeps what was taught when the client is muted too, and not when another warning is taken away', () => {
    const [removals, page] = [new Removals(), view()];
    const withdraw = vi.fn(async () => undefined);
    removals.set(page, removal(), withdraw);
    removals.set(page, removal({ undo: { clients: { a: { muted: null } } } }), null);
    expect(removals.take(page)?.withdraw).toBe(withdraw);
    removals.set(page, removal(), withdraw);
    removals.set(page, removal({ rule: 'other' }), null);
    expect(removals.take(page)?.withdraw).toBeNull();
  });

  it('takes back what could not be undone, but not over what was taken away since', () => {
    const [removals, page] = [new Removals(), view()];
    removals.set(page, removal(), null);
    const entry = removals.take(page);
    if (entry === null) throw new Error('nothing was taken away');
    removals.putBack(page, entry);
    expect(removals.of(page)).not.toBeNull();
    removals.set(page, removal({ key: 'ruleGone' }), null);
    removals.putBack(page, entry);
    expect(removals.of(page)?.key).toBe('ruleGone');
  });

  it('holds for the page alone: not where it became another, but where only the fragment changed', () => {
    const [removals, page] = [new Removals(), view()];
    removals.set(page, removal(), null);
    page.url += '#message';
    expect(removals.of(page)).not.toBeNull();
    page.url = 'https://crowdworks.jp/contracts/2';
    expect(removals.of(page)).toBeNull();
    expect(removals.take(page)).toBeNull();
  });
});
