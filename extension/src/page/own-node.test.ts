import { beforeEach, describe, expect, it, vi } from 'vitest';
import { preparePage, press } from '../testing/page';
import { h } from '../ui/dom';
import { isForeign, OwnNode } from './own-node';

describe('OwnNode', () => {
  beforeEach(preparePage);

  it('is no element of the page’s own making, which would hand the page its root', () => {
    customElements.define('koban-desk', class extends HTMLElement {});
    const { host } = new OwnNode('koban-desk', '', h('p', {}, '危険'));
    expect(host.localName).toBe('div');
    expect(host.shadowRoot?.textContent).toContain('危険');
    expect(new OwnNode('koban-marks', '').host.localName).toBe('koban-marks');
  });

  it('is Koban’s own, and another of its name is not', () => {
    expect(isForeign(new OwnNode('koban-step', '').host)).toBe(false);
    expect(isForeign(document.createElement('koban-step'))).toBe(true);
  });

  it('takes no click of a page’s own script', () => {
    const act = vi.fn();
    const button = h('button', { onclick: act });
    document.body.append(new OwnNode('koban-banner', '', button).host);
    button.click();
    expect(act).not.toHaveBeenCalled();
    press(button);
    expect(act).toHaveBeenCalledOnce();
  });

  it('takes none either after the page was written over, which takes its listeners', () => {
    const button = h('button', {});
    const node = new OwnNode('koban-banner', '', button);
    const listen = vi.spyOn(node.host.shadowRoot as ShadowRoot, 'addEventListener');
    void node.host;
    expect(listen).toHaveBeenCalledWith('click', expect.any(Function), { capture: true });
  });
});
