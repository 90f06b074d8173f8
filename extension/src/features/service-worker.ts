import { isOfServiceWorker } from '../page/arrival';
import type { Feature } from './feature';

/** Has a page judged as it is shown that its service worker answered: no proxy saw it, whatever passed at its address. */
export const feature: Feature = {
  id: 'service-worker',
  include: 'page',
  adds: false,
  init({ send }) {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    // Where the browser has no service workers, as in private windows, there is no such property.
    const isControlled = (navigator.serviceWorker as ServiceWorkerContainer | undefined)?.controller != null;
    if (navigation !== undefined && isOfServiceWorker(document, navigation, isControlled)) send({ type: 'rewritten' });
    return () => undefined;
  },
};
