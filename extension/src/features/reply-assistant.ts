import { ReplyAssistant } from '../guard/reply-assistant';
import type { Feature } from './feature';

/** A note and replies beside the box that the user writes in. */
export const feature: Feature = {
  id: 'reply-assistant',
  include: 'frames',
  adds: true,
  init() {
    const assistant = new ReplyAssistant();
    return (model) => assistant.show(model);
  },
};
