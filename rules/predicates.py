"""What data cannot say: named functions that rules refer to, typed and pure.

`SENTENCE` functions refine a matched sentence (`check: phone_number`); they get it as written.
`FACTS` functions judge all facts of a subject (`predicate: …`) and answer None where they cannot know.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import phonenumbers

from rules.facts import Facts

SentenceCheck = Callable[[str], bool]
FactsPredicate = Callable[[Facts], bool | None]


def phone_number(sentence: str) -> bool:
    """Whether a sentence holds a valid telephone number: Japanese, or international with its +."""
    matcher = phonenumbers.PhoneNumberMatcher(sentence, "JP", leniency=phonenumbers.Leniency.VALID, max_tries=20)
    return next(iter(matcher), None) is not None


PROGRAMS = (".exe", ".scr", ".bat", ".cmd", ".msi", ".vbs", ".hta", ".lnk", ".iso", ".js", ".jar", ".apk")
"""Endings of files that run when opened."""


def program_attached(facts: Facts) -> bool | None:
    """Whether a file that runs when opened is attached; None where the page shows no attachments."""
    attached = facts.values.get(f"{facts.subject}.attachments")
    if attached is None or not facts.speaks:
        return None
    return any(str(name).lower().endswith(PROGRAMS) for name in attached)


SENTENCE: Mapping[str, SentenceCheck] = MappingProxyType({"phone_number": phone_number})
FACTS: Mapping[str, FactsPredicate] = MappingProxyType({"program_attached": program_attached})
