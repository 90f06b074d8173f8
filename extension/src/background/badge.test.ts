import { beforeEach, describe, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { finding, pageModel, pageVerdict } from '../testing/values';
import { DUE_COLOUR } from './due';

const setIcon = vi.fn(async (_: { imageData: Record<string, { width: number }> }) => undefined);
const setText = vi.fn(async () => undefined);
const setGround = vi.fn(async () => undefined);
const setInk = vi.fn(async () => undefined);
const setTitle = vi.fn(async () => undefined);

describe('showBadge', () => {
  let showBadge: typeof import('./badge').showBadge;

  beforeEach(async () => {
    vi.resetModules();
    for (const each of [setIcon, setText, setGround, setInk, setTitle]) each.mockClear();
    vi.spyOn(browser, 'action', 'get').mockReturnValue({
      setIcon,
      setBadgeText: setText,
      setBadgeBackgroundColor: setGround,
      setBadgeTextColor: setInk,
      setTitle,
    } as never);
    vi.stubGlobal('Path2D', class {});
    vi.stubGlobal(
      'OffscreenCanvas',
      class {
        constructor(private readonly width: number) {}
        getContext() {
          const { width } = this;
          return {
            scale: vi.fn(),
            translate: vi.fn(),
            stroke: vi.fn(),
            fill: vi.fn(),
            getImageData: () => ({ width }),
          };
        }
      },
    );
    ({ showBadge } = await import('./badge'));
  });

  it('says that a warning of before is being read again', async () => {
    await showBadge(3, pageModel({ shown: pageVerdict({ findings: [finding()] }), readAgain: true }), null);
    expect(setTitle).toHaveBeenCalledWith({ tabId: 3, title: 'Koban ■ 危険：直接契約の誘いです（読み直しています）' });
  });

  it('says state and number of warnings, in shape, number and words', async () => {
    const notice = finding({ severity: 'notice' });
    await showBadge(3, pageModel({ shown: pageVerdict({ findings: [finding(), notice] }) }), '納品が近い');
    expect(setText).toHaveBeenCalledWith({ tabId: 3, text: '1' });
    expect(setTitle).toHaveBeenCalledWith({
      tabId: 3,
      title: expect.stringMatching(/^Koban ■ 危険：直接契約の誘いです\n納品が近い$/),
    });
    expect(Object.keys(setIcon.mock.calls[0]![0].imageData)).toEqual(['16', '24', '32', '48']);
    expect(setInk).toHaveBeenCalled();
  });

  it('leaves the badge of a page without warnings to what is due', async () => {
    await showBadge(3, pageModel(), null);
    expect(setText).toHaveBeenCalledWith({ tabId: 3, text: null });
    expect(setGround).toHaveBeenCalledWith({ tabId: 3, color: DUE_COLOUR });
  });

  it('draws each state once, and minds no tab that has closed', async () => {
    setIcon.mockRejectedValueOnce(new Error('No tab with id'));
    await showBadge(3, pageModel(), null);
    await showBadge(4, pageModel(), null);
    expect(setIcon.mock.calls[0]![0].imageData).toBe(setIcon.mock.calls[1]![0].imageData);
  });
});
