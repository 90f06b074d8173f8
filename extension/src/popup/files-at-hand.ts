/**
 * Files that lie where neither Koban nor the page's scripts can read them: whoever has saved one chooses it, and has it
 * looked into in place of the one that the page names, whose host and name stand beside the button and in the answer.
 * What was chosen by mistake is taken back. Nothing is asked of the network.
 */
import { MOST_FILE_BYTES } from '../api/bounds.generated';
import type { ChosenFile, PageVerdict } from '../api/types';
import type { Key, Words } from '../i18n/words';
import { LOOKS, reasonInfo } from '../states';
import { base64 } from '../ui/base64';
import { type Child, h } from '../ui/virtual';

const MOST_FILES = 20;
const LONGEST_NAME = 60;
const SAID = 'files-said';

export interface FileActions {
  /** Have a file in base64 looked into as the one of an address. Returns whether it was. */
  giveFile(address: string, data: string): Promise<boolean>;
  /** Have forgotten what that file held. Returns whether it was. */
  withdrawFile(address: string): Promise<boolean>;
  /** Opens a place where files can be chosen; null where this is one. A popup closes under the window that asks. */
  chooseElsewhere: (() => void) | null;
}

type Outcome = 'reading' | 'read' | 'unread' | 'withdrawn' | 'not-withdrawn';

export class FilesAtHand {
  /** The address that something was done about last, and what came of it. */
  private last: { address: string; outcome: Outcome } | null = null;
  private busy = false;
  /** By address, the name of the file that was chosen for it in this popup. */
  private readonly names = new Map<string, string>();

  /** `onChange` is called when there is something else to show. */
  constructor(
    private readonly actions: FileActions,
    private readonly onChange: () => void,
  ) {}

  /** What to do about addresses that were not looked into, and what came of files that were chosen. */
  entry(unseen: readonly string[], shown: PageVerdict | null, words: Words): Child[] {
    const chosenFiles = shown?.verdict.chosen ?? [];
    const earlier = chosenFiles.filter(({ url }) => url !== this.last?.address);
    return [
      // The keyboard goes here where its place is gone.
      h('p', { class: SAID, role: 'status', tabindex: '-1' }, this.said(shown, words)),
      ...chosenFiles.filter((file) => !earlier.includes(file)).map(({ url }) => this.undo(url, words)),
      earlier.length > 0 &&
        h(
          'ul',
          { class: 'files' },
          ...earlier.map((file) =>
            h('li', { key: file.url }, h('p', {}, this.answer(file, shown, words)), this.undo(file.url, words)),
          ),
        ),
      ...(unseen.length > 0 ? this.chooser(unseen, words) : []),
    ];
  }

  private chooser(unseen: readonly string[], words: Words): Child[] {
    const { chooseElsewhere } = this.actions;
    const rows = unseen.slice(0, MOST_FILES);
    const button = { type: 'button', onclick: chooseElsewhere };
    return [
      h('p', { class: 'none' }, words.of('filesLine')),
      chooseElsewhere !== null
        ? h('p', { class: 'answers' }, h('button', button, words.of('filesChoose')))
        : h('ul', { class: 'files' }, ...rows.map((address) => this.row(address, words))),
      unseen.length > MOST_FILES &&
        chooseElsewhere === null &&
        h('p', { class: 'none' }, words.of('filesFurther', unseen.length - MOST_FILES)),
    ];
  }

  private row(address: string, words: Words): Child {
    return h(
      'li',
      { key: address },
      h(
        'label',
        {},
        h('bdi', {}, nameOf(address)),
        h('span', { class: 'none' }, words.of('filesCounted', hostOf(address))),
        h('input', {
          type: 'file',
          // Not `disabled`, which would take the keyboard from it.
          'aria-disabled': String(this.busy),
          onclick: (event: Event) => this.busy && event.preventDefault(),
          onchange: (event: Event) => void this.give(address, event.currentTarget as HTMLInputElement),
        }),
      ),
    );
  }

  private undo(address: string, words: Words): Child {
    return h(
      'p',
      { key: `undo ${address}`, class: 'answers' },
      h(
        'button',
        {
          type: 'button',
          'aria-disabled': String(this.busy),
          'aria-label': words.of('filesWithdrawOf', hostOf(address), nameOf(address)),
          onclick: () => void this.withdraw(address),
        },
        words.of('filesWithdraw'),
      ),
    );
  }

  /** What came of what was done last. A file that was given and is not among the chosen could not be read. */
  private said(shown: PageVerdict | null, words: Words): string | null {
    if (this.last === null) return null;
    const { address, outcome } = this.last;
    const file = shown?.verdict.chosen?.find(({ url }) => url === address);
    const isAsked = outcome === 'reading' || outcome === 'read' || outcome === 'unread';
    // A busy Koban may have looked into it after nobody waited any more.
    if (isAsked && file !== undefined) return this.answer(file, shown, words);
    const of = (key: Key) => words.of(key, this.names.get(address) ?? '', hostOf(address), nameOf(address));
    if (outcome === 'unread') return of('filesUnread');
    if (outcome === 'withdrawn') return words.of('filesWithdrawn', hostOf(address), nameOf(address));
    if (outcome === 'not-withdrawn') return words.of('filesNotWithdrawn');
    // Also of one that was read, until its verdict comes.
    return of('filesReading');
  }

  private answer({ url, whole }: ChosenFile, shown: PageVerdict | null, words: Words): string {
    const name = this.names.get(url);
    const place = [hostOf(url), nameOf(url), this.found(url, whole, shown, words)];
    const resultLine =
      name === undefined ? words.of('filesReadBefore', ...place) : words.of('filesRead', name, ...place);
    if (whole) return resultLine;
    const part = words.of('unseenLine', words.of('stateNotChecked'), words.of('filesPart'));
    return `${resultLine} ${LOOKS['not-checked'].sign} ${part}`;
  }

  private found(url: string, whole: boolean, shown: PageVerdict | null, words: Words): string {
    const verdict = shown?.verdict;
    const findings = verdict?.findings.filter(({ evidence }) => evidence.some(({ file }) => file === url)) ?? [];
    if (findings.length > 0) return words.of('filesFound', findings.length);
    if (reasonInfo(verdict?.reason)?.chosen) return words.of('filesMuted');
    return words.of(whole ? 'filesFoundNone' : 'filesFoundNonePart');
  }

  private async give(address: string, input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (file === undefined || this.busy) return;
    this.names.set(address, shownName(file.name));
    // So that the same file can be chosen once more.
    input.value = '';
    this.begin(address);
    let isGiven = false;
    try {
      isGiven =
        file.size <= MOST_FILE_BYTES &&
        (await this.actions.giveFile(address, base64(new Uint8Array(await file.arrayBuffer()))));
    } catch {
      // Koban is away, or the file is gone: it was not looked into, which is what is said.
    }
    this.end(address, isGiven ? 'read' : 'unread');
  }

  private async withdraw(address: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.onChange();
    const isGone = await this.actions.withdrawFile(address).catch(() => false);
    this.end(address, isGone ? 'withdrawn' : 'not-withdrawn');
  }

  private begin(address: string): void {
    this.busy = true;
    this.last = { address, outcome: 'reading' };
    this.onChange();
  }

  private end(address: string, outcome: Outcome): void {
    this.busy = false;
    this.last = { address, outcome };
    this.onChange();
    if (document.activeElement === document.body) document.querySelector<HTMLElement>(`.${SAID}`)?.focus();
  }
}

function hostOf(address: string): string {
  return new URL(address).host;
}

/** The end of an address as a name to tell files by; its host where that says nothing. */
export function nameOf(address: string): string {
  const { host, pathname } = new URL(address);
  const last = pathname.split('/').findLast((part) => part !== '') ?? '';
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // As it stands.
  }
  return shownName(name) || host;
}

function shownName(name: string): string {
  const characters = [...name.replace(/[\p{Cc}\p{Cf}]/gu, '')];
  return characters.length > LONGEST_NAME ? `…${characters.slice(1 - LONGEST_NAME).join('')}` : characters.join('');
}
