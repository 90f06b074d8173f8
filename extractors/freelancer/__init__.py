"""Freelancer.com, https://www.freelancer.com.

Real are the lists by skill and a project's page, both as a visitor sees them, and the projects of the API's list.
The API's answer on one project, its threads, messages, milestones and requests for milestones are assumed: nobody has
shown an answer since the test data of the site's own library (2019). A project's page as its freelancer sees it, the
page of messages, and every page of a contract are not known, and not read.
"""

from extractors.freelancer.job_list import JobList, ProjectsAnswer
from extractors.freelancer.job_page import JobPage, ProjectAnswer
from extractors.freelancer.messages import Messages, Threads
from extractors.freelancer.milestones import MilestoneRequests, Milestones
from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = (
    JobList(),
    ProjectsAnswer(),
    JobPage(),
    ProjectAnswer(),
    Messages(),
    Threads(),
    Milestones(),
    MilestoneRequests(),
)
