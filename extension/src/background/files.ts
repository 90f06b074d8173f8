/** The client's pictures and files on open pages that nobody has looked into: wanted of the page, or out of reach. */
import type { PageFiles } from '../messages';
import type { Connection } from './connection';
import type { PageView } from './page';
import type { Verdicts } from './verdicts';

interface Tried {
  /** Sent, and not answered. */
  askedUrls: Set<string>;
  /** Not to be read, or not understood. */
  unseenUrls: Set<string>;
}

export class Files {
  private readonly attemptsByPage = new WeakMap<PageView, Tried>();
  private last: Promise<unknown> = Promise.resolve();

  /** `onChange` is called with a page whose files are others now. */
  constructor(
    private readonly connection: Connection,
    private readonly verdicts: Verdicts,
    private readonly onChange: (page: PageView) => void,
  ) {}

  of(page: PageView): PageFiles {
    const addresses = this.connection.status?.pictures === 'on' ? this.addresses(page) : [];
    const { askedUrls, unseenUrls } = this.triedOn(page);
    return {
      wanted: addresses.filter((address) => !askedUrls.has(address) && !unseenUrls.has(address)),
      unseen: addresses.filter((address) => unseenUrls.has(address)),
    };
  }

  /**
   * Have Koban look into a file that the page has read, or that its user chose; null where it could not. One at a time:
   * some are large. Returns whether it was.
   */
  take(page: PageView, url: string, data: string | null, isChosen = false): Promise<boolean> {
    // What is out of reach is said at once, and not behind others that Koban is opening.
    if (data === null) return this.look(page, url, data, isChosen);
    const outcome = this.last.then(() => this.look(page, url, data, isChosen));
    // A page that was closed by then cannot be told: the others go on.
    this.last = outcome.catch(() => undefined);
    return outcome;
  }

  /** Have Koban forget what a file held that its user chose for an address. Returns whether it did. */
  async withdraw(page: PageView, url: string): Promise<boolean> {
    const isWithdrawn = await this.connection.api?.withdraw(url).then(
      () => true,
      () => false,
    );
    if (isWithdrawn !== true) return false;
    const { askedUrls, unseenUrls } = this.triedOn(page);
    askedUrls.delete(url);
    // Not wanted of the page, which could not read it.
    unseenUrls.add(url);
    this.onChange(page);
    return true;
  }

  private async look(page: PageView, url: string, data: string | null, isChosen: boolean): Promise<boolean> {
    const { askedUrls, unseenUrls } = this.triedOn(page);
    const { api } = this.connection;
    if (api === null || askedUrls.has(url) || !this.addresses(page).includes(url)) return false;
    askedUrls.add(url);
    const isSeen = data !== null && (await api.enclose(page.url, url, data, isChosen).catch(() => false));
    askedUrls.delete(url);
    if (isSeen) {
      unseenUrls.delete(url);
      // Its verdict is on its way, and wants it no more.
      askedUrls.add(url);
    } else unseenUrls.add(url);
    this.onChange(page);
    return isSeen;
  }

  private addresses(page: PageView): string[] {
    return this.verdicts.of(page)?.verdict.enclosures ?? [];
  }

  private triedOn(page: PageView): Tried {
    const attempts = this.attemptsByPage.get(page) ?? { askedUrls: new Set(), unseenUrls: new Set() };
    this.attemptsByPage.set(page, attempts);
    return attempts;
  }
}
