/** The switch of a marketplace: whether its pages are checked. */
import type { VNode } from 'preact';
import type { SettingsChange, SiteStatus } from '../api/types';
import type { Words } from '../i18n/words';
import { OptionalSite } from '../options/optional-site';
import type { SiteLeave } from '../site-leave';
import { component, switchOf } from '../ui/virtual';

export interface SiteActions {
  /** Resolves to whether Koban took the change; where it did not, the state says why. */
  change(change: SettingsChange): Promise<boolean>;
  leave: SiteLeave;
}

export function siteSwitch(site: SiteStatus, words: Words, { change, leave }: SiteActions): VNode {
  if (site.optional) return component(OptionalSite, { key: site.id, site, words, leave, change });
  // Nothing said is the same as on: the settings keep exceptions only.
  const check = (on: boolean) => change({ sites: { [site.id]: { enabled: on ? null : false } } });
  return switchOf(words.of('siteSwitchOf', words.in(site.name)), site.enabled, check);
}
