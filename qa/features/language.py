"""Measures of the words: how much each side says, how fast, how politely."""

import re

from qa.conversation import Conversation, Role
from qa.features.timing import speech_spans
from qa.shadow import shadow

_POLITE = {
    "zh": re.compile("您|请|谢谢|感谢|麻烦|再见|不好意思|抱歉|辛苦"),
    "en": re.compile(r"\b(please|thanks?|thank you|sorry|apologi[sz]e|welcome|pleasure|may i|could you|would you)\b"),
}
_UNIT = {"zh": re.compile(r"[\u3400-\u9fff]|[A-Za-z0-9]+"), "en": re.compile(r"[A-Za-z0-9']+")}


def language_measures(conversation: Conversation) -> dict[str, float | None]:
    """Turn counts, talk ratio, speech rates and the share of polite agent turns."""
    language = "zh" if conversation.language.startswith("zh") else "en"
    amount = {role: _units(conversation, role, language) for role in ("agent", "customer")}
    seconds = {role: _seconds(conversation, role) for role in ("agent", "customer")}
    timed = all(value is not None for value in seconds.values())
    share = {role: float(seconds[role] or 0.0) if timed else amount[role] for role in amount}
    total = sum(share.values())
    agent_turns = conversation.said_by("agent")
    polite = [turn for turn in agent_turns if _POLITE[language].search(shadow(turn.text, language=language))]
    return {
        "agent_turn_count": float(len(agent_turns)),
        "customer_turn_count": float(len(conversation.said_by("customer"))),
        "agent_talk_ratio": share["agent"] / total if total else None,
        "agent_speech_rate_per_min": _rate(amount["agent"], seconds["agent"]),
        "customer_speech_rate_per_min": _rate(amount["customer"], seconds["customer"]),
        "polite_words_ratio": len(polite) / len(agent_turns) if agent_turns else None,
    }


def _units(conversation: Conversation, role: Role, language: str) -> float:
    return float(sum(len(_UNIT[language].findall(turn.text)) for turn in conversation.said_by(role)))


def _seconds(conversation: Conversation, role: Role) -> float | None:
    spans = speech_spans(conversation, role)
    return sum(end - start for start, end in spans) or None


def _rate(amount: float, seconds: float | None) -> float | None:
    return amount / seconds * 60 if seconds else None
