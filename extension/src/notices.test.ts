import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { notices } from './notices';

const LEAVE = { permissions: ['notifications'] };

describe('notices', () => {
  let given: boolean;
  const request = vi.fn(async () => {
    given = true;
    return true;
  });
  const remove = vi.fn(async () => {
    given = false;
    return true;
  });

  beforeEach(() => {
    given = false;
    request.mockClear();
    remove.mockClear();
    Object.assign(fakeBrowser, { permissions: { contains: async () => given, request, remove } });
  });

  it('asks the browser for its leave when they are wanted, and no sooner', async () => {
    expect(await notices.isOn()).toBe(false);
    expect(request).not.toHaveBeenCalled();
    expect(await notices.turn(true)).toBe(true);
    expect(request).toHaveBeenCalledExactlyOnceWith(LEAVE);
    expect(await notices.isOn()).toBe(true);
  });

  it('stays off where the leave is refused', async () => {
    request.mockResolvedValueOnce(false);
    expect(await notices.turn(true)).toBe(false);
    expect(await notices.isOn()).toBe(false);
  });

  it('gives the leave back', async () => {
    await notices.turn(true);
    expect(await notices.turn(false)).toBe(false);
    expect(remove).toHaveBeenCalledExactlyOnceWith(LEAVE);
  });
});
