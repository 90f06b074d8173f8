import { ActiveStep } from '../page/step';
import type { Feature } from './feature';

/** The question before a step into danger. */
export const feature: Feature = {
  id: 'step-question',
  include: 'page',
  adds: false,
  init({ send }) {
    const step = new ActiveStep(() => send({ type: 'stop-asking' }));
    return (model) => step.show(model);
  },
};
