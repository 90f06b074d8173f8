import { browser } from 'wxt/browser';
import { attend } from '../../background/attend';
import { linkedApi } from '../../background/linked';
import { notices } from '../../background/notices';
import { doingOf } from '../../history/doing';
import { Options } from '../../options/options';
import { teachingOf } from '../../teaching/doing';

const { exported, forgetAll, save } = doingOf(linkedApi);
const { lessons, unteach, contribution } = teachingOf(linkedApi);
const say = attend(-1, (model) => options.show(model));
const options = new Options(document.body, browser.runtime.getManifest().version, {
  change: (change) => say({ type: 'change', change }),
  take: (change) => browser.runtime.sendMessage({ type: 'take', change }),
  language: (choice) => say({ type: 'language', choice }),
  history: () => void browser.tabs.create({ url: browser.runtime.getURL('/deals.html') }),
  names: async () => {
    const view = await (await linkedApi())?.history().catch(() => null);
    return new Map(
      (view?.clients ?? []).flatMap(({ site, id, name }) => (name == null ? [] : [[`${site}:${id}`, name]])),
    );
  },
  exported,
  forgetAll,
  save,
  notices,
  lessons,
  unteach,
  contribution,
});
