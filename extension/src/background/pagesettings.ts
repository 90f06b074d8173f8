/** The settings that a page needs, and no more. */
import type { ReplyInfo, Settings, Verdict } from '../api/types';
import type { PageSettings } from '../messages';

/** `replies`: of a pack. */
export function pageSettings(settings: Settings, verdict: Verdict | null, replies: readonly ReplyInfo[]): PageSettings {
  const client = clientKey(verdict);
  return {
    asks: settings.active_step && (client === null || (settings.clients?.[client]?.ask ?? true)),
    asksDelivery: settings.active_step,
    mayStopAsking: client !== null,
    guards: settings.guard,
    templates: settings.templates ?? {},
    replies,
  };
}

/**
 * The client of a page by the name that the settings have for them (`<site>:<id>`); null where the page shows no one.
 */
export function clientKey(verdict: Verdict | null): string | null {
  return verdict?.site && verdict.client ? `${verdict.site}:${verdict.client.id}` : null;
}
