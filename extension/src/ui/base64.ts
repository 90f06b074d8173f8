/** Bytes as messages and the API carry them. */

/** Bytes that are turned into characters in one call. */
const SLICE_BYTES = 0x8000;

export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    text += String.fromCharCode(...bytes.subarray(at, at + SLICE_BYTES));
  }
  return btoa(text);
}
