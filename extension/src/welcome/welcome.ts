/** The start page: the sites, how Koban is linked, what the states mean, what is asked once, how to come back, a job to try it on. */
import type { PageVerdict, SettingsChange, State } from '../api/types';
import { h, icon } from '../look/dom';
import { foldedFindings } from '../look/finding';
import { switchOf } from '../look/switch';
import type { NumberResult, PairResult, PopupModel } from '../messages';
import { HOUSE } from '../look/maker';
import { healthLine } from '../popup/health';
import { LOOKS, isList } from '../states';
import { stateLine } from '../words/lines';
import { type Key, Words } from '../words/words';
import { byUse, homeOf } from './sites';

export interface WelcomeDoing {
  number(): Promise<NumberResult>;
  enter(number: string): Promise<PairResult>;
  /** The verdict of the made-up job; null where Koban could not be asked. */
  demonstrate(): Promise<PageVerdict | null>;
  /** Whether the browser shows the icon on its toolbar; null where it does not say. */
  isPinned(): Promise<boolean | null>;
  again(): void;
  change(change: SettingsChange): void;
  options(): void;
  /** Hosts of the marketplaces that were opened here, the last first. */
  used(): Promise<string[]>;
  /** Whether this browser is the window that `koban start` opens, and not one of the user's own. */
  isWindow(): Promise<boolean>;
}

const NUMBER_SAYS: Record<NumberResult, Key> = {
  shown: 'welcomeNumberShown',
  'too-often': 'welcomeNumberTooOften',
  unreachable: 'pairUnreachable',
  failed: 'healthFailing',
};

const ENTER_SAYS: Record<PairResult, Key> = {
  paired: 'welcomeConnected',
  asked: 'pairAsked',
  used: 'welcomeWrongNumber',
  stranger: 'pairStranger',
  unreachable: 'pairUnreachable',
  failed: 'healthFailing',
};

const MEANINGS: Record<State, Key> = { clear: 'meansClear', caution: 'meansCaution', danger: 'meansDanger', 'not-checked': 'meansNotChecked' };

export class Welcome {
  private readonly title = h('h1');
  private readonly line = h('p');
  private readonly sites = h('section', { id: 'sites' });
  private readonly trust = h('section', { id: 'trust' });
  private readonly ways = h('section', { id: 'ways' });
  private readonly again = h('section', { id: 'again' });
  private readonly connect = h('section', { id: 'connect' });
  private readonly place = h('section', { id: 'place' });
  private readonly trial = h('section', { id: 'try' });
  private readonly remember = h('section', { id: 'remember' });
  private readonly last = h('section');
  private used: string[] = [];
  private isWindow = false;
  private readonly drawn = new Map<HTMLElement, string>();
  private pinned: boolean | null = null;
  private shown: PageVerdict | 'failed' | null = null;

  constructor(
    root: HTMLElement,
    private readonly ownVersion: string,
    private readonly does: WelcomeDoing,
  ) {
    root.append(h('main', {}, this.title, this.line, this.connect, this.sites, this.trust, this.place, this.again, this.ways, this.trial, this.remember, this.last));
  }

  async show(model: PopupModel): Promise<void> {
    [this.pinned, this.used, this.isWindow] = await Promise.all([this.does.isPinned(), this.does.used(), this.does.isWindow()]);
    this.draw(model);
  }

  private draw(model: PopupModel): void {
    const words = new Words(model.language);
    document.documentElement.lang = model.language;
    document.title = words.of('welcomeTitle');
    this.title.textContent = words.of('welcomeTitle');
    this.line.textContent = words.of('welcomeLine');
    const part = (section: HTMLElement, of: unknown[], children: () => (Node | null)[]) => {
      const key = JSON.stringify([of, model.language]);
      if (this.drawn.get(section) === key) return;
      this.drawn.set(section, key);
      section.replaceChildren(...children().filter((child) => child !== null));
      section.hidden = section.childElementCount === 0;
    };
    const health = healthLine(model, this.ownVersion, words);
    part(this.connect, [health], () => this.drawConnect(model, words));
    const { trust, trust_refused: refused } = model.settings ?? {};
    part(this.sites, [model.sites, this.used, this.isWindow], () => this.drawSites(model, words));
    part(this.trust, [trust, refused], () => this.drawTrust(model, words));
    part(this.again, [this.isWindow], () => [
      h('h2', {}, words.of('startTomorrow')),
      h('p', {}, words.of(this.isWindow ? 'startTomorrowLine' : 'startOwnTomorrowLine')),
      h('h2', {}, words.of('startHelp')),
      h('p', {}, words.of('startHelpLine')),
    ]);
    part(this.ways, [], () => [
      h('h2', {}, words.of('waysHeading')),
      h('p', {}, words.of('waysLine')),
      h('dl', {}, h('dt', {}, words.of('wayWindow')), h('dd', {}, words.of('wayWindowLine')), h('dt', {}, words.of('wayOwn')), h('dd', {}, words.of('wayOwnLine')), h('dd', { class: 'none' }, words.of('wayOwnLimits'))),
    ]);
    part(this.place, [this.pinned], () => this.drawPlace(words));
    part(this.trial, [this.shown, model.health], () => this.drawTrial(model, words));
    part(this.remember, [model.settings?.history], () => {
      if (model.settings === null) return [];
      const { history } = model.settings;
      return [
        h('h2', {}, words.of('welcomeRemember')),
        h('p', {}, words.of('welcomeRememberLine')),
        switchOf(words.of('rememberSwitch'), history?.enabled ?? true, (on) => this.does.change({ history: { enabled: on ? null : false } })),
        ...this.question('texts', history?.texts ?? null, 'textsQuestion', 'textsQuestionLine', words),
        ...this.question('pages', history?.pages ?? null, 'pagesQuestion', 'pagesQuestionLine', words),
      ];
    });
    part(this.last, [], () => [h('button', { type: 'button', onclick: () => this.does.options() }, words.of('optionsButton'))]);
  }

  /** Asked once; until then, and if it is never answered, nothing of it is kept. */
  private question(what: 'texts' | 'pages', answer: boolean | null, asks: Key, line: Key, words: Words): HTMLElement[] {
    const keep = (on: boolean) => this.does.change({ history: { [what]: on } });
    return [
      h('h3', {}, words.of(asks)),
      h('p', {}, words.of(line)),
      answer === null
        ? h(
            'p',
            { class: `question ${what}` },
            h('button', { type: 'button', onclick: () => keep(false) }, words.of('keepNo')),
            h('button', { type: 'button', onclick: () => keep(true) }, words.of('keepYes')),
          )
        : h('p', { class: `answer ${what}`, role: 'status' }, words.of(answer ? 'keptYes' : 'keptNo')),
    ];
  }

  private drawConnect(model: PopupModel, words: Words): (Node | null)[] {
    const health = healthLine(model, this.ownVersion, words);
    const heading = h('h2', {}, words.of('welcomeConnect'));
    if (health.well) return [heading, h('p', { role: 'status' }, marked('clear'), words.of('welcomeConnected'))];
    const line = h('p', { role: 'status' }, marked('not-checked'), health.line);
    if (model.health !== 'not-paired') {
      const again = h('button', { type: 'button', class: 'main', onclick: () => this.does.again() }, words.of('repairAgain'));
      return [heading, line, health.first === null ? null : h('p', {}, health.first), again];
    }
    const said = h('p', { role: 'status', class: 'said' });
    const field = h('input', { type: 'text', inputmode: 'numeric', autocomplete: 'off', maxlength: '9', size: '10', 'aria-label': words.of('welcomeNumberField') });
    const form = h(
      'form',
      {
        hidden: true,
        onsubmit: (event) => {
          event.preventDefault();
          void this.does.enter(field.value).then((result) => (said.textContent = words.of(ENTER_SAYS[result])));
        },
      },
      field,
      h('button', { type: 'submit', class: 'main' }, words.of('welcomeEnterButton')),
    );
    const ask = async () => {
      const result = await this.does.number();
      said.textContent = words.of(NUMBER_SAYS[result]);
      form.hidden = result !== 'shown';
      if (result === 'shown') field.focus();
    };
    const button = h('button', { type: 'button', class: 'main', onclick: () => void ask() }, words.of('welcomeNumberButton'));
    return [heading, line, h('p', {}, words.of('welcomeNumberLine')), button, form, said];
  }

  private drawSites({ sites }: PopupModel, words: Words): (Node | null)[] {
    if (sites.length === 0) return [];
    return [
      h('h2', {}, words.of('startSites')),
      h('p', {}, words.of('startSitesLine')),
      h(
        'ul',
        { class: 'tiles' },
        ...byUse(sites, this.used).map((site) =>
          h(
            'li',
            {},
            h(
              'a',
              { class: 'tile', href: homeOf(site) },
              words.in(site.name),
              site.hosts.includes(this.used[0] ?? '') ? h('span', { class: 'none' }, words.of('startUsed')) : null,
            ),
          ),
        ),
      ),
      h('p', { class: 'window' }, words.of(this.isWindow ? 'startWindowLine' : 'startOwnLine')),
    ];
  }

  /** Asked by `koban start` alone; the answer goes to it by the settings, and what came of it comes back the same way. */
  private drawTrust({ settings }: PopupModel, words: Words): (Node | null)[] {
    const trust = settings?.trust ?? null;
    if (trust === null || (trust === 'ask' && settings?.trust_refused)) return [];
    const said: Record<string, Key> = { yes: 'trustWorking', done: 'trustDone', failed: 'trustFailed' };
    const heading = h('h2', {}, words.of('trustHeading'));
    if (trust !== 'ask') return [heading, h('p', { role: 'status' }, words.of(said[trust] ?? 'trustWorking'))];
    return [
      heading,
      h('p', {}, words.of('trustLine')),
      h(
        'p',
        { class: 'question' },
        h('button', { type: 'button', class: 'main yes', onclick: () => this.does.change({ trust: 'yes' }) }, words.of('trustYes')),
        h('button', { type: 'button', class: 'no', onclick: () => this.does.change({ trust: null, trust_refused: true }) }, words.of('trustNo')),
      ),
    ];
  }

  private drawPlace(words: Words): (Node | null)[] {
    const states = (Object.keys(LOOKS) as State[]).map((state) =>
      h('li', {}, h('strong', {}, marked(state), words.of(LOOKS[state].word)), h('span', {}, words.of(MEANINGS[state]))),
    );
    return [
      h('h2', {}, words.of('welcomePlace')),
      toolbar(),
      h('p', {}, words.of('welcomePlaceLine')),
      h('p', {}, this.pinned === true ? words.of('welcomePinned') : words.of('welcomePinLine')),
      h('p', {}, words.of('welcomeShapes')),
      h('ul', { class: 'states' }, ...states),
    ];
  }

  private drawTrial(model: PopupModel, words: Words): (Node | null)[] {
    const { shown } = this;
    const check = async () => {
      this.shown = (await this.does.demonstrate()) ?? 'failed';
      this.draw(model);
    };
    const result = h('div', { class: 'result', 'aria-live': 'polite' });
    if (shown === 'failed') result.append(h('p', {}, words.of('welcomeTryFailed')));
    else if (shown !== null) {
      const page = { url: shown.url, health: model.health, shown, folded: false, wantsPage: false, settings: null, known: null, language: words.language };
      const { state, findings, kind } = shown.verdict;
      result.append(h('p', { class: `line ${state}` }, marked(state), stateLine(page, words)), ...foldedFindings(findings, isList(kind), words, null));
    }
    return [
      h('h2', {}, words.of('welcomeTry')),
      h('p', {}, words.of('welcomeTryLine')),
      h('blockquote', {}, h('strong', {}, words.of('welcomeTryTitle')), h('p', {}, words.of('welcomeTryBody'))),
      h('button', { type: 'button', class: 'main', onclick: () => void check() }, words.of('welcomeTryButton')),
      result,
    ];
  }
}

function marked(state: State): HTMLElement {
  return h('span', { class: `mark ${state}` }, icon(LOOKS[state].path));
}

/** A browser's toolbar drawn in outline, with the place of the icon marked. Says nothing to a screen reader. */
function toolbar(): HTMLElement {
  const dot = (name: string) => h('span', { class: name });
  const koban = h('span', { class: 'koban' }, icon(HOUSE), icon(LOOKS.danger.path));
  return h('div', { class: 'toolbar', 'aria-hidden': 'true' }, dot('round'), dot('round'), dot('address'), koban, dot('puzzle'), dot('round'));
}
