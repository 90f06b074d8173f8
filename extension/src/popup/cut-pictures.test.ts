import { describe, expect, it, vi } from 'vitest';
import { cutPictures, unmoved } from './cut-pictures';

const place = (left: number, top: number, width: number, height: number) => ({ left, top, width, height });

/** A picture of a tab, 200 by 100, and a canvas whose file says what was drawn on it. */
function browser() {
  const close = vi.fn();
  vi.stubGlobal('createImageBitmap', async () => ({ width: 200, height: 100, close }));
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      drawn = '';
      constructor(
        readonly width: number,
        readonly height: number,
      ) {}
      getContext = () => ({
        drawImage: (_: unknown, x: number, y: number) => {
          this.drawn = `${this.width}x${this.height} at ${x} ${y}`;
        },
      });
      convertToBlob = async () => new Blob([this.drawn]);
    },
  );
  return close;
}

describe('cutPictures', () => {
  it('cuts each picture out of the tab, and nothing beyond the tab', async () => {
    const close = browser();
    const cut = await cutPictures(new Blob(['png']), [
      { url: 'a', ...place(0.5, 0.1, 0.25, 0.5) },
      { url: 'b', ...place(0.9, 0.9, 0.5, 0.5) },
      { url: 'c', ...place(1.2, 0, 0.1, 0.1) },
    ]);
    expect([...cut].map(([url, data]) => [url, atob(data)])).toEqual([
      ['a', '50x50 at -100 -10'],
      ['b', '20x10 at -180 -90'],
    ]);
    expect(close).toHaveBeenCalledOnce();
  });
});

describe('unmoved', () => {
  it('drops what was scrolled, or is gone, while the tab was pictured', () => {
    const [still, scrolled, gone] = ['a', 'b', 'c'].map((url) => ({ url, ...place(0, 0.1, 0.5, 0.5) }));
    expect(unmoved([still!, scrolled!, gone!], [still!, { ...scrolled!, top: 0.2 }])).toEqual([still]);
  });
});
