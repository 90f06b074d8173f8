import { describe, expect, it } from 'vitest';
import { digest } from '../api/proof';
import { readLink, storageItems } from './stored';

const apiBase = 'http://127.0.0.1:8789';

describe('readLink', () => {
  it('is null where the extension was never paired', async () => {
    expect(await readLink()).toBeNull();
  });

  it('is what was stored', async () => {
    await storageItems.link.setValue({ apiBase, key: 'k' });
    expect(await readLink()).toEqual({ apiBase, key: 'k' });
  });

  it('makes the key of a link with a token, which is kept no longer', async () => {
    await storageItems.link.setValue({ apiBase, token: 't' });
    const renewed = { apiBase, key: await digest('t') };
    expect(await readLink()).toEqual(renewed);
    expect(await storageItems.link.getValue()).toEqual(renewed);
  });

  it('takes a link with neither for none', async () => {
    await storageItems.link.setValue({ apiBase });
    expect(await readLink()).toBeNull();
  });
});
