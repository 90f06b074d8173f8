"""Addresses of Malt's messages, alike in every country; one bot of 2026 went to them."""

import re

INBOX = re.compile(r"/messages/?")
OFFER = re.compile(r"/messages/client-project-offer/([A-Za-z0-9_-]{1,80})/?")
