import { Sending } from '../guard/sending';
import type { Feature } from './feature';

/** The question before something is sent that one would be sorry to have sent. */
export const feature: Feature = {
  id: 'sending-guard',
  include: 'frames',
  comesFirst: true,
  adds: false,
  init() {
    const sending = new Sending();
    return (model) => sending.show(model);
  },
};
