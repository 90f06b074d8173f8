/** All exceptions that the user has made, each with what undoes it. */
import type { RuleInfo, Settings, SettingsChange, SiteStatus } from '../api/types';
import type { Words } from '../i18n/words';
import type { Reply } from '../templates/templates';

export interface Exception {
  /** The difference from Koban's defaults, in a sentence. */
  line: string;
  /** The change that takes the exception away. */
  undo: SettingsChange;
}

/**
 * All exceptions of the settings. `names`: of clients, by their name in the settings; the others go by number.
 * `replies`: before the user's wording.
 */
export function exceptions(
  settings: Settings,
  rules: readonly RuleInfo[],
  sites: readonly SiteStatus[],
  words: Words,
  names: ReadonlyMap<string, string>,
  replies: readonly Reply[],
): Exception[] {
  const titles = new Map(rules.map(({ id, title }) => [id, words.in(title)]));
  const siteNames = new Map(sites.map(({ id, name }) => [id, words.in(name)]));
  const labels: Labels = {
    rule: (id) => titles.get(id) ?? id,
    site: (id) => siteNames.get(id) ?? id,
    client: (key, number) => {
      const name = names.get(key);
      return name === undefined ? number : words.of('exceptionClientNamed', name, number);
    },
  };
  return [
    ...ofRules(settings, labels, words),
    ...ofSites(settings, labels, words),
    ...ofClients(settings, labels, words),
    ...ofWrongWarnings(settings, labels, words),
    ...ofReplies(settings, replies, words),
  ];
}

interface Labels {
  rule(id: string): string;
  site(id: string): string;
  client(key: string, number: string): string;
}

function ofRules(settings: Settings, labels: Labels, words: Words): Exception[] {
  return Object.entries(settings.rules ?? {}).map(([id, on]) => ({
    line: words.of(on ? 'exceptionRuleOn' : 'exceptionRuleOff', labels.rule(id)),
    undo: { rules: { [id]: null } },
  }));
}

function ofSites(settings: Settings, labels: Labels, words: Words): Exception[] {
  return Object.entries(settings.sites ?? {}).flatMap(([site, { enabled, rules }]) => [
    // Nothing said: on, or off where the site is optional, which is no exception.
    ...(enabled !== false
      ? []
      : [{ line: words.of('exceptionSiteOff', labels.site(site)), undo: { sites: { [site]: { enabled: null } } } }]),
    ...Object.entries(rules ?? {}).map(([id, on]) => ({
      line: words.of(on ? 'exceptionRuleOnAt' : 'exceptionRuleOffAt', labels.site(site), labels.rule(id)),
      undo: { sites: { [site]: { rules: { [id]: null } } } },
    })),
  ]);
}

function ofClients(settings: Settings, labels: Labels, words: Words): Exception[] {
  return Object.entries(settings.clients ?? {}).flatMap(([key, { muted, ask }]) => {
    const [site = '', number = ''] = key.split(/:(.*)/s);
    const client = labels.client(key, number);
    // With the last exception nothing of the client is kept.
    const undo = (change: { muted: null } | { ask: null }) => ({ clients: { [key]: muted && !ask ? change : null } });
    return [
      ...(muted ? [{ line: words.of('exceptionMuted', labels.site(site), client), undo: undo({ muted: null }) }] : []),
      ...(ask ? [] : [{ line: words.of('exceptionNotAsked', labels.site(site), client), undo: undo({ ask: null }) }]),
    ];
  });
}

/** Warnings of a rule that were called wrong on a site are one line, on however many pages that was. */
function ofWrongWarnings(settings: Settings, labels: Labels, words: Words): Exception[] {
  const keys = new Map<string, Record<string, null>>();
  for (const key of Object.keys(settings.wrong ?? {})) {
    const [id = '', site = ''] = key.split('@');
    const line = words.of('exceptionWrong', labels.site(site), labels.rule(id));
    keys.set(line, { ...keys.get(line), [key]: null });
  }
  return [...keys].map(([line, wrong]) => ({ line, undo: { wrong } }));
}

function ofReplies(settings: Settings, replies: readonly Reply[], words: Words): Exception[] {
  return Object.entries(settings.templates ?? {}).map(([id, text]) => {
    const title = replies.find((reply) => reply.id === id)?.title ?? text;
    return {
      line: words.of('exceptionReply', words.in(title).split('\n')[0] ?? id),
      undo: { templates: { [id]: null } },
    };
  });
}

/** The change that brings everything back to how Koban has it. */
export function nothingOfOnesOwn(settings: Settings): SettingsChange {
  const removalOf = (of: Record<string, unknown> | undefined) =>
    Object.fromEntries(Object.keys(of ?? {}).map((key) => [key, null]));
  return {
    rules: removalOf(settings.rules),
    sites: removalOf(settings.sites),
    clients: removalOf(settings.clients),
    templates: removalOf(settings.templates),
    wrong: removalOf(settings.wrong),
    active_step: null,
    guard: null,
    paused_until: null,
    history: null,
    pictures: null,
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
  let contents: unknown;
  try {
    contents = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof contents !== 'object' || contents === null || Array.isArray(contents)) return null;
  const keys = Object.keys(contents);
  return keys.length > 0 && keys.every((key) => KEYS.has(key)) ? (contents as SettingsChange) : null;
}
