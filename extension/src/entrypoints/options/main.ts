import { browser } from 'wxt/browser';
import { notices } from '../../notices';
import { Options } from '../../options/options';
import { filesOf, kobanService, subscribe } from '../../rpc/proxy';
import { siteLeave } from '../../site-leave';
import { save } from '../../ui/save';
import '../../ui/page.css';
import './options.css';

const service = kobanService();
const options = new Options(document.body, browser.runtime.getManifest().version, {
  change: (change) => service.change(change),
  autostart: (on) => void service.autostart(on),
  language: (choice) => void service.chooseLanguage(choice),
  history: () => void browser.tabs.create({ url: browser.runtime.getURL('/deals.html') }),
  names: async () => {
    const history = await service.history();
    const clients = typeof history === 'string' ? [] : history.view.clients;
    return new Map(clients.flatMap(({ site, id, name }) => (name == null ? [] : [[`${site}:${id}`, name]])));
  },
  exported: filesOf(service).exported,
  forgetAll: () => service.forgetAll(),
  save,
  notices,
  leave: siteLeave,
  lessons: () => service.lessons(),
  unteach: (id) => service.unteach(id),
  contribution: () => service.contribution(),
});
subscribe(-1, (state) => options.show(state));
