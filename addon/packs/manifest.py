"""The manifest of a pack, `pack.json`: which channel it is of, its number, and the versions of Koban that it fits."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from extractors.unicode_tables import LOOK_ALIKES, MEANT
from rules.meaning.model import MODELS
from rules.model import Text
from rules.text import plain

FILE = "pack.json"
RULES, MEANING, CLEAN = "rules", "meaning", "tests/clean.jsonl"
"""Parts of a pack."""
HINT = "channel.json"
"""In a bundle, the name of its channel. Nobody signs it: it says only which root to try."""
PROJECT = "koban"
"""The name of the project's own channel, whose packs may change what ships."""
LONGEST_TITLE = 24
"""Characters of a channel's title; also of its name, which stands for the title until its first pack says that."""
_LONGEST_SHOWN = 160
"""Characters of a file's name: those of the longest that a pack may have."""
_OF_THE_PROJECT = (PROJECT, "交番", "公式", "official")
_NOT_OFFICIAL = re.compile("非公式|(?<![a-z])unofficial(?![a-z])")
_DENIAL = re.compile(
    r"""
      (?<![a-z]) (?: n\W*o\W*t | no | non | nor | never | neither | cannot | hardly | former | formerly | ex ) (?![a-z])
    | n't (?![a-z])
    | (?<![a-z]) (?: is | are | was | ai ) nt (?![a-z])
    | longer
    """,
    re.VERBOSE,
)
_DENIAL_JA = re.compile(
    "[でデ][なナもモはハ]|[じぢ]ゃ|[ジヂ]ャ|[なナ][いイくクしシ]|ません|マセン|もはや|モハヤ|[脱元旧無不否]非公式"
)
"""Looked for in a title's letters alone, so that no blank or dot parts them."""
_LOOK_ALIKES = str.maketrans(LOOK_ALIKES, MEANT)
_DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)\d", re.IGNORECASE)
_MARKUP = re.compile(r"[<>&{}\[\]`\\]")

_OF_OTHERS = re.compile(r"pack\.json|rules/(?:catalog|terms)/.*|tests/clean\.jsonl")
"""Files of a channel that is not the project's: it adds rules of its own, and changes nothing."""
_FILES = re.compile(
    r"""
      pack\.json
    | rules/catalog/[a-z]+/[a-z0-9]+(?:-[a-z0-9]+)*\.yaml
    | rules/terms/[a-z][a-z0-9_]*\.yaml
    | rules/(?:sources|groups)\.yaml
    | rules/renames\.json
    | meaning/(?:"""
    + "|".join(MODELS)
    + r""")\.model
    | (?:markup|sites)/[a-z][a-z0-9]{1,30}\.json
    | replies/[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.json
    | tests/clean\.jsonl
    | tests/pages/[a-z][a-z0-9]{1,30}/[a-z-]{1,40}/[a-z0-9-]{1,60}/(?:page\.html|page\.json|url\.txt|expected\.json)
    """,
    re.VERBOSE,
)


class PackRefused(Exception):
    """A pack that is not taken. reason: why, in both languages. problems: of its files, as `file:line: reason`."""

    def __init__(self, ja: str, en: str, problems: Sequence[str] = ()) -> None:
        super().__init__(en, *problems)
        self.reason = Text(ja=ja, en=en)
        self.problems = tuple(problems)


def is_device(name: str) -> bool:
    """Whether Windows takes a file of this name for a device, whatever its ending: what is written there is lost."""
    return _DEVICE.fullmatch(name.partition(".")[0]) is not None


def is_plain(text: str) -> bool:
    """Whether a text can be shown anywhere as it is: no markup, no placeholder, no sign that is not drawn."""
    return not _MARKUP.search(text) and all(sign.isprintable() for sign in text)


def shown_name(name: str) -> str:
    """Returns the name of a file as a refusal may show it: `?` for one that cannot be shown as it is, or is long."""
    return name if is_plain(name) and len(name) <= _LONGEST_SHOWN else "?"


def _short_and_plain(title: Text) -> Text:
    for text in (title.ja, title.en):
        if not text.strip() or len(text) > LONGEST_TITLE or not is_plain(text):
            raise ValueError(f"a title is plain text of up to {LONGEST_TITLE} characters")
    return title


def _no_device(name: str) -> str:
    if is_device(name):
        raise ValueError("Windows has a device of that name")
    return name


ChannelName = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$", max_length=LONGEST_TITLE), AfterValidator(_no_device)
]
ChannelTitle = Annotated[Text, AfterValidator(_short_and_plain)]
VersionNumber = Annotated[str, Field(pattern=r"^\d{1,4}(\.\d{1,4}){0,3}$")]


class KobanVersions(BaseModel):
    """The versions of Koban that a pack fits: from one, to before another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at_least: VersionNumber
    below: VersionNumber

    @model_validator(mode="after")
    def _are_some(self) -> Self:
        if not is_newer(self.below, than=self.at_least):
            raise ValueError("no version is from the one to before the other")
        return self

    def contain(self, version: str) -> bool:
        """Whether a version is one of these; what follows its numbers (`1.2.0rc1`) does not count."""
        return _numbers(self.at_least) <= _numbers(version) < _numbers(self.below)


def is_newer(version: str, than: str) -> bool:
    """Whether a version comes after another; what follows its numbers (`1.2.0rc1`) does not count."""
    return _numbers(version) > _numbers(than)


def _numbers(version: str) -> tuple[int, ...]:
    """Returns the numbers of a version without zeros at its end, so that 1.2 and 1.2.0 are one."""
    begin = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(number) for number in begin[0].split(".")] if begin else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


class Manifest(BaseModel):
    """The content of `pack.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    channel: ChannelName
    version: Annotated[int, Field(strict=True, ge=1, le=1_000_000_000)]
    """Counts up; a higher one takes the place of a lower one."""
    title: ChannelTitle
    """The channel's name as people read it; it stands on every warning of a channel that is not the project's."""
    koban: KobanVersions
    newest: VersionNumber | None = None
    """The newest version of Koban when the pack was made. The project's alone counts."""


def first_problem(error: ValidationError | OSError, whole: str = "file") -> str:
    """Returns what is wrong first with a file of a pack, as `field: reason`. whole: the name of what has no field."""
    if isinstance(error, OSError):
        return error.strerror or "not read"
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or whole}: {first['msg']}"


def manifest_of(files: Mapping[str, bytes]) -> Manifest:
    """Returns the manifest among a pack's files, by name. Raises PackRefused, also where there is none."""
    if FILE not in files:
        raise PackRefused(f"{FILE} がありません", f"it has no {FILE}")
    return read_manifest(files[FILE])


def read_manifest(data: bytes) -> Manifest:
    """Read `pack.json`. Raises PackRefused."""
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"])) or FILE
        raise PackRefused(
            f"{FILE} が正しくありません（{place}: {first['type']}）", f"{FILE} is not valid ({place}: {first['type']})"
        ) from None


def check_name(name: str) -> None:
    """See that a file's name is one that a pack may have. Raises PackRefused.

    A pack is data: no program, no path out of its folder, and no descriptor of a site (`site.toml`), since that names
    the hosts which the authority may sign for. Only the user's own consent and a release of Koban change those.
    """
    if PurePosixPath(name).name == "site.toml":
        raise PackRefused(
            "サイトの定義（site.toml）が入っています。通信を確認する相手は、パックでは増やせません",
            "it holds a site.toml: a pack never adds a host whose traffic is looked into",
        )
    if not _FILES.fullmatch(name) or any(map(is_device, name.split("/"))):
        plain_name = shown_name(name)
        raise PackRefused(
            f"パックに入れられないファイルがあります: {plain_name}", f"a pack holds no such file: {plain_name}"
        )


def claims_the_project(name: str) -> bool:
    """Whether a channel's name or title says that it is the project's own, in whatever letters.

    One that says that it is not (非公式, unofficial) claims nothing, where that is one word (“UN official” is none) and
    where nothing in the title denies it (“not unofficial”). A denial of anything else counts too: that refuses a few
    honest titles, and lets none pass that says the opposite.
    """
    plain_text = plain(name).translate(_LOOK_ALIKES).casefold()
    is_denied = _DENIAL.search(plain_text) or _DENIAL_JA.search(re.sub(r"[\W_]", "", plain_text))
    compact_text = "".join((plain_text if is_denied else _NOT_OFFICIAL.sub(" ", plain_text)).split())
    return any(word in compact_text for word in _OF_THE_PROJECT)


def check_reach(manifest: Manifest, names: Iterable[str]) -> None:
    """See that a pack of another channel adds rules of its own, and changes nothing else. Raises PackRefused.

    Its rules and vocabularies begin with the channel's name, so that none takes the place of another's; its title,
    which stands on its warnings, is not the project's.
    """
    if manifest.channel == PROJECT:
        return
    for title in (manifest.title.ja, manifest.title.en):
        if claims_the_project(title):
            raise PackRefused(
                f"公式のチャンネルを名乗っています: {title}", f"its title claims to be the project's: {title}"
            )
    for name in names:
        path = PurePosixPath(name)
        is_term = path.parts[:2] == ("rules", "terms")
        begin = f"{manifest.channel.replace('-', '_')}_" if is_term else f"{manifest.channel}-"
        is_rule = path.parts[0] == "rules"
        if not _OF_OTHERS.fullmatch(name) or (is_rule and not path.name.startswith(begin)):
            raise PackRefused(
                f"公式でないチャンネルのパックには、「{begin}」で始まる名前のルールだけを入れられます: {name}",
                f"a pack of this channel holds only rules whose names begin with “{begin}”: {name}",
            )
