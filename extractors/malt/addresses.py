"""Addresses of Malt's messages, alike in every country, as one bot of 2026 and another tool go to them."""

import re

INBOX = re.compile(r"/messages/?")
CONVERSATION = re.compile(
    r"(?:https://[a-z.]{1,40})?/messages/(?:client-project-offer/)?([A-Za-z0-9_-]{1,80})/?(?:[?#].*)?"
)
"""By its own number, or by that of the offer that began it."""
