/** Replies for the moments that are hard to word: Koban's own, as the user has edited them. */
import type { Text } from '../api/types';
import OWN from './templates.json';

export interface Reply {
  id: string;
  title: Text;
  text: Text;
}

/** Koban's own replies, unedited. */
export const REPLIES: readonly Reply[] = OWN;

/**
 * The replies to offer. `edited`: texts by id (`Settings.templates`); an empty one takes a reply away, and one under an
 * id that Koban does not know is the user's own, named by its first line.
 */
export function repliesOf(edited: Readonly<Record<string, Text>>): Reply[] {
  const known = REPLIES.map((reply) => ({ ...reply, text: edited[reply.id] ?? reply.text }));
  const added = Object.entries(edited)
    .filter(([id]) => REPLIES.every((reply) => reply.id !== id))
    .map(([id, text]) => ({ id, title: { ja: firstLine(text.ja), en: firstLine(text.en) }, text }));
  return [...known, ...added].filter(({ text }) => text.ja.trim() !== '' || text.en.trim() !== '');
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.slice(0, 40) ?? '';
}
