import { expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { entersMarketplaces, OPTIONAL_SITES, originsOf } from './site-leave';

it('knows the origins of optional sites alone', () => {
  expect(OPTIONAL_SITES).toContain('upwork');
  expect(originsOf('upwork')).toContain('https://www.upwork.com/*');
  expect(originsOf('crowdworks')).toEqual([]);
});

it('test_speed_1 asks for the leave of all marketplaces that are read from the start', async () => {
  const contains = vi.fn(async (_: { origins: string[] }) => true);
  Object.assign(browser, { permissions: { contains } });
  expect(await entersMarketplaces()).toBe(true);
  const { origins } = contains.mock.calls[0]![0];
  expect(origins).toContain('https://crowdworks.jp/*');
  expect(origins).not.toContain('https://www.upwork.com/*');
});
