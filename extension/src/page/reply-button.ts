/** The button beside an advice that puts the reply which it speaks of into the page's message box. */
import type { Finding, Text } from '../api/types';
import type { DraftReply } from '../guard/draft-reply';
import { DRAFT_LINES } from '../i18n/lines';
import type { Words } from '../i18n/words';
import type { PageModel } from '../messages';
import { replyTo } from '../templates/templates';
import { h } from '../ui/dom';

/** Makes the button of a finding; null where its advice is not to reply, or the user's replies are not known yet. */
export function replyButtons(
  { shown, settings }: PageModel,
  words: Words,
  draft: DraftReply | null,
): (finding: Finding) => HTMLElement | null {
  return (finding) => {
    if (draft === null || settings === null) return null;
    const reply = replyTo(finding, shown?.verdict.kind, settings.templates, settings.replies);
    return reply && replyButton(reply, words, draft);
  };
}

function replyButton({ title, text }: { title: Text; text: Text }, words: Words, draft: DraftReply): HTMLElement {
  const status = h('span', { role: 'status' });
  const button = h(
    'button',
    {
      type: 'button',
      class: 'reply-button',
      title: words.in(title),
      // The cursor stays in the box that one writes in.
      onmousedown: (event) => event.preventDefault(),
      onclick: () =>
        void draft(text).then((result) => {
          status.textContent = words.of(DRAFT_LINES[result]);
        }),
    },
    words.of('draftReply'),
  );
  return h('p', { class: 'reply' }, button, status);
}
