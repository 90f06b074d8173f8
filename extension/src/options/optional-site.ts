/** The switch of a marketplace that is off until its user wants it: the browser is asked for leave with the same click. */
import { Fragment, h, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SettingsChange, SiteStatus } from '../api/types';
import type { Words } from '../i18n/words';
import type { SiteLeave } from '../site-leave';
import { switchOf } from '../ui/virtual';

interface Props {
  site: SiteStatus;
  words: Words;
  leave: SiteLeave;
  /** Resolves to whether Koban took the change. */
  change(change: SettingsChange): Promise<boolean>;
}

export function OptionalSite({ site, words, leave, change }: Props): VNode {
  const [isGiven, setGiven] = useState<boolean | null>(null);
  const [isNew, setNew] = useState(false);
  useEffect(() => void leave.isGiven(site.id).then(setGiven), [leave, site.id, site.enabled]);
  const turn = async (on: boolean) => {
    // Asked first, within the click; nothing said is off.
    const isGiven = on && (await leave.ask(site.id));
    const isTaken = await change({ sites: { [site.id]: { enabled: isGiven ? true : null } } });
    // Where Koban has it on still, its pages are checked still.
    if (!on && !isTaken) return;
    if (!on) await leave.giveBack(site.id);
    setGiven(isGiven);
    setNew(isGiven);
  };
  const isMissing = site.enabled && isGiven === false;
  return h(
    Fragment,
    {},
    switchOf(words.of('siteSwitchOf', words.in(site.name)), site.enabled, (on) => void turn(on)),
    isMissing ? h('p', { class: 'unkept', role: 'status' }, words.of('siteLeaveMissing')) : null,
    isMissing ? h('button', { type: 'button', onclick: () => void turn(true) }, words.of('siteLeaveAsk')) : null,
    site.enabled && isNew ? h('p', { class: 'none', role: 'status' }, words.of('siteReloadLine')) : null,
  );
}
