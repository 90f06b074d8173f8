/** A reply put as a draft into the page's message box. Nothing is sent: that is the user's own click. */
import type { Text } from '../api/types';
import { type Language, spoken } from '../i18n/languages';
import { inOr } from '../templates/templates';
import { copied } from '../ui/clipboard';
import { insertBelow, meantBox } from './box';

/** The reply in the language of the page, and whether it stands in the page's message box now. */
export interface Draft {
  text: string;
  isInserted: boolean;
}

/** What became of a draft, for the user: in the box, on the clipboard where there is no box, or neither. */
export type DraftResult = 'inserted' | 'copied' | 'failed';

/** Puts a reply into the page's message box, or on the clipboard where there is none. */
export type DraftReply = (reply: Text) => Promise<DraftResult>;

/** Put a reply below what is written in the page's message box, brought into sight. */
export function draftReply(reply: Text): Draft {
  const text = inOr(reply, languageOfPage());
  const box = meantBox();
  if (box === null || !insertBelow(box, text)) return { text, isInserted: false };
  box.scrollIntoView({ block: 'center' });
  return { text, isInserted: true };
}

/** The same, and on the clipboard where the page has no box for it. */
export async function draftOrCopy(reply: Text): Promise<DraftResult> {
  const { text, isInserted } = draftReply(reply);
  return isInserted ? 'inserted' : await copyDraft(text);
}

/** Copy a reply. */
export async function copyDraft(text: string): Promise<DraftResult> {
  return (await copied(text)) ? 'copied' : 'failed';
}

/** The language of those who write there, as the page declares it: most marketplaces are Japanese. */
export function languageOfPage(): Language {
  const { lang } = document.documentElement;
  return lang === '' ? 'ja' : (spoken(lang) ?? 'en');
}
