// biome-ignore-all assist/source/organizeImports: the first opens the line to the background as it is read.
import { PagePort } from '../page/port';
import { browser } from 'wxt/browser';
import { defineContentScript } from 'wxt/utils/define-content-script';
import marketplaces from '../../marketplaces.json';
import type { Finding } from '../api/types';
import { ReplyAssistant } from '../guard/reply-assistant';
import { Sending } from '../guard/sending';
import type { PageModel, SelectionMessage } from '../messages';
import { Appended } from '../page/appended';
import { Banner, hasBanner } from '../page/banner';
import '../page/highlight.css';
import { leadTo } from '../page/lead';
import { PageSubmitter } from '../page/submit';
import { Marks } from '../page/marks';
import { Anchor } from '../page/anchor';
import { Rewritten, whenSettled } from '../page/settled';
import { ActiveStep } from '../page/step';

/** Characters. */
const LONGEST_SELECTION = 6_000;

export default defineContentScript({
  matches: marketplaces.map((host) => `https://${host}/*`),
  // One may write in a frame of the site's own: an editor, which has no address, or a chat.
  allFrames: true,
  matchAboutBlank: true,
  matchOriginAsFallback: true,
  // The verdict is asked for while the page is still coming; nothing is shown before it is there.
  runAt: 'document_start',
  main() {
    if (window.top !== window) return attendFrame();
    // A page that the browser loads on suspicion is nobody's yet.
    const { prerendering } = document as Document & { prerendering?: boolean };
    if (prerendering === true) document.addEventListener('prerenderingchange', attend, { once: true });
    else attend();
  },
});

/** What is written in a frame is looked at there. All else is its page's. */
function attendFrame(): void {
  const assistant = new ReplyAssistant();
  const sending = new Sending();
  new PagePort((model) => {
    assistant.show(model);
    sending.show(model);
  });
}

function attend(): void {
  let show: ((model: PageModel) => void) | null = null;
  let last: PageModel | null = null;
  let isWritten = false;
  const draw = () => {
    // What a page writes over itself may never be said to be whole.
    if (last === null || (document.readyState === 'loading' && !isWritten)) return;
    show ??= surfaces(port);
    show(last);
  };
  const port = new PagePort((model) => {
    last = model;
    draw();
  });
  document.addEventListener('DOMContentLoaded', draw, { once: true });
  answerSelection();
  new Rewritten(() => {
    isWritten = true;
    port.follow();
    port.send({ type: 'rewritten' });
    draw();
  });
}

/** Tell the popup, when it asks, what the user has marked. */
function answerSelection(): void {
  browser.runtime.onMessage.addListener((message: SelectionMessage, sender, respond) => {
    if (sender.id === browser.runtime.id && message.type === 'selection')
      respond((getSelection()?.toString() ?? '').slice(0, LONGEST_SELECTION));
  });
}

/** All that Koban shows in a page; made only when there is something to show. */
function surfaces(port: PagePort): (model: PageModel) => void {
  const prepare = ({ rule }: Finding) => port.send({ type: 'report', rule });
  const banner = new Banner({
    fold: (folded) => port.send({ type: 'fold', folded }),
    resume: () => port.send({ type: 'resume' }),
    lead: ({ anchor }) => leadTo(anchor),
    prepare,
  });
  const anchor = new Anchor(banner.host);
  const appended = new Appended();
  const marks = new Marks(prepare);
  const assistant = new ReplyAssistant();
  const submitter = new PageSubmitter((url, html) => port.send({ type: 'submit', url, html }));
  const step = new ActiveStep(() => port.send({ type: 'stop-asking' }));
  const sending = new Sending();
  let last: PageModel | null = null;
  let isSettled = false;
  /** All that stands in the page itself. Until then what the proxy appended is seen. */
  const stand = (model: PageModel) => {
    // Once there it stays: what would take it away would move the page.
    if (hasBanner(model) || banner.isDrawn) {
      banner.draw(model);
      anchor.keep();
    }
    // What was appended is of the moment that the page passed: a verdict from Koban now stands above it.
    if (model.shown !== null) appended.hide();
    else appended.restore();
    marks.show(model);
    assistant.show(model);
  };
  whenSettled(() => {
    isSettled = true;
    if (last !== null) stand(last);
  });
  return (model) => {
    last = model;
    // First: what is written is asked about before what the page says of its client.
    sending.show(model);
    step.show(model);
    submitter.want(model.wantsPage);
    if (isSettled) stand(model);
  };
}
