import { browser } from 'wxt/browser';
import { attend } from '../../background/attend';
import { save } from '../../look/save';
import { Options } from '../../options/options';

const say = attend(-1, (model) => options.show(model));
const options = new Options(document.body, browser.runtime.getManifest().version, {
  change: (change) => say({ type: 'change', change }),
  take: (change) => browser.runtime.sendMessage({ type: 'take', change }),
  language: (choice) => say({ type: 'language', choice }),
  save: (name, text) => save(name, text, 'application/json'),
});
