"""The client of a project, in three forms: a user of the API, a part of the page's data, and the box that is drawn.

The site marks what is verified with one icon each. Its name ("Payment verified") is the same for both answers, and only
the colour differs. What the API leaves out (`compact=true` leaves out whatever is empty) is not a no.
"""

from typing import Any

from extractors.dates import calendar_day
from extractors.descriptor import Certainty
from extractors.document import words_of
from extractors.freelancer.addresses import answer, user_url
from extractors.parsing import count
from extractors.parts import Part
from extractors.reading import Reader, Row, amount, epoch, ident, members, rating, text, whole

BOX = "app-project-view-logged-out-client-info"
COLOURS = {"success": True, "foreground": False}
"""The colours of an icon, as attributes. Any other says nothing."""
_MEMBER = "Member since "


# A user of the API.


def _history(user: Row) -> Row:
    """Returns their ratings as a client. Those below `reputation` are of their own work as a freelancer."""
    return members(user, "employer_reputation", "entire_history")


def _completion(user: Row) -> float | None:
    """The share of projects completed; of none at all it says nothing."""
    share = amount(_history(user).get("completion_rate"))
    return float(share) if share is not None and share <= 1 and whole(_history(user).get("all")) else None


def _flag(name: str) -> Reader[Row]:
    return Reader(f"status.{name}", lambda user: answer(members(user, "status").get(name)), "real-page")


def _profile(user: Row) -> str | None:
    name = text(user.get("username"))
    return None if name is None else user_url(name)


USER_FIELDS = {
    "id": (Reader[Row]("id", lambda user: ident(user.get("id")), "real-page"),),
    "url": (Reader[Row]("username", _profile, "several-scrapers"),),
    "name": (Reader[Row]("display_name", lambda user: text(user.get("display_name")), "real-page"),),
    "completion_rate": (Reader[Row]("employer_reputation.entire_history.completion_rate", _completion, "one-scraper"),),
    "rating": (
        Reader[Row](
            "employer_reputation.entire_history.overall",
            lambda user: rating(_history(user).get("overall")),
            "one-scraper",
        ),
    ),
    "reviews": (
        Reader[Row](
            "employer_reputation.entire_history.reviews",
            lambda user: whole(_history(user).get("reviews")),
            "one-scraper",
        ),
    ),
    "identity_verified": (_flag("identity_verified"),),
    "payment_verified": (_flag("payment_verified"),),
    "deposit_made": (_flag("deposit_made"),),
    "member_since": (
        Reader[Row]("registration_date", lambda user: epoch(user.get("registration_date"), 1), "real-page"),
    ),
    "country": (
        Reader[Row](
            "location.country.name", lambda user: text(members(user, "location", "country").get("name")), "real-page"
        ),
    ),
}


# `client` in the data of a project's page.


def _of_data(path: str, read: Any, certainty: Certainty = "real-page") -> Reader[Row]:
    return Reader(path, read, certainty)


def _verified(name: str) -> Reader[Row]:
    return _of_data(f"verification.{name}", lambda client: answer(members(client, "verification").get(name)))


DATA_FIELDS = {
    "rating": (_of_data("rating.average", lambda client: rating(members(client, "rating").get("average"))),),
    "reviews": (_of_data("rating.reviewCount", lambda client: whole(members(client, "rating").get("reviewCount"))),),
    "payment_verified": (_verified("paymentVerified"),),
    "deposit_made": (_verified("depositMade"),),
    "member_since": (_of_data("registrationTime", lambda client: epoch(client.get("registrationTime"), 1000)),),
    "country": (_of_data("address.country", lambda client: text(members(client, "address").get("country"))),),
}


# The box "About the client".


def _icon(label: str) -> Reader[Part]:
    """The answer of an icon by its colour; None where it has another one, or two such icons differ."""
    selector = f'{BOX} [aria-label="{label}"], {BOX} [title="{label}"]'

    def read(page: Part) -> bool | None:
        icons = page.select(selector)
        colours = {part.get("data-color") for icon in icons for part in icon.iter("fl-icon", "span")} - {None}
        return COLOURS.get(colours.pop() or "") if len(colours) == 1 else None

    return Reader(f'{BOX} [aria-label="{label}"]', read, "real-page")


def _stars(page: Part) -> object:
    value = page.attribute(f"{BOX} [data-rating]", "data-rating") or ""
    try:
        return rating(float(value))
    except ValueError:
        return None


def _since(page: Part) -> object:
    lines = (words_of(line) for line in page.select(f"{BOX} p"))
    return next((calendar_day(line.removeprefix(_MEMBER)) for line in lines if line.startswith(_MEMBER)), None)


DRAWN_FIELDS = {
    "rating": (Reader[Part](f"{BOX} [data-rating]", _stars, "real-page"),),
    "reviews": (
        Reader[Part](
            f"{BOX} fl-review-count", lambda page: count(page.words(f"{BOX} fl-review-count") or ""), "real-page"
        ),
    ),
    "payment_verified": (_icon("Payment verified"),),
    "deposit_made": (_icon("Deposit made"),),
    "member_since": (Reader[Part](f"{BOX} p", _since, "real-page"),),
}
