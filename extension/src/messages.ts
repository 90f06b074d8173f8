/** Messages between the parts of the extension. Pages never see any of them. */
import type {
  AsideStatus,
  AutostartState,
  Due,
  HealthLink,
  Known,
  PageVerdict,
  PicturesStatus,
  ReplyInfo,
  RuleInfo,
  Settings,
  SettingsChange,
  SiteControls,
  SiteStatus,
  State,
  StorageTrouble,
  Text,
} from './api/types';
import type { Language, LanguageChoice } from './i18n/languages';
import { lightOf } from './ui/light';

/** The state of the link to Koban. Each has a sentence of its own in the popup, with its repair. */
export type Health = 'ok' | 'not-paired' | 'not-running' | 'stranger' | 'wrong-version' | 'failing';

/** The same as a page has it: `replaced` where the extension that it was opened with has ended. */
export type PageHealth = Health | 'replaced';

/**
 * Names of the ports that the content script and the extension's own pages open. A page: the moment follows at which it
 * began to load, in milliseconds of the clock.
 */
export const PAGE_PORT = 'page:';
/** A frame of the same site within a page, which gets its page's model. */
export const FRAME_PORT = 'frame';
/** A page of the extension's own; the id of its subject's tab follows. */
export const STATE_PORT = 'state:';

/** `at`: where the page is. `submit`: the page as it is shown, asked for by `wantsPage`. */
export type FromPage =
  | { type: 'at'; url: string }
  | { type: 'submit'; url: string; html: string }
  /** The page as it is shown is too large to be sent. */
  | { type: 'too-large'; url: string }
  /** A picture or file of the page in base64; null where the browser does not let it be read. */
  | { type: 'file'; url: string; data: string | null }
  /** The page came to this browser through Koban: the ticket at its end. */
  | { type: 'arrived'; ticket: string }
  /** The page is not what passed: its own script wrote it over, or its service worker answered it. */
  | { type: 'rewritten' }
  /** The user has read the banner and folded it away, or unfolded it. */
  | { type: 'fold'; folded: boolean }
  /** The user ends the pause from within the page. */
  | { type: 'resume' }
  /** The user brings back the warning that was taken away last. */
  | { type: 'undo' }
  /** The user no longer wants to be asked before steps with the client of this page. */
  | { type: 'stop-asking' }
  /** The user wants to prepare a report on a warning of this page. */
  | { type: 'report'; rule: string };

/** The settings that a page needs. */
export interface PageSettings {
  /** Ask before a step into danger, with this page's client. */
  asks: boolean;
  /** Ask before a delivery without escrow, also where this client is no longer asked about. */
  asksDelivery: boolean;
  /** The page's client is known, so that the asking can be ended for them. */
  mayStopAsking: boolean;
  /** Look at what the user writes. */
  guards: boolean;
  /** The replies that the user has reworded, by id. */
  templates: Readonly<Record<string, Text>>;
  /** The replies of a pack. */
  replies: readonly ReplyInfo[];
  /** The controls and labels of the page's site that a pack words anew; null where it words none. */
  controls: SiteControls | null;
}

/** A warning that the user has taken away on a page: called wrong there, or its rule switched off. */
export interface Removed {
  key: 'wrongGone' | 'ruleGone';
  title: Text;
}

/** The same with the change that brings it back, which no page is told. */
export interface Removal extends Removed {
  rule: string;
  undo: SettingsChange;
}

/** The client's pictures and files on a page that nobody has looked into, by address. Empty while none is wanted. */
export interface PageFiles {
  /** The page is to send them, when it can. */
  wanted: string[];
  /** They could not be read. */
  unseen: string[];
}

/** The model that a page shows. */
export interface PageModel {
  url: string;
  health: PageHealth;
  /** null where Koban has not judged the page, or cannot be asked. */
  shown: PageVerdict | null;
  /** What is shown was found before the page was loaded again: whether it still holds is being looked at. */
  readAgain: boolean;
  /** The page passed as the marketplace sent it, without the proxy's element at its end. */
  isUntouched: boolean;
  /** All that is found here was read and folded away before. */
  folded: boolean;
  /** Nobody but the page itself can show Koban what it holds now: it is to send itself, now and when it changes. */
  wantsPage: boolean;
  files: PageFiles;
  /** null while they are not known. */
  settings: PageSettings | null;
  /** The user's record with the page's client before this visit; null where there is none. */
  known: Known | null;
  /** The warning that was taken away last, which can be brought back; null where there is none. */
  removed: Removed | null;
  /** Why what is seen may not be kept; null where nothing is in its way. */
  unstored: StorageTrouble | null;
  language: Language;
}

/** Asked by the popup of the page: what is marked in it. Answered with a text. */
export interface SelectionMessage {
  type: 'selection';
}

/** Asked by the popup of the page: the titles of the cards that its warnings are of. Answered with CardTitles. */
export interface CardTitlesMessage {
  type: 'card-titles';
  anchors: readonly string[];
}

/** Titles of cards by anchor; an anchor that the page has no card for is absent. */
export type CardTitles = Readonly<Record<string, string>>;

/** The user wants to see a card, from the popup. Answered with whether the page has it. */
export interface LeadMessage {
  type: 'lead';
  anchor: string;
}

/** The user wants a reply in the page's message box, from the popup. Answered with Draft. */
export interface DraftMessage {
  type: 'draft';
  reply: Text;
}

/** The user wants the client's pictures looked at that are in sight. Answered with PictureInSight[]. */
export interface InSightMessage {
  type: 'in-sight';
  addresses: readonly string[];
}

/** Where a picture stands, in parts of the window's width and height. */
export interface PictureInSight {
  url: string;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The popup's messages to its page. */
export type ToPage = SelectionMessage | CardTitlesMessage | LeadMessage | DraftMessage | InSightMessage;

export type NumberResult = 'shown' | 'too-often' | 'unreachable' | 'failed';

/** The background's state, as the extension's own pages show it. */
export interface KobanState {
  page: PageModel | null;
  health: Health;
  /** The version of the Koban that answers. */
  version: string | null;
  /** A newer version of Koban, which the project's pack names; null where there is none. */
  newest: string | null;
  proxyListening: boolean;
  /** Whether pictures and files of clients are looked at; null while it is not known. */
  pictures: PicturesStatus | null;
  /** Whether the system starts Koban with the computer; null where it is not known, or no choice. */
  autostart: AutostartState | null;
  /** Hosts whose pages pass unread for now, and why. */
  aside: AsideStatus[];
  /** The result of the examination of the chain; null until it was asked for. */
  links: HealthLink[] | null;
  /** The user's record with the page's client; null where there is none. */
  known: Known | null;
  /** Dates due within a week, or overdue. */
  today: Due[];
  /** Why the last change was not taken, and how often that was; null where it was. */
  trouble: { kind: 'disk' | 'refused'; number: number } | null;
  /** Number of attempts in vain to reach Koban. */
  tried: number;
  paused: boolean;
  /** Why settings and history may not be kept; null where nothing is in their way. */
  storage: StorageTrouble | null;
  /** The project's bug tracker; null where there is none. */
  tracker: string | null;
  site: SiteStatus | null;
  /** All marketplaces that Koban reads. */
  sites: SiteStatus[];
  /** null until Koban has told them. */
  settings: Settings | null;
  /** The one client that the page is about, by their name in the settings; null where it shows none or several. */
  client: string | null;
  rules: RuleInfo[];
  /** The replies of a pack. */
  replies: readonly ReplyInfo[];
  language: Language;
  choice: LanguageChoice;
}

/** Sent once by the pairing page. */
export interface PairMessage {
  type: 'pair';
  apiBase: string;
  code: string;
  /**
   * What becomes of the pairing page's tab in a window of Koban's own: `start`: it shows the start page. `close`: other
   * tabs are what its user opened the window for.
   */
  next: 'start' | 'close' | null;
}

/** `asked`: the extension is linked already, and a page of its own asks whether that is to change. */
export type PairResult = 'paired' | 'asked' | 'used' | 'stranger' | 'unreachable' | 'failed';

/** The ports of the present link and of an offered one. */
export interface OfferedLink {
  from: string;
  to: string;
}

/** The state of a page as every surface shows it, and why it was not checked; null where it was, or nobody says. */
export function stateOfPage(page: PageModel): { state: State; reason: string | null } {
  if (page.shown === null) {
    return { state: 'not-checked', reason: page.health === 'ok' ? 'not-seen' : page.health };
  }
  const { state, reason } = page.shown.verdict;
  // What was found stays true; that nothing is to be found, only whoever looks can say.
  if (state === 'clear' && page.health !== 'ok') return { state: 'not-checked', reason: page.health };
  // Nor may a page look better than its own escrow light.
  const light = lightOf(page.shown.verdict)?.state;
  if (light === 'caution' && (state === 'clear' || reason === 'muted')) return { state: 'caution', reason: null };
  if (light === 'not-checked' && state === 'clear') return { state: 'not-checked', reason: 'escrow-unknown' };
  return { state, reason: state === 'not-checked' ? (reason ?? null) : null };
}
