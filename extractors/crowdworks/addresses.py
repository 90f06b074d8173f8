"""CrowdWorks' addresses, and the links to them as selectors."""

import re

ORIGIN = "https://crowdworks.jp"

JOB = re.compile(r"/public/jobs/(\d{1,15})/?")
CATEGORY = re.compile(r"/public/jobs/category/(\d{1,9})/?")
CLIENT = re.compile(r"/public/employers/(\d{1,15})/?")
EMPLOYEE = re.compile(r"/public/employees/(\d{1,15})/?")
CONTRACT = re.compile(r"/contracts/(\d{1,15})/?")
PROPOSAL = re.compile(r"/proposals/(\d{1,15})/?")
CLIENT_LINK = 'a[href*="/public/employers/"]'
ATTACHMENT = 'a[href*="/attachments/"]'


def id_in(pattern: re.Pattern[str], address: str | None) -> str | None:
    """The number in an address of CrowdWorks, with or without its host, query and fragment; else None."""
    if not address:
        return None
    path = address.strip().removeprefix(ORIGIN).partition("#")[0].partition("?")[0]
    match = pattern.fullmatch(path)
    return match[1] if match else None


def job_url(job_id: str) -> str:
    return f"{ORIGIN}/public/jobs/{job_id}"


def client_url(client_id: str) -> str:
    return f"{ORIGIN}/public/employers/{client_id}"


def card_anchor(job_id: str) -> str:
    """The link of a job's card in a list, as a selector."""
    return f'a[href$="/public/jobs/{job_id}"], a[href*="/public/jobs/{job_id}?"]'
