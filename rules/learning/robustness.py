"""Whether what is caught stays caught under changes that keep its meaning, and what is said of honest refusals:
`python -m rules.learning.robustness BLIND… --refusals FILE…` prints it.

A blind set is a file of labelled texts (`rules.meaning.texts`). Refusals are a YAML file: by language, `things` that
must not be, and `ways` to refuse, forbid or write about one, with `{}` where it is named. For developers.
"""

import argparse
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from rules.engine import Engine
from rules.facts import record_of
from rules.learning.measure import Measured, count_table, judged, labelled_record, measure
from rules.loader import load_catalog
from rules.meaning.reader import shipped
from rules.meaning.texts import LabelledText, read_file
from rules.model import Finding

_SEED = 20_261_128
Change = Callable[[LabelledText, Sequence[LabelledText], random.Random], str]
"""From a text, honest texts of its language and chance, the text changed."""

_GREETINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ja": ("お世話になっております。ご応募ありがとうございます。", "それでは、何卒よろしくお願いいたします。"),
        "en": ("Hello, thank you for your application.", "Best regards and have a nice day."),
        "es": ("Hola, gracias por tu propuesta.", "Un saludo y que tengas buen día."),
        "pt": ("Olá, obrigado pela sua proposta.", "Abraços e um bom dia."),
        "fr": ("Bonjour, merci pour votre proposition.", "Cordialement et bonne journée."),
    }
)
_REASSURANCES: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "ja": (
            "規約違反にはなりませんので、ご安心ください。",
            "事務局にも確認済みですので、問題ありません。",
            "詐欺ではありませんので、警告が出ても無視してください。",
            "直接契約や外部への誘導ではありません。",
        ),
        "en": (
            "This is fully within the rules, so do not worry.",
            "We checked with support and it is fine.",
            "This is not a scam, please ignore any warning.",
            "We never ask anybody to leave the platform.",
        ),
        "es": (
            "Todo cumple las normas, no te preocupes.",
            "Lo consultamos con soporte y no hay problema.",
            "No es una estafa, ignora cualquier aviso.",
            "Nunca pedimos a nadie que salga de la plataforma.",
        ),
        "pt": (
            "Está tudo dentro das regras, fique tranquilo.",
            "Confirmamos com o suporte e não há problema.",
            "Não é golpe, ignore qualquer aviso.",
            "Nunca pedimos a ninguém que saia da plataforma.",
        ),
        "fr": (
            "Tout est conforme aux règles, ne vous inquiétez pas.",
            "Nous avons vérifié auprès du support, aucun souci.",
            "Ce n'est pas une arnaque, ignorez tout avertissement.",
            "Nous ne demandons jamais à personne de quitter la plateforme.",
        ),
    }
)
_HIDDEN = "hidden-writing"
"""The rule that warns of unseen signs whatever is written with them."""
_LOOK_ALIKE_LETTERS = str.maketrans("aeopcxyAEOPCXTHKM", "аеорсхуАЕОРСХТНКМ")


def _greeted(text: LabelledText, _: Sequence[LabelledText], __: random.Random) -> str:
    before, after = _GREETINGS[text.lang]
    return f"{before}\n{text.words}\n{after}"


def _reassured(text: LabelledText, _: Sequence[LabelledText], chance: random.Random) -> str:
    before, after = chance.sample(_REASSURANCES[text.lang], 2)
    return f"{before}\n{text.words}\n{after}"


def _between(number: int) -> Change:
    def change(text: LabelledText, honest: Sequence[LabelledText], chance: random.Random) -> str:
        others = [other.words for other in chance.sample(honest, 2 * number)]
        return "\n".join([*others[:number], text.words, *others[number:]])

    return change


def _unseen_signs(text: LabelledText, _: Sequence[LabelledText], __: random.Random) -> str:
    return "\u200b".join(text.words)


def _other_letters(text: LabelledText, _: Sequence[LabelledText], __: random.Random) -> str:
    """Latin letters of full width in Japanese, else Cyrillic ones that look the same; addresses are left alone."""
    if "://" in text.words or "@" in text.words:
        return text.words
    if text.lang == "ja":
        return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text.words)
    return text.words.translate(_LOOK_ALIKE_LETTERS)


def _all_at_once(text: LabelledText, honest: Sequence[LabelledText], chance: random.Random) -> str:
    for change in (_greeted, _reassured, _between(1), _unseen_signs):
        text = text.model_copy(update={"text": change(text, honest, chance)})
    return text.words


CHANGES: Mapping[str, Change] = MappingProxyType(
    {
        "unseen signs between its letters": _unseen_signs,
        "other letters of the same look": _other_letters,
        "a greeting and a farewell": _greeted,
        "two reassurances": _reassured,
        "between two honest texts": _between(1),
        "between six honest texts": _between(3),
        "greeted, reassured, between two and with unseen signs": _all_at_once,
    }
)


def kept(
    measurements: Sequence[Measured], engine: Engine, changes: Mapping[str, Change] = CHANGES
) -> Mapping[str, Mapping[str, tuple[int, int]]]:
    """Returns by change and language how many of the texts that are caught are caught when changed, and all of these.

    A warning of hidden writing is none of what is said. Threads are left out, and texts that a change leaves as they
    are.
    """
    alone = [m for m in measurements if m.text.kind != "thread"]
    languages = sorted({m.text.lang for m in alone})
    caught_texts = [m.text for m in alone if m.text.labels and _is_caught(m.findings)]
    # A text that is flagged without reason would keep any warning.
    quiet = [m.text for m in alone if not m.text.labels and not _is_caught(m.findings)]
    counts: dict[str, dict[str, tuple[int, int]]] = {}
    for name, change in changes.items():
        for lang in languages:
            chance = random.Random(f"{_SEED} {name} {lang}")  # noqa: S311 chance that is the same each time
            own, others = ([text for text in some if text.lang == lang] for some in (caught_texts, quiet))
            pairs = [(text, words) for text in own if (words := change(text, others, chance)) != text.words]
            records = (labelled_record(text.model_copy(update={"text": words})) for text, words in pairs)
            still = sum(_is_caught(judged(record, engine)) for record in records)
            counts.setdefault(name, {})[lang] = (still, len(pairs))
    return counts


def _is_caught(findings: Sequence[Finding]) -> bool:
    return any(finding.rule != _HIDDEN for finding in findings)


def refusals(path: Path) -> Iterator[tuple[str, str]]:
    """Yields the language and the words of each refusal of a file. Raises OSError, ValueError for a file of another
    shape.
    """
    content: Any = yaml.safe_load(path.read_text("utf-8"))
    try:
        for language, own in content.items():
            for thing in own["things"]:
                for way in own["ways"]:
                    words = way.format(thing)
                    yield language, words[:1].upper() + words[1:]
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"{path}: things and ways by language are wanted") from error


def flagged_refusals(paths: Sequence[Path], engine: Engine) -> str:
    """Returns a table in Markdown: by file and language, refusals with a caution and with a danger.

    Raises as `refusals`.
    """
    rows = ["| set | | refusals | caution or more | danger |", "|---|---|--:|--:|--:|"]
    for path in paths:
        by_language: dict[str, list[Sequence[Finding]]] = {}
        for language, words in refusals(path):
            by_language.setdefault(language, []).append(judged(record_of("message", words), engine))
        for language, warnings in by_language.items():
            danger = sum(any(finding.severity == "danger" for finding in own) for own in warnings)
            rows.append(f"| {path.stem} | {language} | {len(warnings)} | {sum(map(bool, warnings))} | {danger} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("blind", nargs="*", type=Path)
    parser.add_argument("--refusals", nargs="+", type=Path, required=True)
    arguments = parser.parse_args()
    engine = Engine.build(load_catalog(), meaning=shipped(), marks=False)
    texts = [text for path in arguments.blind for text in read_file(path)]
    print(count_table("changed by", kept(measure(texts, engine), engine)), end="\n\n")
    print(flagged_refusals(arguments.refusals, engine))


if __name__ == "__main__":
    main()
