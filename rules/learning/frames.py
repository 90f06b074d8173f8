"""Frames: sentences with a gap, which refuse, forbid or write about what must not be, or ask for it; and such things.

A trap's bare name is honest in one frame and a trap in the other. In texts that people write each frame holds the one
thing that its writer thought of, so that a name heard in refusals alone comes to sound honest, and one that is only
asked for makes its refusal a trap. Here each frame is filled with things drawn by chance, so that the frame tells.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from rules.meaning.labels import Risk
from rules.meaning.texts import LabelledText
from rules.problems import CatalogError

EACH = 16
"""Things that a frame is filled with."""
VERB, NOUN = "{verb}", "{noun}"
_SEED = 20261129


class Thing(BaseModel):
    """A thing that must not be, as a verb ("pay outside the site") and as a noun ("paying outside the site")."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    risk: Risk
    verb: Annotated[str, Field(min_length=1)]
    noun: Annotated[str, Field(min_length=1)]


class Frames(BaseModel):
    """The frames and things of a language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    things: Annotated[tuple[Thing, ...], Field(min_length=EACH)]
    honest: tuple[str, ...]
    risky: tuple[str, ...]

    @model_validator(mode="after")
    def _gaps(self) -> Self:
        for frame in (*self.honest, *self.risky):
            if frame.count(VERB) + frame.count(NOUN) != 1:
                raise ValueError(f"not one gap: {frame}")
        return self


def read_frames(path: Path) -> Frames:
    """Read the frames of a file. Raises CatalogError with the file and what is wrong in it."""
    try:
        return Frames.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)
        raise CatalogError([f"{path}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in problems]) from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise CatalogError([f"{path}: {error}"]) from error


def filled(language: str, frames: Frames) -> Iterator[LabelledText]:
    """Yield each frame with as many things as `EACH`, the same ones each time."""
    draw = Random(_SEED)  # noqa: S311 (no secret)
    for is_risky, texts in ((False, frames.honest), (True, frames.risky)):
        for number, frame in enumerate(texts):
            for thing in draw.sample(frames.things, EACH):
                words = frame.replace(VERB, thing.verb).replace(NOUN, thing.noun)
                yield LabelledText.model_validate(
                    {
                        "family": f"frame-{'risky' if is_risky else 'honest'}-{number}",
                        "lang": language,
                        "kind": "message",
                        "labels": [thing.risk] if is_risky else [],
                        "act": "asks" if is_risky else "neutral",
                        "text": words[:1].upper() + words[1:],
                    }
                )
