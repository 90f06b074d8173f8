/** The calls of the extension's own pages to the background, which alone has the key to Koban. */
import type { LessonRequest, PageVerdict, SettingsChange, TextKind, Verdict } from '../api/types';
import type { HistoryCalls } from '../history/actions';
import type { Language, LanguageChoice } from '../i18n/languages';
import type { NumberResult, OfferedLink, PairResult, Removal } from '../messages';
import type { LessonsActions, Taken, TeachActions } from '../teaching/actions';
import type { FileHandle } from './files';

/** No call rejects because of Koban: where it cannot be asked, the result says so. */
export interface KobanService extends Omit<HistoryCalls, 'bundle' | 'exported'>, TeachActions, LessonsActions {
  /** Change the user's settings. Returns whether Koban stored the change. */
  change(change: SettingsChange): Promise<boolean>;
  /** Have the system start Koban with the computer, or not. Returns whether that was done. */
  autostart(on: boolean): Promise<boolean>;
  /**
   * Take a warning away by a change of the settings, have the tab's page offer to bring it back, and teach Koban the
   * lesson that goes with it and is undone with it. Returns whether Koban stored the change, and the lesson's answer;
   * null where there is none.
   */
  takeAway(
    tabId: number,
    change: SettingsChange,
    removal: Removal,
    lesson: LessonRequest | null,
  ): Promise<{ isTaken: boolean; lesson: Taken | null }>;
  /** Bring back the warning that was taken away last on a tab's page. Returns whether it was. */
  bringBack(tabId: number): Promise<boolean>;
  /** Have Koban look into a picture of a tab's page, in base64, as it is drawn there. */
  takePicture(tabId: number, url: string, data: string): Promise<void>;
  /** Have Koban look into a file, in base64, that its user chose for an address of a tab's page. Returns whether it was. */
  takeChosen(tabId: number, url: string, data: string): Promise<boolean>;
  /** Have Koban forget what that file held. Returns whether it did. */
  withdrawChosen(tabId: number, url: string): Promise<boolean>;
  language(): Promise<Language>;
  chooseLanguage(choice: LanguageChoice): Promise<void>;
  /** Have Koban examine every link of the chain. */
  examine(): Promise<void>;
  /** Ask Koban again now. */
  retry(): Promise<void>;
  /** End the pairing on both sides. */
  unpair(): Promise<void>;
  /** Have Koban show its user a number that pairs. */
  showNumber(): Promise<NumberResult>;
  enterNumber(number: string): Promise<PairResult>;
  /** The ports that an opened link would change between; null where the link is too old. */
  offeredLink(id: string): Promise<OfferedLink | null>;
  acceptLink(id: string): Promise<PairResult>;
  /** Judge a made-up page, which is not stored; null where Koban cannot be asked. */
  demonstrate(url: string, html: string): Promise<PageVerdict | null>;
  /** Judge a text by itself, of which nothing is kept; null where Koban cannot be asked. */
  checkText(kind: TextKind, text: string): Promise<Verdict | null>;
  /** Hosts of the marketplaces that were opened, the last first. */
  usedHosts(): Promise<string[]>;
  /** Whether this browser is the window that `koban start` opens. */
  isKobanWindow(): Promise<boolean>;
  /** This browser is that window. */
  markKobanWindow(): Promise<void>;
  /** The evidence of a report, as a file. */
  bundle(...about: Parameters<HistoryCalls['bundle']>): Promise<FileHandle | null>;
  /** The whole history, as a file. */
  exported(...form: Parameters<HistoryCalls['exported']>): Promise<FileHandle | null>;
  /** A part of a file in base64; null where there is none (any more). */
  filePart(id: string, part: number): Promise<string | null>;
}
