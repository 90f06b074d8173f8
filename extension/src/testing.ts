/** Values for tests, in the API's shapes, with made-up contents. */
import type { Finding, PageVerdict, RuleInfo, Settings, ServiceStatus, Verdict } from './api/types';
import type { PageModel, PageSettings, PopupModel } from './messages';

export const PAGE = 'https://crowdworks.jp/contracts/1';

export function finding(over: Partial<Finding> = {}): Finding {
  return {
    rule: 'direct-contract',
    risk: 'direct-contract',
    status: 'stable',
    severity: 'danger',
    confidence: 'high',
    subject: 'message',
    title: { ja: '直接契約の誘いです', en: 'Off-platform contract offer' },
    seen: { ja: '「直接お願いします」', en: '“直接お願いします”' },
    reason: { ja: '規約で禁止されています。', en: 'The terms forbid it.' },
    advice: { ja: '応じないでください。', en: 'Do not agree.' },
    report: true,
    sources: [{ name: { ja: '利用規約', en: 'Terms' }, url: 'https://crowdworks.jp/terms', checked: '2026-11-24' }],
    evidence: [{ field: 'message.body', quote: '直接お願いします' }],
    ...over,
  };
}

export function verdict(over: Partial<Verdict> = {}): Verdict {
  const findings = over.findings ?? [];
  const state = findings.some((f) => f.severity === 'danger') ? 'danger' : findings.length > 0 ? 'caution' : 'clear';
  return { state, findings, checked: ['message.body'], missing: [], site: 'crowdworks', kind: 'thread', ...over };
}

export function pageVerdict(over: Partial<Verdict> = {}, url = PAGE): PageVerdict {
  return { url, judged_at: '2026-11-24T00:00:00Z', feed: 'proxy', verdict: verdict(over) };
}

export function pageSettings(over: Partial<PageSettings> = {}): PageSettings {
  return { asks: true, mayStopAsking: true, guards: true, templates: {}, ...over };
}

export function pageModel(over: Partial<PageModel> = {}): PageModel {
  return {
    url: PAGE,
    health: 'ok',
    shown: null,
    wantsPage: false,
    folded: false,
    settings: pageSettings(),
    reportUrl: 'https://crowdworks.jp/report',
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

export function status(over: Partial<ServiceStatus> = {}): ServiceStatus {
  return {
    version: '0.1.0',
    paused: false,
    proxy: { port: 8788, listening: true, aside: [] },
    sites: [
      {
        id: 'crowdworks',
        name: { ja: 'クラウドワークス', en: 'CrowdWorks' },
        operator: { ja: '事務局', en: 'support' },
        report_url: 'https://crowdworks.jp/report',
        hosts: ['crowdworks.jp'],
        enabled: true,
      },
    ],
    ...over,
  };
}

export function settings(over: Partial<Settings> = {}): Settings {
  return { schema_version: 1, active_step: true, guard: true, trust_refused: false, welcomed: true, history: { enabled: true, days: 548 }, serve: { resolve: [] }, ...over };
}

export function popupModel(over: Partial<PopupModel> = {}): PopupModel {
  const { version, sites } = status();
  return {
    page: pageModel({ shown: pageVerdict() }),
    health: 'ok',
    version,
    proxyListening: true,
    aside: [],
    links: null,
    tried: 0,
    known: null,
    today: [],
    sites: [],
    choice: 'auto',
    paused: false,
    site: sites[0] ?? null,
    rules: [rule()],
    settings: settings(),
    client: null,
    language: 'ja',
    ...over,
  };
}
