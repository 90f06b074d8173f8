"""Numbers, addresses and links, read by parsers and not by their looks."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from extractors import SITES
from extractors.links import anchors_in
from extractors.records import Contents, Enclosure, Job, Link, Message, TextLine
from extractors.unicode_tables import UNSEEN
from rules import predicates
from rules.derive import derive
from rules.predicates import (
    FACTS,
    NEEDS,
    SAME_OWNER,
    email_address,
    link_to_another_host,
    link_to_look_alike,
    link_to_messenger,
    looks_like_marketplace,
    no_common_line,
    phone_number,
    program_attached,
    traits_of,
)
from rules.testing import NOW, site_named


@pytest.mark.parametrize(
    "sentence",
    [
        "090-1234-5678",
        "０９０－１２３４－５６７８",
        "電話は 03-3581-4321 です",
        "call +1 650 253 0000",
        "〇九〇-一二三四-五六七八",
        "0 9 0 1 2 3 4 5 6 7 8",
        "０♡９♡０♡１♡２♡３♡４♡５♡６♡７♡８",
    ],
)
def test_telephone_numbers(sentence: str) -> None:
    assert phone_number(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "2026-11-24",
        "注文番号 1234567890123",
        "1,000円から20,000円",
        "ISBN 978-4-16-148410-0",
        "見積 120000",
    ],
)
def test_other_numbers(sentence: str) -> None:
    assert not phone_number(sentence)


@pytest.mark.parametrize(
    ("sentence", "is_name"),
    [("Message us on LINE.", True), ("Ｍｅｓｓａｇｅ ｕｓ ｏｎ ＬＩＮＥ", True), ("Put it on line 5.", False)],
)
def test_line_in_small_letters_is_no_messenger(sentence: str, is_name: bool) -> None:
    assert no_common_line(sentence) is is_name


@pytest.mark.parametrize(
    "sentence",
    [
        "taro@example.com まで",
        "taro (at) example (dot) com",
        "taroアットexampleドットcom",
        "(sample.hr@mail.example.co.jp)",
        "t a r o @ e x a m p l e . c o m",
    ],
)
def test_addresses(sentence: str) -> None:
    assert email_address(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "@sample",
        "価格は@500円",
        "user@localhost",
        "a@b",
        "10時@渋谷",
    ],
)
def test_no_addresses(sentence: str) -> None:
    assert not email_address(sentence)


@pytest.mark.parametrize(
    ("host", "imitates"),
    [
        ("crowdworks.jp", False),
        ("www.crowdworks.jp", False),
        ("magazine.crowdworks.jp", False),
        ("crowdworks.jp.example.com", True),
        ("crowdw0rks.jp", True),
        ("crowd-works.example", True),
        ("crowdwork.jp", True),
        ("crowdwroks.jp", True),
        ("upvork.com", True),
        ("upwork.com", False),
        ("xn--lncers-0na.jp", True),
        ("lаncers.jp", True),
        ("example.com", False),
        ("works.example.com", False),
        ("lancers-login.com", True),
        ("securelancers.jp", True),
        ("my-upwork.example", True),
        ("start-upwork.example", True),
        ("free-lancers.example", True),
        ("lan-cers.example", True),
        ("1ancers.jp", True),
        ("freelancers-upwork.example", True),
        ("workanalogin.example", True),
        ("freelancersunion.org", False),
        ("load-balancers.example", False),
        ("groupwork.example", False),
        ("startupworkspace.example", False),
        ("pop-up-work.example", False),
        ("networkanalysis.example", False),
        ("dancers.example", False),
        ("cancers.example", False),
        ("landers.example", False),
        ("", False),
    ],
)
def test_hosts_that_imitate(host: str, imitates: bool) -> None:
    assert looks_like_marketplace(host) is imitates


def said(body: str = "", *links: Link, role: str = "client", attachments: tuple[str, ...] | None = None) -> Message:
    return Message.model_validate(
        {"author_role": role, "body": body, "links": links or None, "attachments": attachments}
    )


def test_links() -> None:
    def judged(message: Message) -> tuple[bool | None, bool | None, bool | None]:
        (facts,) = derive([message], site=site_named(""), now=NOW)
        return link_to_another_host(facts), link_to_look_alike(facts), link_to_messenger(facts)

    assert judged(said("リンクはありません")) == (None, None, None)
    assert judged(said("https://example.com/")) == (False, False, False)
    assert judged(said("", Link(url="https://evil.example/", text="upwork.com/x"))) == (True, False, False)
    assert judged(said("", Link(url="https://docs.example.com/", text="www.example.com"))) == (False, False, False)
    assert judged(said("https://lin.ee/abc")) == (False, False, True)
    assert judged(said("https://lin.ee/abc", role="freelancer")) == (None, None, None)
    assert judged(said("http://[broken")) == (False, False, False)
    assert judged(said("HTTPS://upvork.com/verify")) == (False, True, False)
    assert judged(said("https://crowdworks.jpをご覧ください")) == (False, False, False)


HARMLESS = [
    ("仕様書.pdf", "https://files.example.com/1"),
    ("仕様書.pdf", "https://crowdworks.jp/attachments/1"),
    ("logo.png", "https://files.example.com/1"),
    ("data.csv", "https://files.example.com/1"),
    ("index.html", "https://files.example.com/1"),
    ("archive.zip", "https://files.example.com/1"),
    ("main.py", "https://github.com/sample/sample"),
    ("setup.sh", "https://github.com/sample/sample"),
    ("README.md", "https://github.com/sample/sample"),
    ("Node.js", "https://nodejs.org/"),
    ("Socket.io", "https://docs.example.com/"),
    ("ASP.NET", "https://learn.example.com/"),
    ("株式会社エー.ビー", "https://ab.example.com/"),
    ("Sample Co.,Ltd.", "https://sample.example.com/"),
    ("U.S.A.", "https://sample.example.com/"),
    ("2026.11.24", "https://sample.example.com/"),
    ("v2.0", "https://sample.example.com/"),
    ("youtu.be/sample", "https://www.youtube.com/watch?v=sample"),
    ("https://youtu.be/sample", "https://www.youtube.com/watch?v=sample"),
    ("forms.gle/sample", "https://docs.google.com/forms/sample"),
    ("t.co/sample", "https://example.com/"),
    ("https://example.com/a", "https://crowdworks.jp/away?to=1"),
    ("example.com", "https://www.example.com/a"),
    ("docs.example.co.jp", "https://www.example.co.jp/"),
    ("taro@example.com", "https://forms.example.net/"),
    ("お問い合わせ: taro@example.com", "https://forms.example.net/"),
    ("example.com などを参考に", "https://example.org/"),
    ("https://日本語.jp/", "https://xn--wgv71a119e.jp/"),
    ("w3c.org", "https://www.w3c.org/"),
    ("twitter.com", "https://x.com/sample"),
    ("https://twitter.com/sample", "https://x.com/sample"),
    ("amazon.co.jp", "https://www.amazon.com/dp/1"),
    ("www.amazon.co.jp/dp/1", "https://amzn.asia/d/1"),
    ("amazon.co.jp", "https://amzn.to/1"),
    ("note.com/sample", "https://note.mu/sample"),
    ("facebook.com/sample", "https://fb.com/sample"),
    ("facebook.com/sample", "https://fb.me/sample"),
    ("www.youtube.com/watch", "https://youtu.be/sample"),
    ("instagram.com/sample", "https://ig.me/m/sample"),
    ("docs.google.com/forms", "https://forms.gle/sample"),
    ("google.com/maps", "https://goo.gl/maps/sample"),
    ("google.com/maps", "https://g.co/sample"),
    ("microsoft.com/download", "https://aka.ms/sample"),
    ("telegram.org", "https://t.me/sample"),
    ("line.me/ti/p/1", "https://lin.ee/sample"),
    ("github.com/sample", "https://git.io/sample"),
    ("linkedin.com/in/sample", "https://lnkd.in/sample"),
    ("apple.com/jp", "https://apple.co/sample"),
    ("whatsapp.com", "https://wa.me/1"),
    ("discord.com/invite", "https://discord.gg/sample"),
]
MISLEADING = [
    ("crowdworks.jp", "https://login.example.net/"),
    ("https://crowdworks.jp/login", "https://login.example.net/"),
    ("crowdworks.jp へログイン", "https://login.example.net/"),
    ("詳細はcrowdworks.jpへ", "https://login.example.net/"),
    ("【crowdworks.jp】", "https://login.example.net/"),
    ("CrowdWorks.jp", "https://login.example.net/"),
    ("ｃｒｏｗｄｗｏｒｋｓ．ｊｐ", "https://login.example.net/"),
    ("crowdworks。jp", "https://login.example.net/"),
    ("crоwdworks.jp", "https://login.example.net/"),
    ("crowd\u200bworks.jp", "https://login.example.net/"),
    ("https://crowdworks.jp@login.example.net/", "https://crowdworks.jp@login.example.net/"),
    ("こちら", "https://crowdworks.jp@login.example.net/"),
    (None, "https://www.lancers.jp@login.example.net/"),
    ("crowdworks.jp", "https://crowdworks.jp.example.net/"),
    ("example.com", "https://example.co/"),
    ("→ https://example.com/login をご確認ください", "https://login.example.net/"),
    ("www.upwork.com/jobs", "https://login.example.net/"),
    ("crowdworks·jp", "https://login.example.net/"),
    ("crowdworks・jp へ", "https://login.example.net/"),
    ("crowdworks .jp", "https://login.example.net/"),
    ("crowdworks . jp", "https://login.example.net/"),
    ("c r o w d w o r k s . j p", "https://login.example.net/"),
    ("\u202epj.skrowdworc\u202c", "https://login.example.net/"),
    ("\u202emoc.elpmaxe//:sptth\u202c", "https://login.example.net/"),
    ("\u200b" * 600 + "crowdworks.jp", "https://login.example.net/"),
    ("twitter.com/sample", "https://t.co/sample"),
    ("twitter.com", "https://x.com.example.net/"),
    ("github.com/sample", "https://sample.github.io/"),
]


@pytest.mark.parametrize(("shown", "url"), HARMLESS)
def test_field_01_a_file_a_product_or_the_same_owner_misleads_nobody(shown: str, url: str) -> None:
    assert misleads(shown, url) is False


@pytest.mark.parametrize(("shown", "url"), MISLEADING)
def test_field_01_a_host_is_read_as_people_read_it(shown: str | None, url: str) -> None:
    assert misleads(shown, url) is True


def test_attack_14_a_link_is_read_from_a_page_as_it_is_drawn() -> None:
    anchor = html.fromstring('<p><a href="https://login.example.net/">\u202epj.skrow<b>dworc</b>\u202c</a></p>')
    (link,) = anchors_in(anchor, "https://crowdworks.jp/messages/1")
    assert link.text == "pj.skrowdworc", "what may be shown of it turns nothing around"
    (facts,) = derive([said("", link)], site=site_named(""), now=NOW)
    assert link_to_another_host(facts) is True


@pytest.mark.parametrize("host", ["line.me", "lin.ee", "t.me", "wa.me", "m.me", "discord.gg"])
def test_the_same_owner_is_still_a_messenger(host: str) -> None:
    (facts,) = derive([said("", Link(url=f"https://{host}/sample", text="line.me"))], site=site_named(""), now=NOW)
    assert link_to_messenger(facts) is True


@pytest.mark.parametrize(
    ("url", "opens"),
    [
        ("https://discord.com/invite/sample", True),
        ("https://www.discordapp.com/invite/sample", True),
        ("https://discord.com/developers/docs", False),
        ("https://example.com/?to=://discord.com/invite/sample", False),
        ("https://discord.com.example/invite/sample", False),
    ],
)
def test_an_invitation_opens_a_chat_and_other_pages_of_its_host_do_not(url: str, opens: bool) -> None:
    (facts,) = derive([said("", Link(url=url, text="x"))], site=site_named(""), now=NOW)
    assert link_to_messenger(facts) is opens


def test_each_host_has_one_owner() -> None:
    hosts = [host for hosts in SAME_OWNER for host in hosts]
    assert len(hosts) == len(set(hosts))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("good.web.app", "other.web.app", False),
        ("a.github.io", "b.github.io", False),
        ("a.vercel.app", "b.vercel.app", False),
        ("www.a.github.io", "a.github.io", True),
        ("www.abc.me", "blog.abc.me", True),
        ("shop.bar.de", "foo.bar.de", True),
        ("shop.bar.co.jp", "foo.bar.co.jp", True),
        ("foo.co.jp", "bar.co.jp", False),
    ],
)
def test_component_bug_4_an_owner_is_named_under_a_public_suffix(one: str, other: str, same: bool) -> None:
    assert misleads(f"https://{one}/", f"https://{other}/") is not same


def test_field_01_every_site_that_is_read_is_an_own_host() -> None:
    for site in SITES:
        for domain in site.domains:
            assert misleads("https://example.com/", f"https://{domain}/x") is False


def misleads(shown: str | None, url: str) -> bool | None:
    (facts,) = derive(
        [said("", Link(url=url, text=shown, turned=shown if "\u202e" in (shown or "") else None))],
        site=site_named(""),
        now=NOW,
    )
    return link_to_another_host(facts)


def test_programs() -> None:
    programs = ("a.PDF.EXE", "a.ps1", "a.wsf", "a.img", "a.url", "a.dmg", "a.command")
    for attached, runs in (((), False), (("a.pdf",), False), *(((name,), True) for name in programs), (None, None)):
        (facts,) = derive([said("x", attachments=attached)], site=site_named(""), now=NOW)
        assert program_attached(facts) is runs


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_survived(text: str) -> None:
    phone_number(text)
    email_address(text)
    links = (Link(url=f"https://{text}", text=text), Link(url="https://example.com/", text=f"https://{text}"))
    (facts,) = derive([Job(body=f"https://{text} http://{text}", links=links)], site=site_named(""), now=NOW)
    link_to_look_alike(facts)
    link_to_another_host(facts)


@pytest.mark.parametrize(
    ("code", "predicate"),
    [
        ("TEL:+81312345678", "code_for_contact"),
        ("mailto:a@example.com", "code_for_contact"),
        ("BEGIN:VCARD\nN:見本", "code_for_contact"),
        ("WIFI:T:WPA;S:a;P:b;;", "code_for_network"),
        ("00020101021126", "code_for_payment"),
        ("BCD\n002\n1\nSCT", "code_for_payment"),
        ("https://qr.paypay.ne.jp/a", "code_for_payment"),
        ("https://bit.ly/a", "code_to_short_address"),
        ("https://lin.ee/a", "link_to_messenger"),
        ("https://www.example.com/", None),
        ("4901234567894", None),
    ],
)
def test_codes_are_named_by_what_they_open(code: str, predicate: str | None) -> None:
    enclosure = Enclosure(url="https://example.com/a.png", contents=Contents(kind="png", codes=(TextLine(text=code),)))
    message = Message(author_role="client", enclosures=(enclosure,))
    facts = derive([message], site=site_named(""), now=NOW)[-1]
    named = {name for name, test in FACTS.items() if test(facts)}
    assert named == ({predicate} if predicate else set())


def test_issue_25_each_predicate_names_what_it_needs() -> None:
    assert NEEDS.keys() == FACTS.keys()


_HOSTS = st.sampled_from(["https://crowdworks.jp/", "https://crowdvvorks.jp/", "https://line.me/x", "http://bit.ly/x"])
_LINKS = st.builds(Link, url=_HOSTS, text=st.sampled_from([None, "crowdworks.jp", "https://line.me/"]))
_WORDS = st.sampled_from(
    [None, "記事", "line.me", "http://lin.ee/x", "直\u200b接\u200b契\u200b約\u200bで", "\u202eです"]
)
_CONTENTS = st.builds(
    Contents,
    kind=st.just("text"),
    macros=st.booleans(),
    locked=st.booleans(),
    lines=st.just((TextLine(text="記事"),)),
    codes=st.sampled_from(
        [(), (TextLine(text="tel:0312345678"),), (TextLine(text="wifi:x"),), (TextLine(text="000201"),)]
    ),
    files=st.sampled_from([(), ("a.exe",)]),
)
_MESSAGES = st.builds(
    Message,
    author_role=st.sampled_from(["client", "freelancer", None]),
    body=_WORDS,
    links=st.sampled_from([None, ()]) | st.tuples(_LINKS),
    attachments=st.sampled_from([None, (), ("a.exe",), ("a.pdf",)]),
    enclosures=st.sampled_from([None, ()])
    | st.tuples(st.builds(Enclosure, url=st.just("https://crowdworks.jp/a"), contents=_CONTENTS)),
)


@given(_MESSAGES)
@settings(max_examples=300)
def test_issue_25_no_predicate_holds_without_what_it_needs(message: Message) -> None:
    for facts in derive([message], site=site_named("crowdworks"), now=NOW):
        traits = set(traits_of(facts))
        for name, predicate in FACTS.items():
            assert not predicate(facts) or NEEDS[name] in traits, name


_IN_ONE = re.compile(f"[{UNSEEN}]{predicates._AFTER_UNSEEN}")
"""Hidden writing sought from any sign on, in one search."""
_SIGNS = ["\u200b", "\u200f", "\u202e", "\ufe0f", "\U000e0061", "\U0001f600", "L", "あ", " "]


@pytest.mark.parametrize("sign", ["\u200b", "\U000e0061"])
def test_issue_25_hidden_writing_is_found_in_either_plane(sign: str) -> None:
    assert predicates._hides_writing(f"😀{sign.join('直接契約で')}")
    assert not predicates._hides_writing(f"😀直接契約で{sign}")


@given(st.lists(st.sampled_from(_SIGNS), max_size=30).map("".join))
def test_issue_25_hidden_writing_is_sought_from_every_sign_on(text: str) -> None:
    assert predicates._hides_writing(text) == (_IN_ONE.search(text) is not None)
