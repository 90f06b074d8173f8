import { beforeEach, expect, it, vi } from 'vitest';
import { layOut, preparePage } from '../testing/page';
import { AfterLayout } from './layout';

beforeEach(preparePage);

it('acts once in the next frame, unless that is no longer wanted', () => {
  const act = vi.fn();
  const afterLayout = new AfterLayout(act);
  afterLayout.want();
  expect(act).not.toHaveBeenCalled();
  layOut();
  layOut();
  expect(act).toHaveBeenCalledOnce();
  afterLayout.want();
  afterLayout.forget();
  layOut();
  expect(act).toHaveBeenCalledOnce();
});

it('waits for another wish where a page is being written over and has no root', () => {
  const act = vi.fn();
  const afterLayout = new AfterLayout(act);
  const root = vi.spyOn(document, 'documentElement', 'get').mockReturnValue(null as never);
  afterLayout.want();
  layOut();
  expect(act).not.toHaveBeenCalled();
  root.mockRestore();
  afterLayout.want();
  layOut();
  expect(act).toHaveBeenCalledOnce();
});
