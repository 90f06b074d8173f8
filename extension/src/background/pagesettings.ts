/** What a page needs to know of the settings, and no more. */
import type { Settings, Text, Verdict } from '../api/types';
import type { PageSettings } from '../messages';

/** The keys that a Koban of this version may not have yet: each is as good as on. */
interface Wanted {
  active_step?: boolean;
  guard?: boolean;
  clients?: Record<string, { ask?: boolean }>;
  templates?: Record<string, Text>;
}

export function pageSettings(settings: Settings, verdict: Verdict | null): PageSettings {
  const wanted: Settings & Wanted = settings;
  const client = clientKey(verdict);
  return {
    asks: (wanted.active_step ?? true) && (client === null || (wanted.clients?.[client]?.ask ?? true)),
    mayStopAsking: client !== null,
    guards: wanted.guard ?? true,
    templates: wanted.templates ?? {},
  };
}

/** The client of a page by the name that the settings have for them (`<site>:<id>`); null where the page shows no one. */
export function clientKey(verdict: Verdict | null): string | null {
  const client = (verdict as { client?: { id?: string | null } | null } | null)?.client;
  return verdict?.site && client?.id ? `${verdict.site}:${client.id}` : null;
}
