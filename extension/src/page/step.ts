/**
 * The active step: on a page with a danger, a click that would take the user into it is held, and a dialog names the
 * danger and asks. Going on is one more click, and does what the first would have done.
 */
import type { Finding, Text, Verdict } from '../api/types';
import { h, icon } from '../look/dom';
import colours from '../look/colours.css?inline';
import findings from '../look/finding.css?inline';
import type { PageModel } from '../messages';
import { LOOKS, gravestFirst } from '../states';
import { type Key, Words } from '../words/words';
import { Own } from './ours';
import own from './step.css?inline';
import { type Step, type StepKind, stepOfClick, stepOfForm } from './steps/steps';
import { CARD, all } from './targets';
import { pageIsDark } from './theme';
import { Topmost } from './topmost';

const QUESTIONS: Record<StepKind, Key> = {
  apply: 'stepApply',
  agree: 'stepAgree',
  deliver: 'stepDeliver',
  outside: 'stepOutside',
};

/** What stands in the way of a step. The finding is null where the contract's state alone says it. */
export interface Danger {
  finding: Finding | null;
}

/** The danger of taking a step on a page; null where nothing speaks against it. */
export function dangerOf({ kind, control }: Pick<Step, 'kind' | 'control'>, verdict: Verdict): Danger | null {
  const isList = verdict.kind?.endsWith('list') ?? false;
  const found = gravestFirst(verdict.findings ?? []).filter((finding) => !isList || sharesCard(finding, control));
  const unfunded = verdict.stage === 'agreed-unfunded';
  if (kind === 'deliver' && unfunded) return { finding: found.find(({ rule }) => rule === 'escrow-not-confirmed') ?? null };
  const [gravest] = found;
  return gravest?.severity === 'danger' ? { finding: gravest } : null;
}

/** In a list each warning is of its own card. */
function sharesCard(finding: Finding, control: Element): boolean {
  return all(finding.anchor).some((link) => (link.closest(CARD) ?? link.parentElement)?.contains(control));
}

export class ActiveStep {
  private readonly holder = h('div');
  private readonly own = new Own('koban-step', colours + findings + own, this.holder);
  private model: PageModel | null = null;
  private dangers = '';
  /** The controls and forms that the user went on with, for as long as the dangers stay the same. */
  private passed = new WeakSet<Element>();
  private listening = false;

  constructor(private readonly stopAsking: () => void) {}

  show(model: PageModel): void {
    this.model = model;
    const { verdict } = model.shown ?? {};
    const dangers = JSON.stringify([verdict?.stage, verdict?.findings?.map(({ rule, evidence }) => [rule, evidence])]);
    if (dangers !== this.dangers) this.passed = new WeakSet();
    this.dangers = dangers;
    const wanted = verdict !== undefined && (model.settings?.asks ?? false);
    if (!wanted && !this.listening) return;
    this.listening = wanted;
    // Added anew each time, which changes nothing where they are: a page that is written over loses its listeners. On the window, before any listener that the page has on what lies within.
    const change = wanted ? addEventListener : removeEventListener;
    change('click', this.clicked as EventListener, { capture: true });
    change('auxclick', this.clicked as EventListener, { capture: true });
    change('submit', this.submitted as EventListener, { capture: true });
  }

  private readonly clicked = (event: MouseEvent) => {
    // A page's own script clicks as it likes; the right button only opens a menu.
    if (!event.isTrusted || event.button > 1) return;
    const path = event.composedPath();
    const step = stepOfClick(path, location);
    if (step === null || (event.button === 1 && !(step.control instanceof HTMLAnchorElement))) return;
    this.hold(event, step, formOf(step.control), () => repeatClick(event, path[0] as Element, step.control));
  };

  private readonly submitted = (event: SubmitEvent) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const step = stepOfForm(form, event.submitter, location);
    if (step !== null) this.hold(event, step, form, () => form.requestSubmit(event.submitter));
  };

  private hold(event: Event, step: Step, form: HTMLFormElement | null, goOn: () => void): void {
    const { model } = this;
    if (model === null || model.shown === null || this.passed.has(step.control) || (form && this.passed.has(form))) return;
    const danger = dangerOf(step, model.shown.verdict);
    if (danger === null) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.ask(step, danger, model, () => {
      this.passed.add(step.control);
      if (form !== null) this.passed.add(form);
      goOn();
    });
  }

  private ask(step: Step, danger: Danger, model: PageModel, goOn: () => void): void {
    const words = new Words(model.language);
    const stop = model.settings?.mayStopAsking ? h('input', { type: 'checkbox' }) : null;
    const dialog = stepDialog(step, danger, words, stop, (goes) => {
      // What the page draws over the question may say what it likes: a click on it is no answer.
      if (goes && !topmost.isSeen) return;
      dialog.close();
      if (!goes) return;
      if (stop?.checked) this.stopAsking();
      goOn();
    });
    dialog.lang = model.language;
    dialog.style.colorScheme = pageIsDark() ? 'dark' : 'light';
    const topmost = new Topmost(dialog, this.own.host);
    dialog.addEventListener('close', () => {
      // Told of later: it may have been shown again, over what the page drew above it.
      if (dialog.open) return;
      topmost.leave();
      dialog.remove();
      this.own.remove();
      // Where the user was; the page may have taken it away meanwhile.
      if (step.control instanceof HTMLElement) step.control.focus({ preventScroll: true });
    });
    this.holder.replaceChildren(dialog);
    document.documentElement.append(this.own.host);
    dialog.showModal();
    topmost.watch();
  }
}

/** The dialog itself. `answer` is told what the user chose; Esc closes it, which is the safe choice. */
export function stepDialog(
  step: Step,
  danger: Danger,
  words: Words,
  stop: HTMLInputElement | null,
  answer: (goes: boolean) => void,
): HTMLDialogElement {
  const text = (of: (finding: Finding) => Text, otherwise: Key) =>
    danger.finding === null ? words.of(otherwise) : words.in(of(danger.finding));
  // A page can click by script; only a person's own click goes on.
  const choose = (goes: boolean) => (event: Event) => (event.isTrusted || !goes) && answer(goes);
  const dialog = h(
    'dialog',
    { role: 'alertdialog', 'aria-labelledby': 'title', 'aria-describedby': 'danger question' },
    h(
      'h2',
      { id: 'title' },
      h('span', { class: 'mark danger' }, icon(LOOKS.danger.path), words.of('stateDanger')),
      h('span', {}, text(({ title }) => title, 'stepUnfundedTitle')),
    ),
    h(
      'div',
      { id: 'danger' },
      h('p', {}, text(({ seen }) => seen, 'stepUnfundedSeen')),
      h('p', { class: 'advice' }, text(({ advice }) => advice, 'stepUnfundedAdvice')),
    ),
    h('p', { class: 'question', id: 'question' }, words.of(QUESTIONS[step.kind], step.where)),
    stop && h('label', {}, stop, words.of('stepStopAsking')),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'button', class: 'back', autofocus: true, onclick: choose(false) }, words.of('stepBack')),
      h('button', { type: 'button', class: 'on', onclick: choose(true) }, words.of('stepGoOn')),
    ),
  );
  dialog.addEventListener('keydown', keepFocus);
  return dialog;
}

/** Tab goes round within the dialog. What is pressed in it is none of the page's business, but Esc closes it as ever. */
function keepFocus(event: KeyboardEvent): void {
  event.stopPropagation();
  if (event.key !== 'Tab') return;
  const dialog = event.currentTarget as HTMLDialogElement;
  const stops = [...dialog.querySelectorAll<HTMLElement>('input, button')];
  const at = stops.indexOf((dialog.getRootNode() as ShadowRoot).activeElement as HTMLElement);
  event.preventDefault();
  stops.at((at + (event.shiftKey ? -1 : 1)) % stops.length)?.focus();
}

function formOf(control: Element): HTMLFormElement | null {
  return control instanceof HTMLButtonElement || control instanceof HTMLInputElement ? control.form : null;
}

/** The click again, for the page's own listeners and the browser alike. */
function repeatClick(event: MouseEvent, target: Element, control: Element): void {
  const { button, ctrlKey, shiftKey, altKey, metaKey } = event;
  if (control instanceof HTMLAnchorElement && (button === 1 || ctrlKey || shiftKey || metaKey)) {
    // Only a person's own click opens another tab or window that way.
    window.open(control.href, '_blank', 'noopener');
    return;
  }
  const { screenX, screenY, clientX, clientY, detail } = event;
  const again = { bubbles: true, cancelable: true, composed: true, view: null, detail, screenX, screenY, clientX, clientY };
  (target.isConnected ? target : control).dispatchEvent(
    new MouseEvent('click', { ...again, button, ctrlKey, shiftKey, altKey, metaKey }),
  );
}
