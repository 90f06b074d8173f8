"""The words for what refuses a command of `koban packs`."""

from addon.language import say, say_text, system_reason
from addon.packs.manifest import PackRefused
from addon.packs.store import NoSuchPack
from addon.terminal import plain


def reason_of(error: Exception) -> str:
    """Returns why a command ends: the reason with its problems, one a line, or what the system says."""
    match error:
        case PackRefused():
            return "\n".join([say_text(error.reason), *(f"  {plain(problem)}" for problem in error.problems)])
        case NoSuchPack():
            return (
                f"{plain(str(error))}: {say('そのようなチャンネルやパックはありません', 'no such channel, or no pack')}"
            )
        case OSError():
            reason = say_text(system_reason(error))
            return f"{error.filename}: {reason}" if error.filename else reason
        case _:
            return type(error).__name__
