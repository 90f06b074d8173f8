import { expect, it, vi } from 'vitest';
import { save } from './save';

it('hands over a file under its name, and lets go of it', () => {
  const create = vi.fn(() => 'blob:1');
  const revoke = vi.fn();
  Object.assign(URL, { createObjectURL: create, revokeObjectURL: revoke });
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    expect([this.download, this.href]).toEqual(['koban.ics', 'blob:1']);
  });
  save('koban.ics', 'BEGIN:VCALENDAR', 'text/calendar');
  expect(clicked).toHaveBeenCalledOnce();
  expect(revoke).toHaveBeenCalledWith('blob:1');
});
