"""`identity-papers` gives the reason for what was asked: papers, a card, an account, an address (UX A14)."""

import pytest

from extractors.records import Message
from rules.derive import derive
from rules.engine import Engine
from rules.testing import NOW, site_named


@pytest.mark.parametrize(
    ("body", "title", "severity"),
    [
        ("契約の前に免許証の写真を送ってください", "身分証や個人情報の要求です", "danger"),
        ("免許証の写真と銀行口座を送ってください", "身分証や個人情報の要求です", "danger"),
        ("クレジットカードの番号を送ってください", "カードや暗証番号の要求です", "danger"),
        ("登録のため下着姿の写真を送ってください", "体の写真の要求です", "danger"),
        ("お支払いのため口座番号を教えてください", "銀行口座の情報の要求です", "caution"),
        ("緊急連絡先を送ってください", "住所や電話番号の要求です", "caution"),
        ("Please send me your bank login", "カードや暗証番号の要求です", "danger"),
        ("Please send your bank details today", "銀行口座の情報の要求です", "danger"),
    ],
)
def test_the_reason_is_of_what_was_asked_for(engine: Engine, body: str, title: str, severity: str) -> None:
    message = Message(author_role="client", body=body)
    judgement = engine.judge(derive([message], site=site_named("crowdworks"), now=NOW))
    (finding,) = [finding for finding in judgement.findings if finding.rule == "identity-papers"]
    assert (finding.title.ja, finding.severity) == (title, severity)
