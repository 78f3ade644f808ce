"""The two shipped scorecards: complete, sensible, and right on sentences written for them (catalogue B and C)."""

import json
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from qa.conversation import Conversation, Engine, Recording, Turn
from qa.evaluation import CustomerType
from qa.features.extractor import extract
from qa.rules.judge import Judge, Judgement
from qa.scorecard import SHIPPED, load_scorecard

CASES = Path(__file__).parent / "cases"
LANGUAGES = ("zh", "en")
REQUIRED = [
    "greeting",
    "timely_apology",
    "soothing",
    "listening",
    "fact_gathering",
    "cause_explanation",
    "solution",
    "ask_opinion",
    "time_commitment",
    "follow_up",
    "prevent_recurrence",
    "satisfaction_check",
    "thanks",
    "closing",
    "polite_words",
]
FORBIDDEN = [
    "dodges_customer",
    "refuses_error",
    "blame_shifting",
    "evades_responsibility",
    "questions_customer",
    "no_timely_apology",
    "argues",
    "broken_promise",
    "poor_knowledge",
    "policy_first",
    "negative_tone",
    "direct_refusal",
    "light_promise",
    "privacy_leak",
]
BY_CALL = {"listening", "polite_words", "no_timely_apology"}


@cache
def judge(language: str) -> Judge:
    """The shipped scorecard of a language, compiled once a process."""
    return Judge(load_scorecard(f"{language}-service"))


def read_cases(language: str) -> dict[str, dict[str, list[Any]]]:
    """Criterion id -> hits and look_alikes; a pair is the customer's sentence and the agent's."""
    cases: dict[str, dict[str, list[Any]]] = json.loads((CASES / f"shipped_{language}.json").read_text("utf-8"))
    return cases


def sentences(kind: str) -> list[Any]:
    """Parameters language, criterion id, customer's sentence before, sentence; the complaint is tested by calls."""
    rows = []
    for language in LANGUAGES:
        for criterion, lists in read_cases(language).items():
            for item in lists[kind] if criterion != "complaint" else ():
                before, text = item if isinstance(item, list) else ("", item)
                marks = known(language, kind, criterion, text)
                name = f"{language}-{criterion}-{text}"
                rows.append(pytest.param(language, criterion, before, text, id=name, marks=marks))
    return rows


@cache
def known_misses() -> dict[str, dict[str, list[list[str]]]]:
    """Sentences that the shipped models and rules get wrong today: counted, and strict, so that a gain shows."""
    misses: dict[str, dict[str, list[list[str]]]] = json.loads((CASES / "known_misses.json").read_text("utf-8"))
    return misses


def known(language: str, kind: str, criterion: str, text: str) -> list[pytest.MarkDecorator]:
    """The mark of a known miss."""
    missed = [criterion, text] in known_misses()[language][kind]
    return [pytest.mark.xfail(strict=True, reason="known miss")] if missed else []


def test_known_misses_stay_few() -> None:
    """Six of seven sentences written for the scorecards are right, each heard alone, without its call."""
    wrong = sum(len(texts) for kinds in known_misses().values() for texts in kinds.values())
    told = sum(
        len(lists[kind])
        for language in LANGUAGES
        for lists in read_cases(language).values()
        for kind in ("hits", "look_alikes")
    )
    assert wrong / told < 1 / 7


def found(language: str, before: str, text: str) -> set[str]:
    """Criteria that the agent's sentence touches."""
    context = [before] if before else []
    return {item.id for item in judge(language).find(text, "agent", context)}


def judged(language: str, *turns: tuple[Any, ...]) -> Judgement:
    """Judge a call of (role, text) or (role, text, start, end) turns."""
    made = tuple(Turn(number, turn[0], turn[1], *_times(turn)) for number, turn in enumerate(turns))
    length = made[-1].end_s
    conversation = Conversation(Recording("", "", length), language, made, Engine("text"))
    return judge(language).judge(conversation, extract(conversation), CustomerType("demanding", {}, False, ""))


def _times(turn: tuple[Any, ...]) -> tuple[Any, ...]:
    return turn[2:4]


def verdict(judgement: Judgement, criterion: str) -> str:
    """Verdict of one criterion."""
    return next(item.verdict for item in judgement.findings if item.criterion_id == criterion)


@pytest.mark.parametrize("name", SHIPPED)
def test_has_every_catalogue_row(name: str) -> None:
    """Each row of the catalogue is one criterion of the right kind with a source and a sentence that teaches."""
    kinds = {item.id: item for item in load_scorecard(name).criteria}
    for names, kind in ((REQUIRED, "required"), (FORBIDDEN, "forbidden")):
        for identifier in names:
            assert kinds[identifier].kind == kind
            assert kinds[identifier].source
            assert kinds[identifier].say["not_met"]


@pytest.mark.parametrize("name", SHIPPED)
def test_points_make_a_hundred(name: str) -> None:
    """A complaint call in which everything applies is worth 100 points."""
    assert sum(item.points for item in load_scorecard(name).criteria) == 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_criterion_has_cases(language: str) -> None:
    """At least four hits and four look-alikes for each criterion that one sentence can decide."""
    cases = read_cases(language)
    for identifier in {*REQUIRED, *FORBIDDEN} - BY_CALL:
        assert len(cases[identifier]["hits"]) >= 4, identifier
        assert len(cases[identifier]["look_alikes"]) >= 4, identifier


@pytest.mark.parametrize(("language", "criterion", "before", "text"), sentences("hits"))
def test_finds(language: str, criterion: str, before: str, text: str) -> None:
    """The behaviour is recognised in other words than the document's."""
    assert criterion in found(language, before, text)


@pytest.mark.parametrize(("language", "criterion", "before", "text"), sentences("look_alikes"))
def test_leaves_alone(language: str, criterion: str, before: str, text: str) -> None:
    """Harmless sentences that share words with the behaviour do not count."""
    assert criterion not in found(language, before, text)


@pytest.mark.parametrize(
    ("language", "kind", "text"),
    [
        pytest.param(language, kind, text, marks=known(language, kind, "complaint", text))
        for language in LANGUAGES
        for kind, texts in read_cases(language)["complaint"].items()
        for text in texts
    ],
)
def test_complaint(language: str, kind: str, text: str) -> None:
    """Dissatisfaction with the company begins a complaint; a question or a thank-you does not."""
    reply = {"zh": "好的。", "en": "Right."}[language]
    judgement = judged(language, ("customer", text), ("agent", reply))
    assert judgement.complaint.present == (kind == "hits")


@pytest.mark.parametrize(
    ("language", "turns", "expected"),
    [
        ("zh", [("customer", "我要投诉，等了三天没人来"), ("agent", "真对不起，是我们没安排好。")], "met"),
        (
            "zh",
            [
                ("customer", "我要投诉"),
                ("agent", "嗯。"),
                ("customer", "喂？"),
                ("agent", "哦。"),
                ("customer", "说话"),
                ("agent", "是我们的错，对不起。"),
            ],
            "not_met",
        ),
        ("zh", [("customer", "我要投诉"), ("agent", "抱歉，没听清，麻烦您再说一遍。")], "not_met"),
        ("zh", [("customer", "请问几点开门"), ("agent", "九点。")], "not_applicable"),
        ("en", [("customer", "This is ridiculous, nobody came."), ("agent", "I'm so sorry, we let you down.")], "met"),
        (
            "en",
            [
                ("customer", "This is ridiculous."),
                ("agent", "Right."),
                ("customer", "Well?"),
                ("agent", "Hm."),
                ("customer", "And?"),
                ("agent", "I do apologise."),
            ],
            "not_met",
        ),
        ("en", [("customer", "This is ridiculous."), ("agent", "Sorry, could you say that again?")], "not_met"),
        ("en", [("customer", "When do you open?"), ("agent", "At nine.")], "not_applicable"),
    ],
)
def test_no_timely_apology_mirrors(language: str, turns: list[tuple[str, str]], expected: str) -> None:
    """The forbidden row is the absence of the required one: late or missing apologies break it."""
    assert verdict(judged(language, *turns), "no_timely_apology") == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("starts", "expected"),
    [([0.0, 5.0, 11.0, 16.0], "met"), ([0.0, 2.0, 11.0, 13.0], "not_met"), ([None] * 4, "undetermined")],
)
def test_listening(language: str, starts: list[float | None], expected: str) -> None:
    """Cutting in twice fails, letting the customer finish passes, and without times nothing is claimed."""
    words = {"zh": "昨天的单子还没有到", "en": "my order has not come"}[language]
    turns = [
        (role, words, start, None if start is None else start + 5.0)
        for role, start in zip(("customer", "agent", "customer", "agent"), starts, strict=True)
    ]
    assert verdict(judged(language, *turns), "listening") == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("zh", "请您稍等，我来查。", "met"),
        ("zh", "等会儿。", "not_met"),
        ("en", "Could you read me the number please?", "met"),
        ("en", "Number.", "not_met"),
    ],
)
def test_polite_words(language: str, text: str, expected: str) -> None:
    """The share of polite turns decides."""
    assert (
        verdict(judged(language, ("customer", "喂" if language == "zh" else "hello"), ("agent", text)), "polite_words")
        == expected
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_harassing_call_has_no_matter(language: str) -> None:
    """Without a need there is nothing to solve and nobody to thank."""
    said = {"zh": "你声音真好听，陪我聊聊嘛", "en": "What are you wearing? You have a sexy voice."}[language]
    judgement = judged(
        language, ("customer", said), ("agent", "请您文明用语。" if language == "zh" else "Please stop.")
    )
    for criterion in ("solution", "fact_gathering", "thanks", "timely_apology"):
        assert verdict(judgement, criterion) == "not_applicable"


def test_fatal_marks_are_few() -> None:
    """Only what nobody disputes zeroes a call, and the same in both languages."""
    marks = [{item.id for item in load_scorecard(name).criteria if item.fatal} for name in SHIPPED]
    assert marks == [{"insults_customer", "privacy_leak"}] * len(get_args(tuple[str, str]))
