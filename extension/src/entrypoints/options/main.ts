import { browser } from 'wxt/browser';
import { attend } from '../../background/attend';
import { Options } from '../../options/options';

const say = attend(-1, (model) => options.show(model));
const options = new Options(document.body, browser.runtime.getManifest().version, {
  change: (change) => say({ type: 'change', change }),
  take: (change) => browser.runtime.sendMessage({ type: 'take', change }),
  language: (choice) => say({ type: 'language', choice }),
  save: (name, text) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  },
});
