"""Stored lessons of the user: values only, so that listing them imports nothing else."""

import base64
import binascii
import struct
from datetime import date
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

PERMUTATIONS = 128
"""Numbers of a signature."""
MOST_SENTENCES = 12
"""Sentences of a lesson: the first ones."""
LONGEST_QUOTE = 200
"""Characters."""


class Fingerprint(BaseModel):
    """Fingerprint of a sentence, without the sentence itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    signature: Annotated[str, Field(max_length=700)]
    """128 numbers of 32 bits, in base 64."""
    letters: Annotated[int, Field(ge=1)]
    turns: Annotated[str, Field(max_length=64)] = ""
    """Its negations (n) and questions (a), in order."""
    words: tuple[str, ...] = ()
    """Hashes of its words without personal details, and of its contacts."""

    @field_validator("signature")
    @classmethod
    def _is_signature(cls, signature: str) -> str:
        try:
            read(signature)
        except (binascii.Error, struct.error):
            raise ValueError("no signature") from None
        return signature

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The signature."""
        return read(self.signature)


class Lesson(BaseModel):
    """One text that the user taught about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    warns: bool = Field(description="true: should have been warned of; false: was wrongly warned of")
    rule: Annotated[str, Field(max_length=80)] = Field(default="", description="the rule that was wrong; else empty")
    risk: Annotated[str, Field(max_length=80)] = Field(
        default="", description="the risk that was not there, or was not seen, if known"
    )
    day: date
    quote: Annotated[str, Field(max_length=LONGEST_QUOTE)] = Field(
        description="its beginning, without personal details"
    )
    sentences: Annotated[tuple[Fingerprint, ...], Field(min_length=1, max_length=MOST_SENTENCES)]


def read(signature: str) -> tuple[int, ...]:
    """Return the numbers of a signature. Raises binascii.Error or struct.error."""
    return struct.unpack(f"<{PERMUTATIONS}I", base64.b64decode(signature, validate=True))


def written(numbers: tuple[int, ...]) -> str:
    """Return a signature as it is stored."""
    return base64.b64encode(struct.pack(f"<{PERMUTATIONS}I", *numbers)).decode()
