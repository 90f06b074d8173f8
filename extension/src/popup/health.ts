/** One sentence on the link to Koban, and whether all is well with it. */
import type { PopupModel } from '../messages';
import type { Words } from '../words/words';

export function healthLine(model: PopupModel, ownVersion: string, words: Words): { well: boolean; line: string } {
  const ill = (line: string) => ({ well: false, line });
  switch (model.health) {
    case 'not-paired':
      return ill(words.of('healthNotPaired'));
    case 'not-running':
      return ill(words.of('healthNotRunning'));
    case 'wrong-version':
      return ill(words.of('healthWrongVersion', model.version ?? '?', ownVersion));
    case 'failing':
      return ill(words.of('healthFailing'));
    case 'ok':
      if (model.version === null) return { well: true, line: words.of('askingLine') };
      if (model.paused) return ill(words.of('healthPaused'));
      if (!model.proxyListening) return ill(words.of('healthProxyDown'));
      return { well: true, line: words.of('healthOkVersion', model.version) };
  }
}
