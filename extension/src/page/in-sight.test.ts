import { beforeEach, describe, expect, it, vi } from 'vitest';
import { h } from '../ui/dom';
import { picturesInSight } from './in-sight';

const URL = 'https://cdn.example/a.png';

function image(
  box: DOMRect,
  { naturalWidth = box.width, naturalHeight = 0, complete = true, src = URL } = {},
): HTMLImageElement {
  const element = h('img', {});
  Object.defineProperties(element, {
    src: { value: src },
    currentSrc: { value: src },
    complete: { value: complete },
    naturalWidth: { value: naturalWidth },
    naturalHeight: { value: naturalHeight || (box.height / box.width) * naturalWidth },
    checkVisibility: { value: () => true, configurable: true },
  });
  element.getBoundingClientRect = () => box;
  document.body.append(element);
  return element;
}

/** What lies in the window, the uppermost first. */
const lies = (...elements: Element[]) => {
  document.elementsFromPoint = () => elements;
};

beforeEach(() => {
  document.body.replaceChildren();
  vi.stubGlobal('innerWidth', 1000);
  vi.stubGlobal('innerHeight', 500);
  vi.stubGlobal('devicePixelRatio', 1);
});
describe('picturesInSight', () => {
  it('says where a picture stands, in parts of the window', () => {
    lies(image(new DOMRect(100, 50, 500, 250)));
    expect(picturesInSight([URL, 'https://cdn.example/b.png'])).toEqual([
      { url: URL, left: 0.1, top: 0.1, width: 0.5, height: 0.5 },
    ]);
  });

  it('leaves out one that is cut off by the window, or not loaded', () => {
    for (const box of [new DOMRect(-20, 0, 100, 100), new DOMRect(0, 450, 100, 100), new DOMRect(950, 0, 100, 100)]) {
      document.body.replaceChildren();
      lies(image(box));
      expect(picturesInSight([URL])).toEqual([]);
    }
    document.body.replaceChildren();
    lies(image(new DOMRect(0, 0, 100, 100), { complete: false }));
    expect(picturesInSight([URL])).toEqual([]);
  });

  it('leaves out one that is drawn too small for its words to be read, unless the screen is fine enough', () => {
    lies(image(new DOMRect(0, 0, 300, 200), { naturalWidth: 1000 }));
    expect(picturesInSight([URL])).toEqual([]);
    vi.stubGlobal('devicePixelRatio', 2);
    expect(picturesInSight([URL])).toHaveLength(1);
  });

  it('leaves out one that something of the page lies over, but not a mark of our own', () => {
    const picture = image(new DOMRect(0, 0, 300, 200));
    const [cover, mark, link] = [h('div', {}), h('koban-marks' as 'div', {}), h('a', {})];
    lies(cover, picture);
    expect(picturesInSight([URL])).toEqual([]);
    lies(mark, picture);
    expect(picturesInSight([URL])).toHaveLength(1);
    link.append(picture);
    document.body.append(link);
    lies(link, picture);
    expect(picturesInSight([URL])).toHaveLength(1);
  });

  it('leaves out one of which its box shows a part', () => {
    const cut = (fit: string, naturalHeight: number) => {
      const picture = image(new DOMRect(0, 0, 300, 300), { naturalWidth: 300, naturalHeight });
      picture.style.objectFit = fit;
      document.body.replaceChildren(picture);
      lies(picture);
      return picturesInSight([URL]).length === 0;
    };
    expect([cut('cover', 600), cut('none', 600), cut('cover', 301), cut('contain', 500)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(cut('contain', 900), 'too small then').toBe(true);
  });

  it('leaves out one that is not drawn where it stands', () => {
    const picture = image(new DOMRect(0, 0, 300, 200));
    lies(document.body);
    expect(picturesInSight([URL]), 'clipped by what it is in').toEqual([]);
    lies(picture);
    Object.defineProperty(picture, 'checkVisibility', { value: () => false });
    expect(picturesInSight([URL]), 'unseen').toEqual([]);
  });

  it('leaves out one that still waits behind another', () => {
    const picture = image(new DOMRect(0, 0, 300, 200), { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' });
    picture.dataset.src = URL;
    lies(picture);
    expect(picturesInSight([URL])).toEqual([]);
  });

  it('takes the largest of one that is drawn twice', () => {
    const [small, large] = [image(new DOMRect(0, 0, 100, 50)), image(new DOMRect(0, 100, 400, 200))];
    document.elementsFromPoint = (_, y) => [y < 100 ? small : large];
    expect(picturesInSight([URL])).toEqual([{ url: URL, left: 0, top: 0.2, width: 0.4, height: 0.4 }]);
  });

  it('takes none while the window is pinched', () => {
    lies(image(new DOMRect(0, 0, 100, 50)));
    vi.stubGlobal('visualViewport', { scale: 2 });
    expect(picturesInSight([URL])).toEqual([]);
  });
});
