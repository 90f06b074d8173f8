"""A page's Content-Security-Policy, widened by one constant style and nothing else.

The banner brings one `<style>` and no script. Where a policy would refuse it, its hash is added; a policy
that lets inline styles pass is left alone, since a hash beside 'unsafe-inline' switches that off and the
page's own styles with it (CSP Level 3, 6.7.3.2 "Does element match source list": 'unsafe-inline' counts
only in lists without hash and nonce). Report-Only policies are never touched: they refuse nothing.
"""

from collections.abc import Sequence

_FALLBACK = ("style-src-elem", "style-src", "default-src")
_SPACE = " \t\n\r\f"


def with_style(policies: Sequence[str], style_hash: str) -> list[str]:
    """`Content-Security-Policy` header values that let a style of that hash pass.

    policies: each header's value, which may hold several policies, parted by commas. style_hash: such as
    `sha256-…=`, without quotes. Values that need no change come back to the letter.
    """
    return [",".join(_widened(policy, style_hash) for policy in value.split(",")) for value in policies]


def _widened(policy: str, style_hash: str) -> str:
    directives = policy.split(";")
    places: dict[str, int] = {}
    for place, directive in enumerate(directives):
        name = directive.strip(_SPACE).split(maxsplit=1)[:1]
        if name:
            # The first of a name counts, later ones are ignored (CSP Level 3, 2.2.1).
            places.setdefault(name[0].lower(), place)
    governing = next((name for name in _FALLBACK if name in places), None)
    if governing is None:
        return policy
    sources = directives[places[governing]].split()[1:]
    if _allows(sources, style_hash):
        return policy
    if governing == "default-src":
        # default-src governs scripts too: its list is copied for styles, and left as it is.
        return policy.rstrip(_SPACE + ";") + "; style-src " + _listed(sources, style_hash)
    directives[places[governing]] = _edited(directives[places[governing]], sources, style_hash)
    return ";".join(directives)


def _allows(sources: Sequence[str], style_hash: str) -> bool:
    lower_sources = [source.lower() for source in sources]
    if f"'{style_hash}'" in sources:
        return True
    strict = any(source.startswith(("'nonce-", "'sha256-", "'sha384-", "'sha512-")) for source in lower_sources)
    return "'unsafe-inline'" in lower_sources and not strict


def _listed(sources: Sequence[str], style_hash: str) -> str:
    # 'none' stands alone or is ignored.
    return " ".join([*(source for source in sources if source.lower() != "'none'"), f"'{style_hash}'"])


def _edited(directive: str, sources: Sequence[str], style_hash: str) -> str:
    lead = directive[: len(directive) - len(directive.lstrip(_SPACE))]
    return f"{lead}{directive.split()[0]} {_listed(sources, style_hash)}"
