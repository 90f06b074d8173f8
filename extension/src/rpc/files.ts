/** Files on their way from the background to a page: messages carry JSON of bounded size, so they go in parts. */
import { base64 } from '../ui/base64';

export interface FileHandle {
  id: string;
  type: string;
  parts: number;
}

/** Bytes of a part: in base64 far below the 64 MB that Chromium allows a message. */
const PART_BYTES = 6 * 1024 * 1024;

/** The side of the background. Holds a file until its last part was taken, and no more than one. */
export class FileStore {
  private last: { id: string; file: Blob } | null = null;

  hold(file: Blob): FileHandle {
    const id = crypto.randomUUID();
    this.last = { id, file };
    return { id, type: file.type, parts: Math.ceil(file.size / PART_BYTES) };
  }

  async part(id: string, part: number): Promise<string | null> {
    const { last: held } = this;
    if (held?.id !== id) return null;
    const [start, end] = [part * PART_BYTES, (part + 1) * PART_BYTES];
    const bytes = new Uint8Array(await held.file.slice(start, end).arrayBuffer());
    if (end >= held.file.size && this.last === held) this.last = null;
    return base64(bytes);
  }
}

/** The side of a page: the whole file; null where a part did not come. */
export async function readFile(
  handle: FileHandle | null,
  readPart: (id: string, part: number) => Promise<string | null>,
): Promise<Blob | null> {
  if (handle === null) return null;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let part = 0; part < handle.parts; part += 1) {
    const text = await readPart(handle.id, part);
    if (text === null) return null;
    parts.push(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  }
  return new Blob(parts, { type: handle.type });
}
