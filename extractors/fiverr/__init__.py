"""Fiverr, https://www.fiverr.com: the freelancer sells, and buyers write to the inbox.

No page and no answer was ever found saved. Known are three answers that the inbox asks for, by the keys on which
several scrapers agree. The inbox as it is drawn, orders, briefs and offers are not known, and not read: an order exists
only once it is paid, and nothing that is read here says that one does.
"""

from extractors.fiverr.contacts import About, Contacts
from extractors.fiverr.conversation import Conversation
from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = (Contacts(), Conversation(), About())
