/** All features, in the order in which each model of a page is shown to them. */
import { appended } from './appended';
import { banner } from './banner';
import type { Feature } from './feature';
import { marks } from './marks';
import { replyAssistant } from './reply-assistant';
import { sendingGuard } from './sending-guard';
import { stepQuestion } from './step-question';
import { submission } from './submission';

// What is written is asked about before what the page says of its client.
export const FEATURES: readonly Feature[] = [
  sendingGuard,
  stepQuestion,
  submission,
  banner,
  appended,
  marks,
  replyAssistant,
];
