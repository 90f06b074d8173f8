"""Routes for the user's lessons: add, list, undo, and export without personal details."""

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
    try:
        with writing("the lesson"):
            return _info(await koban.wait_for_judge(_teach, koban, request, risk))
    except CannotTeach as error:
        raise HTTPException(422, f"texts: {error}") from None


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


def _teach(koban: Koban, request: LessonRequest, risk: str) -> Lesson:
    rule = "" if request.warns else request.rule
    day = datetime.now(UTC).date()
    lesson = koban.lessons.teach(request.texts, warns=request.warns, rule=rule, risk=risk, day=day)
    koban.judge_again()
    return lesson


def _undo(koban: Koban, ident: str | None) -> bool:
    was_undone = koban.lessons.undo(ident)
    if was_undone:
        koban.judge_again()
    return was_undone


async def _undone(koban: Koban, ident: str | None) -> Response:
    with writing("the lessons"):
        if not await koban.wait_for_judge(_undo, koban, ident):
            raise HTTPException(404, "no such lesson")
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
