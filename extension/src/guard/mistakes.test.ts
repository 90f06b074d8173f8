import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import TEMPLATES from '../templates/templates.json';
import { heldMistakes, isMyNumber, type Mistake, mistakesIn, SLIPS } from './mistakes';

/** An Individual Number made of eleven digits, by the ordinance's own words: written independently of the code. */
function withCheckDigit(eleven: number[]): string {
  let sum = 0;
  for (let n = 1; n <= 11; n++) {
    const p = eleven[11 - n] ?? 0;
    sum += p * (n <= 6 ? n + 1 : n - 5);
  }
  const rest = sum % 11;
  return eleven.join('') + (rest <= 1 ? 0 : 11 - rest);
}

const ELEVEN = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 11, maxLength: 11 });
const PLAIN = fc.stringMatching(/^[あ-んア-ヶ、。 \n]{0,60}$/);

describe('slipsIn', () => {
  it.each<[string, Mistake[]]>([
    ['振込先は みなと銀行 中央支店 普通 1234567 です', ['bank']],
    ['みなと銀行\n中央支店\n普通預金\n口座番号：7654321', ['bank']],
    ['記号 12340　番号 12345671', ['bank']],
    ['〒123-4567 にお送りください', ['address']],
    ['東京都千代田区霞が関九丁目1-1にいます', ['address']],
    ['神奈川県横浜市みなと区中央３−２−１', ['address']],
    ['電話は０９０－１２３４－５６７８まで', ['phone']],
    ['03(1234)5678 におかけください', ['phone']],
    ['+81 90-1234-5678', ['phone']],
    ['taro.yamada@example.com へお願いします', ['mail']],
    ['taro＠example.co.jp', ['mail']],
    ['LINE IDは koban_taro です', ['line']],
    ['ラインのID：taro1234', ['line']],
    ['https://line.me/ti/p/abcdefg', ['line']],
    ['仮払い前でも着手できます', ['early']],
    ['仮払いを待たずに作業を始めます', ['early']],
    ['I can start before escrow is paid', ['early']],
    ['直接契約で大丈夫です', ['direct']],
    ['サイトを通さないお取引でお願いします', ['direct']],
    ['Working directly is fine with me', ['direct']],
    ['My bank account is 12345678', ['bank']],
    ['You can mail me at taro (at) example.com', ['mail']],
    ['My LINE ID: koban_taro', ['line']],
    ['Sure, you can pay directly', ['direct']],
    ['I will deliver without the deposit', ['early']],
    ['マイナンバーは 1234-5678-9018 です', ['my-number']],
    ['カードは 4111 1111 1111 1111 です', ['card']],
    ['3782-822463-10005', ['card']],
    ['パスワードは hoge1234 です', ['password']],
    ['暗証番号：8021', ['password']],
    ['My password is taroyamada', ['password']],
    ['免許証の写真をお送りします', ['identity']],
    ['免許証の写真です', ['identity']],
    ['パスポートのコピーを添付しました', ['identity']],
    ['カカオのIDは taro_k です', ['outside']],
    ['Skypeは live:taro.k です', ['outside']],
    ['Discordは taro#1234 です', ['outside']],
    ['インスタのアカウントは @taro.works です', ['outside']],
    ['Chatworkで連絡しましょう', ['outside']],
    ['Zoomで打ち合わせさせてください', ['outside']],
    ['https://discord.gg/abcdef', ['outside']],
    ['LINEで連絡しましょう', ['outside']],
    ['LINEを交換しましょう', ['outside']],
    ['ラインやってますか？IDは koban_taro です', ['line']],
    ['LINEのID教えますね、koban_taro', ['line']],
    ['手数料なしでやりましょう', ['direct']],
    ['PayPayで送ってもらえれば大丈夫です', ['pay']],
    ['PayPay ID：koban-taro', ['pay']],
    ['住所は〒123-4567、電話は090-1234-5678、メールはa@example.jpです', ['address', 'phone', 'mail']],
  ])('%s', (text, expected) => {
    expect(mistakesIn(text, false)).toEqual(expected);
  });

  it.each([
    '予算は1,234,567円、納期は2026-11-24です',
    '普通に書くと1234567字になります',
    '仕事番号 13502120 に応募します',
    '仮払いを確認してから着手いたします',
    '仮払い前の作業はお受けできません',
    '仮払いの前に着手してもよいのでしょうか',
    '直接契約は規約で禁止されているため、お受けできません',
    '直接契約はできません',
    'LINEは使っていません',
    'LINEでのやり取りはお断りしています',
    'LINEで連絡することは規約で禁止されています',
    'Zoomでの打ち合わせはできません',
    'Zoomでの打ち合わせは必要でしょうか',
    'インスタの運用代行の実績があります',
    'LINEスタンプの制作を承ります',
    'DiscordのBotを作った経験があります',
    'オンラインでお話しできれば幸いです',
    'ガイドラインのID一覧をまとめました',
    'パスワードはお伝えできません',
    'パスワードは8文字以上にしてください',
    'パスワード管理についての記事を書きます',
    '本人確認書類は事務局に提出しました',
    '免許証の写真はお送りできません',
    '免許証の写真について3000字で書きます',
    '手数料なしの取引は規約違反ですので、お受けできません',
    'PayPayの使い方の記事を書きました',
    'PayPayでの受け取りはできません',
    '仮払いを確認してから着手します',
    '4111 1111 1111 1112 という番号',
    '注文は 1234 5678 9018 2026 です',
    '直接のやりとりではなく、サイト内でお願いします',
    'LINE公式アカウントの構築を承ります',
    'LINE IDの交換はしておりません',
    'online idea board を作りました',
    '受付は午前10時から、03番の窓口です',
    '参考：https://example.com/2026/0312345678/index.html',
    '東京都の市場について3000文字で書きます',
    '明日から着手します',
    'I will start once escrow is paid',
    '1234 5678 9012 という番号',
    'マイナンバーは 1234-5678-9017 です',
    '注文番号は 1234567890123 です',
    '単価は＠500円、3名で対応します',
    'X（@koban_taro）の投稿を拝見しました',
    'Please mention @koban in the post',
    '普通に考えて2026年中に終わります',
    '銀行のサイトの記事を2000000字分書きました',
    'We have 1,234,567 readers and a bank holiday',
    '郵便番号から住所を出す機能を作ります',
    '東京都内で撮影しました',
    'I live near 5 stations',
    '2026-11-24 10:00-12:00 に打ち合わせできます',
    'バージョン 03.1234.5678 を使いました',
    'オンラインID管理システムの記事です',
    'line ideas are below',
    '仮払い前に始めることはできますか',
    'Do you need me to start before escrow',
    'I never work without escrow',
    '発注者さまと直接お話しする機会がありました',
    'The direct route is not fine',
    'A direct flight leaves at nine',
  ])('is silent about %s', (text) => {
    expect(mistakesIn(text, false)).toEqual([]);
  });

  it('hears more of a promise where escrow is known to be missing', () => {
    expect(mistakesIn('明日から着手します', true)).toEqual(['early']);
    expect(mistakesIn('仮払いが済みましたら、すぐに着手します', true)).toEqual([]);
    expect(mistakesIn('I can start right away', true)).toEqual(['early']);
    expect(mistakesIn('先に1本書いておきます', true)).toEqual(['early']);
    expect(mistakesIn('先に1本書いておきます', false)).toEqual([]);
    expect(mistakesIn('仮払いが済むまで、先に書いておくことはできません', true)).toEqual([]);
  });

  it('has nothing against the replies that Koban itself offers', () => {
    for (const { id, text } of TEMPLATES) {
      for (const said of [text.ja, text.en]) expect(mistakesIn(said, true), id).toEqual([]);
    }
  });

  it('takes any text, says only what it knows, gravest first', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.boolean(), (text, unfunded) => {
        const found = mistakesIn(text, unfunded);
        expect(found).toEqual(SLIPS.filter((mistake) => found.includes(mistake)));
      }),
    );
  });

  it.each<[string, Mistake]>([
    ['普通 1234567', 'bank'],
    ['090-1234-5678', 'phone'],
    ['a.b@example.com', 'mail'],
    ['〒123-4567', 'address'],
    ['LINE ID: koban.taro', 'line'],
    ['直接契約で大丈夫です', 'direct'],
    ['仮払い前に着手します', 'early'],
  ])('finds %s whatever stands around it', (mistake, kind) => {
    fc.assert(
      fc.property(PLAIN, PLAIN, (before, after) => {
        expect(mistakesIn(`${before}\n${mistake}\n${after}`, false)).toContain(kind);
      }),
    );
  });

  it('finds nothing in plain kana, and is quick about long texts', () => {
    fc.assert(fc.property(PLAIN, (text) => mistakesIn(text, false).length === 0));
    for (const piece of [
      '0',
      '1-',
      '4111 ',
      'パスワードa',
      'ライン id ',
      'line ',
      'paypayで',
      '免許証の',
      '先に',
      '東京都市',
      'a.',
      '仮払い前',
      '口座1',
      'line id ',
      '直接契約',
    ]) {
      const start = performance.now();
      mistakesIn(piece.repeat(20_000), true);
      expect(performance.now() - start, piece).toBeLessThan(500);
    }
  });
});

describe('heldMistakes (UX A3)', () => {
  it('holds what is lost by being sent at any stage, and an address at none', () => {
    for (const mistake of ['my-number', 'card', 'password', 'bank', 'identity', 'direct', 'pay'] as const) {
      expect(heldMistakes([mistake], 'funded', 'crowdworks'), mistake).toEqual([mistake]);
    }
    expect(heldMistakes(['address'], 'agreed-unfunded', 'crowdworks')).toEqual([]);
  });

  it('test_issue_19 holds contact outside on each site whose terms never allow it', () => {
    for (const site of ['coconala', 'fiverr', 'workana'])
      expect(heldMistakes(['line'], 'funded', site), site).toEqual(['line']);
    expect(heldMistakes(['line'], 'funded', null)).toEqual([]);
  });

  it('holds an early start and contact outside until escrow is paid, and on Coconala contact also then', () => {
    for (const stage of ['browsing', 'applying', 'agreed-unfunded', 'unknown', null])
      expect(heldMistakes(['early', 'line'], stage, 'lancers')).toEqual(['early', 'line']);
    expect(heldMistakes(['early', 'line', 'phone', 'mail', 'outside'], 'funded', 'lancers')).toEqual([]);
    expect(heldMistakes(['early', 'line'], 'funded', 'coconala')).toEqual(['line']);
  });
});

describe('isMyNumber', () => {
  it('takes every number with its check digit, however it is grouped, and none with another', () => {
    fc.assert(
      fc.property(ELEVEN, fc.integer({ min: 1, max: 9 }), (eleven, shift) => {
        const number = withCheckDigit(eleven);
        expect(isMyNumber(number)).toBe(true);
        const grouped = number.replace(/(\d{4})(?=\d)/g, '$1-');
        expect(mistakesIn(`番号は ${grouped} です`, false)).toContain('my-number');
        const wrong = number.slice(0, 11) + ((Number(number[11]) + shift) % 10);
        expect(isMyNumber(wrong)).toBe(false);
      }),
    );
  });
});
