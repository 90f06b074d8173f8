/** Replies for the moments that are hard to word: Koban's own, a pack's over them, and the user's wording over both. */
import type { Finding, PageKind, ReplyInfo, Text } from '../api/types';
import type { Language } from '../i18n/languages';
import { kindInfo, subjectInfo } from '../states';
import OWN from './templates.json';

export interface Reply {
  id: string;
  /** The risks of warnings that it answers. */
  answers: readonly string[];
  /** The rules whose advice is to write what it says. */
  carriesOut: readonly string[];
  title: Text;
  text: Text;
}

type Wording = Record<string, { title: string; text: string }>;

/** By file, the replies in a further language, each by its id. */
const FURTHER = import.meta.glob<Wording>(['./*.json', '!./templates.json'], { import: 'default', eager: true });

/** Koban's own replies, unedited. */
export const REPLIES: readonly Reply[] = OWN.map((reply) => {
  const title: Text = { ...reply.title };
  const text: Text = { ...reply.text };
  for (const [file, replies] of Object.entries(FURTHER)) {
    const [language, wording] = [file.slice('./'.length, -'.json'.length), replies[reply.id]];
    if (wording !== undefined) [title[language], text[language]] = [wording.title, wording.text];
  }
  return { ...reply, title, text };
});

/**
 * Koban's own replies with those of a pack laid over them (`ServiceStatus.replies`): one takes the place of that with
 * its id, or is one more. Advice that a pack's reply carries out is no other's, but of those that the user has worded
 * (`edited`: texts by id). A pack that words a reply anew and names neither risks nor rules leaves it those it had.
 */
export function laidOver(ofPack: readonly ReplyInfo[], edited: Readonly<Record<string, Text>> = {}): Reply[] {
  const over = new Map(ofPack.map(({ carries_out, ...reply }) => [reply.id, { ...reply, carriesOut: carries_out }]));
  const packRules = new Set(ofPack.flatMap(({ carries_out }) => carries_out));
  const own = REPLIES.map((reply) => {
    const isWorded = edited[reply.id] !== undefined;
    const { answers, carriesOut } = reply;
    const ownRules = carriesOut.filter((rule) => isWorded || !packRules.has(rule));
    const packReply = over.get(reply.id);
    if (packReply === undefined) return { ...reply, carriesOut: ownRules };
    const namesNothing = packReply.answers.length + packReply.carriesOut.length === 0;
    return { ...packReply, ...(namesNothing ? { answers, carriesOut: ownRules } : {}) };
  });
  return [...own, ...[...over.values()].filter(({ id }) => REPLIES.every((reply) => reply.id !== id))];
}

/**
 * The replies to offer. `edited`: texts by id (`Settings.templates`); an empty one takes a reply away, and one under an
 * id that Koban does not know is the user's own, named by its first line. `risks`: of what was found on the page,
 * the gravest first; the replies that answer them come first, in that order. `ofPack`: as for `laidOver`.
 */
export function repliesOf(
  edited: Readonly<Record<string, Text>>,
  risks: readonly string[] = [],
  ofPack: readonly ReplyInfo[] = [],
): Reply[] {
  const replies = laidOver(ofPack, edited);
  const knownReplies = replies.map((reply) => ({ ...reply, text: edited[reply.id] ?? reply.text }));
  const addedReplies = Object.entries(edited)
    .filter(([id]) => replies.every((reply) => reply.id !== id))
    .map(([id, text]) => ({
      id,
      answers: [],
      carriesOut: [],
      title: {
        ...text,
        ...Object.fromEntries(Object.entries(text).map(([tag, version]) => [tag, firstLine(version)])),
      },
      text,
    }));
  const ranks = new Map([...risks].reverse().map((risk, rank) => [risk, rank]));
  const rank = ({ answers }: Reply) => Math.max(...answers.map((risk) => ranks.get(risk) ?? -1), -1);
  const candidates = [...knownReplies, ...addedReplies].filter(({ text }) =>
    Object.values(text).some((version) => version.trim() !== ''),
  );
  return candidates.sort((one, other) => rank(other) - rank(one));
}

/**
 * The reply to write where a finding's advice is to write one; null where it is not, where there is nobody to reply to
 * at this stage, and where the user has emptied it. `edited` and `ofPack`: as for `repliesOf`.
 */
export function replyTo(
  { rule, subject }: Pick<Finding, 'rule' | 'subject'>,
  kind: PageKind | null | undefined,
  edited: Readonly<Record<string, Text>>,
  ofPack: readonly ReplyInfo[] = [],
): Reply | null {
  if (!kindInfo(kind)?.takesReplies || !subjectInfo(subject)?.ofAClient) return null;
  return repliesOf(edited, [], ofPack).find(({ carriesOut }) => carriesOut.includes(rule)) ?? null;
}

/** A text in a language; where it has none, in English, else in Japanese. */
export function inOr(text: Text, language: Language): string {
  return [text[language], text.en, text.ja].find((version) => version && version.trim() !== '') ?? '';
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.slice(0, 40) ?? '';
}
