/** The API's shapes by their names. `schema.d.ts` is generated from `openapi.json` (`npm run types`). */
import type { components } from './schema';

type Schemas = components['schemas'];

export type AsideStatus = Schemas['AsideStatus'];
export type Evidence = Schemas['Evidence'];
export type ChosenFile = Schemas['ChosenFile'];
export type Finding = Schemas['Finding'];
export type Deal = Schemas['Deal'];
export type Due = Schemas['Due'];
export type HealthLink = Schemas['HealthLink'];
export type HistoryView = Schemas['HistoryView'];
export type Known = Schemas['Known'];
export type PageVerdict = Schemas['PageVerdict'];
export type HistoryChange = Schemas['HistoryChange'];
export type HistorySettings = Schemas['HistorySettings'];
export type ReplyInfo = Schemas['ReplyInfo'];
export type ReportRequest = Schemas['ReportRequest'];
export type ReportSheet = Schemas['ReportSheet'];
export type LessonInfo = Schemas['LessonInfo'];
export type LessonRequest = Schemas['LessonRequest'];
export type RuleInfo = Schemas['RuleInfo'];
export type ServiceStatus = Schemas['ServiceStatus'];
export type Settings = Schemas['Settings'];
export type SiteControls = Schemas['SiteControls'];
export type SiteStatus = Schemas['SiteStatus'];
export type Source = Schemas['Source'];
export type Text = Schemas['Text'];
export type Warned = Schemas['Warned'];
export type Verdict = Schemas['Verdict'];

export type State = Verdict['state'];
export type Severity = Finding['severity'];
export type PicturesStatus = ServiceStatus['pictures'];
/** gone: the system would start Koban, but the program is no longer there. */
export type AutostartState = NonNullable<ServiceStatus['autostart']>;
export type StorageTrouble = NonNullable<ServiceStatus['storage']>;
export type TextKind = Schemas['TextRequest']['kind'];
export type PageKind = NonNullable<Verdict['kind']>;
export type Stage = NonNullable<Verdict['stage']>;
export type Reason = NonNullable<Verdict['reason']>;
export type Subject = Finding['subject'];

/** A JSON merge patch (RFC 7396) of the settings: `null` removes. */
export interface SettingsChange {
  rules?: Record<string, boolean | null>;
  sites?: Record<string, { enabled?: boolean | null; rules?: Record<string, boolean | null> } | null>;
  language?: NonNullable<Settings['language']> | null;
  paused_until?: string | null;
  welcomed?: boolean;
  trust?: 'yes' | null;
  trust_refused?: boolean;
  history?: { enabled?: boolean | null; texts?: boolean | null; pages?: boolean | null; days?: number | null } | null;
  active_step?: boolean | null;
  guard?: boolean | null;
  pictures?: boolean | null;
  templates?: Record<string, Record<string, string | null> | null>;
  wrong?: Record<string, string | null>;
  clients?: Record<string, { muted?: boolean | null; ask?: boolean | null } | null>;
}
