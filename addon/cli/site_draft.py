"""The first draft of a marketplace's folder, and what of a site is still to be filled in."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from extractors.descriptor import FILE, UNFINISHED, SiteDescriptor
from rules.model import FURTHER_LANGUAGES
from rules.translations import file_of, translations

_SECTION = re.compile(r"\s*\[+([^\]]+)\]+\s*(?:#.*)?$")
_KEY = re.compile(r'\s*("?[\w.]+"?)\s*=')


def write_draft(root: Path, name: str, host: str) -> list[Path]:
    """Write the files of a new site below a source tree. Returns their paths.

    Raises FileExistsError where the site, or a page of it, is there already.
    """
    places = {"name": name, "title": name.capitalize(), "host": host, "domain": host.removeprefix("www.")}
    package, page = root / "extractors" / name, root / "tests" / "pages" / name / "job" / "first"
    imports = (f"from extractors.{name}.job_page import JobPage", "from extractors.page import PageExtractor")
    texts = {
        package / FILE: _DESCRIPTOR.format(**places),
        package / "__init__.py": _SITE.format(**places, imports="\n".join(sorted(imports))),
        package / "job_page.py": _JOB_PAGE.format(**places),
        page / "page.html": _PAGE,
        page / "url.txt": f"https://{host}/jobs/1\n",
        page / "expected.json": _EXPECTED.format(**places),
    }
    for folder in (package, page):
        if folder.exists():
            raise FileExistsError(folder)
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(texts)


def unfinished(root: Path, name: str, kinds: Collection[str]) -> Iterator[str]:
    """Yields the unfinished places of a site, as `file:line: field: text`, in the order of the files.

    root: the source tree. kinds: the kinds of pages that the site's extractors read.
    """
    pages, clean = root / "tests" / "pages" / name, root / "tests" / "clean" / name
    for folder in (root / "extractors" / name, pages, clean, root / "addon" / "demo" / name):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in _TEXTS):
            yield from (f"{path.relative_to(root).as_posix()}:{place}" for place in _places(path))
    for kind in kinds:
        if not any((pages / kind).glob("*/expected.json")):
            yield f"{(pages / kind).relative_to(root).as_posix()}: a page with its url.txt and expected.json"
    if not any(clean.glob("*/*/url.txt")):
        place = clean.relative_to(root).as_posix()
        yield f"{place}: a page with nothing to warn of: <kind>/<case>/page.html and url.txt"


def unsaid(site: SiteDescriptor) -> Iterator[str]:
    """Yields what further languages do not say yet of a site's own words, as `file: English text`."""
    for language in FURTHER_LANGUAGES:
        texts = translations(language)
        for text in site.own_words:
            if texts is not None and texts.of(text) is None and not text.startswith(UNFINISHED):
                yield f"rules/texts/{file_of(language).name}: {text}"


_TEXTS = frozenset({".toml", ".py", ".html", ".json", ".txt"})


def _places(path: Path) -> Iterator[str]:
    """The unfinished places of a file, each with its line, and its field where the file is a descriptor."""
    section, comment = "", None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        before, mark, what = line.partition(UNFINISHED)
        if path.suffix != ".toml":
            if mark:
                yield f"{number}: {_plain(what)}"
            continue
        if heading := _SECTION.fullmatch(line):
            section = heading[1] + "."
        field = _KEY.match(line)
        if mark and before.lstrip().startswith("#"):
            comment = _plain(what)  # of the key that follows
        elif comment is not None and line.startswith("# "):
            comment += " " + _plain(line[2:])
        elif field is not None and (mark or comment is not None):
            yield f"{number}: {section}{field[1]}: {comment if comment is not None else _plain(what)}"
            comment = None


def _plain(text: str) -> str:
    return text.split("-->")[0].strip(" \"',]}")


_DESCRIPTOR = """\
# {title}: what Koban knows of it, apart from its pages. The keys: extractors/descriptor.py.
id = "{name}"
# TODO: every host that its pages and their data come from
hosts = ["{host}"]
# TODO: every domain that is its own, such as that of its help; a link to any other leaves the site
own_domains = ["{domain}"]
# TODO: true where the id is a name that an address can imitate, false where it is an ordinary word
imitable = false
# TODO: what its terms say of contact outside of it: one of OutsideContact in extractors/descriptor.py
outside_contact = "unstated"
# TODO: what its terms say of contracts and payment outside of it: forbidden or unstated
outside_payment = "unstated"
# TODO: true where the client's number of offers includes the one that the page shows
counts_present_offer = false
help_url = "TODO: the address of its help, or delete this line"

[name]
ja = "TODO: its name in Japanese"
en = "TODO: its name in English"

[operator]
ja = "TODO: whom to turn to, such as {title}の事務局"
en = "TODO: whom to turn to, such as {title}'s support"

[[deadlines]]
# TODO: after how many days it accepts delivered work by itself, and what else ends by itself; delete the section where
# no term says so
event = "delivered"
answers = "client"
days = 14
otherwise = "accepted"
source = "TODO: the address of that term"
# TODO: the day on which that was read
checked = 2026-01-01

[[report_ways]]
kinds = []
ja = "TODO: which of its buttons reports, in a sentence; delete the section where nobody has verified it"
en = "TODO: the same in English"
source = "TODO: the address where it says so"
# TODO: the day on which that was read
checked = 2026-01-01

# All four steps are needed. A label that nobody has seen is a guess: its certainty says so.
[steps.apply]
labels = ["TODO:the-label-of-the-button-that-applies"]
certainty = "assumed"

[steps.agree]
labels = ["TODO:the-label-of-the-button-that-agrees-to-a-contract"]
certainty = "assumed"

[steps.deliver]
labels = ["TODO:the-label-of-the-button-that-delivers"]
certainty = "assumed"

[steps.send]
labels = ["送信", "送信する", "送る", "メッセージを送信", "メッセージを送る", "返信", "返信する", "投稿する"]
certainty = "assumed"

[field_labels]
"client.rating" = ["TODO: what it writes beside the client's rating, or delete this line"]
"""

_SITE = '''"""{title}, https://{host}."""

{imports}

PAGES: tuple[PageExtractor, ...] = (JobPage(),)
'''

_JOB_PAGE = '''"""A job's own page."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.document import Document
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parts import Part, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Job

# TODO: the path of a job's page
_PATH = re.compile(r"/jobs/(\\d{{1,12}})/?")


def _number(part: Part) -> str | None:
    match = _PATH.fullmatch(part.document.page.location.path)
    return match[1] if match else None


# TODO: where each field stands in the page, and how that is known
JOB_FIELDS = {{
    "id": (Reader[Part]("url", _number, "assumed"),),
    "url": (Reader[Part]("url", lambda part: f"https://{host}/jobs/{{_number(part)}}", "assumed"),),
    "title": (words("h1", certainty="assumed"),),
    "body": (Reader[Part](".description", lambda part: part.text(".description"), "assumed"),),
    "links": (Reader[Part](".description", lambda part: links_in(part.text(".description")), "assumed"),),
}}
CLIENT_FIELDS = {{
    "name": (words(".client", certainty="assumed"),),
}}


class JobPage:
    kind: PageKind = "job"
    examples: Sequence[str] = ("https://{host}/jobs/1",)
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return _PATH.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The job. Raises PageChanged where title or description has no reader."""
        part = Part(Document(page))
        values = read_fields(part, JOB_FIELDS)
        missing = [f"job.{{name}}" for name in ("title", "body") if name not in values]
        if missing:
            raise PageChanged(self.kind, missing)
        return (Job(**values, client=Client(**read_fields(part, CLIENT_FIELDS))),)
'''

_PAGE = """<!DOCTYPE html>
<!-- TODO: a page of the site's own shape, with invented names and texts -->
<html lang="ja"><head><meta charset="utf-8"><title>仕事</title></head><body>
<h1>見本の仕事</h1>
<div class="description">ここに仕事の内容が入ります。</div>
<p class="client">見本の発注者</p>
</body></html>
"""

_EXPECTED = """[
 {{"type": "job", "id": "1", "url": "https://{host}/jobs/1", "title": "見本の仕事",
  "body": "ここに仕事の内容が入ります。", "client": {{"name": "見本の発注者"}}, "links": []}}
]
"""
