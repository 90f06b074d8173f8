/** The options: language, what Koban does, all exceptions, all rules, the replies, and one's own data. */
import type { SettingsChange } from '../api/types';
import { care, type CareDoing } from '../history/care';
import { h } from '../look/dom';
import { switchOf } from '../look/switch';
import type { PopupModel } from '../messages';
import { healthLine } from '../popup/health';
import { type Search, searchedRules } from '../popup/rules';
import { REPLIES } from '../templates/templates';
import { type Key, type LanguageChoice, Words } from '../words/words';
import { exceptions, exported, imported, nothingOfOnesOwn } from './exceptions';

export interface Doing extends Omit<CareDoing, 'keep'> {
  history(): void;
  change(change: SettingsChange): void;
  /** Resolves to whether Koban took the change. */
  take(change: SettingsChange): Promise<boolean>;
  language(choice: LanguageChoice): void;
}

const LANGUAGES: [LanguageChoice, Key][] = [
  ['auto', 'languageAuto'],
  ['ja', 'languageJa'],
  ['en', 'languageEn'],
];

export class Options {
  private readonly main = h('main');
  private drawn = '';
  private readonly search: Search = { words: '', open: new Set() };
  private said: Key | null = null;
  private deleting = false;
  private model: PopupModel | null = null;

  constructor(
    root: HTMLElement,
    private readonly ownVersion: string,
    private readonly does: Doing,
  ) {
    root.append(this.main);
  }

  show(model: PopupModel): void {
    this.model = model;
    const key = JSON.stringify([model.language, model.choice, model.health, model.settings, model.rules, model.sites, this.said, this.deleting]);
    if (key === this.drawn) return;
    this.drawn = key;
    const words = new Words(model.language);
    document.documentElement.lang = model.language;
    document.title = words.of('optionsTitle');
    const place = [...this.main.querySelectorAll<HTMLElement>('input, button, select, textarea, summary')];
    const focused = place.findIndex((element) => element === document.activeElement);
    this.main.replaceChildren(
      h('h1', {}, words.of('optionsTitle')),
      h('p', { class: 'health', role: 'status' }, healthLine(model, this.ownVersion, words).line),
      this.language(model, words),
      ...(model.settings === null ? [] : [this.doings(model, words), this.history(model, words), this.exceptions(model, words), this.rules(model, words), this.replies(model, words), this.data(model, words)]),
    );
    [...this.main.querySelectorAll<HTMLElement>('input, button, select, textarea, summary')][focused]?.focus();
  }

  private again(): void {
    if (this.model !== null) this.show(this.model);
  }

  private language(model: PopupModel, words: Words): HTMLElement {
    const select = h(
      'select',
      { id: 'language', onchange: () => this.does.language(select.value as LanguageChoice) },
      ...LANGUAGES.map(([value, key]) => h('option', { value }, words.of(key))),
    );
    select.value = model.choice;
    return h('section', {}, h('h2', {}, h('label', { for: 'language' }, words.of('languageHeading'))), select);
  }

  private doings({ settings }: PopupModel, words: Words): HTMLElement {
    return h(
      'section',
      {},
      h('h2', {}, words.of('watchHeading')),
      switchOf(words.of('stepSwitch'), settings?.active_step ?? true, (on) => this.does.change({ active_step: on ? null : false })),
      switchOf(words.of('guardSwitch'), settings?.guard ?? true, (on) => this.does.change({ guard: on ? null : false })),
    );
  }

  /** All on the records in one place. */
  private history({ settings }: PopupModel, words: Words): HTMLElement {
    const kept = settings?.history ?? { enabled: true, days: 548 };
    return h(
      'section',
      { id: 'history' },
      h('h2', {}, words.of('historyTitle')),
      h('p', { class: 'none' }, words.of('welcomeRememberLine')),
      ...care(kept, words, { ...this.does, keep: (change) => this.does.change({ history: change }) }),
      h('p', {}, h('button', { type: 'button', onclick: () => this.does.history() }, words.of('historyButton'))),
    );
  }

  private exceptions({ settings, rules, sites }: PopupModel, words: Words): HTMLElement {
    const found = settings === null ? [] : exceptions(settings, rules, sites, words);
    return h(
      'section',
      { id: 'exceptions' },
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
                h('button', { type: 'button', 'aria-label': words.of('undoOf', line), onclick: () => this.does.change(undo) }, words.of('undoButton')),
              ),
            ),
          ),
    );
  }

  private rules({ rules }: PopupModel, words: Words): HTMLElement {
    return h('section', { class: 'rules', id: 'rules' }, h('h2', {}, words.of('rulesHeading')), ...searchedRules(rules, null, words, this.search, this.does.change));
  }

  private replies({ settings }: PopupModel, words: Words): HTMLElement {
    return h(
      'section',
      { id: 'replies' },
      h('h2', {}, words.of('ownRepliesHeading')),
      h('p', { class: 'none' }, words.of('repliesLine')),
      ...REPLIES.map((reply) => {
        const own = settings?.templates?.[reply.id];
        const boxes = (['ja', 'en'] as const).map((language) => {
          const box = h('textarea', { rows: '4', lang: language, 'aria-label': `${words.in(reply.title)} (${language})` });
          box.value = (own ?? reply.text)[language];
          return box;
        });
        const keep = () =>
          this.does.change({ templates: { [reply.id]: { ja: boxes[0]?.value ?? '', en: boxes[1]?.value ?? '' } } });
        return h(
          'details',
          {},
          h('summary', {}, words.in(reply.title)),
          ...boxes,
          h('button', { type: 'button', onclick: keep }, words.of('keepButton')),
          own === undefined
            ? null
            : h('button', { type: 'button', onclick: () => this.does.change({ templates: { [reply.id]: null } }) }, words.of('undoButton')),
        );
      }),
    );
  }

  private data({ settings }: PopupModel, words: Words): HTMLElement {
    if (settings === null) return h('section');
    const file = h('input', {
      type: 'file',
      id: 'import',
      accept: '.json,application/json',
      onchange: () => void this.take(file.files?.[0]),
    });
    const remove = () => {
      if (this.deleting) {
        this.does.change(nothingOfOnesOwn(settings));
        this.does.language('auto');
        this.said = 'deletedLine';
      }
      this.deleting = !this.deleting;
      this.again();
    };
    return h(
      'section',
      { id: 'data' },
      h('h2', {}, words.of('dataHeading')),
      h('p', { class: 'none' }, words.of('dataLine')),
      h('button', { type: 'button', class: 'export', onclick: () => this.does.save('koban-settings.json', exported(settings), 'application/json') }, words.of('exportButton')),
      h('p', {}, file, h('label', { for: 'import', class: 'button' }, words.of('importButton'))),
      h('button', { type: 'button', class: 'delete', onclick: remove }, words.of(this.deleting ? 'deleteSureButton' : 'deleteButton')),
      h('p', { role: 'status', class: 'said' }, this.said === null ? null : words.of(this.said)),
    );
  }

  private async take(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    const change = imported(await file.text());
    this.said = change === null ? 'importOtherLine' : (await this.does.take(change)) ? 'importedLine' : 'importRefusedLine';
    this.again();
  }
}
