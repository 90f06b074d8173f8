/** The options: language, what Koban does, all exceptions, all rules, the replies, and one's own data. */
import type { LessonInfo, SettingsChange, Text } from '../api/types';
import { type CareActions, care } from '../history/care';
import { type Key, type LanguageChoice, Words } from '../i18n/words';
import type { KobanState } from '../messages';
import { healthLine, TROUBLES } from '../popup/health';
import { type Search, searchedRules } from '../popup/rules';
import type { LessonsActions } from '../teaching/actions';
import { lessonList } from '../teaching/lessons';
import { REPLIES } from '../templates/templates';
import { h } from '../ui/dom';
import { switchOf } from '../ui/switch';
import { exceptions, exported, imported, nothingOfOnesOwn } from './exceptions';

export interface OptionsActions extends Omit<CareActions, 'keep'>, LessonsActions {
  history(): void;
  change(change: SettingsChange): void;
  /** Resolves to whether Koban took the change. */
  take(change: SettingsChange): Promise<boolean>;
  language(choice: LanguageChoice): void;
  /** The names of clients that the history has, by their name in the settings. */
  names(): Promise<ReadonlyMap<string, string>>;
}

const LANGUAGES: [LanguageChoice, Key][] = [
  ['auto', 'languageAuto'],
  ['ja', 'languageJa'],
  ['en', 'languageEn'],
];

const PARTS = ['title', 'language', 'doings', 'history', 'exceptions', 'lessons', 'rules', 'replies', 'data'] as const;
type Part = (typeof PARTS)[number];
const CONTROLS = 'input, button, select, textarea, summary';

export class Options {
  private readonly parts: Record<Part, HTMLElement>;
  private readonly drawn = new Map<Part, string>();
  private readonly search: Search = { words: '', open: new Set() };
  private said: Key | null = null;
  private deleting = false;
  private model: KobanState | null = null;
  private names: ReadonlyMap<string, string> | null = null;
  /** The reply that was saved last, and those that are unfolded: a part that is drawn anew keeps them. */
  private saved: string | null = null;
  private readonly unfolded = new Set<string>();
  /** null until Koban has told them. */
  private lessons: LessonInfo[] | null = null;

  constructor(
    root: HTMLElement,
    private readonly ownVersion: string,
    private readonly actions: OptionsActions,
  ) {
    this.parts = Object.fromEntries(
      PARTS.map((part) => [part, h(part === 'title' ? 'div' : 'section', { id: part === 'language' ? null : part })]),
    ) as Record<Part, HTMLElement>;
    this.parts.rules.className = 'rules';
    root.append(h('main', {}, ...Object.values(this.parts)));
    void this.askLessons();
    // They are taught elsewhere, in the popup.
    window.addEventListener('focus', () => void this.askLessons());
  }

  show(model: KobanState): void {
    this.model = model;
    const words = new Words(model.language);
    const { language, settings, rules, sites, trouble } = model;
    if (this.names === null && settings !== null && Object.keys(settings.clients ?? {}).length > 0) {
      this.names = new Map();
      void this.actions.names().then((names) => {
        this.names = names;
        this.again();
      });
    }
    const health = healthLine(model, this.ownVersion, words);
    document.documentElement.lang = language;
    document.title = words.of('optionsTitle');
    this.part('title', [language, health, trouble], () => [
      h('h1', {}, words.of('optionsTitle')),
      h('p', { class: 'health', role: 'status' }, health.line),
      ...(trouble === null ? [] : [h('p', { class: 'trouble', role: 'alert' }, words.of(TROUBLES[trouble.kind]))]),
    ]);
    this.part('language', [language, model.choice], () => this.language(model, words));
    const isKnown = settings !== null;
    this.part('doings', [language, trouble, isKnown && [settings.active_step, settings.guard]], () =>
      isKnown ? this.doings(model, words) : [],
    );
    this.part('history', [language, trouble, isKnown && settings.history], () =>
      isKnown ? this.history(model, words) : [],
    );
    this.part('exceptions', [language, settings, rules, sites, [...(this.names ?? [])]], () =>
      isKnown ? this.exceptions(model, words) : [],
    );
    this.part('lessons', [language, isKnown, this.lessons, rules.length], () =>
      isKnown && this.lessons !== null ? this.taught(model, this.lessons, words) : [],
    );
    this.part('rules', [language, trouble, isKnown, rules], () => (isKnown ? this.rules(model, words) : []));
    this.part('replies', [language, isKnown && settings.templates], () => (isKnown ? this.replies(model, words) : []));
    this.part('data', [language, settings, this.said, this.deleting], () => (isKnown ? this.data(model, words) : []));
  }

  /** Draw a part where what it is of has changed. One in which something is written that is not kept yet stays as it is. */
  private part(name: Part, of: unknown[], draw: () => HTMLElement[]): void {
    const part = this.parts[name];
    const key = JSON.stringify(of);
    if (this.drawn.get(name) === key || holdsDraft(part)) return;
    this.drawn.set(name, key);
    const focused = [...part.querySelectorAll<Element>(CONTROLS)].indexOf(document.activeElement ?? part);
    part.replaceChildren(...draw());
    part.hidden = part.childElementCount === 0;
    [...part.querySelectorAll<HTMLElement>(CONTROLS)][focused]?.focus();
  }

  private again(): void {
    if (this.model !== null) this.show(this.model);
  }

  private language(model: KobanState, words: Words): HTMLElement[] {
    const select = h(
      'select',
      { id: 'language', onchange: () => this.actions.language(select.value as LanguageChoice) },
      ...LANGUAGES.map(([value, key]) => h('option', { value }, words.of(key))),
    );
    select.value = model.choice;
    return [h('h2', {}, h('label', { for: 'language' }, words.of('languageHeading'))), select];
  }

  private doings({ settings }: KobanState, words: Words): HTMLElement[] {
    return [
      h('h2', {}, words.of('watchHeading')),
      switchOf(words.of('stepSwitch'), settings?.active_step ?? true, (on) =>
        this.actions.change({ active_step: on ? null : false }),
      ),
      switchOf(words.of('guardSwitch'), settings?.guard ?? true, (on) =>
        this.actions.change({ guard: on ? null : false }),
      ),
    ];
  }

  /** All on the records in one place. */
  private history({ settings }: KobanState, words: Words): HTMLElement[] {
    const kept = settings?.history ?? { enabled: true, days: 548 };
    return [
      h('h2', {}, words.of('historyTitle')),
      h('p', { class: 'none' }, words.of('welcomeRememberLine')),
      ...care(kept, words, { ...this.actions, keep: (change) => this.actions.change({ history: change }) }),
      h('p', {}, h('button', { type: 'button', onclick: () => this.actions.history() }, words.of('historyButton'))),
    ];
  }

  private exceptions({ settings, rules, sites }: KobanState, words: Words): HTMLElement[] {
    const found = settings === null ? [] : exceptions(settings, rules, sites, words, this.names ?? undefined);
    return [
      h('h2', {}, words.of('exceptionsHeading')),
      found.length === 0
        ? h('p', { class: 'none' }, words.of('exceptionsNone'))
        : h(
            'ul',
            {},
            ...found.map(({ line, undo }) =>
              h(
                'li',
                {},
                h('span', {}, line),
                h(
                  'button',
                  { type: 'button', 'aria-label': words.of('undoOf', line), onclick: () => this.actions.change(undo) },
                  words.of('undoButton'),
                ),
              ),
            ),
          ),
    ];
  }

  private taught({ rules }: KobanState, lessons: readonly LessonInfo[], words: Words): HTMLElement[] {
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

  private rules({ rules }: KobanState, words: Words): HTMLElement[] {
    return [
      h('h2', {}, words.of('rulesHeading')),
      ...searchedRules(rules, null, words, this.search, this.actions.change),
    ];
  }

  private replies({ settings }: KobanState, words: Words): HTMLElement[] {
    const edited = settings?.templates ?? {};
    const own = Object.entries(edited).filter(([id]) => REPLIES.every((reply) => reply.id !== id));
    return [
      h('h2', {}, words.of('ownRepliesHeading')),
      h('p', { class: 'none' }, words.of('repliesLine')),
      ...REPLIES.map((reply) =>
        this.reply(
          reply.id,
          words.in(reply.title),
          edited[reply.id] ?? reply.text,
          words,
          edited[reply.id] === undefined ? null : reply.text,
        ),
      ),
      ...own.map(([id, text]) => this.reply(id, words.in(text).split('\n')[0] ?? id, text, words, { ja: '', en: '' })),
      this.adding(words),
    ];
  }

  /** A reply to word anew. `before`: what it was, to which it can go back; null where it is that still. */
  private reply(id: string, title: string, text: Text, words: Words, before: Text | null): HTMLElement {
    const isOwn = REPLIES.every((reply) => reply.id !== id);
    const boxes = (['ja', 'en'] as const).map((language) => {
      const box = h('textarea', { rows: '4', lang: language, 'aria-label': `${title} (${language})` });
      box.defaultValue = text[language];
      return box;
    });
    const said = h('p', { role: 'status', class: 'unkept' }, this.saved === id ? words.of('replyKept') : null);
    const keep = async () => {
      const written = boxes.map((box) => box.value);
      const isKept = await this.actions.take({ templates: { [id]: { ja: written[0] ?? '', en: written[1] ?? '' } } });
      said.textContent = words.of(isKept ? 'replyKept' : 'replyNotKept');
      if (!isKept) return;
      // What was written meanwhile is another draft.
      for (const [number, box] of boxes.entries()) box.defaultValue = written[number] ?? '';
      this.saved = id;
      this.again();
    };
    const undo = () => {
      for (const box of boxes) box.value = box.defaultValue = before?.[box.lang as 'ja' | 'en'] ?? '';
      this.actions.change({ templates: { [id]: null } });
    };
    const details = h(
      'details',
      {
        open: this.unfolded.has(id),
        ontoggle: () => {
          if (details.open) this.unfolded.add(id);
          else this.unfolded.delete(id);
        },
      },
      h('summary', {}, title),
      ...boxes,
      h('button', { type: 'button', onclick: () => void keep() }, words.of('keepButton')),
      before === null
        ? null
        : h('button', { type: 'button', onclick: undo }, words.of(isOwn ? 'replyRemove' : 'undoButton')),
      said,
    );
    return details;
  }

  /** A box for a reply of one's own. It is in one language, and stands for both until the other is worded. */
  private adding(words: Words): HTMLElement {
    const box = h('textarea', {
      rows: '4',
      'aria-label': words.of('replyOwnBox'),
      placeholder: words.of('replyOwnBox'),
    });
    const said = h('p', { role: 'status', class: 'unkept' });
    const add = async () => {
      const text = box.value.trim();
      if (text === '') return;
      const id = `own-${crypto.randomUUID()}`;
      const isKept = await this.actions.take({ templates: { [id]: { ja: text, en: text } } });
      said.textContent = words.of(isKept ? 'replyKept' : 'replyNotKept');
      if (!isKept) return;
      box.value = box.defaultValue = '';
      this.saved = id;
      this.unfolded.add(id);
      this.again();
    };
    return h(
      'div',
      { class: 'adding' },
      box,
      h('button', { type: 'button', onclick: () => void add() }, words.of('replyAdd')),
      said,
    );
  }

  private data({ settings }: KobanState, words: Words): HTMLElement[] {
    if (settings === null) return [];
    const file = h('input', {
      type: 'file',
      id: 'import',
      accept: '.json,application/json',
      onchange: () => void this.take(file.files?.[0]),
    });
    const remove = () => {
      if (this.deleting) {
        this.actions.change(nothingOfOnesOwn(settings));
        this.actions.language('auto');
        void this.actions.unteach(null).then(() => this.askLessons());
        this.said = 'deletedLine';
      }
      this.deleting = !this.deleting;
      this.again();
    };
    return [
      h('h2', {}, words.of('dataHeading')),
      h('p', { class: 'none' }, words.of('dataLine')),
      h(
        'button',
        {
          type: 'button',
          class: 'export',
          onclick: () => this.actions.save('koban-settings.json', exported(settings), 'application/json'),
        },
        words.of('exportButton'),
      ),
      h('p', {}, file, h('label', { for: 'import', class: 'button' }, words.of('importButton'))),
      h(
        'button',
        { type: 'button', class: 'delete', onclick: remove },
        words.of(this.deleting ? 'deleteSureButton' : 'deleteButton'),
      ),
      h('p', { role: 'status', class: 'said' }, this.said === null ? null : words.of(this.said)),
    ];
  }

  private async take(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    const change = imported(await file.text());
    this.said =
      change === null ? 'importOtherLine' : (await this.actions.take(change)) ? 'importedLine' : 'importRefusedLine';
    this.again();
  }
}

/** Whether something is written under an element that is not kept yet. */
function holdsDraft(element: Element): boolean {
  return [...element.querySelectorAll('textarea')].some((box) => box.value !== box.defaultValue);
}
