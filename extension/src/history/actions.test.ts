import { describe, expect, it, vi } from 'vitest';
import { ApiError, type KobanApi } from '../api/client';
import { historyCalls } from './actions';

type Fake = Record<string, ReturnType<typeof vi.fn>>;

const calls = (api: Fake | null) => historyCalls(async () => api as unknown as KobanApi | null);
const ABOUT = { site: 'crowdworks', deal: '7' };

describe('historyCalls', () => {
  it('pass on what is asked, and say that it was done', async () => {
    const names = ['note', 'revisions', 'forget', 'changeHistory', 'calendar', 'sheet', 'bundle', 'exported'];
    const api: Fake = Object.fromEntries(names.map((name) => [name, vi.fn(async () => name)]));
    const history = calls(api);
    expect(await history.note('s', 'c', '覚え')).toBe(true);
    expect(await history.revisions('s', 'd', 2)).toBe(true);
    expect(await history.forget('s', 'c')).toBe(true);
    expect(await history.forgetAll()).toBe(true);
    expect(await history.changeHistory({ texts: true })).toBe(true);
    expect(await history.calendar()).toBe('calendar');
    expect(await history.sheet(ABOUT)).toBe('sheet');
    expect(await history.bundle(ABOUT)).toBe('bundle');
    expect(await history.exported('csv')).toBe('exported');
    expect(api['note']).toHaveBeenCalledWith('s', 'c', '覚え');
    expect(api['forget']?.mock.calls).toEqual([[{ site: 's', client: 'c' }], [null]]);
    expect(api['exported']).toHaveBeenCalledWith('csv');
  });

  it('are null and false where Koban cannot be asked', async () => {
    const failing: Fake = {
      note: vi.fn(() => Promise.reject(new ApiError('failed', 404))),
      sheet: vi.fn(() => Promise.reject(new ApiError('unreachable'))),
    };
    for (const history of [calls(null), calls(failing)]) {
      expect(await history.note('s', 'c', null)).toBe(false);
      expect(await history.sheet(ABOUT)).toBeNull();
    }
  });

  it('give the newest of the history with its settings, or why it cannot be shown', async () => {
    const api = (error?: ApiError): Fake => ({
      history: vi.fn(async () => (error ? Promise.reject(error) : { deals: [] })),
      historySettings: vi.fn(async () => ({ enabled: true, days: 548 })),
    });
    expect(await calls(api()).history()).toEqual({ view: { deals: [] }, settings: { enabled: true, days: 548 } });
    expect(await calls(null).history()).toBe('closed');
    expect(await calls(api(new ApiError('refused', 401))).history()).toBe('closed');
    expect(await calls(api(new ApiError('unreachable'))).history()).toBe('not-running');
    expect(await calls(api()).find('青空')).toEqual({ deals: [] });
  });
});
