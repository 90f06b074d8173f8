import { defineContentScript } from 'wxt/utils/define-content-script';
import marketplaces from '../../marketplaces.json';
import { Appended } from '../page/appended';
import { Banner, hasBanner } from '../page/banner';
import { Place } from '../page/place';
import { PagePort } from '../page/port';

export default defineContentScript({
  matches: marketplaces.map((host) => `https://${host}/*`),
  runAt: 'document_end',
  main() {
    // A page that the browser loads on suspicion is nobody's yet.
    const { prerendering } = document as Document & { prerendering?: boolean };
    if (prerendering === true) document.addEventListener('prerenderingchange', attend, { once: true });
    else attend();
  },
});

function attend(): void {
  const banner = new Banner();
  const place = new Place(banner.host);
  const appended = new Appended();
  new PagePort((model) => {
    if (hasBanner(model)) {
      banner.draw(model);
      place.keep();
      appended.hide();
    } else {
      place.leave();
      // Where Koban was told to be quiet, what the proxy appended before that is quiet too.
      if (model.shown === null) appended.restore();
      else appended.hide();
    }
  });
}
