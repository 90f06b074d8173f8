/** What the surfaces of the history do, over the API: for a page of the extension's own, and for Koban's own page. */
import type { KobanApi } from '../api/client';
import { save } from '../ui/save';
import type { CareActions } from './care';
import type { HistoryActions } from './history';

type Done = Omit<HistoryActions, 'again' | 'notices' | 'speak' | 'keep'> & {
  keep(change: Parameters<CareActions['keep']>[0]): Promise<boolean>;
};

/** null and false where Koban cannot be asked, or knows nothing of it. */
export function historyActions(api: () => Promise<KobanApi | null>): Done {
  const asked = async <T>(ask: (api: KobanApi) => Promise<T>): Promise<T | null> => {
    const there = await api();
    return there === null ? null : ask(there).catch(() => null);
  };
  const done = async (ask: (api: KobanApi) => Promise<unknown>) =>
    (await asked((there) => ask(there).then(() => true))) ?? false;
  return {
    note: (site, client, note) => done((there) => there.note(site, client, note)),
    revisions: (site, deal, revisions) => done((there) => there.revisions(site, deal, revisions)),
    forget: (site, client) => done((there) => there.forget({ site, client })),
    forgetAll: () => done((there) => there.forget(null)),
    keep: (change) => done((there) => there.changeHistory(change)),
    sheet: (about) => asked((there) => there.sheet(about)),
    bundle: (about) => asked((there) => there.bundle(about)),
    find: (search) => asked((there) => there.history(search)),
    calendar: () => asked((there) => there.calendar()),
    exported: (form) => asked((there) => there.exported(form)),
    save,
  };
}
