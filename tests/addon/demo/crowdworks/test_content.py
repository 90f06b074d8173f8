"""The invented content: whole, of one piece, and its amounts as the site writes them."""

from typing import Any

import pytest
from pydantic import ValidationError

from addon.demo.crowdworks.content import DIGEST, Job, Pay, content


@pytest.mark.parametrize(
    ("pay", "kind", "shown"),
    [
        ({}, "fixed", "ワーカーと相談する"),
        ({"max": 5_000}, "fixed", "5,000円"),
        ({"min": 5_000, "max": 5_000}, "fixed", "5,000円"),
        ({"min": 5_000, "max": 10_000}, "fixed", "5,000円  〜  10,000円"),
        ({"hourly_min": 1_200, "hourly_max": 1_500}, "hourly", "1,200円  〜  1,500円"),
        ({"article": 1_500, "characters": 2_000}, "article", "1,500円 （1記事 2,000文字）"),
        ({"task": 30, "minutes": 5}, "task", "30円 （1件 5分）"),
        ({"contest": 20_000}, "contest", "20,000円"),
    ],
)
def test_pay_is_written_and_told_as_the_site_does(pay: dict[str, Any], kind: str, shown: str) -> None:
    made = Pay(**pay)
    assert (made.kind, str(made)) == (kind, shown)
    assert len(made.as_json()) == 1


def test_everything_that_is_named_is_there() -> None:
    whole = content()
    clients = {client.id for client in whole.clients}
    jobs = {job.id for job in (*whole.jobs, *whole.advertised)}
    assert {job.client for job in (*whole.jobs, *whole.advertised)} <= clients
    assert {deal.job for deal in whole.deals} <= jobs
    assert len({deal.thread for deal in whole.deals}) == len(whole.deals)
    assert {deal.state for deal in whole.deals} == {"proposed", "unfunded", "funded", "inspection", "done"}
    assert all(deal.path.endswith(f"/{deal.id}") for deal in whole.deals)


def test_a_digest_is_cut_where_the_list_cuts_it() -> None:
    job = content().jobs[0]
    long = job.model_copy(update={"body": "あ" * 500})
    assert long.digest == "あ" * DIGEST + "..."
    assert job.model_copy(update={"body": " 短い "}).digest == "短い"


def test_a_slip_is_an_error() -> None:
    with pytest.raises(ValidationError, match="tittle"):
        Job.model_validate(content().jobs[0].model_dump() | {"tittle": "x"})
