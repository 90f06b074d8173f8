"""Sentences as a warning quotes them: without their bullet, and not longer than a line or two."""

LONGEST_QUOTE = 60
BULLETS = "・●■◆◇○□▼▶►•※★☆ "


def quoted(sentence: str) -> str:
    """A sentence short enough to stand within a warning, without the bullet it stood behind."""
    sentence = " ".join(sentence.split())
    sentence = sentence.lstrip(BULLETS) or sentence
    return sentence if len(sentence) <= LONGEST_QUOTE else sentence[: LONGEST_QUOTE - 1] + "…"
