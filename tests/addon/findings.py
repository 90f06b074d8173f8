"""Findings for tests that need any."""

from typing import Any

from rules.model import Finding, Text


def finding(rule: str, severity: Any = "danger", status: Any = "stable") -> Finding:
    text = Text(ja="文", en="text")
    return Finding(
        rule=rule,
        risk=rule,
        status=status,
        severity=severity,
        confidence="high",
        subject="message",
        title=text,
        seen=text,
        reason=text,
        advice=text,
        report=False,
        sources=(),
        evidence=(),
    )
