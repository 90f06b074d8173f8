import { describe, expect, it } from 'vitest';
import type { Settings, Verdict } from '../api/types';
import { settings, verdict } from '../testing/values';
import { clientKey, pageSettings } from './pagesettings';

const BARE = settings();
const OF_CLIENT = { ...verdict(), client: { id: '52', name: null } } as Verdict;

const NOTHING = { replies: [], controls: null };

describe('pageSettings', () => {
  it('has everything on until it is switched off', () => {
    expect(pageSettings(BARE, null, NOTHING)).toEqual({
      asks: true,
      asksDelivery: true,
      mayStopAsking: false,
      guards: true,
      templates: {},
      ...NOTHING,
    });
    const off = { ...BARE, active_step: false, guard: false } as Settings;
    expect(pageSettings(off, OF_CLIENT, NOTHING)).toMatchObject({ asks: false, guards: false });
  });

  it('asks no more for the very client that the user named', () => {
    const settings: Settings = {
      ...BARE,
      clients: { 'crowdworks:52': { ask: false, muted: false }, 'lancers:53': { ask: false, muted: false } },
    };
    expect(pageSettings(settings, OF_CLIENT, NOTHING).asks).toBe(false);
    expect(pageSettings(settings, OF_CLIENT, NOTHING).asksDelivery).toBe(true);
    expect(pageSettings(settings, { ...OF_CLIENT, client: { id: '53' } } as Verdict, NOTHING).asks).toBe(true);
    expect(pageSettings(settings, verdict(), NOTHING).asks).toBe(true);
  });
});

it('names a client by site, since two sites may use one id', () => {
  expect(clientKey(OF_CLIENT)).toBe('crowdworks:52');
  expect(clientKey({ ...OF_CLIENT, site: null } as Verdict)).toBeNull();
  expect(clientKey(verdict())).toBeNull();
});
