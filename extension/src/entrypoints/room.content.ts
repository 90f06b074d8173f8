/**
 * The banner comes once the page has settled (page/settled.ts), which may be after its first paint, and would push all
 * of it down. A sheet of the browser's own keeps room meanwhile: nothing is put into the document, which a framework
 * may still be comparing with what the server sent.
 */
import { defineContentScript } from 'wxt/utils/define-content-script';
import marketplaces from '../../marketplaces.json';
import '../page/room.css';

export default defineContentScript({
  matches: marketplaces.map((host) => `https://${host}/*`),
  runAt: 'document_start',
  main() {},
});
