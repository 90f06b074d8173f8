"""The manifest of a pack, and the names that its files may have."""

import pytest

from addon.packs.manifest import KobanVersions, PackRefused, check_name, check_reach, read_manifest
from rules.model import Text
from tests.addon.packs.making import manifest

MANIFEST = (
    '{"channel": "koban", "version": 3, "title": {"ja": "公式", "en": "Official"}, '
    '"koban": {"at_least": "0.1", "below": "0.2"}}'
)


def test_a_manifest_is_read() -> None:
    manifest = read_manifest(MANIFEST.encode())
    assert (manifest.channel, manifest.version, manifest.koban.below) == ("koban", 3, "0.2")


@pytest.mark.parametrize(
    "changed",
    [
        ('"version": 3', '"version": 0'),
        *(('"version": 3', f'"version": {number}') for number in ("true", '"3"', "3.0", "NaN", "1e400", "9" * 400)),
        ('"version": 3', '"version": 3, "newest": NaN'),
        ('{"channel"', "[" * 100_000 + '{"channel"'),
        ('"below": "0.2"', '"below": "0.1.0"'),
        ('"channel": "koban"', '"channel": "aux"'),
        ('"channel": "koban"', f'"channel": "{"x" * 25}"'),
        ('"koban", "version"', '"../koban", "version"'),
        ("公式", "<b>公式</b>"),
        ("公式", "あ" * 25),
        ("Official", "a\\u202eb"),
        ("Official", "{quote}"),
        ('"0.2"', '"latest"'),
        ('"version": 3', '"version": 3, "hosts": ["example.com"]'),
        (MANIFEST, "no json"),
    ],
)
def test_a_manifest_that_is_not_as_described_is_refused_and_not_quoted(changed: tuple[str, str]) -> None:
    with pytest.raises(PackRefused) as refusal:
        read_manifest(MANIFEST.replace(*changed).encode())
    assert "<b>" not in refusal.value.reason.ja + refusal.value.reason.en


def test_versions_are_compared_by_their_numbers() -> None:
    versions = KobanVersions(at_least="0.9", below="0.10")
    assert [version for version in ("0.8.9", "0.9", "0.9.0rc1", "0.9.12", "0.10.0") if versions.contain(version)] == [
        "0.9",
        "0.9.0rc1",
        "0.9.12",
    ]


@pytest.mark.parametrize(
    "name", ["pack.json", "rules/catalog/contact/new-lure.yaml", "tests/pages/lancers/job/new-markup/page.html"]
)
def test_files_of_a_pack(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "../settings.json",
        "/etc/passwd",
        "C:\\windows\\x.yaml",
        "rules/catalog/contact/../../../x.yaml",
        "rules/catalog/contact/x.yaml\n",
        "rules/predicates.py",
        "rules/overrides.yaml",
        "rules/catalog/contact/",
        "\u202egpj.yaml",
    ],
)
def test_hostile_pack_other_files_and_paths_are_refused(name: str) -> None:
    with pytest.raises(PackRefused):
        check_name(name)


def test_hostile_pack_a_descriptor_that_would_widen_the_decrypted_hosts_is_refused_by_name() -> None:
    for name in ("site.toml", "extractors/lancers/site.toml", "markup/site.toml"):
        with pytest.raises(PackRefused, match="never adds a host"):
            check_name(name)


@pytest.mark.parametrize(
    "title",
    [
        *("非公式", "北の組合（非公式）", "Unofficial rules", "ＵＮＯＦＦＩＣＩＡＬ"),
        *("Unofficial notes", "Northern unofficial", "非公式の警告"),
    ],
)
def test_a_title_that_says_that_it_is_not_the_projects_is_taken(title: str) -> None:
    check_reach(manifest(channel="union", title=Text(ja=title, en=title)), [])


@pytest.mark.parametrize(
    "title",
    [
        *("公式のパック", "Koban 公式", "交番", "Ｋｏｂａｎ", "Kоban", "ko ban", "Official"),
        *("UN Official", "Union official", "非 公式", "公非公式式", "非公式 Koban", "非公式ではない公式"),
        *(
            "非公式ではない警告",
            "非公式じゃない",
            "非公式でなく",
            "非公式デハナイ",
            "非公式で は な い",
            "もはや非公式でありません",
        ),
        *("not unofficial", "n o t unofficial", "Isn’t unofficial", "No longer unofficial", "never unofficial"),
        *("non-unofficial", "nonunofficial", "unofficial? Not!", "非公式not", "nоt unofficial"),
    ],
)
def test_hostile_pack_a_title_that_claims_to_be_the_projects_is_refused(title: str) -> None:
    claims = manifest(channel="union", title=Text(ja=title, en="Northern Union"))
    with pytest.raises(PackRefused, match="claims to be the project's"):
        check_reach(claims, [])
    check_reach(manifest(title=claims.title), [])
    check_reach(manifest(channel="union"), [])
