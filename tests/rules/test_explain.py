"""Explanations of one rule on one text: the branches, their words, and the meaning."""

from collections.abc import Callable
from pathlib import Path

import pytest

from addon.state.paths import FilePatternCache
from rules.explain import Explanation, explain
from rules.loader import Catalog
from rules.matching import UncompilablePattern
from rules.meaning.reader import shipped
from rules.patterns import branches
from rules.rule import Condition
from rules.sentences import LONGEST_SENTENCE
from rules.testing import trials

Explained = Callable[[str, str], Explanation]


@pytest.fixture
def explained(catalog: Catalog, patterns: FilePatternCache) -> Explained:
    def explanation(rule_id: str, text: str) -> Explanation:
        rule = catalog.rule(rule_id)
        assert rule is not None
        return explain(rule, text, catalog, subject="message", cache=patterns, meaning=shipped())

    return explanation


@pytest.mark.slow
def test_a_branch_is_shown_with_its_words(explained: Explained) -> None:
    explanation = explained("work-before-escrow", "仮払いはまだですが、先に作業を始めてください。")
    assert explanation.finding is not None
    shown = {(b.key, b.branch, b.words) for o in explanation.conditions if o.holds for b in o.branches}
    assert ("says", "先に", "先に") in shown
    assert ("with", "{begin_ja}: 始め(?:て|ちゃ|られ|てお)", "始めて") in shown
    assert explanation.warnings[0][0] == "work-before-escrow"
    assert explanation.sentences[0].probability > 0.9


@pytest.mark.slow
def test_what_silences_a_condition_is_shown(explained: Explained) -> None:
    explanation = explained("direct-contract", "産地の農家と直接契約する通販サイトの記事です")
    assert explanation.finding is None
    (outcome,) = [o for o in explanation.conditions if any(b.key == "says" for b in o.branches)]
    assert not outcome.holds
    assert outcome.place.startswith("rules/catalog/contract/direct-contract.yaml:")
    assert ("unless", "農家と直接") in {(b.key, b.words) for b in outcome.branches}


@pytest.mark.slow
def test_disguised_words_are_shown_as_they_are_read(explained: Explained) -> None:
    explanation = explained("direct-contract", "直・接・契・約でお願いできますか")
    assert explanation.finding is not None
    assert any(b.words == "直接契約" for o in explanation.conditions for b in o.branches)


@pytest.mark.slow
@pytest.mark.parametrize("rule_id", ["direct-contract", "little-known-client", "hidden-writing", "asked-again"])
def test_every_kind_of_condition_is_named(explained: Explained, rule_id: str) -> None:
    explanation = explained(rule_id, "こんにちは")
    assert explanation.finding is None
    assert all(outcome.asks for outcome in explanation.conditions)


@pytest.mark.slow
def test_an_explanation_agrees_with_the_engine(catalog: Catalog, patterns: FilePatternCache) -> None:
    """On examples that are one message and nothing else."""
    rule = catalog.rule("messenger-invitation")
    assert rule is not None
    own = [t for t in trials(catalog) if t.rule == rule and t.example.records == (t.example.message,)]
    tried = [next(trial for trial in own if trial.kind == kind) for kind in ("fires", "silent")]
    for trial in tried:
        message = trial.example.message
        assert message is not None
        site = trial.example.site
        explanation = explain(rule, message.body or "", catalog, site=site, cache=patterns, meaning=shipped())
        assert (explanation.finding is not None) == (trial.kind == "fires"), trial.place


@pytest.mark.slow
def test_attack_03_no_piece_of_a_sentence_that_was_cut_is_said_to_be_refuted(explained: Explained) -> None:
    """Judging contradicts none; by its own meaning the short piece with the trap would be."""
    text = "Écrivez-moi sur Telegram pour la suite"
    padding = ("いろはにほへとちりぬるを" * 60)[: LONGEST_SENTENCE - 1]
    explanation = explained("messenger-invitation", f"{padding} {text}")
    assert explanation.finding is not None
    assert len(explanation.sentences) > 1
    assert not any(sentence.refuted for sentence in explanation.sentences)


@pytest.mark.slow
def test_issue_19_words_that_are_hardly_refuted_are_not_said_to_be(
    catalog: Catalog, patterns: FilePatternCache
) -> None:
    rule = catalog.rule("threats-and-insults")
    assert rule is not None
    for refutable in (True, False):
        words = Condition.model_validate({"words": {"says": ["quit"], "refutable": refutable}})
        changed = rule.model_copy(update={"when": (words,), "cases": ()})
        text = "If you quit before the end, you will pay a penalty of 300 USD."
        explanation = explain(changed, text, catalog, subject="message", cache=patterns, meaning=shipped())
        assert explanation.sentences[0].refuted is refutable
        assert (explanation.finding is None) is refutable


@pytest.mark.slow
def test_what_was_compiled_once_is_not_compiled_again(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = catalog.rule("threats-and-insults")
    assert rule is not None
    words = Condition.model_validate({"words": {"says": ["quit"], "unless": ["a job"]}})
    changed, cache = rule.model_copy(update={"when": (words,), "cases": ()}), FilePatternCache(tmp_path)
    first = explain(changed, "hello", catalog, subject="message", cache=cache)
    monkeypatch.setattr("rules.matching._compile", None)
    assert explain(changed, "hello", catalog, subject="message", cache=cache) == first


@pytest.mark.slow
def test_a_branch_too_large_to_be_located_is_shown_with_its_sentence(
    explained: Explained, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is to say where a match begins has a narrower bound than one that is not."""

    def too_large(pattern: str, line: bytes) -> None:
        raise UncompilablePattern(0, "Pattern is too large.")

    monkeypatch.setattr("rules.explain.longest_match", too_large)
    explanation = explained("direct-contract", "直接契約でお願いします。")
    words = {branch.words for outcome in explanation.conditions for branch in outcome.branches}
    assert words == {"直接契約でお願いします。"}


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("a|b", ["a", "b"]),
        ("a(?:b|c)", ["a(?:b|c)"]),
        ("(?:a|b(?:c|d))", ["a", "b(?:c|d)"]),
        ("(a)(b)|[|(]x", ["(a)(b)", "[|(]x"]),
        ("a\\|b", ["a\\|b"]),
        ("{own}", ["{own}: x", "{own}: y{own}"]),
        ("{own}z", ["{own}z"]),
        ("{absent}", ["{absent}"]),
    ],
)
def test_branches(pattern: str, names: list[str]) -> None:
    assert [name for name, _ in branches(pattern, {"own": ["x|y{own}"]})] == names
