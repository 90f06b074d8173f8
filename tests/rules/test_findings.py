"""Findings in pictures and files: judged as texts of their subject, with a place of their own."""

import re
from decimal import Decimal

import pytest

from extractors.records import (
    AnyRecord,
    Client,
    Contents,
    Contract,
    Enclosure,
    Job,
    Link,
    Message,
    Money,
    Pay,
    TextLine,
    Thread,
)
from rules.derive import derive
from rules.engine import Engine
from rules.findings import _line_of
from rules.loader import Catalog
from rules.market import GoingRate
from rules.model import Finding, Stage
from rules.past import Past, Step
from rules.testing import NOW, facts_of, site_named
from rules.translations import Translations, translations

HERE = site_named("")
CROP = "iVBORw0KGgo="


def enclosure(*lines: str, codes: tuple[str, ...] = (), links: tuple[Link, ...] = ()) -> Enclosure:
    read = Contents(
        kind="png",
        lines=tuple(TextLine(text=line, box=(0, n, 9, n + 1)) for n, line in enumerate(lines)),
        codes=tuple(TextLine(text=code, box=(0, 50, 9, 59), crop=CROP) for code in codes),
        links=links,
    )
    return Enclosure(url="https://crowdworks.jp/attachments/1.png", contents=read)


def judged(engine: Engine, *records: AnyRecord, site: str = "", stage: Stage | None = None) -> tuple[Finding, ...]:
    return engine.judge(derive(records, site=site_named(site), stage=stage, now=NOW)).findings


def test_a_line_of_a_picture_is_evidence_with_its_place(engine: Engine) -> None:
    message = Message(id="7", author_role="client", enclosures=(enclosure("見本商店", "LINE ID: mihon_0000"),))
    (finding,) = judged(engine, message)
    assert (finding.rule, finding.subject, finding.subject_id) == ("contact-in-picture", "message", "7")
    (evidence,) = finding.evidence
    assert (evidence.field, evidence.quote) == ("message.attachment.text", "LINE ID: mihon_0000")
    assert (evidence.file, evidence.box) == ("https://crowdworks.jp/attachments/1.png", (0, 1, 9, 2))


def test_what_a_predicate_says_of_a_picture_has_a_place_too(engine: Engine) -> None:
    linked = enclosure(links=(Link(url="https://lin.ee/mihon"),))
    coded = enclosure(codes=("tel:+81312345678",))
    for enclosed, quote, place in (
        (coded, "tel:+81312345678", ((0, 50, 9, 59), CROP)),
        (linked, "https://lin.ee/mihon", (None, None)),
    ):
        finding = judged(engine, Message(author_role="client", enclosures=(enclosed,)))[0]
        assert [(e.quote, e.file is not None) for e in finding.evidence] == [(quote, True)]
        assert [(e.box, e.crop) for e in finding.evidence] == [place]


def test_the_places_of_a_picture_are_all_evidence_up_to_a_bound_and_the_others_counted(engine: Engine) -> None:
    lines = [f"LINE ID: mihon_{at:04}" for at in range(20)]
    found = {}
    for number in (5, 20):
        (found[number],) = judged(engine, Message(author_role="client", enclosures=(enclosure(*lines[:number]),)))
    assert [evidence.quote for evidence in found[5].evidence] == lines[:5]
    assert all(evidence.box is not None for evidence in found[20].evidence)
    assert [(len(finding.evidence), finding.more) for finding in found.values()] == [(5, 0), (12, 8)]
    coded = enclosure(codes=tuple(f"tel:+813123456{n:02}" for n in range(15)))
    codes = judged(engine, Message(author_role="client", enclosures=(coded,)))[0]
    assert (len(codes.evidence), codes.more) == (12, 3)
    said = judged(
        engine,
        Message(author_role="client", body="\n".join(f"{n}件目からは直接契約でお願いします。" for n in "二三四五")),
    )[0]
    assert (len(said.evidence), said.more) == (3, 0), "the page's own words are before one's eyes"


def test_evidence_that_is_a_part_of_a_line_has_its_place() -> None:
    lines = [
        TextLine(text="見本商店", box=(0, 0, 9, 1)),
        TextLine(text="連絡先は LINE ID: mihon_0000", box=(0, 1, 9, 2)),
    ]
    assert _line_of("LINE ID: mihon_0000", lines) is lines[1]
    assert _line_of("連絡先は LINE ID: mihon_0000 まで", lines) is lines[1]
    assert _line_of("ここにない", lines) is None


def test_all_rules_read_pictures(engine: Engine) -> None:
    words = "手数料がもったいないので、サイトを通さず直接契約でお願いします"
    rules = {finding.rule for finding in judged(engine, Message(author_role="client", enclosures=(enclosure(words),)))}
    assert "direct-contract" in rules


@pytest.mark.parametrize(
    "record",
    [
        Job(id="1", title="入力", enclosures=(enclosure(codes=("https://lin.ee/x",)),)),
        Job(id="1", client=Client(enclosures=(enclosure(codes=("https://lin.ee/x",)),))),
        Client(enclosures=(enclosure(codes=("https://lin.ee/x",)),)),
        Thread(messages=(Message(author_role="client", enclosures=(enclosure(codes=("https://lin.ee/x",)),)),)),
    ],
)
def test_pictures_of_offers_profiles_and_threads_count(engine: Engine, record: AnyRecord) -> None:
    assert "contact-in-picture" in {finding.rule for finding in judged(engine, record)}


def test_a_fact_of_the_page_is_told_once(engine: Engine) -> None:
    job = Job(id="1", title="t", body="b", client=Client(identity_verified=False))
    with_picture = job.model_copy(update={"enclosures": (enclosure("nothing"),)})
    assert [f.rule for f in judged(engine, with_picture)] == [f.rule for f in judged(engine, job)]


def test_pictures_of_the_freelancer_and_those_not_looked_at_are_silent(engine: Engine) -> None:
    code = enclosure(codes=("https://lin.ee/x",))
    assert not judged(engine, Message(author_role="freelancer", enclosures=(code,)))
    assert not judged(engine, Message(author_role="client", enclosures=(code.model_copy(update={"contents": None}),)))


def test_a_page_without_pictures_misses_nothing(engine: Engine) -> None:
    judgement = engine.judge(derive([Message(author_role="client", body="よろしくお願いします")], site=HERE, now=NOW))
    assert not [name for name in judgement.missing_fields if ".attachment." in name]
    read = engine.judge(derive([Message(author_role="client", enclosures=(enclosure("words"),))], site=HERE, now=NOW))
    assert "message.attachment.text" in read.checked_fields


@pytest.mark.parametrize(
    ("site", "stage", "severity"),
    [
        ("", None, "danger"),
        ("crowdworks", "applying", "danger"),
        ("crowdworks", "funded", "caution"),
        ("coconala", "funded", "danger"),
        ("lancers", "funded", None),
    ],
)
def test_a_contact_in_a_picture_is_graver_by_stage_and_site(
    engine: Engine, site: str, stage: Stage | None, severity: str | None
) -> None:
    message = Message(author_role="client", enclosures=(enclosure("LINE ID: mihon_0000"),))
    found = {f.rule: f.severity for f in judged(engine, message, site=site, stage=stage)}
    assert found.get("contact-in-picture") == severity


def test_lines_of_a_picture_that_tell_little_warn_by_no_meaning_of_their_own(engine: Engine) -> None:
    lines = (
        "資料をお送りします",
        "よろしくお願いします",
        "募集要項",
        "お仕事の詳細について",
        "詳しい内容はこちらをご覧ください",
    )
    assert not judged(engine, Message(author_role="client", enclosures=(enclosure(*lines),)))
    telling = "手数料がもったいないと思いますので、次からはこのサイトを通さずに直接ご契約いただけませんか"
    assert judged(engine, Message(author_role="client", enclosures=(enclosure(*lines, telling),)))


def test_an_amount_that_is_paid_in_is_said_in_its_currency_once(engine: Engine) -> None:
    whole, part = (Money(amount=Decimal(amount), currency="JPY") for amount in (30_000, 12_000))
    contract = Contract(id="1", state="escrow-funded", amount=whole, funded_amount=part)
    facts = derive((contract,), site=site_named("upwork"), now=NOW)
    (found,) = [
        each for each in engine.judge(facts, translations=translations("es")).findings if each.rule == "part-funded"
    ]
    assert found.seen.ja == "全部で30,000円のうち、預けられているのは12,000円です。"
    assert found.seen.en == "Of ¥30,000, ¥12,000 is paid in."
    assert found.seen.further("es") == "De ¥30.000, hay ¥12.000 depositados."


FRENCH = Translations(
    "fr",
    {
        "amount-changed": {
            "It was {contract.amount_before} and is now {contract.amount}.": (
                "Il était de {contract.amount_before}, il est de {contract.amount}."
            ),
            "Ask the client why. If you did not agree to a cut, tell {operator}.": "Parlez-en à {operator}.",
        },
        "words": {"support": "l’assistance du site"},
    },
)


def test_issue_21_a_finding_is_said_in_the_language_that_is_asked_for_too(engine: Engine) -> None:
    contract = Contract(id="1", state="escrow-funded", amount=Money(amount=Decimal(12000), currency="JPY"))
    agreed = Step(state="agreed", at=NOW, amount=Decimal("15500.5"), currency="JPY")
    past = Past(steps=(agreed,))
    facts = derive((contract,), site=site_named("upwork"), past=past, now=NOW)
    (finding,) = [each for each in engine.judge(facts, translations=FRENCH).findings if each.rule == "amount-changed"]
    (before,) = [each for each in engine.judge(facts).findings if each.rule == "amount-changed"]
    assert finding.seen.further("fr") == "Il était de ¥15\u202f500,5, il est de ¥12\u202f000."
    assert finding.advice.further("fr") == "Parlez-en à l’assistance du site."
    assert finding.title.further("fr") is None
    assert finding.title.spoken("fr") == finding.title.en
    assert [(text.ja, text.en) for text in (finding.seen, finding.advice)] == [
        (text.ja, text.en) for text in (before.seen, before.advice)
    ]
    assert before.seen.further("fr") is None


@pytest.mark.parametrize(
    ("currency", "ja", "en", "fr"),
    [
        (
            "JPY",
            "以前は15,500.5円、いまは12,000円です。",
            "¥15,500.5 and is now ¥12,000.",
            "¥15\u202f500,5, il est de ¥12",
        ),
        (
            "USD",
            "以前は15,500.5 USD、いまは12,000 USDです。",
            "15,500.5 USD and is now 12,000 USD.",
            "il est de 12\u202f000 USD.",
        ),
    ],
)
def test_issue_21_an_amount_is_said_in_the_deals_own_currency(
    engine: Engine, currency: str, ja: str, en: str, fr: str
) -> None:
    contract = Contract(id="1", state="escrow-funded", amount=Money(amount=Decimal(12000), currency=currency))
    agreed = Step(state="agreed", at=NOW, amount=Decimal("15500.5"), currency=currency)
    facts = derive((contract,), site=site_named("upwork"), past=Past(steps=(agreed,)), now=NOW)
    (finding,) = [each for each in engine.judge(facts, translations=FRENCH).findings if each.rule == "amount-changed"]
    assert finding.seen.ja == ja
    assert en in finding.seen.en
    assert fr in (finding.seen.further("fr") or "")
    assert "Japan" not in finding.reason.en
    in_japan = derive((contract,), site=site_named("lancers"), past=Past(steps=(agreed,)), now=NOW)
    (at_home,) = [each for each in engine.judge(in_japan).findings if each.rule == "amount-changed"]
    assert "Japan" in at_home.reason.en


@pytest.mark.parametrize("site", ["upwork", "freelancer", "fiverr", "workana", "guru", "peopleperhour", "malt"])
def test_issue_21_nobody_abroad_is_sent_to_a_hotline_of_japan(engine: Engine, site: str) -> None:
    body = "To get the work, pay a registration fee of $50 first. You receive parcels at home and send them on."
    facts = derive((Message(author_role="client", body=body),), site=site_named(site), now=NOW)
    found = {each.rule: each for each in engine.judge(facts).findings}
    assert {"fee-upfront", "parcels-at-home"} <= found.keys()
    for finding in found.values():
        assert not re.search(r"Japan|188|#9110", finding.advice.en), finding.rule


def test_two_risks_of_one_wording_quote_a_sentence_each(engine: Engine) -> None:
    review = "Order our lamp, wait a week, then leave five stars with a photo."
    refund = "Send me a screenshot and I'll refund the $30 plus $4 for your trouble."
    findings = judged(engine, Message(author_role="client", body=f"{review} {refund}"))
    assert {finding.risk: [e.quote for e in finding.evidence] for finding in findings} == {
        "fake-cheque": [refund],
        "fake-review": [review],
    }


@pytest.mark.parametrize(
    ("site", "until"),
    [
        ("lancers", "仮払い前の外部連絡は規約違反です。"),
        ("upwork", "このサイトでは、契約前の外部連絡は規約違反です。"),
        ("peopleperhour", "このサイトでは、契約前の外部連絡は規約違反です。"),
        ("coconala", "このサイトでは契約の前も後も、外部での連絡は規約違反です。"),
    ],
)
def test_contact_outside_breaks_the_rules_as_long_as_the_terms_of_the_site_say(
    engine: Engine, site: str, until: str
) -> None:
    asked = Message(author_role="client", body="LINEのIDを教えてください。詳しい話はLINEで進めましょう。")
    pictured = Message(author_role="client", enclosures=(enclosure("LINE ID: mihon_0000"),))
    for message, rule in ((asked, "messenger-invitation"), (pictured, "contact-in-picture")):
        (finding,) = [f for f in judged(engine, message, site=site, stage="applying") if f.rule == rule]
        assert finding.reason.ja.startswith(until)


@pytest.mark.parametrize("site", ["coconala", "mamaworks"])
def test_issue_18_no_warning_waits_for_escrow_where_nothing_is_called_so(
    site: str, engine: Engine, catalog: Catalog
) -> None:
    """All that fires on offers, clients and talks; where money is held before it is, no deal waits for it."""
    examples = [example for rule in catalog.rules for example in rule.examples.fires if example.contract is None]
    for example in examples:
        for finding in engine.judge(facts_of(example.model_copy(update={"site": site}))).findings:
            for text in (finding.reason, finding.advice):
                assert "仮払い" not in text.ja, (finding.rule, text.ja)


@pytest.mark.parametrize(
    ("site", "reason", "advice"),
    [
        ("crowdworks", "仮払い前に作業すると、", "「仮払いを確認してから着手します」"),
        ("coconala", "購入代金の支払い前に作業すると、", "「購入代金の支払いを確認してから着手します」"),
        ("craudia", "エスクロー（仮払い）前に作業すると、", "「エスクロー（仮払い）を確認してから着手します」"),
        ("mamaworks", "このサイトはお金を預からないため、", "「支払いの取り決めを確認してから着手します」"),
    ],
)
def test_issue_18_work_before_escrow_is_said_in_the_words_of_the_site(
    engine: Engine, site: str, reason: str, advice: str
) -> None:
    asked = Message(author_role="client", body="仮払いは明日になりますが、先に作業を始めていただけますか")
    (finding,) = [f for f in judged(engine, asked, site=site, stage="applying") if f.rule == "work-before-escrow"]
    assert finding.reason.ja.startswith(reason)
    assert finding.advice.ja.startswith(advice)


@pytest.mark.parametrize(("stage", "severity"), [("applying", "danger"), ("unknown", "caution")])
def test_issue_18_no_agreement_is_said_to_secure_pay_where_no_money_is_held(
    engine: Engine, stage: Stage, severity: str
) -> None:
    asked = Message(author_role="client", body="手間になりますので仮払いなしで、先に作業を始めていただけますか")
    found = {f.rule: f for f in judged(engine, asked, site="mamaworks", stage=stage)}
    for rule in ("work-before-escrow", "escrow-excuse"):
        assert found[rule].severity == severity
        assert found[rule].reason.ja.startswith("このサイトはお金を預からないため、")


@pytest.mark.parametrize("site", ["coconala", "mamaworks", "fiverr"])
def test_issue_18_english_tells_of_escrow_in_the_words_of_the_site_too(
    site: str, engine: Engine, catalog: Catalog
) -> None:
    rules = {
        *("identity-not-verified", "little-known-client", "no-ratings-yet", "new-member", "says-account-is-new"),
        *("outside-site-work", "escrow-excuse", "work-asked-while-escrow-late", "work-while-unfunded"),
    }
    examples = [e for rule in catalog.rules if rule.id in rules for e in rule.examples.fires if e.contract is None]
    for example in examples:
        for finding in engine.judge(facts_of(example.model_copy(update={"site": site}))).findings:
            if finding.rule in rules:
                for text in (finding.reason, finding.advice):
                    assert "escrow" not in text.en, (finding.rule, text.en)


def test_issue_18_pay_comes_through_the_site_only_where_the_site_pays(engine: Engine) -> None:
    asked = Job(title="データ入力", body="応募の際に銀行口座の番号をお送りください")
    reasons = {
        site: finding.reason.ja
        for site in ("crowdworks", "mamaworks")
        for finding in judged(engine, asked, site=site)
        if finding.rule == "identity-papers"
    }
    assert reasons["crowdworks"].startswith("報酬はサイトから届く")
    assert reasons["mamaworks"].startswith("契約の前に口座の情報は要りません。")


def test_issue_18_crowdworks_may_permit_contact_outside_and_nothing_permits_it_before(engine: Engine) -> None:
    tool = Message(author_role="client", body="チャットワークでやり取りしましょう")
    (finding,) = [f for f in judged(engine, tool, site="crowdworks", stage="applying") if f.rule == "outside-tool"]
    assert finding.severity == "caution"
    assert finding.reason.ja.startswith("事務局の許可がない外部連絡は規約違反です。")
    assert finding.advice.ja == "サイト内のメッセージで続け、必要なら先に事務局へ申請してください。"
    (funded,) = [f for f in judged(engine, tool, site="crowdworks", stage="funded") if f.rule == "outside-tool"]
    assert funded.severity == "notice"
    assert funded.reason.ja.startswith("事務局の許可がない外部連絡は規約違反です。")
    (early,) = [f for f in judged(engine, tool, site="lancers", stage="applying") if f.rule == "outside-tool"]
    assert early.reason.ja.startswith("仮払い前の外部連絡は規約違反です。")
    chat = Message(author_role="client", body="LINEのIDを教えてください。詳しい話はLINEで進めましょう。")
    (invited,) = [
        f for f in judged(engine, chat, site="crowdworks", stage="applying") if f.rule == "messenger-invitation"
    ]
    assert invited.reason.ja.startswith("仮払い前の外部連絡は規約違反です。"), "as docs/images show it"
    pictured = Message(author_role="client", enclosures=(enclosure("LINE ID: mihon_0000"),))
    (finding,) = judged(engine, pictured, site="crowdworks", stage="applying")
    assert (finding.rule, finding.severity) == ("contact-in-picture", "danger")
    assert finding.reason.ja.startswith("事務局の許可がない外部連絡は規約違反です。")


def test_whoever_was_declined_reads_the_new_offer_in_the_warning(engine: Engine) -> None:
    body = "今回は見送らせていただきます。もしよければ別の案件もありますので、こちらから登録してください。"
    findings = judged(engine, Message(author_role="client", body=body))
    (finding,) = [each for each in findings if each.rule == "declined-then-other-work"]
    assert finding.seen.ja == "「もしよければ別の案件もありますので、こちらから登録してください。」"


@pytest.mark.parametrize(
    ("agreed", "title", "seen"),
    [
        (1, "取り決めを超える修正依頼です", "修正は3回に達し、取り決めは1回までです。"),
        (None, "修正の依頼が重なっています", "修正は3回に達しています。回数の取り決めは見当たりません。"),
    ],
)
def test_revisions_are_more_than_agreed_only_where_a_number_was_agreed(
    engine: Engine, agreed: int | None, title: str, seen: str
) -> None:
    contract = Contract(state="in-revision", revisions_used=3, revisions_agreed=agreed)
    (finding,) = [f for f in judged(engine, contract) if f.rule == "revisions-beyond-agreement"]
    assert (finding.title.ja, finding.seen.ja) == (title, seen)


def test_pay_far_off_is_said_beside_the_usual_one(engine: Engine) -> None:
    rate = GoingRate(31, Decimal(2000), Decimal(100), Decimal(40000))
    job = Job(category="データ入力", pay=Pay(kind="fixed", max=Money(amount=Decimal(900_000))))
    facts = derive((job,), site=site_named("crowdworks"), market=lambda _: rate, now=NOW)
    (finding,) = [each for each in engine.judge(facts).findings if each.rule == "far-above-market"]
    assert finding.seen.ja == "この募集は900,000円です。あなたが一覧で見た同じ種類の31件では、2,000円ほどが相場です。"
    assert finding.seen.en == "This job pays ¥900,000. In 31 similar job posts in your lists, about ¥2,000 is usual."
