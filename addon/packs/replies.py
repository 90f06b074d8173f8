"""Replies that a pack brings or rewords, `replies/<id>.json`.

The extension ships replies of its own (`extension/src/templates`). One of a pack takes the place of that with its id,
or is one more; the user's own wording lies over both. A user sends it to a stranger in their own name, so it is plain
text that leads nowhere: it holds no link, no address and no number, and nothing that the extension would warn of.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from addon.packs.manifest import PackRefused, first_problem, is_plain
from addon.packs.mistakes import mistakes_in
from rules.lexicon import SUBJECTS
from rules.loader import Catalog
from rules.model import Text
from rules.predicates import email_address, ends_as_host, phone_number
from rules.text import plain

FOLDER = "replies"
MOST_REPLIES = 30
LONGEST_TITLE, LONGEST_TITLE_JA = 60, 20
"""Characters of a title. A letter of Japanese is as wide as two of others."""
LONGEST_TEXT, MOST_LINES = 1_000, 20
_BLANKS = str.maketrans("\u3000\u00a0\u202f", "   ")
"""Blanks that are written in Japanese and French, and that are as good as the one of ASCII."""
_ADDRESS = re.compile(r"[^\W_]\.[^\W\d_]{2}|[a-z0-9]。[a-z]{2}|://|@")
"""A host, in whatever script; the beginning of a URL; an address or a name."""
_FULL_STOP = re.compile(r"[^\W_]。([^\W\d_]{2,20})(?![^\W_])")
"""The ideographic full stop, which is a dot in a host (UTS #46), before a single word."""
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=80)]


class PackReply(BaseModel):
    """The content of `replies/<id>.json`.

    title: its name in a list. text: what the user sends, in Japanese, English and any further language of Koban's.
    answers: risks of warnings beside which it is offered first. carries_out: rules whose advice is to write it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Text
    text: Text
    answers: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    carries_out: Annotated[tuple[Name, ...], Field(max_length=60)] = ()

    @field_validator("title")
    @classmethod
    def _is_a_title(cls, title: Text) -> Text:
        for language, version in _versions(title):
            longest = LONGEST_TITLE_JA if language == "ja" else LONGEST_TITLE
            if not version.strip() or len(version) > longest or not is_plain(version.translate(_BLANKS)):
                raise ValueError(f"{language}: a title is one line of plain text of up to {longest} characters")
            _check_leads_nowhere(language, version)
        return title

    @field_validator("text")
    @classmethod
    def _is_a_message(cls, text: Text) -> Text:
        for language, version in _versions(text):
            lines = version.split("\n")
            is_short = len(version) <= LONGEST_TEXT and len(lines) <= MOST_LINES
            if not version.strip() or not is_short or not all(is_plain(line.translate(_BLANKS)) for line in lines):
                raise ValueError(
                    f"{language}: a text is plain, of up to {LONGEST_TEXT} characters and {MOST_LINES} lines"
                )
            _check_leads_nowhere(language, version)
            if kinds := mistakes_in(version):
                raise ValueError(f"{language}: the extension warns of what it has one write: {', '.join(kinds)}")
        return text


def read_replies(folder: Path) -> Mapping[str, PackReply]:
    """Returns the replies in a pack's folder, by their ids. Raises PackRefused, which names the file."""
    replies: dict[str, PackReply] = {}
    for path in sorted((folder / FOLDER).glob("*.json")):
        place = f"{FOLDER}/{path.name}"
        if len(replies) == MOST_REPLIES:
            raise _refusal([f"{place}: more than {MOST_REPLIES} replies"])
        try:
            replies[path.stem] = PackReply.model_validate_json(path.read_bytes())
        except (ValidationError, OSError) as error:
            raise _refusal([f"{place}: {first_problem(error)}"]) from None
    return replies


def try_replies(folder: Path, catalog: Catalog) -> None:
    """See that a pack's replies answer risks and carry out advice that there are. Raises PackRefused.

    catalog: what ships with the pack laid over it.
    """
    problems = list(problems_of(read_replies(folder), catalog))
    if problems:
        raise _refusal(problems)


def problems_of(replies: Mapping[str, PackReply], catalog: Catalog) -> Iterator[str]:
    """Yield where a reply names a risk or rule that a catalog lacks, a rule without somebody to reply to or of another
    risk, or a rule that another reply carries out: one advice, one reply."""
    rules = {rule.id: rule for rule in catalog.rules}
    risks = {rule.risk for rule in catalog.rules}
    carriers: dict[str, str] = {}
    for id_, reply in replies.items():
        place = f"{FOLDER}/{id_}.json"
        yield from (f"{place}: answers: no risk {risk}" for risk in reply.answers if risk not in risks)
        for name in reply.carries_out:
            rule = rules.get(name)
            if rule is None:
                yield f"{place}: carries_out: no rule {name}"
            elif not any(SUBJECTS[subject].of_a_client for subject in rule.subjects):
                yield f"{place}: carries_out: {name} warns where there is nobody to reply to"
            elif rule.risk not in reply.answers:
                yield f"{place}: answers: not {rule.risk}, the risk of {name}"
            if carriers.setdefault(name, place) != place:
                yield f"{place}: carries_out: {name} is carried out by {carriers[name]}"


def _versions(text: Text) -> Iterator[tuple[str, str]]:
    yield from text.model_dump().items()


def _check_leads_nowhere(language: str, version: str) -> None:
    """Raises ValueError for a text with a link, an address or a number by which somebody is reached."""
    plain_text = plain(version).casefold()
    is_address = _ADDRESS.search(plain_text) is not None or any(
        ends_as_host(f"x.{word}") for word in _FULL_STOP.findall(plain_text)
    )
    if is_address or any(email_address(line) or phone_number(line) for line in version.split("\n")):
        raise ValueError(f"{language}: a reply holds no link, no address and no telephone number")


def _refusal(problems: list[str]) -> PackRefused:
    return PackRefused("返信の文が、正しく書かれていません", "its replies are not as they have to be", problems)
