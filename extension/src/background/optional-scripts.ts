/** Content scripts on optional marketplaces: there while the browser gives leave for the site, as on all others. */
import { type Browser, browser } from 'wxt/browser';
import marketplaces from '../../marketplaces.json';
import { OPTIONAL_SITES, originsOf, siteLeave } from '../site-leave';

type Registered = Browser.scripting.RegisteredContentScript;
type Declared = NonNullable<Browser.runtime.Manifest['content_scripts']>[number] & {
  match_origin_as_fallback?: boolean;
};

/**
 * Follow the browser's leave from now on. Its listeners are there at once: a change may be what wakes the background.
 *
 * switchOn: called with each site that leave was given for. The page that asked may be gone by then: Firefox closes a
 * popup before its question.
 */
export function followLeave(switchOn: (site: string) => void): void {
  let last = Promise.resolve();
  const follow = () => {
    last = last.then(registerScripts).catch((error: unknown) => console.error('optional sites', error));
  };
  browser.permissions.onAdded.addListener(({ origins = [] }) => {
    for (const site of OPTIONAL_SITES) if (originsOf(site).some((origin) => origins.includes(origin))) switchOn(site);
    follow();
  });
  browser.permissions.onRemoved.addListener(follow);
  follow();
}

async function registerScripts(): Promise<void> {
  const leaves = await Promise.all(OPTIONAL_SITES.map((site) => siteLeave.isGiven(site)));
  const matches = OPTIONAL_SITES.filter((_, place) => leaves[place]).flatMap(originsOf);
  const scripts = scriptsFor(matches);
  const ids = scripts.map(({ id }) => id);
  const before = await browser.scripting.getRegisteredContentScripts({ ids });
  if (before.length > 0) await browser.scripting.unregisterContentScripts({ ids: before.map(({ id }) => id) });
  if (matches.length > 0) await browser.scripting.registerContentScripts(scripts);
}

/** The scripts that the manifest has for every marketplace, for others. */
function scriptsFor(matches: string[]): Registered[] {
  const every = `https://${marketplaces[0]}/*`;
  const declaredScripts: Declared[] = browser.runtime.getManifest().content_scripts ?? [];
  return declaredScripts
    .filter((script) => script.matches?.includes(every))
    .map((script, place) => ({
      id: `optional-${place}`,
      matches,
      js: (script.js ?? []).map(pathOf),
      css: (script.css ?? []).map(pathOf),
      allFrames: script.all_frames ?? false,
      matchOriginAsFallback: script.match_origin_as_fallback ?? false,
      runAt: script.run_at ?? 'document_idle',
      persistAcrossSessions: true,
    })) as Registered[];
}

/** A file's path within the extension. Firefox's manifest has whole addresses, which its registerContentScripts refuses. */
function pathOf(file: string): string {
  return new URL(file, browser.runtime.getURL('/')).pathname.slice(1);
}
