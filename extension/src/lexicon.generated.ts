// Written by `make generate` from rules/lexicon.py and extractors/page_kinds.py. Change those, not this file.

/** How a verdict's state looks, and which of two is the graver. */
export const STATES = {
  clear: { gravity: 0, sign: '●', path: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z', colour: '#1f8a5f', word: 'stateClear' },
  caution: { gravity: 2, sign: '▲', path: 'M8 1.2 15.4 14.4H.6z', colour: '#c27a00', word: 'stateCaution' },
  danger: { gravity: 3, sign: '■', path: 'M1.8 1.8h12.4v12.4H1.8z', colour: '#cf3329', word: 'stateDanger' },
  'not-checked': { gravity: 1, sign: '○', path: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM8 3.6a4.4 4.4 0 1 1 0 8.8a4.4 4.4 0 1 1 0-8.8z', colour: '#7a8582', word: 'stateNotChecked' },
} as const;

/** The severities of findings, the lightest first: their weight, and the state that a page has by one. */
export const SEVERITIES = {
  notice: { gravity: 0, state: 'clear' },
  caution: { gravity: 1, state: 'caution' },
  danger: { gravity: 2, state: 'danger' },
} as const;

/** Severities that are warnings, and states of pages that have such findings, the lightest first. */
export const WARNING_LEVELS = ['caution', 'danger'] as const;

/** Why a page was not checked, and what follows from it. */
export const REASONS = {
  'unknown-page': { word: 'reasonUnknownPage', chosen: false, looked: false, unfinished: false, again: false },
  'page-changed': { word: 'reasonPageChanged', chosen: false, looked: true, unfinished: false, again: true },
  unreadable: { word: 'reasonUnreadable', chosen: false, looked: false, unfinished: false, again: true },
  'nothing-to-check': { word: 'reasonNothingToCheck', chosen: false, looked: true, unfinished: false, again: true },
  'too-large': { word: 'reasonTooLarge', chosen: false, looked: false, unfinished: false, again: true },
  'too-slow': { word: 'reasonTooSlow', chosen: false, looked: false, unfinished: true, again: true },
  pending: { word: 'reasonPending', chosen: false, looked: false, unfinished: true, again: false },
  failed: { word: 'reasonFailed', chosen: false, looked: false, unfinished: false, again: true },
  off: { word: 'reasonOff', chosen: true, looked: false, unfinished: false, again: false },
  paused: { word: 'reasonPaused', chosen: true, looked: false, unfinished: false, again: false },
  muted: { word: 'reasonMuted', chosen: true, looked: true, unfinished: false, again: false },
  'no-answer': { word: 'reasonNoAnswer', chosen: false, looked: false, unfinished: false, again: true },
  'bot-check': { word: 'reasonBotCheck', chosen: false, looked: false, unfinished: false, again: true },
  refused: { word: 'reasonRefused', chosen: false, looked: false, unfinished: false, again: true },
  'upstream-certificate': { word: 'reasonUpstreamCertificate', chosen: false, looked: false, unfinished: false, again: false },
  'upstream-tls': { word: 'reasonUpstreamTls', chosen: false, looked: false, unfinished: false, again: false },
  'not-a-marketplace': { word: 'reasonNotAMarketplace', chosen: false, looked: false, unfinished: false, again: false },
} as const;

/** Reasons that commands alone have, and no page in a browser. */
export const TERMINAL_REASONS = ['no-address'] as const;

/** Topics of rules, in the order in which a deal meets them. */
export const TOPICS = {
  payment: 'topicPayment',
  contact: 'topicContact',
  client: 'topicClient',
  contract: 'topicContract',
  work: 'topicWork',
  law: 'topicLaw',
  safety: 'topicSafety',
} as const;

/** The stages of a deal. funded: null where the page does not tell. */
export const STAGES = {
  browsing: { funded: null, waiting: false, mayBegin: false },
  applying: { funded: false, waiting: false, mayBegin: false },
  'agreed-unfunded': { funded: false, waiting: true, mayBegin: false },
  funded: { funded: true, waiting: false, mayBegin: true },
  delivered: { funded: true, waiting: false, mayBegin: false },
  done: { funded: true, waiting: false, mayBegin: false },
  unknown: { funded: null, waiting: false, mayBegin: false },
} as const;

/** The states of a deal. */
export const DEAL_STATES = {
  proposed: 'dealProposed',
  agreed: 'dealAgreed',
  'escrow-requested': 'dealEscrowRequested',
  'escrow-funded': 'dealEscrowFunded',
  delivered: 'dealDelivered',
  'in-revision': 'dealInRevision',
  accepted: 'dealAccepted',
  paid: 'dealPaid',
  cancelled: 'dealCancelled',
  disputed: 'dealDisputed',
} as const;

/** The steps that a deal takes on every marketplace once it is agreed, in their order. */
export const COURSE = ['agreed', 'escrow-requested', 'escrow-funded', 'delivered', 'accepted', 'paid'] as const;

/** The languages that Koban speaks, each by its tag. */
export const LANGUAGES = ['ja', 'en', 'es', 'pt-BR', 'fr'] as const;

/** The kinds of pages. */
export const PAGE_KINDS = {
  job: { isList: false, ofADeal: false, isAgreed: false, takesReplies: false },
  'job-list': { isList: true, ofADeal: false, isAgreed: false, takesReplies: false },
  client: { isList: false, ofADeal: false, isAgreed: false, takesReplies: false },
  thread: { isList: false, ofADeal: false, isAgreed: false, takesReplies: true },
  messages: { isList: false, ofADeal: false, isAgreed: false, takesReplies: true },
  inbox: { isList: false, ofADeal: false, isAgreed: false, takesReplies: true },
  service: { isList: false, ofADeal: false, isAgreed: false, takesReplies: false },
  talkroom: { isList: false, ofADeal: true, isAgreed: true, takesReplies: true },
  proposal: { isList: false, ofADeal: true, isAgreed: false, takesReplies: true },
  'proposal-list': { isList: true, ofADeal: false, isAgreed: false, takesReplies: false },
  contract: { isList: false, ofADeal: true, isAgreed: true, takesReplies: true },
  'contract-list': { isList: true, ofADeal: false, isAgreed: false, takesReplies: false },
  'monthly-contract-list': { isList: true, ofADeal: false, isAgreed: false, takesReplies: false },
  project: { isList: false, ofADeal: true, isAgreed: true, takesReplies: true },
} as const;

/** What findings are of. */
export const SUBJECTS = {
  job: { ofAClient: false },
  client: { ofAClient: false },
  message: { ofAClient: true },
  thread: { ofAClient: true },
  contract: { ofAClient: true },
} as const;
