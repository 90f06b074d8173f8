/** The button below an advice that puts the reply which it speaks of into the message box of the popup's page. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Finding } from '../api/types';
import type { DraftReply, DraftResult } from '../guard/draft-reply';
import { DRAFT_LINES } from '../i18n/lines';
import type { Words } from '../i18n/words';
import type { KobanState, PageModel } from '../messages';
import { type Reply, replyTo } from '../templates/templates';
import { component, h } from '../ui/virtual';

export interface ReplyActions {
  draft: DraftReply;
}

/**
 * The button of a finding; null where its advice is not to reply, or the user's replies are not known. `replies`: of a
 * pack.
 */
export function replyEntry(
  finding: Finding,
  page: PageModel | null,
  { settings, replies }: Pick<KobanState, 'settings' | 'replies'>,
  words: Words,
  draft: DraftReply,
): VNode | null {
  const reply = settings && replyTo(finding, page?.shown?.verdict.kind, settings.templates ?? {}, replies);
  return reply && component(ReplyEntry, { key: finding.rule, reply, words, draft });
}

interface Props {
  reply: Reply;
  words: Words;
  draft: DraftReply;
}

function ReplyEntry({ reply, words, draft }: Props): VNode {
  const [result, setResult] = useState<DraftResult | null>(null);
  return h(
    'p',
    { class: 'reply' },
    h(
      'button',
      {
        type: 'button',
        class: 'reply-button',
        title: words.in(reply.title),
        onclick: () => void draft(reply.text).then(setResult),
      },
      words.of('draftReply'),
    ),
    h('span', { role: 'status' }, result === null ? null : words.of(DRAFT_LINES[result])),
  );
}
