/** The switch of a marketplace: whether its pages are checked. */
import type { VNode } from 'preact';
import type { SettingsChange, SiteStatus } from '../api/types';
import type { Words } from '../i18n/words';
import { switchOf } from '../ui/virtual';

export function siteSwitch(site: SiteStatus, words: Words, change: (change: SettingsChange) => void): VNode {
  // Nothing said is the same as on, or off where a site is optional: the settings keep exceptions only.
  const check = (on: boolean) => change({ sites: { [site.id]: { enabled: on !== site.optional ? null : on } } });
  return switchOf(words.of('siteSwitchOf', words.in(site.name)), site.enabled, check);
}
