"""Routes for the user's lessons: add, list, undo, and export without personal details."""

import asyncio
from datetime import UTC, datetime

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from addon.api.deps import Rules, Running, problem, writing
from addon.api.models import Contribution, LessonInfo, LessonRequest
from addon.koban import Koban
from addon.state.lessons import CannotTeach
from rules.meaning.lesson import Lesson

router = APIRouter()


@router.get("/v1/lessons")
async def listed_lessons(koban: Running) -> list[LessonInfo]:
    """The user's lessons, the newest first."""
    return [_info(lesson) for lesson in reversed(koban.lessons.current)]


@router.post("/v1/lessons")
async def learn(request: LessonRequest, catalog: Rules, koban: Running) -> LessonInfo:
    """Learn from a text, and judge recent pages again. The text is not kept."""
    risks = {rule.id: rule.risk for rule in catalog.rules}
    if not request.warns and not request.rule:
        raise HTTPException(422, "rule: which warning was wrong")
    if request.risk and request.risk not in risks.values():
        raise HTTPException(422, "risk: none that Koban knows")
    risk = request.risk if request.warns else risks.get(request.rule, "")
    rule = "" if request.warns else request.rule
    day = datetime.now(UTC).date()
    try:
        with writing("the lesson"):
            lesson = await asyncio.to_thread(
                koban.lessons.teach, request.texts, warns=request.warns, rule=rule, risk=risk, day=day
            )
    except CannotTeach as error:
        raise HTTPException(422, f"texts: {error}") from None
    # Written before anybody waits for the judge, who may be asked no more where Koban ends meanwhile.
    await koban.wait_for_judge(koban.judge_again)
    return _info(lesson)


@router.get("/v1/lessons/contribution")
async def contribution(koban: Running) -> Contribution:
    """All lessons without personal details, to be shown to the user before they go anywhere."""
    return Contribution(text=koban.lessons.contribution())


@router.delete("/v1/lessons/{ident}", status_code=204, responses=problem(404, "No such lesson."))
async def unlearn(ident: str, koban: Running) -> Response:
    """Undo a lesson, and judge recent pages again."""
    return await _undone(koban, ident)


@router.delete("/v1/lessons", status_code=204, responses=problem(404, "No lesson."))
async def unlearn_all(koban: Running) -> Response:
    """Undo all lessons, and judge recent pages again."""
    return await _undone(koban, None)


async def _undone(koban: Koban, ident: str | None) -> Response:
    with writing("the lessons"):
        was_undone = await asyncio.to_thread(koban.lessons.undo, ident)
    if not was_undone:
        raise HTTPException(404, "no such lesson")
    await koban.wait_for_judge(koban.judge_again)
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
