"""Routes that show and change what the user has switched: rules, settings, and how the history is kept."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, HTTPException

from addon.api.deps import Rules, Running, Store, problem, writing
from addon.api.models import AutostartChange, AutostartStatus, HistoryChange, RuleInfo, SettingsPatch
from addon.api.translated import translated
from addon.state.settings import HistorySettings, InvalidSettings, Settings, SettingsStore
from rules.loader import Catalog
from rules.placeholders import spoken
from rules.rule import Rule, conditions_of
from rules.status import is_on_from_start
from rules.translations import translations

router = APIRouter()
history_router = APIRouter()
"""Settings of the history alone: for Koban's own page of it too."""

LONGEST_EXAMPLE = 120


@router.get("/v1/rules")
async def rules(catalog: Rules, koban: Running) -> list[RuleInfo]:
    """Every rule of the catalog, with the user's switches."""
    return rule_infos(catalog, koban.settings.current)


@router.get("/v1/settings")
async def settings(koban: Running) -> Settings:
    """The user's settings."""
    return koban.settings.current


@router.patch("/v1/settings")
async def change_settings(change: SettingsPatch, koban: Running) -> Settings:
    """Change settings by a JSON merge patch (RFC 7396): `null` removes, objects merge."""
    before = koban.settings.current.language
    new_settings = await _changed(koban.settings, change.model_dump(mode="json", exclude_unset=True))
    if new_settings.language != before:
        await koban.wait_for_judge(koban.judge_again)
    return new_settings


@router.put("/v1/autostart", responses=problem(404, "It is no choice here.") | problem(507, "It could not be written."))
async def change_autostart(change: AutostartChange, koban: Running) -> AutostartStatus:
    """Have the system start Koban when its user logs in, or not: an entry of this user's own, made or taken out."""
    switch = koban.autostart
    if switch is None:
        raise HTTPException(404, "this Koban is none that the system could start again")
    with writing("the entry"):
        await asyncio.to_thread(switch.turn, on=change.on)
    return AutostartStatus(state=await asyncio.to_thread(switch.state))


@history_router.get("/v1/history/settings")
async def history_settings(store: Store) -> HistorySettings:
    """Settings of the history."""
    return store.current.history


@history_router.patch("/v1/history/settings", responses=problem(507, "It could not be written."))
async def change_history_settings(change: HistoryChange, store: Store) -> HistorySettings:
    """Change what is remembered, and for how long."""
    return (await _changed(store, {"history": change.model_dump(exclude_none=True)})).history


async def _changed(store: SettingsStore, patch: Mapping[str, Any]) -> Settings:
    """Returns the settings after a merge patch. Raises HTTPException where they do not allow it."""
    try:
        with writing("settings"):
            return await asyncio.to_thread(store.patch, patch)
    except InvalidSettings as error:
        raise HTTPException(422, str(error)) from None


def rule_infos(catalog: Catalog, settings: Settings) -> list[RuleInfo]:
    """The catalog's rules with the switches of settings, in the language of settings too."""
    texts = translations(settings.language)
    return [
        RuleInfo(
            id=rule.id,
            topic=rule.topic,
            risk=rule.risk,
            severity=rule.severity,
            confidence=rule.confidence,
            status=rule.status,
            subject=rule.subject,
            title=spoken(rule.title, texts, rule.id),
            reason=spoken(rule.reason, texts, rule.id),
            advice=spoken(rule.advice, texts, rule.id),
            report=rule.report,
            sources=translated(list(rule.sources), texts),
            example=example_of(rule),
            enabled=settings.rules.get(rule.id, is_on_from_start(rule.status)),
            sites={site: own.rules[rule.id] for site, own in settings.sites.items() if rule.id in own.rules},
        )
        for rule in catalog.rules
    ]


def example_of(rule: Rule) -> str | None:
    """Words that a rule warns of: the first text in its examples; None where it looks at other things than words."""
    matchers = [condition.matcher for condition, _ in conditions_of(rule) if condition.matcher is not None]
    if rule.subject not in ("message", "thread") and not any(each.says or each.means for each in matchers):
        return None
    for example in rule.examples.fires:
        for record in example.records:
            for name in ("body", "title"):
                text = getattr(record, name, None)
                if isinstance(text, str) and text.strip():
                    line = " ".join(text.split())
                    return line if len(line) <= LONGEST_EXAMPLE else line[: LONGEST_EXAMPLE - 1] + "…"
    return None
