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

/** Why a page was not checked. */
export const REASONS = {
  'unknown-page': 'reasonUnknownPage',
  'page-changed': 'reasonPageChanged',
  unreadable: 'reasonUnreadable',
  'nothing-to-check': 'reasonNothingToCheck',
  'too-large': 'reasonTooLarge',
  'too-slow': 'reasonTooSlow',
  pending: 'reasonPending',
  failed: 'reasonFailed',
  off: 'reasonOff',
  paused: 'reasonPaused',
  muted: 'reasonMuted',
  'no-answer': 'reasonNoAnswer',
  'bot-check': 'reasonBotCheck',
  refused: 'reasonRefused',
  'upstream-certificate': 'reasonUpstreamCertificate',
  'upstream-tls': 'reasonUpstreamTls',
  'not-a-marketplace': 'reasonNotAMarketplace',
} as const;

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
  job: { isList: false, ofADeal: false, isAgreed: false },
  'job-list': { isList: true, ofADeal: false, isAgreed: false },
  client: { isList: false, ofADeal: false, isAgreed: false },
  thread: { isList: false, ofADeal: false, isAgreed: false },
  messages: { isList: false, ofADeal: false, isAgreed: false },
  inbox: { isList: false, ofADeal: false, isAgreed: false },
  service: { isList: false, ofADeal: false, isAgreed: false },
  talkroom: { isList: false, ofADeal: true, isAgreed: true },
  proposal: { isList: false, ofADeal: true, isAgreed: false },
  'proposal-list': { isList: true, ofADeal: false, isAgreed: false },
  contract: { isList: false, ofADeal: true, isAgreed: true },
  'contract-list': { isList: true, ofADeal: false, isAgreed: false },
  'monthly-contract-list': { isList: true, ofADeal: false, isAgreed: false },
  project: { isList: false, ofADeal: true, isAgreed: true },
} as const;
