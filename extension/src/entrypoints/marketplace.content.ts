// biome-ignore-all assist/source/organizeImports: the first opens the line to the background as it is read.
import { PagePort } from '../page/port';
import { browser } from 'wxt/browser';
import { defineContentScript } from 'wxt/utils/define-content-script';
import marketplaces from '../../marketplaces.json';
import { LONGEST_LESSON } from '../api/bounds.generated';
import { FEATURES } from '../features/all';
import { type Show, startInFrame, startInPage } from '../features/feature';
import { draftReply } from '../guard/draft-reply';
import type { PageModel, ToPage } from '../messages';
import '../page/highlight.css';
import { picturesInSight } from '../page/in-sight';
import { Interim } from '../page/interim';
import { cardTitles, leadTo } from '../page/lead';
import { Rewritten } from '../page/settled';

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
    // A prerendered page does not count until it is shown.
    const { prerendering } = document as Document & { prerendering?: boolean };
    if (prerendering === true) document.addEventListener('prerenderingchange', attend, { once: true });
    else attend();
  },
});

function attendFrame(): void {
  const show = startInFrame(FEATURES, { send: (message) => port.send(message) });
  const port = new PagePort(show);
}

function attend(): void {
  let show: Show | null = null;
  let last: PageModel | null = null;
  let isWritten = false;
  const interim = new Interim();
  const showInterim = () => {
    if (last !== null) interim.show(last);
  };
  const draw = () => {
    // What a page writes over itself may never be said to be whole.
    if (last === null || (document.readyState === 'loading' && !isWritten)) return;
    // Started only when there is something to show.
    show ??= startInPage(FEATURES, { send: (message) => port.send(message) }, () => interim.leave());
    show(last);
  };
  const port = new PagePort((model) => {
    last = model;
    showInterim();
    draw();
  });
  // The document is whole, and none of its deferred scripts has run.
  document.addEventListener('readystatechange', showInterim, { once: true });
  // More than once: a page may say so before it is true.
  document.addEventListener('DOMContentLoaded', draw);
  answerPopup();
  new Rewritten(() => {
    isWritten = true;
    port.follow();
    port.send({ type: 'rewritten' });
    draw();
  });
}

/**
 * Answer the popup: what the user has marked, the cards of warnings, the pictures in sight; lead to such a card, draft a
 * reply.
 */
function answerPopup(): void {
  browser.runtime.onMessage.addListener((message: ToPage, sender, respond) => {
    if (sender.id !== browser.runtime.id) return;
    if (message.type === 'selection') respond((getSelection()?.toString() ?? '').slice(0, LONGEST_LESSON));
    else if (message.type === 'card-titles') respond(cardTitles(message.anchors));
    else if (message.type === 'lead') respond(leadTo(message.anchor));
    else if (message.type === 'draft') respond(draftReply(message.reply));
    else if (message.type === 'in-sight') respond(picturesInSight(message.addresses));
  });
}
