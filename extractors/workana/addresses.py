"""Addresses of Workana's pages. Each may begin with the language: `/pt/jobs`."""

import re

ORIGIN = "https://www.workana.com"
_BEFORE = r"(?:https://www\.workana\.com)?(?:/(?:en|es|pt))?"
_SLUG = r"([A-Za-z0-9._%~-]{1,200})"
_AFTER = r"/?(?:[?#].*)?"

JOBS = re.compile(rf"{_BEFORE}/jobs{_AFTER}")
JOB = re.compile(rf"{_BEFORE}/job/{_SLUG}{_AFTER}")
"""A job is known by the slug of its address."""
BID = re.compile(rf"{_BEFORE}/messages/bid/{_SLUG}{_AFTER}")
CLIENT = re.compile(rf"{_BEFORE}/e/([0-9a-f]{{32}}){_AFTER}")


SLUG = re.compile(_SLUG)


def job_url(slug: str) -> str:
    return f"{ORIGIN}/job/{slug}"


def client_url(ident: str) -> str:
    return f"{ORIGIN}/e/{ident}"
