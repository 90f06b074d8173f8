/** The client's pictures and files on open pages that nobody has looked into: wanted of the page, or out of reach. */
import type { PageFiles } from '../messages';
import type { Connection } from './connection';
import type { PageView, Verdicts } from './verdicts';

interface Tried {
  /** Sent, and not answered. */
  asked: Set<string>;
  /** Not to be read, or not understood. */
  unseen: Set<string>;
}

export class Files {
  private readonly tried = new WeakMap<PageView, Tried>();
  private last: Promise<unknown> = Promise.resolve();

  /** `changed` is called with a page whose files are others now. */
  constructor(
    private readonly connection: Connection,
    private readonly verdicts: Verdicts,
    private readonly changed: (page: PageView) => void,
  ) {}

  of(page: PageView): PageFiles {
    const addresses = this.connection.status?.pictures === 'on' ? this.addresses(page) : [];
    const { asked, unseen } = this.triedOn(page);
    return {
      wanted: addresses.filter((address) => !asked.has(address) && !unseen.has(address)),
      unseen: addresses.filter((address) => unseen.has(address)),
    };
  }

  /**
   * Have Koban look into a file that the page has read, or that its user chose; null where it could not. One at a time:
   * some are large. Returns whether it was.
   */
  take(page: PageView, url: string, data: string | null, chosen = false): Promise<boolean> {
    // What is out of reach is said at once, and not behind others that Koban is opening.
    if (data === null) return this.look(page, url, data, chosen);
    const taken = this.last.then(() => this.look(page, url, data, chosen));
    // A page that was closed by then cannot be told: the others go on.
    this.last = taken.catch(() => undefined);
    return taken;
  }

  /** Have Koban forget what a file held that its user chose for an address. Returns whether it did. */
  async withdraw(page: PageView, url: string): Promise<boolean> {
    const withdrawn = await this.connection.api?.withdraw(url).then(
      () => true,
      () => false,
    );
    if (withdrawn !== true) return false;
    const { asked, unseen } = this.triedOn(page);
    asked.delete(url);
    // Not wanted of the page, which could not read it.
    unseen.add(url);
    this.changed(page);
    return true;
  }

  private async look(page: PageView, url: string, data: string | null, chosen: boolean): Promise<boolean> {
    const { asked, unseen } = this.triedOn(page);
    const { api } = this.connection;
    if (api === null || asked.has(url) || !this.addresses(page).includes(url)) return false;
    asked.add(url);
    const isSeen = data !== null && (await api.enclose(page.url, url, data, chosen).catch(() => false));
    asked.delete(url);
    if (isSeen) {
      unseen.delete(url);
      // Its verdict is on its way, and wants it no more.
      asked.add(url);
    } else unseen.add(url);
    this.changed(page);
    return isSeen;
  }

  private addresses(page: PageView): string[] {
    return this.verdicts.of(page)?.verdict.enclosures ?? [];
  }

  private triedOn(page: PageView): Tried {
    const tried = this.tried.get(page) ?? { asked: new Set(), unseen: new Set() };
    this.tried.set(page, tried);
    return tried;
  }
}
