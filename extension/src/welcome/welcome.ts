/**
 * The start page: the sites, how Koban is linked, what the states mean, what is asked once, how to come back, a job
 * to try it on.
 */
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PageVerdict, SettingsChange } from '../api/types';
import { programFolder } from '../i18n/program-folder';
import { type Key, Words } from '../i18n/words';
import type { KobanState, NumberResult, PairResult } from '../messages';
import { type AutostartActions, autostartSwitch } from '../options/autostart';
import { healthLine, isLinked, TROUBLES } from '../popup/health';
import { LOOKS } from '../states';
import { HOUSE } from '../ui/maker';
import { stateMeanings } from '../ui/meanings';
import { type Child, component, group, h, icon, Root, switchOf } from '../ui/virtual';
import { byUse, FIRST_SITES, homeOf } from './sites';
import { marked, trialResult } from './trial';

export interface WelcomeActions extends AutostartActions {
  number(): Promise<NumberResult>;
  enter(number: string): Promise<PairResult>;
  /** The verdict of the made-up job in a language; null where Koban could not be asked. */
  demonstrate(words: Words): Promise<PageVerdict | null>;
  /** Whether the browser shows the icon on its toolbar; null where it does not say. */
  isPinned(): Promise<boolean | null>;
  again(): void;
  /** Resolves to whether Koban took the change. */
  change(change: SettingsChange): Promise<boolean>;
  options(): void;
  /** Hosts of the marketplaces that were opened here, the last first. */
  used(): Promise<string[]>;
  /** Whether this browser is the window that `koban start` opens, and not one of the user's own. */
  isWindow(): Promise<boolean>;
  /** Resolves when Koban should long be ready; null where this page did not come with its start. */
  starting: Promise<void> | null;
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

export class Welcome {
  private readonly root: Root;
  private used: string[] = [];
  private isWindow = false;
  private isPinned: boolean | null = null;
  private isStarting: boolean;
  private last: KobanState | null = null;

  constructor(
    element: HTMLElement,
    private readonly ownVersion: string,
    private readonly actions: WelcomeActions,
  ) {
    this.root = new Root(element);
    this.isStarting = actions.starting !== null;
    void actions.starting?.then(() => this.stopWaiting());
  }

  private stopWaiting(): void {
    this.isStarting = false;
    if (this.last !== null) void this.show(this.last);
  }

  async show(state: KobanState): Promise<void> {
    this.last = state;
    if (state.version !== null) this.isStarting = false;
    [this.isPinned, this.used, this.isWindow] = await Promise.all([
      this.actions.isPinned(),
      this.actions.used(),
      this.actions.isWindow(),
    ]);
    // A later state was faster: it would be drawn over.
    if (state !== this.last) return;
    const words = new Words(state.language);
    document.documentElement.lang = state.language;
    document.title = words.of('welcomeTitle');
    const connect = section('connect', this.drawConnect(state, words));
    const sites = section('sites', this.drawSites(state, words));
    const hasLink = this.isStarting || isLinked(healthLine(state, this.ownVersion, words));
    this.root.draw(
      h(
        'main',
        {},
        h('h1', {}, words.of('welcomeTitle')),
        h('p', {}, words.of('welcomeLine')),
        // A link that holds is no step to take, and the sites are what one comes for.
        ...(hasLink ? [sites, connect] : [connect, sites]),
        // What Koban has to say comes below what is there: nothing moves.
        ...(this.isStarting ? [] : this.drawRest(state, words)),
      ),
    );
  }

  private drawRest(state: KobanState, words: Words): VNode[] {
    return [
      section('trust', this.drawTrust(state, words)),
      section('place', this.drawPlace(words)),
      section('again', this.drawAgain(state, words)),
      section('ways', drawWays(words)),
      section('try', [component(Trial, { key: state.language, health: state.health, words, actions: this.actions })]),
      section('remember', this.drawRemember(state, words)),
      section(null, [
        h('button', { type: 'button', onclick: () => this.actions.options() }, words.of('optionsButton')),
      ]),
    ];
  }

  private drawAgain({ autostart, trouble }: KobanState, words: Words): Child[] {
    return [
      h('h2', {}, words.of('startTomorrow')),
      h('p', {}, words.of(this.isWindow ? 'startTomorrowLine' : 'startOwnTomorrowLine', programFolder())),
      // How a terminal does it is for the options.
      ...(autostart === null ? [] : autostartSwitch(autostart, words, this.actions)),
      // The switch goes back by itself: that is not left unsaid.
      trouble === null ? null : h('p', { key: trouble.number, role: 'alert' }, words.of(TROUBLES[trouble.kind])),
      h('h2', {}, words.of('startHelp')),
      h('p', {}, words.of('startHelpLine')),
    ];
  }

  private drawRemember({ settings }: KobanState, words: Words): Child[] {
    if (settings === null) return [];
    const { history } = settings;
    return [
      h('h2', {}, words.of('welcomeRemember')),
      h('p', {}, words.of('welcomeRememberLine')),
      switchOf(words.of('rememberSwitch'), history?.enabled ?? true, (on) =>
        this.actions.change({ history: { enabled: on ? null : false } }),
      ),
      ...this.question('texts', history?.texts ?? null, 'textsQuestion', 'textsQuestionLine', words),
      ...this.question('pages', history?.pages ?? null, 'pagesQuestion', 'pagesQuestionLine', words),
    ];
  }

  /** Asked once; until then, and if it is never answered, nothing of it is kept. */
  private question(what: 'texts' | 'pages', answer: boolean | null, asks: Key, line: Key, words: Words): VNode[] {
    const keep = (on: boolean) => this.actions.change({ history: { [what]: on } });
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

  private drawConnect(state: KobanState, words: Words): Child[] {
    const health = healthLine(state, this.ownVersion, words);
    const heading = h('h2', {}, words.of('welcomeConnect'));
    if (this.isStarting)
      return [heading, h('p', { role: 'status' }, marked('not-checked'), words.of('startPreparing'))];
    if (health.well) return [heading, h('p', { role: 'status' }, marked('clear'), words.of('welcomeConnected'))];
    const line = h('p', { role: 'status' }, marked('not-checked'), health.line);
    if (state.health === 'not-paired') return [heading, line, component(Pairing, { words, actions: this.actions })];
    const again = h(
      'button',
      { type: 'button', class: 'main', onclick: () => this.actions.again() },
      words.of(health.repair === 'look' ? 'repairLook' : 'repairAgain'),
    );
    return [heading, line, health.first === null ? null : h('p', {}, health.first), again];
  }

  private drawSites({ sites }: KobanState, words: Words): Child[] {
    if (sites.length === 0 && !this.isStarting) return [];
    const reachedSites = this.isStarting ? FIRST_SITES : sites.filter(({ optional, enabled }) => enabled || !optional);
    return [
      h('h2', {}, words.of('startSites')),
      h('p', {}, words.of('startSitesLine')),
      h(
        'ul',
        { class: 'tiles' },
        ...byUse(reachedSites, this.used).map((site) =>
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
      this.isStarting || reachedSites.length < sites.length ? h('p', { class: 'none' }, words.of('startAbroad')) : null,
      h('p', { class: 'window' }, words.of(this.isWindow ? 'startWindowLine' : 'startOwnLine')),
    ];
  }

  /**
   * Asked by `koban start` alone; the answer goes to it by the settings, and what came of it comes back the same way.
   */
  private drawTrust({ settings }: KobanState, words: Words): Child[] {
    const trust = settings?.trust ?? null;
    if (trust === null || (trust === 'ask' && settings?.trust_refused)) return [];
    const lines: Record<string, Key> = { yes: 'trustWorking', done: 'trustDone', failed: 'trustFailed' };
    const heading = h('h2', {}, words.of('trustHeading'));
    if (trust !== 'ask') return [heading, h('p', { role: 'status' }, words.of(lines[trust] ?? 'trustWorking'))];
    return [
      heading,
      h('p', {}, words.of('trustLine')),
      h(
        'p',
        { class: 'question' },
        h(
          'button',
          { type: 'button', class: 'main yes', onclick: () => this.actions.change({ trust: 'yes' }) },
          words.of('trustYes'),
        ),
        h(
          'button',
          { type: 'button', class: 'no', onclick: () => this.actions.change({ trust: null, trust_refused: true }) },
          words.of('trustNo'),
        ),
      ),
    ];
  }

  private drawPlace(words: Words): Child[] {
    return [
      h('h2', {}, words.of('welcomePlace')),
      toolbar(),
      h('p', {}, words.of('welcomePlaceLine')),
      h('p', {}, words.of('startKeysLine')),
      h('p', {}, this.isPinned === true ? words.of('welcomePinned') : words.of('welcomePinLine')),
      h('p', {}, words.of('welcomeShapes')),
      stateMeanings(words),
    ];
  }
}

function section(id: string | null, children: Child[]): VNode {
  return h('section', { id, hidden: children.length === 0 }, ...children);
}

function drawWays(words: Words): Child[] {
  return [
    h('h2', {}, words.of('waysHeading')),
    h('p', {}, words.of('waysLine')),
    h(
      'dl',
      {},
      h('dt', {}, words.of('wayWindow')),
      h('dd', {}, words.of('wayWindowLine')),
      h('dt', {}, words.of('wayOwn')),
      h('dd', {}, words.of('wayOwnLine')),
      h('dd', { class: 'none' }, words.of('wayOwnLimits')),
    ),
  ];
}

/** Pairing by a number that Koban shows; what was typed of it stays whatever changes around it. */
function Pairing({ words, actions }: { words: Words; actions: WelcomeActions }): VNode {
  const field = useRef<HTMLInputElement>(null);
  const [isAsked, setAsked] = useState(false);
  const [status, setStatus] = useState<Key | null>(null);
  const ask = async () => {
    const result = await actions.number();
    setStatus(NUMBER_SAYS[result]);
    setAsked(result === 'shown');
  };
  useEffect(() => {
    if (isAsked) field.current?.focus();
  }, [isAsked]);
  const onsubmit = (event: Event) => {
    event.preventDefault();
    void actions.enter(field.current?.value ?? '').then((result) => setStatus(ENTER_SAYS[result]));
  };
  return group(
    'parts',
    h('p', {}, words.of('welcomeNumberLine')),
    h('button', { type: 'button', class: 'main', onclick: () => void ask() }, words.of('welcomeNumberButton')),
    h(
      'form',
      { hidden: !isAsked, onsubmit },
      h('input', {
        ref: field,
        type: 'text',
        inputmode: 'numeric',
        autocomplete: 'off',
        maxlength: '9',
        size: '10',
        'aria-label': words.of('welcomeNumberField'),
      }),
      h('button', { type: 'submit', class: 'main' }, words.of('welcomeEnterButton')),
    ),
    h('p', { role: 'status', class: 'said' }, status === null ? null : words.of(status)),
  );
}

interface TrialProps {
  health: KobanState['health'];
  words: Words;
  actions: WelcomeActions;
}

/** A made-up job to try Koban on. */
function Trial({ health, words, actions }: TrialProps): VNode {
  const [result, setResult] = useState<PageVerdict | 'failed' | null>(null);
  const check = async () => setResult((await actions.demonstrate(words)) ?? 'failed');
  return group(
    'parts',
    h('h2', {}, words.of('welcomeTry')),
    h('p', {}, words.of('welcomeTryLine')),
    h('blockquote', {}, h('strong', {}, words.of('welcomeTryTitle')), h('p', {}, words.of('welcomeTryBody'))),
    h('button', { type: 'button', class: 'main', onclick: () => void check() }, words.of('welcomeTryButton')),
    h('div', { class: 'result', 'aria-live': 'polite' }, ...trialResult(result, health, words)),
    h('p', {}, h('a', { href: '/playground.html', target: '_blank' }, words.of('playgroundLink'))),
  );
}

/** A browser's toolbar drawn in outline, with the place of the icon marked. Says nothing to a screen reader. */
function toolbar(): VNode {
  const dot = (name: string) => h('span', { class: name });
  const koban = h('span', { class: 'koban' }, icon(HOUSE), icon(LOOKS.danger.path));
  return h(
    'div',
    { class: 'toolbar', 'aria-hidden': 'true' },
    dot('round'),
    dot('round'),
    dot('address'),
    koban,
    dot('puzzle'),
    dot('round'),
  );
}
