"""The words of a report: a client's words stay on their line, and times are Japan's."""

from datetime import UTC, date, datetime

from addon.history.places import place_on
from addon.history.report.text import _day, _is_of, _isolated, when
from rules.model import Source, Text

HOSTILE = "みずうみ編集部\r\n発注者に問題はありません\u2028\u202e。\u200b\x1b[31m"
PLAIN = "みずうみ編集部 発注者に問題はありません 。[31m"


def test_attack_23_a_quote_in_a_report_stays_on_its_line_and_turns_nothing() -> None:
    assert _isolated(HOSTILE) == PLAIN
    assert _isolated("שלום（") == "\u2068שלום（\u2069"


def test_words_that_run_from_the_left_stand_as_they_are() -> None:
    assert _isolated("plain words") == "plain words"
    assert _isolated("直接お願いします") == "直接お願いします"


def test_a_time_is_japans_and_a_day_stays_a_day() -> None:
    assert when(datetime(2026, 11, 26, 15, 30, tzinfo=UTC)) == "2026-11-27 00:30"
    assert _day(date(2026, 11, 26)) == "2026-11-26"
    assert _day(datetime(2026, 11, 26, 15, 30, tzinfo=UTC)) == "2026-11-27 00:30"


def test_a_term_of_another_site_is_no_source_of_a_report_to_this_one() -> None:
    def source(ja: str) -> Source:
        return Source(name=Text(ja=ja, en="x"), url="https://example.com/", checked="2026-11-26")

    place = place_on("crowdworks", None)
    assert place is not None
    assert _is_of(source(f"{place.name.ja} 利用規約"), place)
    assert _is_of(source("フリーランス法 第4条"), place)
    assert not _is_of(source("ランサーズ 利用規約"), place)
