import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { today } from '../history/parts';
import { Words } from '../i18n/words';
import { notices } from '../notices';
import { due } from '../testing/values';
import { dueTitle, pressing, tell } from './due';

const ja = new Words('ja');

describe('what presses', () => {
  it('is due today or tomorrow, or was a week ago at the most', () => {
    const days = [-8, -7, 0, 1, 2].map((days) => due({ day: today(days) }));
    expect(pressing(days)).toEqual(days.slice(1, 4));
  });

  it('is said in a line', () => {
    expect(dueTitle([due({ day: today(2) })], ja)).toBeNull();
    expect(dueTitle([due({ day: today() })], ja)).toBe('近い期日：記事作成：納品の期限です');
    expect(dueTitle([due({ day: today() }), due({ day: today(), title: null })], ja)).toContain('（ほか1件）');
  });
});

describe('tell', () => {
  const create = vi.fn(async (_: string, _options: { message: string }) => 'koban-due');

  beforeEach(() => {
    create.mockClear();
    vi.spyOn(fakeBrowser.notifications, 'create').mockImplementation(create as never);
    vi.spyOn(notices, 'isOn').mockResolvedValue(true);
  });

  it('tells once a day, however often it is asked at once and anew', async () => {
    const near = [due({ day: today(1) })];
    await Promise.all([tell(near, ja), tell(near, ja)]);
    await tell(near, ja);
    expect(create).toHaveBeenCalledTimes(1);
    await fakeBrowser.storage.local.set({ told: today(-1) });
    await tell(near, ja);
    expect(create).toHaveBeenCalledTimes(2);
  });

  it('shows the title of the deal and no more of it', async () => {
    await tell([due({ day: today() }), due({ day: today(2), title: '先の取引' })], ja);
    const message = create.mock.calls[0]?.[1].message;
    expect(message).toBe('記事作成：納品の期限です');
  });

  it('is silent without leave, and where nothing is due by tomorrow', async () => {
    vi.spyOn(notices, 'isOn').mockResolvedValue(false);
    await tell([due({ day: today() })], ja);
    vi.spyOn(notices, 'isOn').mockResolvedValue(true);
    await tell([due({ day: today(2) }), due({ day: today(-1) })], ja);
    expect(create).not.toHaveBeenCalled();
  });
});
