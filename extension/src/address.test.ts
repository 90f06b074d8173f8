import { describe, expect, it } from 'vitest';
import { withoutFragment } from './address';

describe('withoutFragment', () => {
  it('keeps all but the fragment', () => {
    expect(withoutFragment('https://crowdworks.jp/a?b=c#d#e')).toBe('https://crowdworks.jp/a?b=c');
    expect(withoutFragment('https://crowdworks.jp/')).toBe('https://crowdworks.jp/');
  });
});
