/** Koban's API for a page of the extension's own, where the background would only pass on what is asked: files, and much of it. */
import { KobanApi, PairedLine } from '../api/client';
import { readLink } from './stored';

/** null where the extension was never paired. */
export async function linkedApi(): Promise<KobanApi | null> {
  const link = await readLink();
  return link === null ? null : new KobanApi(new PairedLine(link));
}
