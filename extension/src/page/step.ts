/**
 * The active step: on a page with a danger, a click that would take the user into it is held, and a dialog names the
 * danger and asks. Going on is one more click, and does what the first would have done.
 */
import type { Finding, Text, Verdict } from '../api/types';
import { type Key, Words } from '../i18n/words';
import type { PageModel } from '../messages';
import { gravestFirst, isList, LOOKS, stageInfo } from '../states';
import { h, icon } from '../ui/dom';
import { Asking, formOf, isOfPerson, type Question, repeatClick } from './question';
import { type Step, type StepKind, stepOfClick, stepOfForm } from './steps/steps';
import { all, CARD } from './targets';

/** The rule whose warning says that escrow is not there. */
const UNFUNDED = 'escrow-not-confirmed';

const QUESTIONS: Record<StepKind, Key> = {
  apply: 'stepApply',
  agree: 'stepAgree',
  deliver: 'stepDeliver',
  outside: 'stepOutside',
  send: 'sendQuestion',
};

/** An obstacle to a step. The finding is null where the contract's state alone is the reason. */
export interface Danger {
  finding: Finding | null;
}

/** The danger of taking a step on a page; null where nothing speaks against it. */
export function dangerOf({ kind, control }: Pick<Step, 'kind' | 'control'>, verdict: Verdict): Danger | null {
  // What is written says whether it should be sent (guard/sending.ts); one may answer a dangerous client.
  if (kind === 'send') return null;
  const relevant = gravestFirst(verdict.findings ?? []).filter(
    (finding) => !isList(verdict.kind) || sharesCard(finding, control),
  );
  const isUnfunded = stageInfo(verdict.stage).waiting;
  if (kind === 'deliver' && isUnfunded) return { finding: relevant.find(({ rule }) => rule === UNFUNDED) ?? null };
  const [gravest] = relevant;
  return gravest?.severity === 'danger' ? { finding: gravest } : null;
}

/** In a list each warning is of its own card. */
function sharesCard(finding: Finding, control: Element): boolean {
  return all(finding.anchor).some((link) => (link.closest(CARD) ?? link.parentElement)?.contains(control));
}

export class ActiveStep {
  private readonly asking = new Asking();
  private model: PageModel | null = null;
  private dangers = '';
  /** The controls and forms that the user went on with, for as long as the dangers stay the same. */
  private passedControls = new WeakSet<Element>();
  private listening = false;

  constructor(private readonly stopAsking: () => void) {}

  show(model: PageModel): void {
    this.model = model;
    const { verdict } = model.shown ?? {};
    const dangers = JSON.stringify([verdict?.stage, verdict?.findings?.map(({ rule, evidence }) => [rule, evidence])]);
    if (dangers !== this.dangers) this.passedControls = new WeakSet();
    this.dangers = dangers;
    const isWanted =
      verdict !== undefined && ((model.settings?.asks ?? false) || (model.settings?.asksDelivery ?? false));
    if (!isWanted && !this.listening) return;
    this.listening = isWanted;
    // Added anew each time, which changes nothing where they are: a page that is written over loses its listeners. On
    // the window, before any listener that the page has on what lies within.
    const change = isWanted ? addEventListener : removeEventListener;
    change('click', this.onClick as EventListener, { capture: true });
    change('auxclick', this.onClick as EventListener, { capture: true });
    change('submit', this.onSubmit as EventListener, { capture: true });
  }

  private readonly onClick = (event: MouseEvent) => {
    // A page's own script clicks as it likes; the right button only opens a menu.
    if (!isOfPerson(event) || event.button > 1) return;
    const path = event.composedPath();
    const step = stepOfClick(path, location, this.model?.settings?.controls);
    if (step === null || (event.button === 1 && !(step.control instanceof HTMLAnchorElement))) return;
    this.hold(event, step, formOf(step.control), () => repeatClick(event, path[0] as Element, step.control));
  };

  private readonly onSubmit = (event: SubmitEvent) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const step = stepOfForm(form, event.submitter, location, this.model?.settings?.controls);
    if (step !== null) this.hold(event, step, form, () => form.requestSubmit(event.submitter));
  };

  private hold(event: Event, step: Step, form: HTMLFormElement | null, goOn: () => void): void {
    const { model } = this;
    if (
      model === null ||
      model.shown === null ||
      this.passedControls.has(step.control) ||
      (form && this.passedControls.has(form))
    )
      return;
    // That a client need not be asked about any more says nothing of escrow, which is asked about before each delivery.
    if (!model.settings?.asks && !(step.kind === 'deliver' && stageInfo(model.shown.verdict.stage).waiting)) return;
    const danger = dangerOf(step, model.shown.verdict);
    if (danger === null) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.ask(step, danger, model, () => {
      this.passedControls.add(step.control);
      if (form !== null) this.passedControls.add(form);
      goOn();
    });
  }

  private ask(step: Step, danger: Danger, model: PageModel, goOn: () => void): void {
    const words = new Words(model.language);
    const stop = model.settings?.mayStopAsking && step.kind !== 'deliver' ? h('input', { type: 'checkbox' }) : null;
    this.asking.ask(
      stepQuestion(step, danger, words, stop),
      words,
      () => step.control,
      () => {
        if (stop?.checked) this.stopAsking();
        goOn();
      },
    );
  }
}

/** The question before a step into danger. */
export function stepQuestion(step: Step, danger: Danger, words: Words, stop: HTMLInputElement | null): Question {
  const text = (of: (finding: Finding) => Text, otherwise: Key) =>
    danger.finding === null ? words.of(otherwise) : words.in(of(danger.finding));
  const isUnfundedDelivery = step.kind === 'deliver' && danger.finding?.rule === UNFUNDED;
  return {
    mark: h('span', { class: 'mark danger' }, icon(LOOKS.danger.path), words.of('stateDanger')),
    title: text(({ title }) => title, 'stepUnfundedTitle'),
    parts: [
      h(
        'p',
        {},
        text(({ seen }) => seen, 'stepUnfundedSeen'),
      ),
      h(
        'p',
        {},
        text(({ reason }) => reason, 'lossEarly'),
      ),
      h(
        'p',
        { class: 'advice' },
        // The rule's own advice is not to begin, and here the work is done.
        isUnfundedDelivery ? words.of('stepUnfundedAdvice') : text(({ advice }) => advice, 'stepUnfundedAdvice'),
      ),
    ],
    question: words.of(QUESTIONS[step.kind], step.where),
    back: words.of('stepBack'),
    goOn: words.of('stepGoOn'),
    stop: stop && { box: stop, label: words.of('stepStopAsking') },
  };
}
