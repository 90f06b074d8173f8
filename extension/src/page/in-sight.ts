/**
 * The client's pictures as they stand in the window. What is drawn may be looked at where the browser keeps a picture's
 * bytes from every script; that takes no request.
 */
import type { PictureInSight } from '../messages';
import { isDrawnFrom, picturesAt } from './files';
import { OWN_NODES } from './own-node';

/** The share of a picture's own size in which it has to be drawn: words of a smaller one cannot be read. */
const LEAST_SCALE = 0.5;
/** Parts of a picture's sides, at which it must lie open to the eye. */
const PROBES = [0.1, 0.5, 0.9];
/** Pixels that rounding may take. */
const SLACK = 1;

/** Where the pictures of addresses stand, each in its largest drawing; none that is cut off, covered or too small. */
export function picturesInSight(addresses: readonly string[]): PictureInSight[] {
  // Pinched, the window shows a part of what it says that it shows.
  if ((window.visualViewport?.scale ?? 1) !== 1) return [];
  return addresses.flatMap((url) => {
    // One that waits to be loaded draws something else meanwhile.
    const open = picturesAt(url).filter((picture) => isDrawnFrom(picture, url) && isInSight(picture));
    const [largest] = open.sort((one, other) => widthOf(other) - widthOf(one));
    if (largest === undefined) return [];
    const { left, top, width, height } = largest.getBoundingClientRect();
    return [
      { url, left: left / innerWidth, top: top / innerHeight, width: width / innerWidth, height: height / innerHeight },
    ];
  });
}

const widthOf = (picture: Element) => picture.getBoundingClientRect().width;

function isInSight(picture: HTMLImageElement): boolean {
  const box = picture.getBoundingClientRect();
  const isLoaded = picture.complete && picture.naturalWidth > 0;
  const isWhole =
    box.left >= -SLACK && box.top >= -SLACK && box.right <= innerWidth + SLACK && box.bottom <= innerHeight + SLACK;
  if (!isLoaded || !isWhole || !picture.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) return false;
  const scale = scaleOf(picture, box);
  if (scale === null || scale * devicePixelRatio < LEAST_SCALE) return false;
  return PROBES.every((across) =>
    PROBES.every((down) => isOpenAt(picture, box.left + box.width * across, box.top + box.height * down)),
  );
}

/** How large a picture is drawn, in parts of its own size; null where its box shows a part of it. */
function scaleOf(picture: HTMLImageElement, { width, height }: DOMRect): number | null {
  const [across, down] = [width / picture.naturalWidth, height / picture.naturalHeight];
  const [least, most] = [Math.min(across, down), Math.max(across, down)];
  const { objectFit } = getComputedStyle(picture);
  if (objectFit !== 'cover' && objectFit !== 'none') return objectFit === 'scale-down' ? Math.min(1, least) : least;
  const scale = objectFit === 'cover' ? most : 1;
  const hiddenPixels = Math.max(picture.naturalWidth * scale - width, picture.naturalHeight * scale - height);
  return hiddenPixels > 2 * SLACK ? null : scale;
}

/** Whether a picture is drawn at a place of the window, and nothing of the page lies over it but what it is in. */
function isOpenAt(picture: Element, x: number, y: number): boolean {
  const stack = document.elementsFromPoint(x, y).filter((each) => !each.matches(OWN_NODES));
  const at = stack.indexOf(picture);
  return at >= 0 && stack.slice(0, at).every((each) => each.contains(picture));
}
