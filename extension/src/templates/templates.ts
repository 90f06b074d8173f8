/** Replies for the moments that are hard to word: Koban's own, as the user has edited them. */
import type { Text } from '../api/types';
import OWN from './templates.json';

export interface Reply {
  id: string;
  /** The risks of warnings that it answers. */
  answers: readonly string[];
  title: Text;
  text: Text;
}

/** Koban's own replies, unedited. */
export const REPLIES: readonly Reply[] = OWN;

/**
 * The replies to offer. `edited`: texts by id (`Settings.templates`); an empty one takes a reply away, and one under an
 * id that Koban does not know is the user's own, named by its first line. `risks`: of what was found on the page,
 * the gravest first; the replies that answer them come first, in that order.
 */
export function repliesOf(edited: Readonly<Record<string, Text>>, risks: readonly string[] = []): Reply[] {
  const known = REPLIES.map((reply) => ({ ...reply, text: edited[reply.id] ?? reply.text }));
  const added = Object.entries(edited)
    .filter(([id]) => REPLIES.every((reply) => reply.id !== id))
    .map(([id, text]) => ({ id, answers: [], title: { ja: firstLine(text.ja), en: firstLine(text.en) }, text }));
  const ranks = new Map([...risks].reverse().map((risk, rank) => [risk, rank]));
  const rank = ({ answers }: Reply) => Math.max(...answers.map((risk) => ranks.get(risk) ?? -1), -1);
  const offered = [...known, ...added].filter(({ text }) => text.ja.trim() !== '' || text.en.trim() !== '');
  return offered.sort((one, other) => rank(other) - rank(one));
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.slice(0, 40) ?? '';
}
