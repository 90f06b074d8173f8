import { browser } from 'wxt/browser';
import { linkedApi } from '../../background/api-client';
import { connect } from '../../background/connect';
import { notices } from '../../background/notices';
import { historyActions } from '../../history/actions';
import { Options } from '../../options/options';
import { teachingActions } from '../../teaching/actions';

const { exported, forgetAll, save } = historyActions(linkedApi);
const { lessons, unteach, contribution } = teachingActions(linkedApi);
const say = connect(-1, (model) => options.show(model));
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
