/** The options: language, what Koban does, all exceptions, all rules, the replies, and one's own data. */
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { LessonInfo, Settings, SiteStatus, Text } from '../api/types';
import { type CareActions, care } from '../history/care';
import { sureButton } from '../history/widgets';
import { BASE_LANGUAGES, type Language, type LanguageChoice } from '../i18n/languages';
import { programFolder } from '../i18n/program-folder';
import { type Key, Words } from '../i18n/words';
import type { KobanState } from '../messages';
import { healthLine, pausedLine, TROUBLES } from '../popup/health';
import { pauseButtons } from '../popup/pause';
import { picturesSwitch } from '../popup/pictures';
import { searchedRules } from '../popup/rules';
import { type SiteActions, siteSwitch } from '../popup/sites';
import type { LessonsActions } from '../teaching/actions';
import { lessonList } from '../teaching/lessons';
import { laidOver, type Reply } from '../templates/templates';
import { draftBox, holdsDraft, stored } from '../ui/draft';
import { languageOptions } from '../ui/language-options';
import { stateMeanings } from '../ui/meanings';
import { type Child, component, group, h, outward, Root, switchOf } from '../ui/virtual';
import { type AutostartActions, autostartSwitch } from './autostart';
import { exceptions, exported, imported, nothingOfOnesOwn } from './exceptions';

export interface OptionsActions extends Omit<CareActions, 'keep'>, LessonsActions, SiteActions, AutostartActions {
  history(): void;
  language(choice: LanguageChoice): void;
  /** The names of clients that the history has, by their name in the settings. */
  names(): Promise<ReadonlyMap<string, string>>;
}

export class Options {
  private readonly root: Root;
  private status: Key | null = null;
  private state: KobanState | null = null;
  private names: ReadonlyMap<string, string> | null = null;
  /** The replies as Koban had them when it was last there: before the user's wording, and that wording. */
  private replies: Pick<RepliesProps, 'known' | 'edited'> | null = null;
  /** null until Koban has sent them. */
  private lessons: LessonInfo[] | null = null;

  constructor(
    element: HTMLElement,
    private readonly ownVersion: string,
    private readonly actions: OptionsActions,
  ) {
    this.root = new Root(element);
    void this.askLessons();
    // They are taught elsewhere, in the popup.
    window.addEventListener('focus', () => void this.askLessons());
  }

  show(state: KobanState): void {
    this.state = state;
    const { language, settings } = state;
    const words = new Words(language);
    document.documentElement.lang = language;
    document.title = words.of('optionsTitle');
    this.askNames(settings);
    this.root.draw(
      h('main', {}, this.title(state, words), section(null, this.language(state, words)), ...this.parts(state, words)),
    );
  }

  /** All that needs Koban. Where it is away, replies in which something is written stay: nothing of that is lost. */
  private parts(state: KobanState, words: Words): VNode[] {
    const { settings } = state;
    const offeredReplies = laidOver(state.replies);
    const before = this.replies?.known ?? [];
    if (settings !== null)
      this.replies = { known: withDrafts(offeredReplies, before), edited: settings.templates ?? {} };
    const parts: [string, (settings: Settings) => Child[]][] = [
      ['sites', () => this.sites(state, words)],
      ['pausing', (settings) => this.pausing(state, settings, words)],
      ['doings', (settings) => this.doings(state, settings, words)],
      ['autostart', () => this.autostart(state, words)],
      ['history', (settings) => this.history(settings, words)],
      ['exceptions', (settings) => this.exceptions(state, settings, offeredReplies, words)],
      ['lessons', () => (this.lessons === null ? [] : this.taught(state, this.lessons, words))],
      ['rules', () => this.rules(state, words)],
    ];
    const isWriting = [...document.querySelectorAll<HTMLTextAreaElement>('#replies textarea')].some(holdsDraft);
    const replies =
      this.replies === null || (settings === null && !isWriting)
        ? []
        : [component(Replies, { ...this.replies, words, actions: this.actions })];
    return [
      ...parts.map(([id, draw]) => section(id, settings === null ? [] : draw(settings), id === 'rules' ? id : null)),
      section('replies', replies),
      section('data', settings === null ? [] : this.data(settings, words)),
      section('help', help(state, words)),
    ];
  }

  private again(): void {
    if (this.state !== null) this.show(this.state);
  }

  private title(state: KobanState, words: Words): VNode {
    const { trouble } = state;
    return h(
      'div',
      { id: 'title' },
      h('h1', {}, words.of('optionsTitle')),
      h('p', { class: 'health', role: 'status' }, healthLine(state, this.ownVersion, words).line),
      trouble === null
        ? null
        : h('p', { key: trouble.number, class: 'trouble', role: 'alert' }, words.of(TROUBLES[trouble.kind])),
    );
  }

  private language({ choice }: KobanState, words: Words): Child[] {
    const onchange = ({ currentTarget }: Event) =>
      this.actions.language((currentTarget as HTMLSelectElement).value as LanguageChoice);
    const auto = h('option', { value: 'auto', selected: choice === 'auto' }, words.of('languageAuto'));
    const options = [auto, ...languageOptions(choice)];
    return [
      h('h2', {}, h('label', { for: 'language' }, words.of('languageHeading'))),
      h('select', { id: 'language', value: choice, onchange }, ...options),
    ];
  }

  private sites({ sites }: KobanState, words: Words): Child[] {
    if (sites.length === 0) return [];
    return [
      h('h2', {}, words.of('sitesHeading')),
      h('p', { class: 'none' }, words.of('sitesLine')),
      ...sites.filter(({ optional }) => !optional).map((site) => siteSwitch(site, words, this.actions)),
      ...this.sitesAbroad(sites, words),
    ];
  }

  private sitesAbroad(sites: readonly SiteStatus[], words: Words): Child[] {
    const abroad = sites.filter(({ optional }) => optional);
    if (abroad.length === 0) return [];
    return [
      h('h3', {}, words.of('sitesAbroad')),
      h('p', { class: 'none' }, words.of('sitesAbroadLine')),
      ...abroad.map((site) => siteSwitch(site, words, this.actions)),
    ];
  }

  private pausing({ paused }: KobanState, settings: Settings, words: Words): Child[] {
    const { change } = this.actions;
    const resume = () => change({ paused_until: null });
    return [
      h('h2', {}, words.of('pauseHeading')),
      h(
        'p',
        { class: 'none', role: 'status' },
        paused ? pausedLine(settings.paused_until ?? null, words) : words.of('pausedNot'),
      ),
      paused
        ? h('p', {}, h('button', { type: 'button', class: 'main', onclick: resume }, words.of('repairResume')))
        : pauseButtons(words, change),
    ];
  }

  private doings({ pictures }: KobanState, settings: Settings, words: Words): Child[] {
    const { change } = this.actions;
    return [
      h('h2', {}, words.of('watchHeading')),
      switchOf(words.of('stepSwitch'), settings.active_step, (on) => change({ active_step: on ? null : false })),
      switchOf(words.of('guardSwitch'), settings.guard, (on) => change({ guard: on ? null : false })),
      ...picturesSwitch(pictures, settings, words, change),
      // In a tab of its own: here something may be written that is not saved.
      h('p', {}, h('a', { href: '/playground.html', target: '_blank' }, words.of('playgroundLink'))),
    ];
  }

  private autostart({ autostart }: KobanState, words: Words): Child[] {
    return [h('h2', {}, words.of('autostartHeading')), ...autostartSwitch(autostart, words, this.actions)];
  }

  /** All on the records in one place. */
  private history(settings: Settings, words: Words): Child[] {
    const history = settings.history ?? { enabled: true, days: 548 };
    return [
      h('h2', {}, words.of('historyTitle')),
      h('p', { class: 'none' }, words.of('welcomeRememberLine')),
      ...care(history, words, { ...this.actions, keep: (change) => this.actions.change({ history: change }) }),
      h('p', {}, h('button', { type: 'button', onclick: () => this.actions.history() }, words.of('historyButton'))),
    ];
  }

  private exceptions({ rules, sites }: KobanState, settings: Settings, known: readonly Reply[], words: Words): Child[] {
    const names = this.names ?? new Map();
    const rows = exceptions(settings, rules, sites, words, names, known).map(({ line, undo }) =>
      h(
        'li',
        { key: line },
        h('span', {}, line),
        h(
          'button',
          { type: 'button', 'aria-label': words.of('undoOf', line), onclick: () => this.actions.change(undo) },
          words.of('undoButton'),
        ),
      ),
    );
    return [
      h('h2', {}, words.of('exceptionsHeading')),
      rows.length === 0 ? h('p', { class: 'none' }, words.of('exceptionsNone')) : h('ul', {}, ...rows),
    ];
  }

  private taught({ rules }: KobanState, lessons: readonly LessonInfo[], words: Words): Child[] {
    return [
      h('h2', {}, words.of('lessonsHeading')),
      h('p', { class: 'none' }, words.of('lessonsLine')),
      ...lessonList(lessons, rules, words, this.actions, () => void this.askLessons()),
    ];
  }

  private async askLessons(): Promise<void> {
    this.lessons = await this.actions.lessons();
    this.again();
  }

  /** Names are asked for once, where an exception is of a client. */
  private askNames(settings: Settings | null): void {
    if (this.names !== null || settings === null || Object.keys(settings.clients ?? {}).length === 0) return;
    this.names = new Map();
    void this.actions.names().then((names) => {
      this.names = names;
      this.again();
    });
  }

  private rules({ rules }: KobanState, words: Words): Child[] {
    const list = searchedRules({ rules, site: null, words, change: this.actions.change });
    return [h('h2', {}, words.of('rulesHeading')), list];
  }

  private data(settings: Settings, words: Words): Child[] {
    const onchange = ({ currentTarget }: Event) => void this.take((currentTarget as HTMLInputElement).files?.[0]);
    const save = () => this.actions.save('koban-settings.json', exported(settings), 'application/json');
    return [
      h('h2', {}, words.of('dataHeading')),
      h('p', { class: 'none' }, words.of('dataLine')),
      h('button', { type: 'button', class: 'export', onclick: save }, words.of('exportButton')),
      h(
        'p',
        {},
        h('input', { type: 'file', id: 'import', accept: '.json,application/json', onchange }),
        h('label', { for: 'import', class: 'button' }, words.of('importButton')),
      ),
      sureButton(words.of('deleteButton'), words.of('deleteSureButton'), () => void this.reset(settings)),
      h('p', { role: 'status', class: 'said' }, this.status === null ? null : words.of(this.status)),
    ];
  }

  /** Have nothing left of one's own. */
  private async reset(settings: Settings): Promise<void> {
    const { change, unteach, language } = this.actions;
    const isReset = (await change(nothingOfOnesOwn(settings))) && (await unteach(null));
    if (isReset) language('auto');
    this.status = isReset ? 'deletedLine' : 'noteFailed';
    await this.askLessons();
  }

  private async take(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    const change = imported(await file.text());
    if (change === null) this.status = 'importOtherLine';
    else this.status = (await this.actions.change(change)) ? 'importedLine' : 'importRefusedLine';
    this.again();
  }
}

function section(id: string | null, children: Child[], name: string | null = null): VNode {
  return h('section', { id, class: name, hidden: children.length === 0 }, ...children);
}

/** What the states mean, where help is, how Koban is removed: also where Koban is away. */
function help({ tracker }: KobanState, words: Words): Child[] {
  return [
    h('h2', {}, words.of('helpHeading')),
    h('h3', {}, words.of('helpStates')),
    stateMeanings(words),
    h('p', {}, words.of('startKeysLine')),
    h('h3', {}, words.of('startHelp')),
    h('p', {}, words.of('startHelpLine')),
    h('p', {}, tracker === null ? words.of('helpNoTracker') : outward(tracker, words.of('helpTracker'))),
    h('h3', {}, words.of('removeHeading')),
    h('p', {}, words.of('removeLine')),
    h(
      'ol',
      {},
      ...(['removeTrust', 'removeAutostart', 'removeExtension', 'removeFolder'] as const).map((key) =>
        h('li', {}, words.of(key, programFolder())),
      ),
    ),
    h('p', { class: 'none' }, words.of('removePlaces')),
  ];
}

/** The replies, and those of `before` that are gone while something is written in their boxes: no draft is lost. */
function withDrafts(replies: readonly Reply[], before: readonly Reply[]): readonly Reply[] {
  const entries = [...document.querySelectorAll<HTMLElement>('#replies details')];
  const draftEntries = entries.filter((entry) => [...entry.querySelectorAll('textarea')].some(holdsDraft));
  const ids = new Set(draftEntries.map((entry) => entry.dataset['reply']));
  return [...replies, ...before.filter(({ id }) => ids.has(id) && replies.every((reply) => reply.id !== id))];
}

interface RepliesProps {
  /** Koban's replies with those of a pack, before the user's wording. */
  known: readonly Reply[];
  edited: Readonly<Record<string, Text>>;
  words: Words;
  actions: Pick<OptionsActions, 'change'>;
}

/** Koban's replies, a pack's and the user's own, each to be worded. */
function Replies({ known, edited, words, actions }: RepliesProps): VNode {
  /** The reply that was added last: it is unfolded, and says that it was stored. */
  const [added, setAdded] = useState<string | null>(null);
  const own = Object.entries(edited).filter(([id]) => known.every((reply) => reply.id !== id));
  const reply = (id: string, title: string, text: Text, before: Text | null, isOwn = false) =>
    component(ReplyEntry, { key: id, id, title, text, before, isOwn, isAdded: id === added, words, actions });
  return group(
    'parts',
    h('h2', {}, words.of('ownRepliesHeading')),
    h('p', { class: 'none' }, words.of('repliesLine')),
    ...known.map(({ id, title, text }) =>
      reply(id, words.in(title), edited[id] ?? text, edited[id] === undefined ? null : text),
    ),
    ...own.map(([id, text]) => reply(id, words.in(text).split('\n')[0] ?? id, text, { ja: '', en: '' }, true)),
    component(NewReply, { words, actions, added: setAdded }),
  );
}

interface ReplyEntryProps extends Pick<RepliesProps, 'words' | 'actions'> {
  id: string;
  title: string;
  text: Text;
  /** The text before the user's edit; null where there is no edit. */
  before: Text | null;
  /** Added by the user. */
  isOwn: boolean;
  isAdded: boolean;
}

/** A text to be stored: of a further language that is left blank there is none, and English stands for it. */
function worded(text: Text): Record<string, string | null> {
  const isNone = (tag: string, version: string) => version.trim() === '' && !BASE_LANGUAGES.some((one) => one === tag);
  return Object.fromEntries(Object.entries(text).map(([tag, version]) => [tag, isNone(tag, version) ? null : version]));
}

/** A reply to reword. */
function ReplyEntry({ id, title, text, before, isOwn, isAdded, words, actions }: ReplyEntryProps): VNode {
  // A version in the reader's own language, beside those that Koban always has.
  const shownLanguages = useRef(new Set<Language>(BASE_LANGUAGES));
  // A language that the reader has left keeps its box: there may be a draft in it.
  const languages = [...shownLanguages.current.add(words.language)];
  const entry = useRef<HTMLDetailsElement>(null);
  const boxes = () => [...(entry.current?.querySelectorAll('textarea') ?? [])];
  const [status, setStatus] = useState<Key | null>(isAdded ? 'replyKept' : null);
  const keep = async () => {
    const texts = Object.fromEntries(boxes().map(({ lang, value }) => [lang, value]));
    const isKept = await actions.change({ templates: { [id]: worded({ ...text, ...texts }) } });
    setStatus(isKept ? 'replyKept' : 'replyNotKept');
    if (!isKept) return;
    // What was written in the meantime is another draft.
    for (const box of boxes()) stored(box, texts[box.lang] ?? box.defaultValue);
  };
  const undo = async () => {
    const isUndone = await actions.change({ templates: { [id]: null } });
    setStatus(isUndone ? null : 'noteFailed');
    if (!isUndone) return;
    for (const box of boxes()) box.value = box.defaultValue = before?.[box.lang] ?? '';
  };
  const box = (language: Language) =>
    draftBox(text[language] ?? '', { rows: '4', lang: language, 'aria-label': `${title} (${language})` });
  return h(
    'details',
    { ref: entry, open: isAdded, 'data-reply': id },
    h('summary', {}, title),
    ...languages.map(box),
    h('button', { type: 'button', onclick: () => void keep() }, words.of('keepButton')),
    before === null
      ? null
      : h('button', { type: 'button', onclick: () => void undo() }, words.of(isOwn ? 'replyRemove' : 'undoButton')),
    h('p', { role: 'status', class: 'unkept' }, status === null ? null : words.of(status)),
  );
}

interface NewReplyProps extends Pick<RepliesProps, 'words' | 'actions'> {
  added(id: string): void;
}

/** A box for a reply of one's own. It is in one language, and stands for all until another is worded. */
function NewReply({ words, actions, added }: NewReplyProps): VNode {
  const box = useRef<HTMLTextAreaElement>(null);
  const [status, setStatus] = useState<Key | null>(null);
  const add = async () => {
    const text = box.current?.value.trim() ?? '';
    if (box.current === null || text === '') return;
    const id = `own-${crypto.randomUUID()}`;
    const isKept = await actions.change({ templates: { [id]: { ja: text, en: text } } });
    setStatus(isKept ? 'replyKept' : 'replyNotKept');
    if (!isKept) return;
    box.current.value = '';
    added(id);
  };
  return h(
    'div',
    { class: 'adding' },
    h('textarea', {
      ref: box,
      rows: '4',
      'aria-label': words.of('replyOwnBox'),
      placeholder: words.of('replyOwnBox'),
    }),
    h('button', { type: 'button', onclick: () => void add() }, words.of('replyAdd')),
    h('p', { role: 'status', class: 'unkept' }, status === null ? null : words.of(status)),
  );
}
