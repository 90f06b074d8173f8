/** Cuts the client's pictures out of a picture of the tab. What else the tab shows is dropped. */
import type { PictureInSight } from '../messages';
import { base64 } from '../ui/base64';

/** The pictures that stand where they stood: what moved while the tab was pictured would be cut out of another place. */
export function unmoved(before: readonly PictureInSight[], after: readonly PictureInSight[]): PictureInSight[] {
  const places = new Set(before.map((picture) => JSON.stringify(picture)));
  return after.filter((picture) => places.has(JSON.stringify(picture)));
}

/** By address, each picture as a PNG in base64. Rejects where the picture of the tab cannot be decoded. */
export async function cutPictures(tab: Blob, pictures: readonly PictureInSight[]): Promise<Map<string, string>> {
  const whole = await createImageBitmap(tab);
  const cut = new Map<string, string>();
  for (const { url, left, top, width, height } of pictures) {
    const [x, y] = [Math.max(0, Math.round(left * whole.width)), Math.max(0, Math.round(top * whole.height))];
    const across = Math.min(whole.width - x, Math.round(width * whole.width));
    const down = Math.min(whole.height - y, Math.round(height * whole.height));
    if (across < 1 || down < 1) continue;
    const canvas = new OffscreenCanvas(across, down);
    canvas.getContext('2d')?.drawImage(whole, -x, -y);
    const file = await canvas.convertToBlob({ type: 'image/png' });
    cut.set(url, base64(new Uint8Array(await file.arrayBuffer())));
  }
  whole.close();
  return cut;
}
