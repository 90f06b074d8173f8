import { expect, it } from 'vitest';
import { OPTIONAL_SITES, originsOf } from './site-leave';

it('knows the origins of optional sites alone', () => {
  expect(OPTIONAL_SITES).toContain('upwork');
  expect(originsOf('upwork')).toContain('https://www.upwork.com/*');
  expect(originsOf('crowdworks')).toEqual([]);
});
