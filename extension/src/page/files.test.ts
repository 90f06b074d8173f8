import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { h } from '../ui/dom';
import { bytesAt, FileSubmitter, linksTo, picturesAt } from './files';

const OWN = 'https://crowdworks.jp/attachments/7';
const ELSEWHERE = 'https://cdn.example/a.png';

/** A canvas that gives back `colour` of what is drawn, and of a picture `file`; null: it is of another host. */
function canvases({ file = new Blob(['drawn']) as Blob | null, isTrue = true } = {}) {
  const colours: number[] = [];
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      getContext = () => ({
        fillRect(this: { fillStyle?: string }) {
          const hex = this.fillStyle ?? '';
          for (const at of [1, 3, 5]) colours.push(isTrue ? Number.parseInt(hex.slice(at, at + 2), 16) : 255);
          colours.push(255);
        },
        getImageData: () => ({ data: colours }),
        drawImage: () => undefined,
      });
      convertToBlob = async ({ type }: { type: string }) => {
        if (file === null) throw new DOMException('tainted', 'SecurityError');
        return type === 'image/jpeg' ? new Blob(['smaller']) : file;
      };
    },
  );
}

function image(src: string, { width = 100, height = 50, complete = true, later = '' } = {}): HTMLImageElement {
  const element = h('img', later === '' ? {} : { 'data-src': later });
  Object.defineProperties(element, {
    src: { value: src },
    currentSrc: { value: src },
    complete: { value: complete, configurable: true },
    naturalWidth: { value: width },
    naturalHeight: { value: height },
  });
  document.body.append(element);
  return element;
}

const text = async (bytes: Promise<Uint8Array | null>) => {
  const known = await bytes;
  return known === null ? null : new TextDecoder().decode(known);
};

beforeEach(() => {
  document.body.replaceChildren();
  vi.stubGlobal('location', new URL('https://crowdworks.jp/message/threads/5'));
  vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('not in the cache')));
  canvases();
});
describe('bytesAt', () => {
  it('takes a file of the page’s own host from the cache, and never from the network', async () => {
    vi.mocked(fetch).mockResolvedValue(new Response('cached'));
    expect(await text(bytesAt(OWN))).toBe('cached');
    for (const [address, options] of vi.mocked(fetch).mock.calls) {
      expect([address, options]).toEqual([OWN, { cache: 'only-if-cached', mode: 'same-origin' }]);
    }
  });

  it('asks no worker of the page, nor for what lies on another host', async () => {
    expect(await bytesAt(ELSEWHERE)).toBeNull();
    vi.stubGlobal('navigator', { serviceWorker: { controller: {} } });
    expect(await bytesAt(OWN)).toBeNull();
    expect(fetch).not.toHaveBeenCalled();
  });

  it('takes a picture as it is drawn', async () => {
    image(OWN);
    expect(await text(bytesAt(OWN))).toBe('drawn');
  });

  it('makes a large picture smaller', async () => {
    canvases({ file: new Blob([new Uint8Array(10_000_001)]) });
    image(OWN);
    expect(await text(bytesAt(OWN))).toBe('smaller');
  });

  it.each<[string, () => unknown, string, Parameters<typeof canvases>[0]?]>([
    ['of another host', () => image(ELSEWHERE), ELSEWHERE, { file: null }],
    ['of too many pixels', () => image(OWN, { width: 6_000, height: 6_000 }), OWN],
    ['that could not be decoded', () => image(OWN, { width: 0, height: 0 }), OWN],
    ['in a browser that hides what is drawn', () => image(OWN), OWN, { isTrue: false }],
    ['whose place another holds until it is scrolled to', () => image(ELSEWHERE, { later: OWN }), OWN],
  ])('has nothing of a picture %s', async (_, put, address, browser = {}) => {
    canvases(browser);
    put();
    expect(await bytesAt(address)).toBeNull();
  });

  it('has nothing of a file beyond the bound', async () => {
    vi.mocked(fetch).mockResolvedValue(new Response('x', { headers: { 'Content-Length': '10000001' } }));
    expect(await bytesAt(OWN)).toBeNull();
  });
});

it('finds pictures and links by address', () => {
  const picture = image(OWN);
  const lazy = image(ELSEWHERE, { later: OWN });
  const link = h('a', { href: `${OWN}#page` });
  document.body.append(link);
  expect(picturesAt(OWN)).toEqual([picture, lazy]);
  expect(linksTo(OWN)).toEqual([link]);
});

describe('FileSubmitter', () => {
  const send = vi.fn();
  const read = vi.fn<typeof bytesAt>();
  let submitter: FileSubmitter;

  beforeEach(() => {
    vi.useFakeTimers();
    send.mockReset();
    read.mockReset().mockResolvedValue(new TextEncoder().encode('abc'));
    submitter = new FileSubmitter(send, read);
  });
  afterEach(() => submitter.want({ wanted: [], unseen: [] }));
  const passes = () => vi.advanceTimersByTimeAsync(3_000);

  it('sends what is still wanted when the proxy has had its time', async () => {
    submitter.want({ wanted: [OWN, ELSEWHERE], unseen: [] });
    await vi.advanceTimersByTimeAsync(2_900);
    submitter.want({ wanted: [ELSEWHERE], unseen: [] });
    await passes();
    expect(send.mock.calls).toEqual([[ELSEWHERE, btoa('abc')]]);
  });

  it('says what cannot be read', async () => {
    read.mockRejectedValue(new Error('x'));
    submitter.want({ wanted: [OWN], unseen: [] });
    await passes();
    expect(send.mock.calls).toEqual([[OWN, null]]);
  });

  it('waits for a picture that is not loaded, and looks again when it is', async () => {
    const picture = image(OWN, { complete: false });
    submitter.want({ wanted: [OWN], unseen: [] });
    await passes();
    expect(send).not.toHaveBeenCalled();
    Object.defineProperty(picture, 'complete', { value: true });
    picture.dispatchEvent(new Event('load'));
    await passes();
    expect(send).toHaveBeenCalledOnce();
  });

  it('looks again for what could not be read when the user comes back to the page', async () => {
    submitter.want({ wanted: [], unseen: [OWN] });
    read.mockResolvedValueOnce(null);
    for (const calls of [[], [[OWN, btoa('abc')]]]) {
      document.dispatchEvent(new Event('visibilitychange'));
      await passes();
      expect(send.mock.calls).toEqual(calls);
    }
  });
});
