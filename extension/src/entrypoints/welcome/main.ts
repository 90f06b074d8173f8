import { browser } from 'wxt/browser';
import { connect } from '../../background/connect';
import { read, write } from '../../background/stored';
import type { WelcomeMessage } from '../../messages';
import { Welcome } from '../../welcome/welcome';

/** An address of a marketplace that no page has: it is judged, told and forgotten. */
const MADE_UP = 'https://crowdworks.jp/public/jobs/0';

// As `koban start` opens it.
if (location.hash === '#window') void write('window', true);

const ask = <T>(message: WelcomeMessage) => browser.runtime.sendMessage(message) as Promise<T>;

const say = connect(-1, (model) => void welcome.show(model));
const welcome = new Welcome(document.body, browser.runtime.getManifest().version, {
  number: () => ask({ type: 'number' }),
  enter: (number) => ask({ type: 'enter', number }),
  demonstrate: async () => {
    const page = await fetch(browser.runtime.getURL('/demonstration.html'));
    return ask({ type: 'demonstrate', url: MADE_UP, html: await page.text() });
  },
  isPinned: async () => (await browser.action.getUserSettings?.().catch(() => null))?.isOnToolbar ?? null,
  change: (change) => say({ type: 'change', change }),
  again: () => say({ type: 'again' }),
  used: () => read('used'),
  isWindow: () => read('window'),
  options: () => void browser.runtime.openOptionsPage(),
});
