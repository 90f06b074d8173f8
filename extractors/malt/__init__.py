"""Malt, https://www.malt.fr and one registrable domain for each country. Clients write first; there is no open list.

No page was ever found saved. The rows of the list of conversations are read as one bot reads them, and a conversation
by the words of the site's help: all marked as assumed. Quotes, missions and opportunities are not known, and not read.
"""

from extractors.malt.conversation import Conversation
from extractors.malt.inbox import Inbox
from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = (Inbox(), Conversation())
