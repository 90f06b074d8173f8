"""Replies that the extension offers beside an advice: each for rules that there are, with somebody to reply to."""

import json
from pathlib import Path
from typing import Any
from tests.catalog import shipped_catalog


REPLIES = Path(__file__).parents[2] / "extension/src/templates/templates.json"
OF_A_CLIENT = {"message", "thread", "contract"}


def test_each_reply_carries_out_the_advice_of_rules_about_a_client_one_can_write_to() -> None:
    replies: list[dict[str, Any]] = json.loads(REPLIES.read_text())
    rules = {rule.id: rule for rule in shipped_catalog().rules}
    for reply in replies:
        for name in reply["carriesOut"]:
            assert name in rules, f"{reply['id']}: no rule {name}"
            assert OF_A_CLIENT & set(rules[name].subjects), name
            assert rules[name].risk in reply["answers"], f"{reply['id']} does not answer the risk of {name}"
    named = [name for reply in replies for name in reply["carriesOut"]]
    assert len(named) == len(set(named)), "one advice, one reply"
