/** Values for tests, in the API's shapes, with made-up contents. */
import type {
  Deal,
  Due,
  Finding,
  Known,
  PageVerdict,
  ReplyInfo,
  ReportSheet,
  RuleInfo,
  ServiceStatus,
  Settings,
  Verdict,
  Warned,
} from '../api/types';
import type { KobanState, PageModel, PageSettings } from '../messages';

export const PAGE = 'https://crowdworks.jp/contracts/1';

export function finding(over: Partial<Finding> = {}): Finding {
  return {
    rule: 'direct-contract',
    risk: 'direct-contract',
    status: 'stable',
    severity: 'danger',
    confidence: 'high',
    subject: 'message',
    title: { ja: '直接契約の誘いです', en: 'Offered a contract outside the site' },
    seen: { ja: '「直接お願いします」', en: '“直接お願いします”' },
    reason: { ja: '規約で禁止されています。', en: 'The terms forbid it.' },
    advice: { ja: '応じないでください。', en: 'Do not agree.' },
    report: true,
    sources: [{ name: { ja: '利用規約', en: 'Terms' }, url: 'https://crowdworks.jp/terms', checked: '2026-11-24' }],
    evidence: [{ field: 'message.body', quote: '直接お願いします', marked: [] }],
    more: 0,
    ...over,
  };
}

export function verdict(over: Partial<Verdict> = {}): Verdict {
  const findings = over.findings ?? [];
  const state = findings.some((f) => f.severity === 'danger') ? 'danger' : findings.length > 0 ? 'caution' : 'clear';
  return {
    state,
    findings,
    checked: ['message.body'],
    missing: [],
    enclosures: [],
    chosen: [],
    details: [],
    site: 'crowdworks',
    kind: 'thread',
    ...over,
  };
}

export function pageVerdict(over: Partial<Verdict> = {}, url = PAGE): PageVerdict {
  return { url, judged_at: '2026-11-24T00:00:00Z', feed: 'proxy', verdict: verdict(over), awaits: false };
}

export function pageSettings(over: Partial<PageSettings> = {}): PageSettings {
  return {
    asks: true,
    asksDelivery: true,
    mayStopAsking: true,
    guards: true,
    templates: {},
    replies: [],
    controls: null,
    ...over,
  };
}

export function pageModel(over: Partial<PageModel> = {}): PageModel {
  return {
    url: PAGE,
    health: 'ok',
    shown: null,
    readAgain: false,
    isUntouched: false,
    wantsPage: false,
    files: { wanted: [], unseen: [] },
    folded: false,
    settings: pageSettings(),
    known: null,
    removed: null,
    unstored: null,
    language: 'ja',
    ...over,
  };
}

export function rule(over: Partial<RuleInfo> = {}): RuleInfo {
  const { rule: id, risk, severity, confidence, subject, title, reason, advice, report, sources } = finding();
  return {
    id,
    topic: 'contract',
    risk,
    severity,
    confidence,
    status: 'stable',
    subject,
    title,
    reason,
    advice,
    report,
    sources,
    enabled: true,
    sites: {},
    ...over,
  };
}

/** A reply of a pack. */
export function replyInfo(over: Partial<ReplyInfo> = {}): ReplyInfo {
  return {
    id: 'decline-a-call',
    title: { ja: '通話を断る', en: 'Decline a call' },
    text: { ja: '文章でお願いします。', en: 'I prefer to write.' },
    answers: ['off-platform-contact'],
    carries_out: ['messenger-invitation'],
    ...over,
  };
}

export function status(over: Partial<ServiceStatus> = {}): ServiceStatus {
  return {
    version: '0.1.0',
    replies: [],
    controls: [],
    paused: false,
    proxy: { port: 8788, listening: true, aside: [] },
    pictures: 'on',
    sites: [
      {
        id: 'crowdworks',
        name: { ja: 'クラウドワークス', en: 'CrowdWorks' },
        operator: { ja: '事務局', en: 'support' },
        hosts: ['crowdworks.jp'],
        enabled: true,
        optional: false,
      },
    ],
    ...over,
  };
}

export function settings(over: Partial<Settings> = {}): Settings {
  return {
    schema_version: 1,
    active_step: true,
    guard: true,
    trust_refused: false,
    welcomed: true,
    history: { enabled: true, days: 548 },
    serve: { resolve: [] },
    ...over,
  };
}

export function kobanState(over: Partial<KobanState> = {}): KobanState {
  const { version, sites } = status();
  return {
    page: pageModel({ shown: pageVerdict() }),
    health: 'ok',
    version,
    newest: null,
    proxyListening: true,
    pictures: 'on',
    autostart: 'off',
    aside: [],
    links: null,
    tried: 0,
    trouble: null,
    known: null,
    today: [],
    sites: [],
    choice: 'auto',
    paused: false,
    storage: null,
    tracker: null,
    site: sites[0] ?? null,
    rules: [rule()],
    replies: [],
    settings: settings(),
    client: null,
    language: 'ja',
    ...over,
  };
}

export function due(over: Partial<Due> = {}): Due {
  return {
    site: 'crowdworks',
    deal: '7',
    title: '記事作成',
    client_name: '青空企画',
    kind: 'work',
    day: '2026-11-26',
    what: { ja: '納品の期限です', en: 'The work is due' },
    url: 'https://crowdworks.jp/contracts/7',
    ...over,
  };
}

export function known(over: Partial<Known> = {}): Known {
  return {
    site: 'crowdworks',
    id: '52',
    name: '青空企画',
    first_seen: '2026-10-01T01:00:00Z',
    last_seen: '2026-11-20T01:00:00Z',
    jobs: 3,
    deals: 0,
    paid: 1,
    owed: 0,
    warnings: 2,
    note: '返事が早い',
    ...over,
  };
}

export function step(over: Partial<Deal['steps'][number]> = {}): Deal['steps'][number] {
  return {
    state: 'agreed',
    first_seen: '2026-11-01T01:00:00Z',
    last_seen: '2026-11-01T01:00:00Z',
    amount: 30_000,
    currency: 'JPY',
    page: 'https://crowdworks.jp/contracts/7',
    ...over,
  };
}

export function deal(over: Partial<Deal> = {}): Deal {
  return {
    site: 'crowdworks',
    id: '7',
    title: '記事作成',
    url: 'https://crowdworks.jp/contracts/7',
    client: '52',
    client_name: '青空企画',
    state: 'agreed',
    steps: [step()],
    amount: 30_000,
    currency: 'JPY',
    escrow_seen: false,
    owed: false,
    revisions_agreed: null,
    dues: [],
    first_seen: '2026-11-01T01:00:00Z',
    last_seen: '2026-11-01T01:00:00Z',
    ...over,
  };
}

export function warned(over: Partial<Warned> = {}): Warned {
  return {
    site: 'crowdworks',
    rule: 'direct-contract',
    risk: 'direct-contract',
    severity: 'danger',
    title: { ja: '直接契約の誘いです', en: 'Offered a contract outside the site' },
    quotes: [],
    client: '52',
    client_name: '青空企画',
    deal: null,
    report: true,
    page: 'https://crowdworks.jp/messages/1',
    first_seen: '2026-11-10T01:00:00Z',
    last_seen: '2026-11-10T01:00:00Z',
    ...over,
  };
}

export function reportSheet(over: Partial<ReportSheet> = {}): ReportSheet {
  return {
    place: {
      site: 'crowdworks',
      name: { ja: 'クラウドワークス', en: 'CrowdWorks' },
      operator: { ja: '事務局', en: 'support' },
      url: null,
      help: 'https://crowdworks.jp/help',
      path: { ja: '「違反報告をする」', en: '「違反報告をする」' },
      verified: '2026-11-24',
      by: { ja: 'サイトの案内より', en: 'by its published text' },
      source: 'https://crowdworks.jp/faq',
    },
    text: { ja: '事務局 御中', en: 'To support' },
    files: ['report-ja.txt'],
    next: [{ ja: 'これ以上、作業をしないでください。', en: 'Do no more work.' }],
    help: [
      {
        name: { ja: '消費者ホットライン', en: 'Consumer Hotline' },
        reach: '188',
        for_what: { ja: 'お金', en: 'money' },
        url: 'https://www.caa.go.jp/',
        verified: '2026-11-24',
        by: { ja: 'サイトの案内より', en: 'by its published text' },
      },
    ],
    ...over,
  };
}
