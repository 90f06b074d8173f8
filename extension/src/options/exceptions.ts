/** All exceptions that the user has made, each with what undoes it. */
import type { RuleInfo, Settings, SettingsChange, SiteStatus } from '../api/types';
import type { Words } from '../i18n/words';
import { REPLIES } from '../templates/templates';

export interface Exception {
  /** The difference from Koban's defaults, in a sentence. */
  line: string;
  /** The change that takes the exception away. */
  undo: SettingsChange;
}

/** `names`: of clients, by their name in the settings; who was never seen by name is told by number. */
export function exceptions(
  settings: Settings,
  rules: readonly RuleInfo[],
  sites: readonly SiteStatus[],
  words: Words,
  names: ReadonlyMap<string, string> = new Map(),
): Exception[] {
  const title = (id: string) => {
    const rule = rules.find((each) => each.id === id);
    return rule === undefined ? id : words.in(rule.title);
  };
  const named = (id: string) => {
    const site = sites.find((each) => each.id === id);
    return site === undefined ? id : words.in(site.name);
  };
  const list: Exception[] = [];
  for (const [id, on] of Object.entries(settings.rules ?? {})) {
    list.push({
      line: words.of(on ? 'exceptionRuleOn' : 'exceptionRuleOff', title(id)),
      undo: { rules: { [id]: null } },
    });
  }
  for (const [site, own] of Object.entries(settings.sites ?? {})) {
    if (!own.enabled)
      list.push({ line: words.of('exceptionSiteOff', named(site)), undo: { sites: { [site]: { enabled: null } } } });
    for (const [id, on] of Object.entries(own.rules ?? {})) {
      const line = words.of(on ? 'exceptionRuleOnAt' : 'exceptionRuleOffAt', named(site), title(id));
      list.push({ line, undo: { sites: { [site]: { rules: { [id]: null } } } } });
    }
  }
  for (const [key, own] of Object.entries(settings.clients ?? {})) {
    const [site = '', number = ''] = key.split(/:(.*)/s);
    const name = names.get(key);
    const client = name === undefined ? number : words.of('exceptionClientNamed', name, number);
    // With the last exception nothing of the client is kept.
    const undo = (one: { muted: null } | { ask: null }) => ({ clients: { [key]: own.muted && !own.ask ? one : null } });
    if (own.muted) list.push({ line: words.of('exceptionMuted', named(site), client), undo: undo({ muted: null }) });
    if (!own.ask) list.push({ line: words.of('exceptionNotAsked', named(site), client), undo: undo({ ask: null }) });
  }
  // What of a rule's warnings was called wrong on a site is one line, on however many pages that was.
  const wrong = new Map<string, Record<string, null>>();
  for (const key of Object.keys(settings.wrong ?? {})) {
    const [id = '', site = ''] = key.split('@');
    const line = words.of('exceptionWrong', named(site), title(id));
    wrong.set(line, { ...wrong.get(line), [key]: null });
  }
  for (const [line, keys] of wrong) list.push({ line, undo: { wrong: keys } });
  for (const [id, text] of Object.entries(settings.templates ?? {})) {
    const title = REPLIES.find((reply) => reply.id === id)?.title ?? text;
    list.push({
      line: words.of('exceptionReply', words.in(title).split('\n')[0] ?? id),
      undo: { templates: { [id]: null } },
    });
  }
  return list;
}

/** The change that brings everything back to how Koban has it. */
export function nothingOfOnesOwn(settings: Settings): SettingsChange {
  const gone = (of: Record<string, unknown> | undefined) =>
    Object.fromEntries(Object.keys(of ?? {}).map((key) => [key, null]));
  return {
    rules: gone(settings.rules),
    sites: gone(settings.sites),
    clients: gone(settings.clients),
    templates: gone(settings.templates),
    wrong: gone(settings.wrong),
    active_step: null,
    guard: null,
    paused_until: null,
    history: null,
  };
}

/** Settings as a file holds them: what is this machine's own stays here. */
export function exported(settings: Settings): string {
  const { rules, sites, clients, templates, active_step, guard } = settings;
  return `${JSON.stringify({ rules, sites, clients, templates, active_step, guard }, null, 2)}\n`;
}

const KEYS = new Set(['rules', 'sites', 'clients', 'templates', 'active_step', 'guard']);

/**
 * The change that a file holds, or null where it is none of Koban's settings. Whether its values are good, Koban
 * says.
 */
export function imported(text: string): SettingsChange | null {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return null;
  const keys = Object.keys(read);
  return keys.length > 0 && keys.every((key) => KEYS.has(key)) ? (read as SettingsChange) : null;
}
