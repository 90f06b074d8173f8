"""What of the tree goes into the bundle beside the modules: rules, models, templates, migrations and the extension."""

import re
from pathlib import Path

from rules.model import LANGUAGES
from tools.wheel import FOR_DEVELOPERS, builds

OURS = ("addon", "extractors", "rules")
"""Packages whose every module goes in: commands are imported by name when they are called."""
EXCLUDED_MODULES = tuple(name.removesuffix(".py").replace("/", ".") for name in FOR_DEVELOPERS)
"""Modules for developers, by the beginnings of their names."""
OPTIONAL = ("uvicorn", "rensa", "publicsuffixlist", "phonenumbers", "babel")
"""Packages that import parts of themselves by name, or read data of their own."""
PICTURES = ("rapidocr", "onnxruntime", "cv2", "pypdfium2", "pypdfium2_raw", "zxingcpp")
"""Those of the extra `pictures`, which are imported where they are first needed."""
UNUSED_MODULES = (
    *(f"rapidocr.inference_engine.{engine}" for engine in ("mnn", "openvino", "paddle", "pytorch", "tensorrt")),
    *(f"onnxruntime.{part}" for part in ("backend", "datasets", "quantization", "tools", "transformers")),
    *("numpy.f2py", "numpy.testing"),
    *("zstandard._cffi", "zstandard.backend_cffi"),
)
"""Modules for other engines than the one in the bundle, for making models or programs rather than running them, for
tests, and for another Python than CPython."""
_UNUSED_FILES = re.compile(r"(?:^|/)libonnxruntime\.so[^/]*$|(?:^|/)zstandard/_cffi\.|\.pyi$")
"""Files: onnxruntime's library for programs in C, of which its module for Python has a copy of its own (35 MB), that of
zstandard for another Python (12 MB), and the types of modules."""
_OF_ONE_MACHINE = ("direct_url.json", "INSTALLER", "RECORD", "REQUESTED", "uv_build.json", "uv_cache.json")
"""What an installer writes beside a distribution's own papers: paths and times of the machine."""
_MIGRATIONS = "addon/history/migrations"
"""Read as source by alembic, not imported."""


def is_used(name: str) -> bool:
    """Whether a module or a file is of use in the bundle. name: with `/` for a file."""
    module = name.replace("\\", "/").replace("/", ".")
    return not _UNUSED_FILES.search(name) and not f"{module}.".startswith(tuple(f"{part}." for part in UNUSED_MODULES))


def is_of_the_package(path: str) -> bool:
    """Whether a file of a distribution's metadata came with it, and was not written where it was installed."""
    return Path(path).name not in _OF_ONE_MACHINE


def is_spoken(path: str) -> bool:
    """Whether a file of babel's is of no language, or of one that Koban speaks: all of them take 36 MB."""
    name = Path(path)
    languages = {"root", *(tag[:2] for tag in LANGUAGES)}
    return name.parent.name != "locale-data" or name.stem.partition("_")[0] in languages


def data_files(root: Path) -> list[tuple[str, str]]:
    """Returns each file's path and its folder in the bundle. Raises FileNotFoundError without a build."""
    files = []
    for folder in (*OURS, *builds(root)):
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if not path.is_file() or "__pycache__" in path.parts or name.startswith(FOR_DEVELOPERS):
                continue
            if path.suffix != ".py" or name.startswith(_MIGRATIONS):
                files.append((str(path), str(Path(name).parent)))
    return files
