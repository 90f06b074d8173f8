import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Finding, PageKind } from '../api/types';
import { preparePage, within } from '../testing/page';
import { finding, known, pageModel, pageVerdict } from '../testing/values';
import { h } from '../ui/dom';
import { announcementOf, Banner, bannerOf, hasBanner, IDLE } from './banner';

const shown = (over: Parameters<typeof pageVerdict>[0]) => pageModel({ shown: pageVerdict(over) });

describe('bannerOf', () => {
  it('says the gravest warning whole, and folds the others', () => {
    const caution = finding({ rule: 'other', severity: 'caution', title: { ja: '注意の題', en: 'Another' } });
    const banner = bannerOf(shown({ findings: [caution, finding()] }));
    expect(banner.querySelector('.head')?.textContent).toBe('危険直接契約の誘いです');
    const [first, second] = banner.querySelectorAll('.parts');
    expect([...(first?.children ?? [])].map((part) => part.textContent)).toEqual([
      '「直接お願いします」',
      '規約で禁止されています。',
      '応じないでください。',
      '利用規約2026年11月24日に確認',
    ]);
    expect(second?.closest('details.more')?.hasAttribute('open')).toBe(false);
    expect(banner.querySelector('.more > summary')?.textContent).toBe('ほか1件を見る');
  });

  it('says beside a warning of before that the page is being read again', () => {
    const again = bannerOf({ ...shown({ findings: [finding()] }), readAgain: true });
    expect(again.querySelector('.head')?.textContent).toBe('危険直接契約の誘いです');
    expect(again.querySelector('.aside')?.textContent).toBe('読み直しています');
    expect(bannerOf(shown({ findings: [finding()] })).querySelector('.aside')).toBeNull();
  });

  it('says beside a verdict that stands that Koban has gone since', () => {
    const gone = bannerOf({ ...shown({ findings: [finding()] }), health: 'not-running' });
    expect(gone.querySelector('.head .title')).not.toBeNull();
    expect(gone.querySelector('.aside')?.textContent).toBe('Kobanが動いていません');
    const never = bannerOf(pageModel({ shown: null, health: 'not-running' }));
    expect(never.querySelector('.aside'), 'its own line says so').toBeNull();
  });

  it('tells of a client who was seen before, with the note folded away', () => {
    const banner = bannerOf({ ...shown({}), known: known() });
    expect(banner.querySelector('.known > summary')?.textContent).toBe(
      'この発注者：はじめて見た日 2026年10月1日・仕事3件・支払い済み1件・警告2件メモあり',
    );
    expect(banner.outerHTML).not.toContain('返事が早い');
    banner.querySelector('details.known')?.dispatchEvent(new Event('toggle'));
    expect(banner.querySelector<HTMLElement>('.known > p')?.dataset['note']).toBe('返事が早い');
    expect(banner.textContent).not.toContain('返事が早い');
    expect(bannerOf({ ...shown({}), known: known({ note: null }) }).querySelector('p.known')?.textContent).toContain(
      '仕事3件',
    );
    expect(bannerOf(shown({})).querySelector('.known')).toBeNull();
  });

  it('is one line until it is unfolded, whatever was found (UX A17)', () => {
    const folds: boolean[] = [];
    const banner = bannerOf(shown({ findings: [finding()] }), { fold: (folded) => folds.push(folded) });
    const button = banner.querySelector<HTMLButtonElement>('.fold');
    const rows = banner.querySelector<HTMLElement>('.rows');
    expect([rows?.hidden, button?.textContent, button?.getAttribute('aria-expanded')]).toEqual([
      true,
      '警告1件を見る',
      'false',
    ]);
    button?.click();
    expect([rows?.hidden, button?.textContent, button?.getAttribute('aria-expanded')]).toEqual([
      false,
      '閉じる',
      'true',
    ]);
    button?.click();
    expect(folds).toEqual([false, true]);
    expect(banner.querySelector('.head')?.textContent).toBe('危険直接契約の誘いです');
    expect(bannerOf({ ...shown({ findings: [finding()] }), folded: true }).classList.contains('read')).toBe(true);
  });

  it('takes page text as text, and links to web addresses only', () => {
    const hostile = '<img src=x onerror=alert(1)>';
    const banner = bannerOf(
      shown({
        findings: [
          finding({
            seen: { ja: hostile, en: hostile },
            sources: [{ name: { ja: hostile, en: hostile }, url: 'javascript:alert(1)', checked: '2026-11-24' }],
          }),
        ],
      }),
    );
    expect(banner.querySelector('img')).toBeNull();
    expect(banner.querySelector('.seen')?.textContent).toBe(hostile);
    expect([...banner.querySelectorAll('a')].map((link) => link.href)).toEqual([]);
  });

  it('test_ux_01 prepares a report where the finding is worth one, and has no link that says so and cannot', () => {
    const prepared: string[] = [];
    const button = (model: Parameters<typeof bannerOf>[0]) =>
      bannerOf(model, { prepare: ({ rule }) => void prepared.push(rule) }).querySelector<HTMLButtonElement>(
        '.report-button',
      );
    expect(button(shown({ findings: [finding({ report: false })] }))).toBeNull();
    const offered = button(shown({ findings: [finding()] }));
    expect(offered?.textContent).toBe('通報の準備をする');
    offered?.click();
    expect(prepared).toEqual(['direct-contract']);
    expect([...bannerOf(shown({ findings: [finding()] })).querySelectorAll('a')].map((link) => link.href)).toEqual([
      'https://crowdworks.jp/terms',
    ]);
  });

  it('is one line where nothing was found, with what was checked below, and says why where nothing was', () => {
    const clear = bannerOf(shown({}));
    expect(clear.querySelector('.top')?.textContent).toBe('確認済み（問題は見つかりませんでした）Koban開く');
    expect(clear.querySelector<HTMLElement>('.rows[hidden]')?.textContent).toBe('調べたもの：メッセージ');
    expect(bannerOf(shown({ state: 'not-checked', reason: 'page-changed' })).textContent).toContain(
      'ページの作りが変わった',
    );
  });

  it('says no longer that nothing is to be found once nobody looks; what was found stays', () => {
    const ended = { ...shown({}), health: 'not-running' as const };
    expect(bannerOf(ended).textContent).toContain('Kobanが動いていません');
    expect(bannerOf({ ...shown({ findings: [finding()] }), health: 'not-running' }).textContent).toContain(
      '直接契約の誘いです',
    );
  });
});

describe('on a list', () => {
  it('counts the cards that have warnings, since each card says its own', () => {
    const of = (id: number) => finding({ subject: 'job', anchor: `a[href$="/public/jobs/${id}"]` });
    const banner = bannerOf(shown({ kind: 'job-list', findings: [of(1), of(1), of(2)] }));
    expect(banner.querySelector('.head')?.textContent).toBe('2件の仕事に警告があります');
    expect(
      [...banner.querySelectorAll('.of-card')].map(
        (card) => card.querySelectorAll('details.finding:not([open])').length,
      ),
    ).toEqual([2, 1]);
  });

  it('names the job of each warning, and leads to its card (UX A19)', () => {
    document.body.replaceChildren(h('ul', {}, h('li', {}, h('a', { href: '/public/jobs/1' }, '記事の校正'))));
    const led: unknown[] = [];
    const listed = finding({ subject: 'job', anchor: 'a[href$="/public/jobs/1"]' });
    const banner = bannerOf(shown({ kind: 'job-list', findings: [listed] }), { lead: (one) => led.push(one) > 0 });
    const lead = banner.querySelector<HTMLButtonElement>('.of-card .lead');
    expect(lead?.textContent).toBe('記事の校正');
    document.documentElement.lang = 'ja';
    const english = bannerOf({ ...shown({ kind: 'job-list', findings: [listed] }), language: 'en' });
    expect(english.querySelector('.lead')?.closest<HTMLElement>('[lang]')?.lang, 'in the page’s own voice').toBe('ja');
    document.documentElement.lang = '';
    lead?.click();
    expect(led).toEqual([listed]);
  });

  it('names the job of each notice too, apart from the warnings of the last card', () => {
    const jobs = ['記事の校正', '文字起こし'].map((title, id) =>
      h('li', {}, h('a', { href: `/public/jobs/${id}` }, title)),
    );
    document.body.replaceChildren(h('ul', {}, ...jobs));
    const of = (id: number, severity: Finding['severity']) =>
      finding({ subject: 'job', anchor: `a[href$="/public/jobs/${id}"]`, severity });
    const banner = bannerOf(shown({ kind: 'job-list', findings: [of(1, 'danger'), of(0, 'notice')] }));
    const leads = (within: string) => [...banner.querySelectorAll(`${within} .lead`)].map((each) => each.textContent);
    expect(leads('.rows > .of-card')).toEqual(['文字起こし']);
    expect(banner.querySelector('.rows > details.more:not([open]) > summary')?.textContent).toBe('お知らせ1件を見る');
    expect(leads('.more')).toEqual(['記事の校正']);
    const alone = bannerOf(shown({ kind: 'job-list', findings: [of(0, 'notice')] }));
    expect(alone.querySelector('.more .lead')?.textContent).toBe('記事の校正');
    expect(alone.querySelectorAll('.rows > .of-card, .rows > .parts')).toHaveLength(0);
  });
});

describe('where much was found', () => {
  it('draws the folded ones only once they are asked for', () => {
    const of = (id: number) => finding({ rule: `rule-${id}`, subject: 'job', anchor: `a[href$="/public/jobs/${id}"]` });
    const banner = bannerOf(shown({ kind: 'job-list', findings: Array.from({ length: 30 }, (_, id) => of(id)) }));
    expect(banner.querySelectorAll('.finding')).toHaveLength(0);
    banner.querySelector<HTMLElement>('.fold')?.click();
    banner.querySelector<HTMLElement>('.fold')?.click();
    expect(banner.querySelectorAll('.of-card > .finding')).toHaveLength(30);
  });
});

describe('on a contract', () => {
  type Stage = 'applying' | 'funded' | 'agreed-unfunded' | 'unknown' | 'done' | null;
  const light = (stage: Stage, kind: PageKind = 'contract') =>
    bannerOf(shown({ kind, stage })).querySelector('.light .mark')?.textContent;

  it('says whether work may begin, and that it does not know where it does not', () => {
    expect(light('funded')).toBe('始められます');
    expect(light('agreed-unfunded')).toBe('まだ始めないでください');
    expect(light('unknown')).toBe('始めてよいか確認できません');
    expect(light(null)).toBe('始めてよいか確認できません');
    expect(light('done')).toBeUndefined();
    expect(light('funded', 'job')).toBeUndefined();
  });

  it('says so whatever is folded away, and of a client whose warnings are off', () => {
    const folded = bannerOf({
      ...shown({ kind: 'contract', stage: 'agreed-unfunded', state: 'danger', findings: [finding()] }),
      folded: true,
    });
    expect(folded.querySelector<HTMLElement>('.rows')?.hidden).toBe(true);
    expect(folded.querySelector('.light')?.closest('[hidden]')).toBeNull();
    const muted = bannerOf(
      shown({ kind: 'contract', stage: 'agreed-unfunded', state: 'not-checked', reason: 'muted' }),
    );
    expect(muted.querySelector('.light .mark')?.textContent).toBe('まだ始めないでください');
    expect([...muted.querySelectorAll('.rows > *')].map((each) => each.textContent)).toEqual([
      '未確認（この発注者についての警告を表示しない設定です）',
      'この契約は、まだ仮払いされていません。',
    ]);
  });

  it('says what that was read from', () => {
    const stages: Stage[] = ['applying', 'agreed-unfunded', 'funded', 'unknown'];
    expect(
      stages.map((stage) => bannerOf(shown({ kind: 'contract', stage })).querySelector('.rows > .from')?.textContent),
    ).toEqual([
      'この契約は、まだ結ばれていません。',
      'この契約は、まだ仮払いされていません。',
      'この契約の仮払いは完了しています。',
      'このページからは、仮払いされているか読み取れません。',
    ]);
  });
});

describe('hasBanner', () => {
  it('says of a page of a marketplace that it is not read, and leaves others alone', () => {
    for (const reason of ['unknown-page', 'nothing-to-check'] as const)
      expect(hasBanner(shown({ state: 'not-checked', reason }))).toBe(true);
    expect(hasBanner(shown({ state: 'not-checked', reason: 'not-a-marketplace' }))).toBe(false);
    expect(hasBanner(shown({}))).toBe(true);
  });

  it('is there where Koban is absent, paused, off or still looking (UX A7)', () => {
    const line = (model: Parameters<typeof bannerOf>[0]) => bannerOf(model).querySelector('.head')?.textContent;
    const off = shown({ state: 'not-checked', reason: 'off' });
    const paused = shown({ state: 'not-checked', reason: 'paused' });
    for (const model of [
      off,
      paused,
      pageModel(),
      pageModel({ health: 'not-running' }),
      shown({ state: 'not-checked', reason: 'page-changed' }),
    ]) {
      expect(hasBanner(model)).toBe(true);
    }
    expect(line(off)).toBe('未確認（このサイトでは無効にしています）');
    expect(line(paused)).toBe('未確認（一時停止中です）');
    expect(line(pageModel({ health: 'not-running' }))).toBe('未確認（Kobanが動いていません）');
    expect(line(pageModel())).toBe('確認しています');
    expect(bannerOf(paused).querySelector('button')?.textContent).toBe('再開する');
    expect(bannerOf(off).querySelector('button')).toBeNull();
  });
});

describe('beside the light', () => {
  const contract = { kind: 'contract', stage: 'agreed-unfunded' } as const;

  it('test_ux_400 the gravest warning is named again in what unfolds, where the line has room for the light alone', () => {
    const banner = bannerOf(shown({ ...contract, findings: [finding()] }));
    expect(banner.querySelector('.rows > .head.narrow')?.textContent).toBe('危険直接契約の誘いです');
    expect(bannerOf(shown({ findings: [finding()] })).querySelector('.narrow')).toBeNull();
    expect(bannerOf(shown(contract)).querySelector('.narrow'), 'the light says it').toBeNull();
  });

  it.each([
    ['paused', '未確認（一時停止中です）'],
    ['off', '未確認（このサイトでは無効にしています）'],
  ] as const)('test_ux_a7 a page that is %s says why, besides that its light is not known', (reason, line) => {
    const banner = bannerOf(shown({ kind: 'contract', state: 'not-checked', reason }));
    expect(banner.querySelector('.light')?.textContent).toBe('始めてよいか確認できません');
    expect(banner.querySelector('.top .head')?.textContent).toBe(line);
    const from = banner.querySelector('.rows > .from')?.textContent;
    expect(from, 'nobody looked').toBe('このページを調べていないため、仮払いされているか確認できません。');
  });
});

describe('what may not be kept', () => {
  it.each([
    ['full', '記録できないおそれ', 'ディスクの空き'],
    ['read-only', '記録できません', 'フォルダに書き込めません'],
  ] as const)(
    'test_ux_disk is said in the line, and why below it, beside how the page is: %s',
    (unstored, line, why) => {
      const banner = bannerOf({ ...shown({ findings: [finding()] }), unstored });
      expect(banner.querySelector('.head .title'), 'the warning stays').not.toBeNull();
      expect(banner.querySelector('.top .unstored')?.textContent).toContain(line);
      expect(banner.querySelector('.top .unstored > .wide')?.textContent).toMatch(/^（.*）$/);
      expect(banner.querySelector('.rows .why-unstored')?.textContent).toContain(why);
      const clear = bannerOf({ ...shown({ state: 'clear', findings: [] }), unstored });
      expect(clear.querySelector('.top button.fold'), 'it can be unfolded').not.toBeNull();
    },
  );

  it('test_ux_disk is not spoken of where there is room', () => {
    expect(bannerOf(shown({ findings: [finding()] })).querySelector('.unstored, .why-unstored')).toBeNull();
  });
});

describe('a warning that was taken away', () => {
  const removed = { key: 'ruleGone', title: finding().title } as const;

  it('test_ux_c is said in the line, with its undo, beside how the page is now', () => {
    const undo = vi.fn();
    const banner = bannerOf({ ...shown({ findings: [finding({ severity: 'caution' })] }), removed }, { undo });
    expect(banner.querySelector('.head .title')).not.toBeNull();
    expect(banner.querySelector<HTMLElement>('.removed')?.dataset['line']).toContain('「直接契約の誘いです」');
    expect(banner.querySelector('.removed')?.textContent, 'no page finds it').toBe('');
    const button = banner.querySelector<HTMLButtonElement>('.undoButton');
    expect(button?.textContent).toBe('元に戻す');
    expect(button?.getAttribute('aria-label')).toContain('「直接契約の誘いです」');
    button?.click();
    expect(undo).toHaveBeenCalledOnce();
  });

  it('test_ux_c is not spoken of where nothing was', () => {
    expect(bannerOf(shown({})).querySelector('.undoButton, .removed')).toBeNull();
  });
});

describe('announcementOf', () => {
  const danger = shown({ findings: [finding(), finding({ rule: 'other' })] });

  it('is the line, in the language of the banner; a danger interrupts', () => {
    expect(announcementOf({ ...danger, url: `${danger.url}#message` })).toEqual({
      page: danger.url,
      language: 'ja',
      name: 'Koban 交番',
      lines: ['危険：直接契約の誘いです（ほか1件）'],
      alarm: '危険：直接契約の誘いです（ほか1件）',
    });
    const { language, name, lines } = announcementOf({ ...danger, language: 'en' });
    expect([language, name, lines[0]]).toEqual(['en', 'Koban', expect.stringMatching(/^Danger: .* \(and 1 more\)$/)]);
  });

  it('does not interrupt for anything else', () => {
    const caution = shown({ state: 'caution', findings: [finding({ severity: 'caution' })] });
    expect(announcementOf(caution)).toMatchObject({ lines: ['注意：直接契約の誘いです'], alarm: null });
    expect(announcementOf(shown({}))).toMatchObject({ lines: ['確認済み（問題は見つかりませんでした）'], alarm: null });
    expect(announcementOf(pageModel())).toMatchObject({ lines: ['確認しています'], alarm: null });
    expect(announcementOf(pageModel({ health: 'not-running' })).lines).toEqual(['未確認（Kobanが動いていません）']);
  });

  it('says the light of a contract first, once, and what stands beside the line', () => {
    const contract = { kind: 'contract', stage: 'agreed-unfunded', state: 'caution' } as const;
    expect(announcementOf(shown(contract)).lines).toEqual(['まだ始めないでください']);
    expect(
      announcementOf({ ...shown({ ...contract, state: 'danger', findings: [finding()] }), readAgain: true }).lines,
    ).toEqual(['まだ始めないでください', '危険：直接契約の誘いです', '読み直しています']);
    expect(announcementOf({ ...danger, unstored: 'full' }).lines[1]).toContain('ディスクの空き');
  });

  it('says nothing of a warning that was taken away: no page finds it', () => {
    const removed = { key: 'ruleGone', title: finding().title } as const;
    expect(announcementOf({ ...shown({}), removed }).lines.join()).not.toContain('直接契約');
  });
});

describe('Banner', () => {
  it('gives the page no way in, and nothing to read', () => {
    const banner = new Banner(IDLE);
    banner.draw(shown({ findings: [finding()] }));
    expect(banner.host.shadowRoot).toBeNull();
    expect(banner.host.outerHTML).toBe('<koban-banner></koban-banner>');
  });

  it('is drawn anew where the page was written over, which takes the listeners of all that is in it', () => {
    preparePage();
    const banner = new Banner(IDLE);
    const model = shown({ findings: [finding()] });
    banner.draw(model);
    document.body.prepend(banner.host);
    const root = within('koban-banner');
    const button = root.querySelector('.fold');
    banner.draw(model);
    expect(root.querySelector('.fold')).toBe(button);
    vi.spyOn(document, 'documentElement', 'get').mockReturnValue(document.createElement('html'));
    const listen = vi.spyOn(root, 'addEventListener');
    banner.draw(model);
    expect(root.querySelector('.fold')).not.toBe(button);
    expect(listen, 'what a script presses').toHaveBeenCalledWith('click', expect.any(Function), { capture: true });
  });

  describe('for who hears the page', () => {
    const regions = () =>
      ['alert', 'status'].map((role) => within('koban-banner').querySelector(`[role="${role}"]`) as HTMLElement);
    const texts = () => regions().map(({ textContent }) => textContent);
    let banner: Banner;

    beforeEach(() => {
      vi.useFakeTimers();
      preparePage();
      banner = new Banner(IDLE);
    });

    it('has its words outside of what is drawn anew, after they are in the page', () => {
      banner.draw(shown({ findings: [finding()] }));
      document.body.prepend(banner.host);
      expect(texts()).toEqual(['', '']);
      const before = regions();
      vi.advanceTimersByTime(200);
      expect(texts()).toEqual(['Koban 交番:危険：直接契約の誘いです', '']);
      banner.draw(shown({}));
      vi.advanceTimersByTime(1_000);
      expect(regions()).toEqual(before);
      expect(texts()).toEqual(['', 'Koban 交番:確認済み（問題は見つかりませんでした）']);
      expect(within('koban-banner').querySelectorAll('[role="status"], [role="alert"], [aria-live]')).toHaveLength(2);
    });

    it('says the same danger of the next page, though Koban was asked for less than a second', () => {
      document.body.prepend(banner.host);
      const first = shown({ findings: [finding()] });
      const url = 'https://crowdworks.jp/messages/2';
      banner.draw(first);
      vi.advanceTimersByTime(200);
      banner.draw({ ...first, url, shown: null });
      vi.advanceTimersByTime(100);
      expect(texts()).toEqual(['', '']);
      banner.draw({ ...first, url });
      vi.advanceTimersByTime(200);
      expect(texts()).toEqual(['Koban 交番:危険：直接契約の誘いです', '']);
      banner.draw({ ...first, url: 'https://crowdworks.jp/messages/3' });
      expect(texts(), 'a verdict that was there at once').toEqual(['', '']);
      vi.advanceTimersByTime(200);
      expect(texts()[0]).toContain('直接契約');
    });

    it('interrupts for a list of fifty dangers once, and says how many they are once it has come to rest', () => {
      document.body.prepend(banner.host);
      const of = (id: number) => finding({ subject: 'job', anchor: `a[href$="/public/jobs/${id}"]` });
      const draw = (count: number) =>
        banner.draw(shown({ kind: 'job-list', findings: Array.from({ length: count }, (_, id) => of(id)) }));
      const heard = new Set<string>();
      for (let step = 0; step < 100; step++) {
        if (step < 50) draw(step + 1);
        vi.advanceTimersByTime(50);
        heard.add(texts().join('|'));
      }
      expect([...heard].filter((text) => text !== '|')).toEqual([
        'Koban 交番:危険：3件の仕事に警告があります|',
        '|Koban 交番:危険：50件の仕事に警告があります',
      ]);
    });

    it('keeps the keyboard where it is when a verdict is drawn anew, and lets it slip to no other action', () => {
      banner = new Banner({ ...IDLE, prepare: () => undefined });
      document.body.prepend(banner.host);
      const focused = () => within('koban-banner').activeElement;
      banner.draw(shown({ findings: [finding()] }));
      expect(focused()).toBeNull();
      within('koban-banner').querySelector<HTMLElement>('.report-button')?.focus();
      banner.draw(shown({ findings: [finding(), finding({ rule: 'other', severity: 'caution' })] }));
      expect(focused()?.textContent).toBe('通報の準備をする');
      banner.draw(shown({ findings: [finding({ rule: 'other', advice: { ja: '別の助言', en: 'Other' } })] }));
      expect(focused()?.textContent).toBe('警告1件を見る');
    });

    describe('in what was unfolded', () => {
      const root = () => within('koban-banner');
      const focused = () => root().activeElement;
      const caution = (rule: string) =>
        finding({ rule, severity: 'caution', title: { ja: `${rule}の題`, en: rule }, seen: { ja: rule, en: rule } });
      const many = Array.from({ length: 12 }, (_, id) => caution(`r${id}`));

      beforeEach(() => {
        const { focus } = HTMLElement.prototype;
        // As browsers do: what lies in a folded part takes no keyboard.
        vi.spyOn(HTMLElement.prototype, 'focus').mockImplementation(function (this: HTMLElement) {
          const isSummary = this.localName === 'summary';
          const from = isSummary ? this.parentElement?.parentElement : this;
          if (from?.closest('details:not([open])') == null) focus.call(this);
        });
        banner = new Banner({ ...IDLE, prepare: () => undefined });
        document.body.prepend(banner.host);
      });

      const unfold = (details: Element | null) => {
        details?.toggleAttribute('open', true);
        details?.dispatchEvent(new Event('toggle'));
      };

      it('keeps it unfolded, and the keyboard there', () => {
        banner.draw(shown({ findings: [finding(), ...many.slice(1)] }));
        unfold(root().querySelector('.more'));
        root().querySelector('.more .finding[data-rule="r5"]')?.toggleAttribute('open', false);
        root().querySelector<HTMLElement>('.finding[data-rule="r4"] .report-button')?.focus();
        banner.draw(shown({ findings: [finding(), ...many] }));
        expect(root().querySelector('.more')?.hasAttribute('open')).toBe(true);
        expect(root().querySelectorAll('.more .finding')).toHaveLength(12);
        expect(focused()?.closest('.finding')?.getAttribute('data-rule')).toBe('r4');
        expect(root().querySelector('.finding[data-rule="r5"]')?.hasAttribute('open')).toBe(false);
      });

      it('tells a finding from the same of another card', () => {
        const ofCard = (id: number) => finding({ subject: 'job', anchor: `a[href$="/public/jobs/${id}"]` });
        const titles = [1, 2, 3].map((id) => h('a', { href: `/public/jobs/${id}` }, `仕事${id}の題`));
        document.body.append(...titles);
        banner.draw(shown({ kind: 'job-list', findings: [ofCard(1), ofCard(2)] }));
        root().querySelectorAll('.finding')[1]?.toggleAttribute('open', true);
        banner.draw(shown({ kind: 'job-list', findings: [ofCard(3), ofCard(1), ofCard(2)] }));
        expect([...root().querySelectorAll('.of-card .finding')].map((each) => each.hasAttribute('open'))).toEqual([
          false,
          false,
          true,
        ]);
      });

      it('leaves the keyboard at the button that folds where its place is folded away now', () => {
        banner.draw(shown({ findings: [caution('r1')] }));
        root().querySelector<HTMLElement>('.report-button')?.focus();
        banner.draw(shown({ findings: [finding(), caution('r1')] }));
        expect(focused()?.hasAttribute('aria-expanded')).toBe(true);
      });
    });
  });
});
