/**
 * The extension's one connection to Koban: the link, how it is, the stream of events, and what Koban says of itself,
 * its rules and the user's settings. Everything it holds can be had again: the browser may end the background at any
 * time.
 */
import { ApiError, type ApiErrorKind, type KobanApi, type Link } from '../api/client';
import type { ApiEvent } from '../api/events';
import type {
  HealthLink,
  ReplyInfo,
  RuleInfo,
  ServiceStatus,
  Settings,
  SettingsChange,
  SiteControls,
  StorageTrouble,
} from '../api/types';
import type { Health, KobanState } from '../messages';
import { EventStream } from './stream';
import { compatible } from './version';

/** HTTP: the request is not valid; a file of a newer Koban is in its way; the server has no room to store it. */
export const INVALID = 422;
const CONFLICT = 409;
const FULL = 507;

const HEALTHS: Record<ApiErrorKind, Health> = {
  refused: 'not-paired',
  unreachable: 'not-running',
  stranger: 'stranger',
  failed: 'failing',
};

export interface ConnectionListener {
  /** Something that every surface shows has changed, such as the health. */
  changed(): void;
  /** Something that only the extension's own pages show has changed. */
  stateChanged(): void;
  /** Koban answered with its status, rules and settings. Resolves once the verdicts of open pages are asked for. */
  refreshed(): Promise<void>;
  happened(event: ApiEvent): void;
  /** The stream of events broke: events are missed until it is open again. */
  broke(): void;
}

export class Connection {
  health: Health = 'not-paired';
  status: ServiceStatus | null = null;
  rules: RuleInfo[] = [];
  /** The replies of a pack: what Koban said last, also while it is away. */
  replies: readonly ReplyInfo[] = [];
  /** The same of its controls and labels of sites. */
  controls: readonly SiteControls[] = [];
  settings: Settings | null = null;
  links: HealthLink[] | null = null;
  /** Attempts in vain since Koban last answered. */
  tried = 0;
  /** Why the last change was refused, and how many were. */
  trouble: KobanState['trouble'] = null;
  private current: KobanApi | null = null;
  private refreshing: Promise<void> | null = null;
  private refreshAgain = false;
  private readonly stream = new EventStream({
    opened: () => void this.refresh(),
    happened: (event) => this.listener.happened(event),
    // The end of a stream does not say why it ended: Koban is asked.
    broke: (error) => {
      this.listener.broke();
      if (error instanceof ApiError) this.fail(error);
      else void this.refresh();
    },
  });

  /** `connect` makes the client of a link; `version` is the extension's own. */
  constructor(
    private readonly connect: (link: Link) => KobanApi,
    private readonly version: string,
    private readonly listener: ConnectionListener,
  ) {}

  /** The client of the present link; null where the extension was never paired. */
  get api(): KobanApi | null {
    return this.current;
  }

  /** Use this link from now on. */
  use(link: Link | null): void {
    this.stream.close();
    this.current = link === null ? null : this.connect(link);
    this.status = null;
    this.rules = [];
    this.replies = [];
    this.controls = [];
    this.settings = null;
    this.links = null;
    this.health = link === null ? 'not-paired' : 'ok';
  }

  /** Why settings and history may not be kept; an older Koban does not say. */
  get storage(): StorageTrouble | null {
    return this.status?.storage ?? null;
  }

  private get isReached(): boolean {
    return this.health === 'ok' && this.status?.proxy.listening === true;
  }

  /** All that can be asked of a running Koban is well. */
  private get isWell(): boolean {
    return this.isReached && this.storage === null;
  }

  /** Have the stream of events open. */
  listen(): void {
    if (this.current !== null && !this.stream.isOpen) this.stream.open(this.current);
  }

  close(): void {
    this.stream.close();
  }

  /** Koban answered: where the health says otherwise, the stream does not wait for its next attempt. */
  answered(): void {
    const isWell = this.health === 'ok' || this.health === 'not-paired' || this.health === 'wrong-version';
    if (this.current !== null && !isWell) this.stream.open(this.current);
  }

  /** A request failed. */
  fail(error: unknown): void {
    this.health = HEALTHS[error instanceof ApiError ? error.kind : 'unreachable'];
    this.status = null;
    this.listener.changed();
  }

  /** Ask for status, rules, settings and the verdicts of open pages. Overlapping calls become one more. */
  refresh(): Promise<void> {
    if (this.refreshing !== null) {
      this.refreshAgain = true;
      return this.refreshing;
    }
    const run = async () => {
      do {
        this.refreshAgain = false;
        await this.refreshOnce();
      } while (this.refreshAgain);
    };
    this.refreshing = run().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  /** Open the stream anew where it is open, since what is said with it has changed. */
  listenAnew(): void {
    if (this.current !== null && this.stream.isOpen) this.stream.open(this.current);
  }

  /** Ask now, without waiting for the stream's next attempt. */
  async retry(): Promise<void> {
    const api = this.current;
    if (api === null) return;
    await this.refresh();
    if (this.isReached) this.stream.open(api);
    if (!this.isWell) this.tried += 1;
    this.listener.stateChanged();
  }

  /**
   * Change the user's settings; pages follow by the event that comes of it. Returns whether Koban stored the change.
   */
  change(change: SettingsChange): Promise<boolean> {
    return this.changing((api) => api.change(change));
  }

  /** Have the system start Koban with the computer, or not. Returns whether that was done. */
  autostart(on: boolean): Promise<boolean> {
    return this.changing((api) => api.autostart(on));
  }

  private async changing(ask: (api: KobanApi) => Promise<unknown>): Promise<boolean> {
    if (this.current === null) return false;
    try {
      await ask(this.current);
      this.trouble = null;
    } catch (error) {
      this.refuse(error);
      return false;
    }
    await this.refresh();
    return true;
  }

  /** The same for a change that the user has not made: one that is not taken is not told of. */
  async ask(change: SettingsChange): Promise<boolean> {
    try {
      await this.current?.change(change);
    } catch {
      return false;
    }
    await this.refresh();
    return true;
  }

  /** Have Koban examine every link of the chain. */
  async examine(): Promise<void> {
    try {
      this.links = (await this.current?.health()) ?? null;
      this.listener.stateChanged();
    } catch (error) {
      this.fail(error);
    }
  }

  /** End the pairing on both sides; on this side alone where Koban cannot be asked. */
  async unpair(): Promise<void> {
    await this.current?.unpair().catch(() => undefined);
  }

  /** A change that a healthy Koban refuses is no failure of the link. */
  private refuse(error: unknown): void {
    const status = error instanceof ApiError ? error.status : null;
    if (status !== FULL && status !== INVALID && status !== CONFLICT) return this.fail(error);
    this.trouble = { kind: status === FULL ? 'disk' : 'refused', number: (this.trouble?.number ?? 0) + 1 };
    this.listener.stateChanged();
  }

  private async refreshOnce(): Promise<void> {
    const api = this.current;
    if (api === null) return this.listener.changed();
    try {
      const [status, rules, settings] = await Promise.all([api.status(), api.rules(), api.settings()]);
      if (api !== this.current) return;
      this.status = status;
      this.rules = rules;
      // An older Koban says none.
      this.replies = status.replies ?? [];
      this.controls = status.controls ?? [];
      this.settings = settings;
      this.health = compatible(this.version, status.version) ? 'ok' : 'wrong-version';
      if (this.isWell) this.tried = 0;
    } catch (error) {
      if (api === this.current) this.fail(error);
      return;
    }
    await this.listener.refreshed();
    this.listener.stateChanged();
  }
}
