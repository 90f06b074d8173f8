"""`koban sites`: which pages are read, how surely, and the first draft of another."""

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from addon.terminal import fail, write_json
from extractors import SITES
from extractors.page import Certainty, PageExtractor

sites_app = typer.Typer(no_args_is_help=True, help="読み取るサイトとページ / The sites and pages that are read.")

out = Console(highlight=False)

CERTAINTY_WORDS: dict[Certainty, str] = {
    "real-page": "実ページで確認 / seen in a real page",
    "several-scrapers": "複数の資料が一致 / several scrapers agree",
    "one-scraper": "資料ひとつ / one scraper",
    "assumed": "推定（実ページも資料もなし） / assumed: never seen, never read",
}
"""How sure a field's place is, the surest first."""
_NAME = re.compile(r"[a-z][a-z0-9]{1,30}")


BY_ADDRESS = "アドレスから / by the page's address"


def by_address(page: PageExtractor) -> frozenset[str]:
    """The fields that the address tells, which says nothing of how the page looks."""
    return getattr(page.fields, "by_address", frozenset())


def surest(page: PageExtractor) -> Certainty:
    """How sure a kind of page is: as the surest field that is read in the page itself."""
    sure = {certainty for name, certainty in page.fields.items() if name not in by_address(page)}
    return next(certainty for certainty in CERTAINTY_WORDS if certainty in sure or certainty == "assumed")


@sites_app.command(name="list")
def list_sites(
    as_json: Annotated[bool, typer.Option("--json", help="JSONで出力 / As JSON.")] = False,
) -> None:
    """サイト、ページの種類、読む項目とその確かさ / Sites, kinds of page, fields, and how sure each is."""
    if as_json:
        sites = [
            {
                "id": site.id,
                "name": {"ja": site.name_ja, "en": site.name_en},
                "hosts": list(site.hosts),
                "pages": [
                    {
                        "kind": page.kind,
                        "certainty": surest(page),
                        "examples": list(page.examples),
                        "fields": dict(page.fields),
                    }
                    for page in site.pages
                ],
            }
            for site in SITES
        ]
        write_json(sites, indent=2)
        return
    for site in SITES:
        table = Table(title=f"{site.name_ja} / {site.name_en}  {', '.join(site.hosts)}", title_justify="left", box=None)
        table.add_column("ページ / page", no_wrap=True)
        table.add_column("確かさ / how sure", no_wrap=True)
        table.add_column("項目 / fields", overflow="fold")
        for page in site.pages:
            told = by_address(page)
            graded = [
                (words, [name for name, sure in page.fields.items() if sure == certainty and name not in told])
                for certainty, words in CERTAINTY_WORDS.items()
            ]
            kind: str = page.kind
            for words, fields in [*graded, (BY_ADDRESS, sorted(told))]:
                if fields:
                    table.add_row(kind, words, " ".join(fields))
                    kind = ""
        out.print(table)
        out.print()


@sites_app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="サイトの短い名前 / A short name, in small letters.")],
    host: Annotated[str, typer.Option(help="ホスト名 / Its host name.")] = "www.example.com",
    root: Annotated[Path, typer.Option(help="ソースの場所 / The source tree.")] = Path(),
) -> None:
    """新しいサイトの下書きを作る / Draft a new site: package, fixture, expected result. The tests find them."""
    if not _NAME.fullmatch(name):
        fail(f"{name}: small letters and digits, beginning with a letter")
    package, case = root / "extractors" / name, root / "tests" / "pages" / name / "job" / "first"
    if not (root / "extractors" / "page.py").is_file():
        fail(f"{root}: not Koban's source tree; name it with --root")
    if package.exists() or case.exists():
        fail(f"{package} or {case}: exists already")
    written = {
        package / "__init__.py": _SITE.format(name=name, title=name.capitalize(), host=host),
        package / "job_page.py": _JOB_PAGE.format(name=name, title=name.capitalize(), host=host),
        case / "page.html": _PAGE,
        case / "url.txt": f"https://{host}/jobs/1\n",
        case / "expected.json": _EXPECTED.format(host=host),
    }
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        out.print(str(path), markup=False)
    out.print("pytest tests/extractors/test_pages.py")


_SITE = '''"""{title}, https://{host}."""

from extractors.{name}.job_page import JobPage
from extractors.page import Site

SITE = Site(
    id="{name}",
    name_ja="{title}",
    name_en="{title}",
    operator_ja="{title}の事務局",
    operator_en="{title}'s support",
    hosts=("{host}",),
    domains=("{host}",),
    pages=(JobPage(),),
)
'''

_JOB_PAGE = '''"""A job's own page."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.document import Document
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.parts import Part, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Job

_PATH = re.compile(r"/jobs/(\\d{{1,12}})/?")


def _number(part: Part) -> str | None:
    found = _PATH.fullmatch(part.document.page.location.path)
    return found[1] if found else None


JOB_FIELDS = {{
    "id": (Reader[Part]("url", _number, "real-page"),),
    "url": (Reader[Part]("url", lambda part: f"https://{host}/jobs/{{_number(part)}}", "real-page"),),
    "title": (words("h1", certainty="assumed"),),
    "body": (Reader[Part](".description", lambda part: part.text(".description"), "assumed"),),
    "links": (Reader[Part](".description", lambda part: links_in(part.text(".description")), "assumed"),),
}}
CLIENT_FIELDS = {{
    "name": (words(".client", certainty="assumed"),),
}}


class JobPage:
    kind = "job"
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
