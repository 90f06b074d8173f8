/** The browser's leave to show notices is the switch itself: it is asked for when it is wanted, and given back. */
import { type Browser, browser } from 'wxt/browser';
import type { Notices } from './history/care';

const LEAVE: Browser.permissions.Permissions = { permissions: ['notifications'] };

export const notices: Notices = {
  isOn: () => browser.permissions.contains(LEAVE),
  turn: async (on) => {
    // Asked at once, within the user's own click.
    if (on) return browser.permissions.request(LEAVE);
    await browser.permissions.remove(LEAVE);
    return browser.permissions.contains(LEAVE);
  },
};
