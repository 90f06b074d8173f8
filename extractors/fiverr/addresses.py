"""Addresses of Fiverr's inbox: the answers that its page asks for."""

import re

ORIGIN = "https://www.fiverr.com"
_USER = r"(?P<user>[A-Za-z0-9_.-]{1,60})"

CONTACTS = re.compile(r"/inbox/contacts/?")
CONVERSATION = re.compile(rf"/inbox/contacts/{_USER}/conversation/?")
ABOUT = re.compile(rf"/inbox/contacts/{_USER}/info/?")
USERNAME = re.compile(r"[A-Za-z0-9_.-]{1,60}")


def user_url(username: str) -> str:
    return f"{ORIGIN}/{username}"
