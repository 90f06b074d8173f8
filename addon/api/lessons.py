"""What the user teaches, over the API: taken, listed, undone, and worded so that it may be passed on."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from fastapi import FastAPI, HTTPException
from starlette.responses import Response

from addon.api.models import Contribution, LessonInfo, LessonRequest, Problem
from addon.state.lessons import CannotTeach, LessonStore
from rules.loader import Catalog
from rules.meaning.lesson import Lesson


def add_lessons(
    app: FastAPI, store: Callable[[], LessonStore], catalog: Callable[[], Catalog], act: Callable[[], None]
) -> None:
    """Add the routes below `/v1/lessons`. act: has what is shown of the pages of late follow what was taught."""

    def risks() -> Mapping[str, str]:
        return {rule.id: rule.risk for rule in catalog().rules}

    def teach(request: LessonRequest) -> Lesson:
        risk = request.risk if request.warns else risks().get(request.rule, "")
        rule = "" if request.warns else request.rule
        day = datetime.now(UTC).date()
        lesson = store().teach(request.texts, warns=request.warns, rule=rule, risk=risk, day=day)
        act()
        return lesson

    def undo(ident: str | None) -> bool:
        undone = store().undo(ident)
        if undone:
            act()
        return undone

    @app.get("/v1/lessons")
    async def listed_lessons() -> list[LessonInfo]:
        """What the user taught, the newest first."""
        return [_info(lesson) for lesson in reversed(store().current)]

    @app.post("/v1/lessons")
    async def learn(request: LessonRequest) -> LessonInfo:
        """Learn from a text, and judge the pages of late anew. The text is not kept."""
        if not request.warns and not request.rule:
            raise HTTPException(422, "rule: which warning was wrong")
        if request.risk and request.risk not in risks().values():
            raise HTTPException(422, "risk: none that Koban knows")
        try:
            return _info(await asyncio.to_thread(teach, request))
        except CannotTeach as error:
            raise HTTPException(422, f"texts: {error}") from None
        except OSError as error:
            raise HTTPException(507, f"the lesson could not be written: {error.strerror}") from None

    @app.get("/v1/lessons/contribution")
    async def contribution() -> Contribution:
        """All lessons without personal details, to be shown to the user before they go anywhere."""
        return Contribution(text=store().contribution())

    @app.delete(
        "/v1/lessons/{ident}", status_code=204, responses={404: {"model": Problem, "description": "No such lesson."}}
    )
    async def unlearn(ident: str) -> Response:
        """Undo a lesson, and judge the pages of late anew."""
        return await _undone(ident)

    @app.delete("/v1/lessons", status_code=204, responses={404: {"model": Problem, "description": "No lesson."}})
    async def unlearn_all() -> Response:
        """Undo all lessons, and judge the pages of late anew."""
        return await _undone(None)

    async def _undone(ident: str | None) -> Response:
        try:
            if not await asyncio.to_thread(undo, ident):
                raise HTTPException(404, "no such lesson")
        except OSError as error:
            raise HTTPException(507, f"the lessons could not be written: {error.strerror}") from None
        return Response(status_code=204)


def _info(lesson: Lesson) -> LessonInfo:
    return LessonInfo(
        id=lesson.id,
        warns=lesson.warns,
        rule=lesson.rule,
        risk=lesson.risk,
        day=lesson.day,
        quote=lesson.quote,
    )
