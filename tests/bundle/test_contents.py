from pathlib import Path

import pytest

from bundle.contents import data_files, is_of_the_package, is_spoken, is_used
from tools.wheel import BUILDS


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        *(f"{build}/manifest.json" for build in BUILDS),
        "addon/templates/page.html",
        "addon/templating.py",
        "addon/__pycache__/templating.pyc",
        "addon/history/migrations/versions/0001.py",
        "extractors/lancers/site.toml",
        "rules/catalog/one.yaml",
        "rules/meaning/english.model",
        "rules/meaning/romance.model",
        "rules/meaning/texts/en/a.jsonl",
        "rules/learning/measured.md",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf-8")
    return tmp_path


def test_what_is_read_goes_in_and_what_developers_need_stays(tree: Path) -> None:
    names = {Path(path).relative_to(tree).as_posix(): folder for path, folder in data_files(tree)}
    assert names == {
        **{f"{build}/manifest.json": build for build in BUILDS},
        "addon/templates/page.html": "addon/templates",
        "addon/history/migrations/versions/0001.py": "addon/history/migrations/versions",
        "extractors/lancers/site.toml": "extractors/lancers",
        "rules/catalog/one.yaml": "rules/catalog",
        "rules/meaning/english.model": "rules/meaning",
        "rules/meaning/romance.model": "rules/meaning",
    }


def test_without_the_extension_there_is_no_bundle(tree: Path) -> None:
    (tree / BUILDS[1] / "manifest.json").unlink()
    with pytest.raises(FileNotFoundError, match=BUILDS[1]):
        data_files(tree)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("global.dat", True),
        ("locale-data/root.dat", True),
        ("locale-data/pt_BR.dat", True),
        ("locale-data/de.dat", False),
    ],
)
def test_of_other_peoples_languages_none_goes_in(name: str, expected: bool) -> None:
    assert is_spoken(f"site-packages/babel/{name}") is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rapidocr.inference_engine", True),
        ("rapidocr.inference_engine.onnxruntime.main", True),
        ("rapidocr.inference_engine.pytorch.networks", False),
        ("onnxruntime/capi/onnxruntime_pybind11_state.cpython-313-x86_64-linux-gnu.so", True),
        ("onnxruntime/capi/libonnxruntime.so.1.32.0", False),
        ("onnxruntime/capi/libonnxruntime_providers_shared.so", True),
        ("onnxruntime/tools/mobile_helpers/a.md", False),
        ("onnxruntime\\transformers\\a.json", False),
        ("onnxruntime.toolset", True),
        ("cv2/__init__.pyi", False),
        ("zstandard/_cffi.cpython-313-x86_64-linux-gnu.so", False),
        ("zstandard/backend_c.cpython-313-x86_64-linux-gnu.so", True),
        ("rapidocr/models/PP-OCRv6_det_small.onnx", True),
    ],
)
def test_what_nobody_needs_stays_out(name: str, expected: bool) -> None:
    assert is_used(name) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("METADATA", True),
        ("entry_points.txt", True),
        ("licenses/LICENSE", True),
        ("direct_url.json", False),
        ("uv_cache.json", False),
        ("RECORD", False),
    ],
)
def test_reach_02_no_path_or_time_of_the_machine_goes_in_with_metadata(name: str, expected: bool) -> None:
    assert is_of_the_package(f"koban-0.1.0.dist-info/{name}") is expected
