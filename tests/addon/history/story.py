"""A deal with its messages and a warning, and a history of several deals."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from addon.history.store import History
from extractors.records import AuthorRole, Client, Contract, Message, Money, Thread
from rules.model import Evidence
from tests.addon.findings import finding
from tests.addon.history.conftest import START, seen

DAY = timedelta(days=1)
BOSS = Client(id="52", name="青空企画制作所")
PAGE = "<p>直接契約でお願いします</p><script>alert(1)</script>".encode()


def deal(state: Any, **more: Any) -> Contract:
    return Contract(id="7", state=state, client=BOSS, title="商品データの入力", **more)


def story(history: History) -> None:
    """Agreed, delivered and asked for revisions of; funding was never seen."""
    history.record(seen(deal("agreed", amount=Money(amount=Decimal(30_000))), at=START))
    lines: list[tuple[AuthorRole, str]] = [
        ("client", "修正は2回まででお願いします。"),
        ("freelancer", "納品しました。"),
        ("client", "色を修正してください。文字も直してください。"),
        ("client", "余白も修正をお願いします。"),
        ("freelancer", "修正しました。"),
        ("client", "もう一度修正をお願いします。"),
    ]
    talk = Thread(
        id="t1",
        contract_id="7",
        client=BOSS,
        messages=tuple(
            Message(id=str(number), author_role=role, body=body, sent_at=START + number * DAY)
            for number, (role, body) in enumerate(lines, 1)
        ),
    )
    found = finding("direct-contract").model_copy(update={"report": True})
    page = "https://crowdworks.jp/messages/1"
    history.record(seen(talk, kind="thread", at=START + 6 * DAY, page=page, findings=(found,), source=PAGE, texts=True))
    history.record(seen(deal("delivered"), at=START + 7 * DAY))


def many(history: History) -> None:
    """Five deals with five clients and a warning each, the last of them seen last."""
    for number in range(5):
        who = Client(id=str(number), name=f"発注者{number}")
        found = finding("direct-contract").model_copy(
            update={"evidence": (Evidence(field="message.body", quote=f"直接で {number}"),)}
        )
        page = f"https://crowdworks.jp/contracts/{number}"
        contract = Contract(
            id=str(number), state="agreed", client=who, title=f"ＡＢＣ商会の入力 {number}", due=START.date()
        )
        history.record(seen(contract, at=START + number * DAY, page=page, findings=(found,), texts=True))
