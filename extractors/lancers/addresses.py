"""Addresses of Lancers' pages."""

import re

ORIGIN = "https://www.lancers.jp"

JOB = re.compile(r"(?:https://www\.lancers\.jp)?/work/detail/(\d{1,9})/?(?:[?#].*)?")
CLIENT = re.compile(r"(?:https://www\.lancers\.jp)?/client/([\w.-]{1,60})/?(?:[?#].*)?")
"""Clients are known by the slug in their address: the name that is shown may differ from it."""
PROJECT = re.compile(
    r"(?:https://www\.lancers\.jp)?/project(?:/(?:approval/start|detail|view))?/(\d{1,9})/?(?:[?#].*)?"
)
PROPOSAL = re.compile(r"(?:https://www\.lancers\.jp)?/work/proposal/(\d{1,9})/?(?:[?#].*)?")
PROPOSE = re.compile(r"(?:https://www\.lancers\.jp)?/work/propose_start/(\d{1,9})/?(?:[?#].*)?")
MONTHLY = re.compile(r"(?:https://www\.lancers\.jp)?/monthly_work_contracts/lancer(?:/offers)?/(\d{1,9})/?(?:[?#].*)?")


def job_url(number: str) -> str:
    return f"{ORIGIN}/work/detail/{number}"


def client_url(slug: str) -> str:
    return f"{ORIGIN}/client/{slug}"


def link_anchor(href: str) -> str:
    """The link of a contract in a list, as a selector. href: as one of the patterns above matches it."""
    path = href.removeprefix(ORIGIN).partition("#")[0].partition("?")[0].rstrip("/")
    return ", ".join(
        f'a[href{relation}="{path}{end}"]' for relation, end in (("$", ""), ("*", "/"), ("*", "?"), ("*", "#"))
    )
