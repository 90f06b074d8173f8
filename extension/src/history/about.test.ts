import { expect, it } from 'vitest';
import { asHash, ofHash } from './about';

it.each([
  { site: 'crowdworks', page: 'https://crowdworks.jp/a?b=1&c=2', rule: 'direct-contract' },
  { site: 'lancers', deal: '7' },
])('test_ux_01 what a report is on comes back from its address: %o', (about) => {
  expect(ofHash(`#${asHash(about)}`)).toEqual(about);
  expect(ofHash('#rule=direct-contract')).toBeNull();
});
