/** The settings that a page needs, and no more. */
import type { Settings, Verdict } from '../api/types';
import type { PageSettings } from '../messages';

/** What packs bring for a page. */
export type OfPacks = Pick<PageSettings, 'replies' | 'controls'>;

export function pageSettings(settings: Settings, verdict: Verdict | null, ofPacks: OfPacks): PageSettings {
  const client = clientKey(verdict);
  return {
    asks: settings.active_step && (client === null || (settings.clients?.[client]?.ask ?? true)),
    asksDelivery: settings.active_step,
    mayStopAsking: client !== null,
    guards: settings.guard,
    templates: settings.templates ?? {},
    ...ofPacks,
  };
}

/**
 * The client of a page by the name that the settings have for them (`<site>:<id>`); null where the page shows no one.
 */
export function clientKey(verdict: Verdict | null): string | null {
  return verdict?.site && verdict.client ? `${verdict.site}:${verdict.client.id}` : null;
}
