"""HTML of Koban's own: every value is escaped, and a missing one is an error."""

from pathlib import Path

import jinja2
import pytest

from addon import templating


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(templating, "TEMPLATES", tmp_path)
    templating._environment.cache_clear()
    monkeypatch.setattr(templating, "_environment", templating._environment.__wrapped__)
    return tmp_path


@pytest.mark.parametrize("name", ["page.html", "page.txt"])
def test_values_are_escaped_whatever_the_template_is_called(folder: Path, name: str) -> None:
    (folder / name).write_text('<a title="{{ name }}">{{ name }}</a>\n', encoding="utf-8")
    page = templating.render(name, name='<img src=x onerror="alert(1)">')
    assert "<img" not in page
    assert page.count("&lt;img") == 2
    assert page.endswith("</a>\n")


def test_a_missing_value_is_an_error_and_not_an_empty_place(folder: Path) -> None:
    (folder / "page.html").write_text("{{ name }}", encoding="utf-8")
    with pytest.raises(jinja2.UndefinedError):
        templating.render("page.html")


def test_blocks_leave_no_blank_lines(folder: Path) -> None:
    (folder / "page.html").write_text("<ul>\n  {% for n in rows %}\n<li>{{ n }}</li>\n  {% endfor %}\n</ul>\n", "utf-8")
    assert templating.render("page.html", rows=[1, 2]) == "<ul>\n<li>1</li>\n<li>2</li>\n</ul>\n"


def test_each_template_of_koban_compiles() -> None:
    names = [path.name for path in templating.TEMPLATES.iterdir() if path.suffix == ".html"]
    assert names
    for name in names:
        templating._environment().get_template(name)
