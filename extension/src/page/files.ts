/**
 * Pictures and files of the page, as the browser has them already. Nothing here reaches the network: a file comes from
 * the browser's cache or not at all, a picture also from where it is drawn. What lies on another host than the page can
 * be read in neither way, unless that host allows it (CORS): browsers keep it from every script.
 */
import { withoutFragment } from '../address';
import { MOST_FILE_BYTES, MOST_PIXELS } from '../api/bounds.generated';
import type { PageFiles } from '../messages';
import { base64 } from '../ui/base64';

/** What passes the proxy is looked into from there: it comes first. */
const WAIT_MS = 3_000;

/** The pictures of an address, as they are drawn or are to be drawn. */
export function picturesAt(address: string): HTMLImageElement[] {
  return [...document.querySelectorAll<HTMLImageElement>('img')].filter(
    (picture) => isDrawnFrom(picture, address) || absolute(picture.dataset.src) === address,
  );
}

/** The links to an address. */
export function linksTo(address: string): HTMLAnchorElement[] {
  return [...document.querySelectorAll<HTMLAnchorElement>('a[href]')].filter(
    ({ href }) => withoutFragment(href) === address,
  );
}

/** A file's bytes; null where the browser does not give them. */
export async function bytesAt(address: string): Promise<Uint8Array | null> {
  const file = (await cached(address)) ?? (await drawn(picturesAt(address).find((each) => isDrawnFrom(each, address))));
  return file === null || file.size > MOST_FILE_BYTES ? null : new Uint8Array(await file.arrayBuffer());
}

/** Sends each file that is wanted, once it can be read or surely cannot. */
export class FileSubmitter {
  private files: PageFiles = { wanted: [], unseen: [] };
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isLooking = false;

  /** `send` is called with a file in base64; null where it cannot be read. */
  constructor(
    private readonly send: (url: string, data: string | null) => void,
    private readonly readBytes: typeof bytesAt = bytesAt,
  ) {}

  want(files: PageFiles): void {
    const follow = [...files.wanted, ...files.unseen].length > 0 ? 'addEventListener' : 'removeEventListener';
    document[follow]('load', this.onLoad, { capture: true });
    document[follow]('visibilitychange', this.onVisible);
    const isNew = files.wanted.some((address) => !this.files.wanted.includes(address));
    this.files = files;
    if (isNew) this.later();
  }

  /** A picture may be loaded when it is scrolled to. */
  private readonly onLoad = ({ target }: Event) => {
    const { wanted, unseen } = this.files;
    const isOne = (address: string) => target instanceof HTMLImageElement && isDrawnFrom(target, address);
    if ([...wanted, ...unseen].some(isOne)) this.later();
  };

  /** Who comes back to the page may have opened one of its files. */
  private readonly onVisible = () => document.visibilityState === 'visible' && this.later();

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), WAIT_MS);
  }

  private async look(): Promise<void> {
    if (this.isLooking) return this.later();
    this.isLooking = true;
    try {
      for (const address of [...this.files.wanted, ...this.files.unseen]) await this.submit(address);
    } finally {
      this.isLooking = false;
    }
  }

  private async submit(address: string): Promise<void> {
    const pictures = picturesAt(address);
    // It comes when it is loaded.
    if (pictures.length > 0 && !pictures.some((each) => each.complete && isDrawnFrom(each, address))) return;
    const bytes = await this.readBytes(address).catch(() => null);
    if (bytes !== null && [...this.files.wanted, ...this.files.unseen].includes(address))
      this.send(address, base64(bytes));
    else if (this.files.wanted.includes(address)) this.send(address, null);
  }
}

/** A file of the page's own host out of the browser's cache. */
async function cached(address: string): Promise<Blob | null> {
  // A worker of the page's own would be asked, and may ask the network.
  if (navigator.serviceWorker?.controller != null || new URL(address).origin !== location.origin) return null;
  try {
    const answer = await fetch(address, { cache: 'only-if-cached', mode: 'same-origin' });
    const isLarge = Number(answer.headers.get('Content-Length')) > MOST_FILE_BYTES;
    return answer.ok && !isLarge ? await answer.blob() : null;
  } catch {
    return null;
  }
}

/** A picture as it was decoded, in its full size. */
async function drawn(picture: HTMLImageElement | undefined): Promise<Blob | null> {
  const { naturalWidth: width = 0, naturalHeight: height = 0 } = picture ?? {};
  if (picture === undefined || width * height === 0 || width * height > MOST_PIXELS) return null;
  try {
    if (!canvasesAreTrue()) return null;
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d')?.drawImage(picture, 0, 0);
    const whole = await canvas.convertToBlob({ type: 'image/png' });
    return whole.size <= MOST_FILE_BYTES ? whole : await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  } catch {
    // Of another host that does not let it be read.
    return null;
  }
}

/** Whether a canvas gives back what was drawn: a browser that hides its user's machine gives something else. */
function canvasesAreTrue(): boolean {
  const context = new OffscreenCanvas(2, 1).getContext('2d');
  if (context === null) return false;
  for (const [at, colour] of ['#204080', '#e0a060'].entries()) {
    context.fillStyle = colour;
    context.fillRect(at, 0, 1, 1);
  }
  const drawnColours = [0x20, 0x40, 0x80, 0xff, 0xe0, 0xa0, 0x60, 0xff];
  const { data } = context.getImageData(0, 0, 2, 1);
  return drawnColours.every((value, place) => Math.abs(value - (data[place] ?? -99)) < 8);
}

/** Whether a picture draws an address now. */
export function isDrawnFrom({ src, currentSrc }: HTMLImageElement, address: string): boolean {
  return withoutFragment(src) === address || withoutFragment(currentSrc) === address;
}

function absolute(address: string | undefined): string | null {
  return address !== undefined && URL.canParse(address, document.baseURI)
    ? new URL(address, document.baseURI).href
    : null;
}
