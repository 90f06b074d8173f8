import { browser } from 'wxt/browser';
import { kobanService, subscribe } from '../../rpc/proxy';
import { demonstration } from '../../welcome/demonstration';
import { Welcome } from '../../welcome/welcome';
import '../../ui/page.css';
import './welcome.css';

/** An address of a marketplace that no page has: it is judged, shown and forgotten. */
const MADE_UP = 'https://crowdworks.jp/public/jobs/0';

/** `koban start` opens the page before Koban is ready: on a busy machine that takes some ten seconds. */
const PATIENCE_MS = 30_000;

const service = kobanService();
// As `koban start` opens it.
const isWindow = location.hash === '#window';
const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
const isStart = isWindow && navigation?.type !== 'reload';
const marking = isWindow ? service.markKobanWindow() : Promise.resolve();
const welcome = new Welcome(document.body, browser.runtime.getManifest().version, {
  number: () => service.showNumber(),
  enter: (number) => service.enterNumber(number),
  demonstrate: async (words) => {
    const template = await fetch(browser.runtime.getURL('/demonstration.html'));
    return service.demonstrate(MADE_UP, demonstration(await template.text(), words));
  },
  isPinned: async () => (await browser.action.getUserSettings?.().catch(() => null))?.isOnToolbar ?? null,
  change: (change) => service.change(change),
  autostart: (on) => void service.autostart(on),
  again: () => void service.retry(),
  used: () => service.usedHosts(),
  isWindow: async () => {
    await marking;
    return service.isKobanWindow();
  },
  options: () => void browser.runtime.openOptionsPage(),
  starting: isStart ? new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)) : null,
});
subscribe(-1, (state) => void welcome.show(state));
