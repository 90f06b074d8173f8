/**
 * Files that lie where neither Koban nor the page's scripts can read them: whoever has saved one chooses it, and has it
 * looked into in place of the one that the page names. Nothing is asked of the network.
 */
import { MOST_FILE_BYTES } from '../api/bounds.generated';
import type { Words } from '../i18n/words';
import { base64 } from '../ui/base64';
import { type Child, h } from '../ui/virtual';

const MOST_FILES = 20;
const LONGEST_NAME = 60;

export interface FileActions {
  /** Have a file in base64 looked into as the one of an address. */
  giveFile(address: string, data: string): Promise<void>;
  /** Opens a place where files can be chosen; null where this is one. A popup closes under the window that asks. */
  chooseElsewhere: (() => void) | null;
}

export class FilesAtHand {
  /** The address whose file is being looked into; null while there is none. */
  private busy: string | null = null;
  /** Addresses whose files were given. One that is unseen all the same could not be read. */
  private readonly given = new Set<string>();

  /** `changed` is called when there is something else to show. */
  constructor(
    private readonly actions: FileActions,
    private readonly changed: () => void,
  ) {}

  /** What to do about addresses that were not looked into. */
  entry(unseen: readonly string[], words: Words): Child[] {
    const { chooseElsewhere } = this.actions;
    return [
      h('p', { class: 'none' }, words.of('filesLine')),
      chooseElsewhere !== null
        ? h(
            'p',
            { class: 'answers' },
            h('button', { type: 'button', onclick: chooseElsewhere }, words.of('filesChoose')),
          )
        : h('ul', { class: 'files' }, ...unseen.slice(0, MOST_FILES).map((address) => this.row(address, words))),
      unseen.length > MOST_FILES &&
        chooseElsewhere === null &&
        h('p', { class: 'none' }, words.of('filesFurther', unseen.length - MOST_FILES)),
    ];
  }

  private row(address: string, words: Words): Child {
    const isUnread = this.given.has(address) && this.busy !== address;
    return h(
      'li',
      { key: address },
      h(
        'label',
        {},
        h('bdi', {}, nameOf(address)),
        h('input', {
          type: 'file',
          disabled: this.busy !== null,
          onchange: (event: Event) => void this.give(address, event.currentTarget as HTMLInputElement),
        }),
      ),
      this.busy === address && h('p', { class: 'none', role: 'status' }, words.of('picturesLooking')),
      isUnread && h('p', { class: 'none', role: 'status' }, words.of('filesUnread')),
    );
  }

  private async give(address: string, input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (file === undefined || this.busy !== null) return;
    // So that the same file can be chosen once more.
    input.value = '';
    this.busy = address;
    this.changed();
    try {
      if (file.size <= MOST_FILE_BYTES)
        await this.actions.giveFile(address, base64(new Uint8Array(await file.arrayBuffer())));
    } catch {
      // Koban is away, or the file is gone: it was not looked into, which is what is said.
    }
    this.given.add(address);
    this.busy = null;
    this.changed();
  }
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
  const shown = [...name.replace(/[\p{Cc}\p{Cf}]/gu, '')];
  if (shown.length === 0) return host;
  return shown.length > LONGEST_NAME ? `…${shown.slice(1 - LONGEST_NAME).join('')}` : shown.join('');
}
