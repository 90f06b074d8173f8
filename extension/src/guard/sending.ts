/**
 * The guard at the moment of sending: what one would be sorry to have sent is named once, before it is. What is written
 * is looked at here and nowhere else; that it was asked about is known for as long as its box is there.
 */

import { Words } from '../i18n/words';
import type { PageModel } from '../messages';
import { Asking, formOf, isOfPerson, type Question, repeatClick } from '../page/question';
import { focusedWithin } from '../page/roots';
import { type Step, stepOfClick, stepOfForm } from '../page/steps/steps';
import { LOOKS } from '../states';
import { h, icon } from '../ui/dom';
import { boxesIn, boxOf, insert, writtenIn } from './box';
import enters from './enter.json';
import { LOSSES, MISTAKE_WORDS } from './mistake-words';
import { heldMistakes, isUnfunded, type Mistake, mistakesIn } from './mistakes';

/** So a page says that its Enter key sends. */
const SAYS_ENTER = new RegExp(enters.join('|'), 'i');
const MOST_AROUND = 400;

export class Sending {
  private readonly asking = new Asking();
  private model: PageModel | null = null;
  private listening = false;
  /** The text that was asked about, by box, and the mistakes that were named: a later verdict may bring others. */
  private readonly questions = new WeakMap<Element, { text: string; mistakes: readonly Mistake[] }>();
  /** Our own event, on its way to the page. */
  private repeating = false;
  private box: HTMLElement | null = null;

  show(model: PageModel): void {
    this.model = model;
    const isWanted = model.settings?.guards ?? false;
    if (!isWanted && !this.listening) return;
    this.listening = isWanted;
    // Added anew each time, which changes nothing where they are: a page that is written over loses its listeners.
    const change = isWanted ? addEventListener : removeEventListener;
    change('click', this.onClick as EventListener, { capture: true });
    change('submit', this.onSubmit as EventListener, { capture: true });
    change('keydown', this.onKey as EventListener, { capture: true });
    change('focusin', this.onFocus, { capture: true });
  }

  private readonly onFocus = (event: Event) => {
    this.box = boxOf(focusedWithin(event.composedPath()[0])) ?? this.box;
  };

  private readonly onClick = (event: MouseEvent) => {
    if (!isOfPerson(event) || event.button !== 0) return;
    const path = event.composedPath();
    const step = stepOfClick(path, location, this.model?.settings?.controls);
    if (step === null || step.kind === 'outside') return;
    this.hold(event, this.boxesOf(step), () => repeatClick(event, path[0] as Element, step.control));
  };

  /** Also what Enter in a form's line comes to. A click on a control was asked about as such. */
  private readonly onSubmit = (event: SubmitEvent) => {
    const form = event.target;
    if (this.repeating || !(form instanceof HTMLFormElement)) return;
    const step = stepOfForm(form, event.submitter, location, this.model?.settings?.controls);
    if (step !== null) this.hold(event, boxesIn(form), () => form.requestSubmit(event.submitter));
  };

  private readonly onKey = (event: KeyboardEvent) => {
    // The Enter that ends a conversion (https://w3c.github.io/uievents/#determine-keydown-keyup-keyCode) sends nothing.
    if (!event.isTrusted || event.key !== 'Enter' || event.isComposing || event.keyCode === 229) return;
    const box = boxOf(focusedWithin(event.composedPath()[0]));
    if (box === null || !entersTo(box, event)) return;
    this.hold(event, [box], () => repeatEnter(event, box));
  };

  /** The boxes that a control sends: those of its form, else the closest around it, else where one wrote last. */
  private boxesOf({ control }: Step): HTMLElement[] {
    const form = formOf(control);
    const inForm = form === null ? [] : boxesIn(form).filter(isWritten);
    if (inForm.length > 0) return inForm;
    for (let around = parentOf(control); around !== null; around = parentOf(around)) {
      const writtenBoxes = boxesIn(around).filter(isWritten);
      if (writtenBoxes.length > 0) return writtenBoxes;
    }
    return this.box?.isConnected ? [this.box] : [];
  }

  private hold(event: Event, boxes: HTMLElement[], goOn: () => void): void {
    const { model } = this;
    if (model === null || this.repeating) return;
    const { stage, site } = model.shown?.verdict ?? {};
    for (const box of boxes) {
      const text = writtenIn(box);
      const mistakes = heldMistakes(mistakesIn(text, isUnfunded(stage)), stage, site);
      const question = this.questions.get(box);
      const namedMistakes = question?.text === text ? question.mistakes : [];
      const isNamed = mistakes.every((mistake) => namedMistakes.includes(mistake));
      // An Enter that is still held down from before the question is nobody's second thought.
      const isRepeat = event instanceof KeyboardEvent && event.repeat;
      if (mistakes.length === 0 || (isNamed && !isRepeat)) continue;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isNamed) return;
      this.questions.set(box, { text, mistakes: [...namedMistakes, ...mistakes] });
      const words = new Words(model.language);
      this.asking.ask(
        sendQuestion(mistakes, words),
        words,
        () => box,
        () => {
          this.repeating = true;
          try {
            goOn();
          } finally {
            this.repeating = false;
          }
        },
      );
      return;
    }
  }
}

/** The question: the gravest mistake in the head, with its loss; the others by name. */
export function sendQuestion(mistakes: readonly Mistake[], words: Words): Question {
  const [first, ...rest] = mistakes;
  if (first === undefined) throw new Error('nothing to ask about');
  const [title, advice] = MISTAKE_WORDS[first];
  const loss = LOSSES[first];
  const others = rest.map((mistake) => h('li', {}, words.of(MISTAKE_WORDS[mistake][0])));
  return {
    mark: h('span', { class: 'mark danger' }, icon(LOOKS.danger.path), words.of('stateDanger')),
    title: words.of(title),
    parts: [
      ...(loss === undefined ? [] : [h('p', {}, words.of(loss))]),
      h('p', { class: 'advice' }, words.of(advice)),
      ...(others.length === 0 ? [] : [h('ul', {}, ...others)]),
    ],
    question: words.of('sendQuestion'),
    back: words.of('sendBack'),
    goOn: words.of('sendGoOn'),
    stop: null,
  };
}

function isWritten(box: HTMLElement): boolean {
  return writtenIn(box).trim() !== '';
}

function parentOf(element: Element): Element | null {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

/**
 * Whether Enter sends a box: with Ctrl or the command key in any, by itself in a line, and where the page says so.
 * Elsewhere it begins a new line, which is nobody's business.
 */
export function entersTo(
  box: HTMLElement,
  { ctrlKey, metaKey, shiftKey, altKey }: Pick<KeyboardEvent, 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>,
): boolean {
  if (ctrlKey || metaKey) return true;
  if (shiftKey || altKey) return false;
  if (box instanceof HTMLInputElement || box.enterKeyHint === 'send' || box.getAttribute('aria-multiline') === 'false')
    return true;
  for (
    let around = box.parentElement, levels = 0;
    around !== null && levels < 4;
    around = around.parentElement, levels++
  ) {
    const text = around.textContent ?? '';
    if (text.length > MOST_AROUND + writtenIn(box).length) return false;
    if (!SAYS_ENTER.test(text)) continue;
    const choices = [...around.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')];
    return choices.length === 0 || choices.some((choice) => choice.checked);
  }
  return false;
}

/** The key again. Only a person's own does what the browser does by itself, so that is done here. */
function repeatEnter(event: KeyboardEvent, box: HTMLElement): void {
  const { key, code, ctrlKey, shiftKey, altKey, metaKey } = event;
  const again = {
    key,
    code,
    keyCode: 13,
    which: 13,
    ctrlKey,
    shiftKey,
    altKey,
    metaKey,
    bubbles: true,
    cancelable: true,
    composed: true,
  };
  box.focus();
  const wasTaken = ['keydown', 'keypress'].some((type) => !box.dispatchEvent(new KeyboardEvent(type, again)));
  box.dispatchEvent(new KeyboardEvent('keyup', again));
  if (wasTaken) return;
  if (box instanceof HTMLInputElement) implicitSubmit(box);
  else if (!ctrlKey && !metaKey) insert(box, '\n', null);
}

/** https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#implicit-submission */
function implicitSubmit({ form }: HTMLInputElement): void {
  const button = form?.querySelector<HTMLElement>('button:not([type]), [type="submit"], [type="image"]');
  if (button != null) button.click();
  else form?.requestSubmit();
}
