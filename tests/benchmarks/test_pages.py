from datetime import UTC, datetime

from benchmarks.pages import JOB_URL, LIST_URL, TRAP, job_page, list_page
from extractors import extract
from extractors.page import Page
from extractors.records import Job

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def test_pages_are_of_their_size_and_are_read() -> None:
    body = job_page(120_000)
    assert 120_000 <= len(body) < 121_500
    (job,) = [one for one in extract(Page(JOB_URL, body, "text/html", NOW)).records if isinstance(one, Job)]
    assert job.applicants == 18
    listed = extract(Page(LIST_URL, list_page(50), "text/html", NOW)).records
    assert sum(isinstance(one, Job) for one in listed) == 50


def test_a_number_gives_the_same_page_each_time_and_another_than_its_neighbour() -> None:
    assert job_page(number=3) == job_page(number=3) != job_page(number=4)
    assert [TRAP.encode() in job_page(number=number) for number in range(4)] == [False, False, False, True]
