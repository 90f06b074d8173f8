"""The facts that CrowdWorks states about a client. A job's page has its keys `likeThis`, the profile `like_this`."""


def rating_of(score: object) -> float | None:
    """An average of stars. 0 means that nobody has rated yet: the least that one can give is 1."""
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 < score <= 5:
        return None
    return float(score)


def rate_and_rating(rate: object, score: object) -> tuple[float | None, float | None]:
    """Completion rate (a percentage, given back as a share) and rating. 0 % together with no rating is "none yet"."""
    rating = rating_of(score)
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 100:
        return None, rating
    if rate == 0 and rating is None:
        return None, None
    return rate / 100, rating
