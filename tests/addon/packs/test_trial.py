"""A pack is tried before it is taken; what would warn falsely, or no more, is refused with the place."""

import sys
from pathlib import Path

import pytest

from addon.packs.manifest import PackRefused
from addon.packs.trial import _limit, meaning_of, try_apart, try_out
from addon.state.paths import FilePatternCache
from rules.loader import SHIPPED_RULES
from rules.meaning import model
from rules.meaning.reader import MeaningReader
from tests.addon.packs.making import RULE, RULE_FILE, lay, manifest, pack, small_catalog

CLEAN = '{"message": {"author_role": "client", "body": "ツバメ通信の表紙を描いてください。"}}\n'


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_catalog(tmp_path_factory.mktemp("below"))


def refusal(folder: Path, below: Path, cache: FilePatternCache, channel: str = "koban") -> PackRefused:
    with pytest.raises(PackRefused) as refused:
        try_out(folder, manifest(channel=channel), [below], cache=cache)
    return refused.value


def test_a_pack_that_does_as_it_says_is_taken(tmp_path: Path, below: Path, patterns: FilePatternCache) -> None:
    try_out(lay(tmp_path, pack()), manifest(), [below], cache=patterns)


def test_examples_that_do_not_hold_refuse_it(tmp_path: Path, below: Path, patterns: FilePatternCache) -> None:
    lay(tmp_path, pack(rule=RULE.replace("says: ['ツバメ通信', ", "says: [")))
    reason = refusal(tmp_path, below, patterns)
    assert reason.reason.en == "its rules do not do as their examples say"
    assert len(reason.problems) == 2
    assert reason.problems[0].endswith("swallow-club is silent and should fire")


def test_a_danger_on_the_clean_set_refuses_it(tmp_path: Path, below: Path, patterns: FilePatternCache) -> None:
    lay(tmp_path, pack(more={"tests/clean.jsonl": CLEAN}))
    reason = refusal(tmp_path, below, patterns)
    assert (reason.reason.en, reason.problems) == (
        "it calls a harmless text a danger",
        ("tests/clean.jsonl:1: swallow-club",),
    )


def test_a_danger_on_what_the_rules_below_call_harmless_refuses_it(
    tmp_path: Path, below: Path, patterns: FilePatternCache
) -> None:
    lay(tmp_path, pack(rule=RULE.replace("says: ['ツバメ通信'", "says: ['直接取引', 'ツバメ通信'")))
    reason = refusal(tmp_path, below, patterns)
    assert reason.reason.en == "it calls a harmless text a danger"
    assert "swallow-club" in reason.problems[0]


def test_a_rule_that_would_silence_what_is_a_danger_now_refuses_it(
    tmp_path: Path, below: Path, patterns: FilePatternCache
) -> None:
    same = (below / "catalog/contract/direct-contract.yaml").read_text()
    for number, rule in enumerate((RULE, same.replace("status: stable", "status: experimental"))):
        folder = lay(tmp_path / f"{number}", pack(more={"rules/catalog/contract/direct-contract.yaml": rule}))
        assert refusal(folder, below, patterns).reason.en == "it is silent on texts that are called a danger now"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("'ツバメ通信'", "'(a{0,30}){0,30}.*b'", "unbounded *"),
        ("'ツバメ通信'", "'(?<=a)b'", "only (?:…) groups"),
        ("en: The terms may forbid it.", "en: <img src=x onerror=alert(1)>", "reason has markup"),
        ("when:", "when: &all\n  - *all\nwhen2:", "an alias that holds itself"),
        ("when:", "a: " + "[" * 90_000 + "\nwhen:", "nested too deep"),
        ('"https://example.com/terms"', '"javascript:alert(1)"', "a source has an https address"),
        ("status: stable", "status: stable\npredicate: os.system", "unknown field"),
    ],
    ids=["unbounded", "lookbehind", "html", "alias", "depth", "address", "field"],
)
def test_hostile_pack_rules_go_through_the_rules_own_reader_and_checks(
    tmp_path: Path, below: Path, patterns: FilePatternCache, old: str, new: str, problem: str
) -> None:
    lay(tmp_path, pack(rule=RULE.replace(old, new, 1)))
    reason = refusal(tmp_path, below, patterns)
    assert any(problem in each for each in reason.problems), reason.problems
    assert reason.problems[0].startswith(f"{RULE_FILE}:"), "not in a folder that is gone by then"


def test_hostile_pack_another_channel_changes_nothing_but_adds(
    tmp_path: Path, below: Path, patterns: FilePatternCache
) -> None:
    try_out(lay(tmp_path / "1", pack(channel="union")), manifest(channel="union"), [below], cache=patterns)
    for number, name in enumerate(
        ("rules/catalog/contract/direct-contract.yaml", "rules/sources.yaml", "rules/renames.json", "meaning/x")
    ):
        folder = lay(tmp_path / f"1{number}", pack(channel="union", more={name: RULE}))
        assert "begin with" in refusal(folder, below, patterns, "union").reason.en


def test_hostile_pack_a_model_that_is_none_is_refused(tmp_path: Path, below: Path, patterns: FilePatternCache) -> None:
    lay(tmp_path, pack(more={"meaning/japanese.model": "x"}))
    reason = refusal(tmp_path, below, patterns)
    assert reason.problems == (
        "japanese.model: damaged, or too large",
        "english.model: missing",
        "romance.model: missing",
    )


def test_models_for_which_memory_lacks_are_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(MeaningReader, "load", load)
    (tmp_path / "meaning").symlink_to(model.FOLDER)
    with pytest.raises(MemoryError):
        meaning_of(tmp_path)


@pytest.mark.slow
def test_hostile_pack_one_that_takes_too_long_or_ends_what_tries_it_is_refused(tmp_path: Path, below: Path) -> None:
    with pytest.raises(PackRefused, match="too long"):
        try_apart(lay(tmp_path, pack()), manifest(), [below], patience=0)
    with pytest.raises(PackRefused, match="has ended"):
        # An error that nobody thought of: there is no catalog below.
        try_apart(tmp_path, manifest(), [tmp_path / "nothing"])


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere its time alone has a bound")
def test_hostile_pack_one_that_takes_too_much_memory_is_refused(tmp_path: Path, below: Path) -> None:
    with pytest.raises(PackRefused, match="memory"):
        try_apart(lay(tmp_path, pack()), manifest(), [below], memory=1_000_000)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.parametrize(("platform", "kinds"), [("linux", {"RLIMIT_CPU", "RLIMIT_AS"}), ("darwin", {"RLIMIT_CPU"})])
def test_hostile_pack_a_trial_that_nobody_waits_for_has_limits(
    monkeypatch: pytest.MonkeyPatch, platform: str, kinds: set[str]
) -> None:
    import resource

    limits: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr(Path, "read_text", lambda _: "1 1 1")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (80, 100))
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    _limit(1_000)
    assert limits == {getattr(resource, kind): (80, 80) for kind in kinds}, "never above what it was"


def test_where_the_system_knows_no_such_limits_none_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setitem(sys.modules, "resource", None)
    _limit(1_000)


@pytest.mark.slow
def test_a_pack_is_tried_over_the_shipped_catalog_in_a_process_of_its_own(tmp_path: Path) -> None:
    try_apart(lay(tmp_path, pack()), manifest(), [SHIPPED_RULES])


def test_terms_by_which_an_example_no_longer_holds_refuse_it(
    tmp_path: Path, below: Path, patterns: FilePatternCache
) -> None:
    lay(tmp_path, pack(more={"sites/lancers.json": '{"outside_contact": "forbidden"}'}))
    (problem,) = refusal(tmp_path, below, patterns).problems
    assert problem.endswith("messenger-link fires and should be silent")
    try_out(lay(tmp_path / "next", pack()), manifest(), [below], cache=patterns)
