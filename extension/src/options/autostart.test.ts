import { render } from 'preact';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Words } from '../i18n/words';
import type { KobanState } from '../messages';
import { group } from '../ui/virtual';
import { autostartSwitch } from './autostart';

describe('autostartSwitch', () => {
  const turn = vi.fn();
  const show = (state: KobanState['autostart']) =>
    render(group('all', ...autostartSwitch(state, new Words('ja'), { autostart: turn })), document.body);
  const input = () => document.querySelector<HTMLInputElement>('input');

  beforeEach(() => {
    render(null, document.body);
    turn.mockClear();
  });

  it('test_reach_03 shows what the system does, and asks for the other', () => {
    show('off');
    expect(input()?.checked).toBe(false);
    expect(document.body.textContent).toContain('自分で開いたときだけ');
    input()?.click();
    show('on');
    expect(input()?.checked).toBe(true);
    expect(document.body.textContent).toContain('次にパソコンにログインしたときも');
    input()?.click();
    expect(turn.mock.calls).toEqual([[true], [false]]);
  });

  it('test_reach_03 is off where the program is gone, and says so', () => {
    show('gone');
    expect(input()?.checked).toBe(false);
    expect(document.body.textContent).toContain('見つからない');
  });

  it('test_reach_03 names the terminal’s command where Koban does not tell', () => {
    show(null);
    expect(input()).toBeNull();
    expect(document.body.textContent).toContain('koban autostart on');
  });
});
