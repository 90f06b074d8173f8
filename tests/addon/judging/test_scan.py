"""Saved pages and texts: which files are read, their address, and what is unusable."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.judging.check import Checker
from addon.judging.scan import (
    BareText,
    Scanned,
    Unusable,
    files_under,
    judge_texts,
    read_page,
    scan_file,
    scan_lines,
    value_of_line,
)
from addon.judging.scan_rules import ScanRules, shipped_rules
from tests.addon.judging.scanned import scan_line

DANGEROUS = "手数料がもったいないので、次回からは直接契約でお願いできますか。"
URL = "https://crowdworks.jp/public/jobs/1"


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("<p>x", "utf-8")


def test_of_a_folder_pages_and_texts_are_read_in_order_and_others_counted(tmp_path: Path) -> None:
    touch(tmp_path, "b.html", "a/page.json", "a/url.txt", "note.TXT", "song.mp3", "x.mp3")
    inputs = files_under([tmp_path])
    assert [str(file.relative_to(tmp_path)) for file in inputs.files] == ["a/page.json", "b.html", "note.TXT"]
    assert dict(inputs.others) == {".mp3": 2}
    assert inputs.empty == []


def test_what_a_browser_put_beside_a_page_is_none_of_the_users(tmp_path: Path) -> None:
    touch(tmp_path, "offer.html", "offer_files/frame.html", "other_files/frame.html")
    names = [str(file.relative_to(tmp_path)) for file in files_under([tmp_path]).files]
    assert names == ["offer.html", "other_files/frame.html"]


def test_a_named_file_is_taken_whatever_it_is_and_an_empty_folder_is_said(tmp_path: Path) -> None:
    touch(tmp_path, "x.png")
    (tmp_path / "empty").mkdir()
    inputs = files_under([tmp_path / "x.png", tmp_path / "empty"])
    assert inputs.files == [tmp_path / "x.png"]
    assert inputs.empty == [tmp_path / "empty"]


def test_the_address_is_the_given_one_else_the_one_beside_else_the_pages_own(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(f'<link rel="canonical" href="{URL}">', "utf-8")

    def address(url: str | None = None) -> str | None:
        read = read_page(page, url)
        return None if read is None else read.url

    assert address() == URL
    (tmp_path / "url.txt").write_text("https://lancers.jp/work/detail/1\n", "utf-8")
    assert address() == "https://lancers.jp/work/detail/1"
    assert address("https://example.com/") == "https://example.com/"
    touch(tmp_path, "other.html")
    assert read_page(tmp_path / "other.html", None) is None


def test_a_text_is_a_message_and_a_page_without_address_is_not_checked(tmp_path: Path, checker: Checker) -> None:
    (tmp_path / "a.txt").write_text(DANGEROUS, "utf-8")
    touch(tmp_path, "b.html")
    assert scan_file(tmp_path / "a.txt", ScanRules(checker)).verdict.state == "danger"
    unknown = scan_file(tmp_path / "b.html", ScanRules(checker)).verdict
    assert (unknown.state, unknown.reason) == ("not-checked", "no-address")


def test_a_file_and_a_line_name_the_same_risks(tmp_path: Path) -> None:
    text = (
        "使っていない銀行口座を1つ3万円で買い取ります。ネット銀行なら4万円。"
        "キャッシュカードと暗証番号を郵送していただくだけです。"
    )
    (tmp_path / "a.txt").write_text(text, "utf-8")
    rules = shipped_rules()
    line = json.dumps({"id": "1", "kind": "message", "text": text}).encode()
    verdicts = [scan_file(tmp_path / "a.txt", rules).verdict, scan_line(line, rules).verdict]
    named = [sorted(finding.rule for finding in verdict.findings) for verdict in verdicts]
    assert len(named[0]) == 2
    assert named[0] == named[1]


@pytest.mark.parametrize(("name", "content"), [("x.png", b""), ("x.txt", b"a\0b"), ("x.mhtml", b"")])
def test_an_unusable_file_is_named(tmp_path: Path, checker: Checker, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unusable, match=name):
        scan_file(tmp_path / name, ScanRules(checker))
    with pytest.raises(Unusable, match="missing"):
        scan_file(tmp_path / "missing.txt", ScanRules(checker))


def test_a_line_is_judged_under_its_id_with_what_it_says_of_its_place(checker: Checker) -> None:
    line = {"id": 7, "kind": "message", "text": DANGEROUS, "site": "crowdworks", "extra": 1}
    scanned = scan_line(json.dumps(line).encode(), ScanRules(checker))
    assert (scanned.key, scanned.name, scanned.verdict.state) == ("id", 7, "danger")
    elsewhere = scan_line(
        json.dumps({**line, "kind": "job", "text": "x", "site": "unknown"}).encode(), ScanRules(checker)
    )
    assert elsewhere.verdict.state != "danger"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (b"5", "line: "),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": 1, "kind": "poem", "text": "x"}', "kind: "),
        (b'{"kind": "job", "text": "x"}', "id: "),
    ],
)
def test_an_unusable_line_is_named_by_its_place_and_not_quoted(line: bytes, reason: str, checker: Checker) -> None:
    good = json.dumps({"id": 1, "kind": "message", "text": DANGEROUS}).encode()
    unusable, judged = scan_lines([(line, "in:3"), (good, "in:4")], ScanRules(checker))
    assert isinstance(unusable, Unusable)
    assert str(unusable).startswith("in:3: ")
    assert reason in str(unusable)
    assert "poem" not in str(unusable)
    assert isinstance(judged, Scanned), "the lines after it are judged"


def test_what_cannot_be_read_is_told_in_the_terminals_language(
    tmp_path: Path, checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOBAN_LANG", "ja")
    (tmp_path / "notes.xyz").write_bytes(b"x")
    with pytest.raises(Unusable, match="読めない種類のファイルです"):
        scan_file(tmp_path / "notes.xyz", ScanRules(checker))
    with pytest.raises(Unusable, match="保存したページではありません"):
        read_page(tmp_path / "notes.xyz", None)
    with pytest.raises(Unusable, match=r"^JSONではありません"):
        value_of_line(b"{")


def test_without_marks_a_verdict_is_the_same_but_for_the_marked_words() -> None:
    entry = BareText(
        kind="message",
        text="お代も全額そのままお渡しできますし。",
    )
    now = datetime(2026, 11, 27, tzinfo=UTC)
    marked, bare = (judge_texts([entry], shipped_rules(marks=marks), now=now)[0] for marks in (True, False))
    words = [quote.marked for finding in marked.findings for quote in finding.evidence]
    assert any(words), "meaning says which words weigh most"
    assert not any(quote.marked for finding in bare.findings for quote in finding.evidence)
    assert str(marked.model_dump()).replace(str(words[0]), "()") == str(bare.model_dump())
