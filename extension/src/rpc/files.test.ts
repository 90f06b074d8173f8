import { describe, expect, it } from 'vitest';
import { FileStore, readFile } from './files';

describe('test_house_f13 files between background and page', () => {
  it('arrive whole, whatever their size', async () => {
    const store = new FileStore();
    for (const size of [0, 5, 0x8000, 6 * 1024 * 1024 + 3]) {
      const bytes = Uint8Array.from({ length: size }, (_, place) => (place * 7) % 256);
      const handle = store.hold(new Blob([bytes], { type: 'application/zip' }));
      const file = await readFile(handle, (id, part) => store.part(id, part));
      expect(file?.type).toBe('application/zip');
      expect(file?.size).toBe(size);
      const read = new Uint8Array((await file?.arrayBuffer()) ?? new ArrayBuffer());
      expect(read.every((byte, place) => byte === bytes[place])).toBe(true);
    }
  });

  it('are held once, and one at a time', async () => {
    const store = new FileStore();
    const first = store.hold(new Blob(['one']));
    expect(await readFile(first, (id, part) => store.part(id, part))).not.toBeNull();
    expect(await store.part(first.id, 0)).toBeNull();
    const second = store.hold(new Blob(['two']));
    store.hold(new Blob(['three']));
    expect(await readFile(second, (id, part) => store.part(id, part))).toBeNull();
    expect(await readFile(null, async () => '')).toBeNull();
  });
});
