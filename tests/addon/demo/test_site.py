"""The drawing of the marketplace's pages: escaped, and a missing value is an error, not a gap."""

import json

import pytest
from jinja2 import UndefinedError

from addon.demo.site import JSON, json_answer, page, yen
from addon.demo.site import _templates as templates


def test_an_amount_is_written_as_the_sites_do() -> None:
    assert (yen(12_000.0), yen(980)) == ("12,000円", "980円")


def test_json_holds_nothing_that_html_could_take_for_its_own() -> None:
    answer = json_answer({"body": "</script><b>&amp;", "ja": "仕事"})
    assert answer.content_type == JSON
    assert not set(b"<>&") & set(answer.body)
    assert json.loads(answer.body) == {"body": "</script><b>&amp;", "ja": "仕事"}
    assert "仕事" in answer.body.decode()


def test_values_are_escaped_lines_stay_lines_and_data_is_json_in_an_attribute() -> None:
    drawn = templates().from_string("{{ a }}|{{ b | lines }}|{{ c | data }}").render(a="<b>", b="x<\ny", c={"n": "<"})
    assert drawn == "&lt;b&gt;|x&lt;<br>y|{&#34;n&#34;:&#34;\\u003c&#34;}"


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        page("templates/index.html")
