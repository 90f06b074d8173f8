/**
 * A question before a click does what it would: a dialog that names what is at stake, with the way back first. Esc goes
 * back; going on is one click, a person's own.
 */

import type { Language } from '../i18n/languages';
import type { Words } from '../i18n/words';
import colours from '../ui/colours.css?inline';
import { h } from '../ui/dom';
import findings from '../ui/finding.css?inline';
import { maker } from '../ui/maker';
import { OwnNode } from './own-node';
import own from './step.css?inline';
import { pageIsDark } from './theme';
import { Topmost } from './topmost';

export interface Question {
  /** Shape and word of the state. */
  mark: HTMLElement;
  title: string;
  /** The evidence, the stake, the advice. */
  parts: Node[];
  question: string;
  back: string;
  goOn: string;
  /** Not to be asked again. */
  stop: { box: HTMLInputElement; label: string } | null;
}

export class Asking {
  private readonly holder = h('div');
  private readonly own = new OwnNode('koban-step', colours + findings + own, this.holder);
  /** What watches over the question that is asked; null where none is. */
  private topmost: Topmost | null = null;

  /**
   * Ask over the page. `returnTo` has the keyboard once a person chose; `goOn` is called after that where they go on, so
   * that what the page does then may take it.
   */
  ask(question: Question, words: Words, returnTo: () => Element | null, goOn: () => void): void {
    // One that the page took away was never closed.
    this.leave();
    const finish = () => {
      this.leave();
      // Back to the user's place, which the page may have removed in the meantime.
      const there = returnTo();
      if (there instanceof HTMLElement) there.focus({ preventScroll: true });
    };
    const dialog = questionDialog(question, words, (goes) => {
      // What the page draws over the question may say what it likes: a click on it is no answer. Going back is safe, and
      // must not depend on what a browser takes for covered.
      if ((goes && !topmost.isSeen) || topmost.isNew) return;
      dialog.close();
      finish();
      if (goes) goOn();
    });
    dialog.style.colorScheme = pageIsDark() ? 'dark' : 'light';
    const topmost = new Topmost(dialog, this.own.host);
    dialog.addEventListener('close', () => {
      // Told of later: it may have been shown again, over what the page drew above it, or been answered.
      if (!dialog.open && this.topmost === topmost) finish();
    });
    this.topmost = topmost;
    this.holder.replaceChildren(dialog);
    document.documentElement.append(this.own.host);
    dialog.showModal();
    topmost.watch();
  }

  private leave(): void {
    this.topmost?.leave();
    this.topmost = null;
    this.holder.replaceChildren();
    this.own.remove();
  }
}

/** The dialog itself. `answer` is told what the user chose; Esc closes it, which is the safe choice. */
export function questionDialog(
  { mark, title, parts, question, back, goOn, stop }: Question,
  words: { readonly language: Language },
  answer: (goes: boolean) => void,
): HTMLDialogElement {
  // A page can click by script; only a person's own click goes on.
  const choose = (goes: boolean) => (event: Event) => (event.isTrusted || !goes) && answer(goes);
  const dialog = h(
    'dialog',
    { role: 'alertdialog', lang: words.language, 'aria-labelledby': 'title', 'aria-describedby': 'danger question' },
    maker(),
    h('h2', { id: 'title' }, mark, h('span', {}, title)),
    h('div', { id: 'danger' }, ...parts),
    h('p', { class: 'question', id: 'question' }, question),
    stop && h('label', {}, stop.box, stop.label),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'button', class: 'back', autofocus: true, onclick: choose(false) }, back),
      h('button', { type: 'button', class: 'on', onclick: choose(true) }, goOn),
    ),
  );
  dialog.addEventListener('keydown', holdKeys);
  return dialog;
}

/**
 * Tab goes round within the dialog, and a key that is held down presses nothing. What is pressed in it is none of the
 * page's business, but Esc closes it as ever.
 */
function holdKeys(event: KeyboardEvent): void {
  event.stopPropagation();
  // One that is held down since before the question came would press what nobody has read.
  if (event.repeat && (event.key === 'Enter' || event.key === ' ')) event.preventDefault();
  if (event.key !== 'Tab') return;
  const dialog = event.currentTarget as HTMLDialogElement;
  const stops = [...dialog.querySelectorAll<HTMLElement>('input, button')];
  const at = stops.indexOf((dialog.getRootNode() as ShadowRoot).activeElement as HTMLElement);
  event.preventDefault();
  stops.at((at + (event.shiftKey ? -1 : 1)) % stops.length)?.focus();
}

/** The form that a control sends; null where it sends none. */
export function formOf(control: Element): HTMLFormElement | null {
  return control instanceof HTMLButtonElement || control instanceof HTMLInputElement ? control.form : null;
}

/** Clicks that are repeated, while they are on their way. */
const repeatedClicks = new WeakSet<Event>();

/**
 * Whether a person clicked, of which the browser's own word is `isTrusted`. A click that Koban repeats is that of who
 * went on from one question, and there may be another.
 */
export function isOfPerson(event: Event): boolean {
  return event.isTrusted || repeatedClicks.has(event);
}

/** The click again, for the page's own listeners and the browser alike. */
export function repeatClick(event: MouseEvent, target: Element, control: Element): void {
  const { button, ctrlKey, shiftKey, altKey, metaKey } = event;
  if (control instanceof HTMLAnchorElement && (button === 1 || ctrlKey || shiftKey || metaKey)) {
    // Only a person's own click opens another tab or window that way.
    window.open(control.href, '_blank', 'noopener');
    return;
  }
  const { screenX, screenY, clientX, clientY, detail } = event;
  const again = {
    bubbles: true,
    cancelable: true,
    composed: true,
    view: null,
    detail,
    screenX,
    screenY,
    clientX,
    clientY,
  };
  const click = new MouseEvent('click', { ...again, button, ctrlKey, shiftKey, altKey, metaKey });
  repeatedClicks.add(click);
  (target.isConnected ? target : control).dispatchEvent(click);
  // From now on it is the page's, which may send it again.
  repeatedClicks.delete(click);
}
