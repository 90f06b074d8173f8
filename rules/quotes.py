"""Sentences as a warning quotes them: without their bullet, and not longer than a line or two."""

LONGEST_QUOTE = 60
BULLETS = "・●■◆◇○□▼▶►•※★☆ "


def quoted(sentence: str) -> str:
    """Shorten a sentence to fit into a warning, and drop the bullet before it."""
    sentence = " ".join(sentence.split())
    sentence = sentence.lstrip(BULLETS) or sentence
    return sentence if len(sentence) <= LONGEST_QUOTE else sentence[: LONGEST_QUOTE - 1] + "…"
