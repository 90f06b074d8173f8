"""Addresses of Coconala's pages."""

import re

ORIGIN = "https://coconala.com"

REQUEST = re.compile(r"(?:https://coconala\.com)?/requests/(\d{1,10})/?(?:[?#].*)?")
SERVICE = re.compile(r"(?:https://coconala\.com)?/services/(\d{1,10})/?(?:[?#].*)?")
TALKROOM = re.compile(r"(?:https://coconala\.com)?/talkrooms/(\d{1,12})/?(?:[?#].*)?")
DIRECT_MESSAGE = re.compile(r"(?:https://coconala\.com)?/mypage/direct_message/(\d{1,12})/?(?:[?#].*)?")
USER = re.compile(r"(?:https://coconala\.com)?/users/(\d{1,10})/?(?:[?#].*)?")


def request_url(number: str) -> str:
    return f"{ORIGIN}/requests/{number}"


def talkroom_url(number: str) -> str:
    return f"{ORIGIN}/talkrooms/{number}"


def user_url(number: str) -> str:
    return f"{ORIGIN}/users/{number}"
