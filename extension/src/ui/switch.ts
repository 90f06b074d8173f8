import { h } from './dom';

/** A labelled switch; `changed` gets its new position. */
export function switchOf(label: string, on: boolean, changed: (on: boolean) => void): HTMLLabelElement {
  const input = h('input', {
    type: 'checkbox',
    role: 'switch',
    checked: on,
    onchange: () => changed(input.checked),
  });
  return h('label', { class: 'switch' }, h('span', {}, label), input);
}
