import { expect, it } from 'vitest';
import { programFolder } from './program-folder';

it.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36', '.venv\\Scripts\\'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', '.venv/bin/'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36', '.venv/bin/'],
])('%s: %s', (userAgent, folder) => {
  expect(programFolder(userAgent)).toBe(folder);
});
