"""The judge as a whole: order, trust, sentences, evidence that can be clicked, and `find`."""

from collections.abc import Callable
from typing import Any

import pytest

from qa.errors import ScorecardError
from qa.rules.judge import Judge

Form = Callable[..., Any]
SAID = {"phrase_said": {"phrases": ["您好"]}}
COMPLAINT = {"phrase_said": {"role": "customer", "phrases": ["太慢了", "投诉"]}}


def criterion(name: str, rule: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A criterion with this rule."""
    return {"id": name, "rule": rule, **more}


@pytest.mark.parametrize(
    ("rule", "place", "said"),
    [
        ({"phrase_sayd": {}}, "tried.rule", "known: absent, after, all"),
        ({}, "tried.rule", "exactly one operator"),
        ({"any": [SAID], "all": [SAID]}, "tried.rule", "got: any, all"),
        ({"phrase_said": {"phrases": ["好"], "rolle": "agent"}}, "tried.rule.phrase_said", "rolle"),
        ({"phrase_said": {"role": "agent"}}, "tried.rule.phrase_said", "phrases, lexicon or both"),
        ({"phrase_said": {"lexicon": ["nothing"]}}, "tried.rule.phrase_said", "unknown lexicon"),
        ({"phrase_said": {"phrases": ["(好"]}}, "tried.rule.phrase_said", "without its )"),
        ({"all": [SAID, {"not": {"some": 1}}]}, "tried.rule.all[1].not", "unknown rule operator"),
        ({"within": {"what": SAID, "after": "complaint"}}, "tried.rule.within", "turns, seconds or both"),
        ({"within": {"what": SAID, "after": "nothing", "turns": 1}}, "tried.rule.within.after", "no criterion"),
        ({"regex": {"pattern": "(好"}}, "tried.rule.regex", "broken pattern"),
        ({"regex": {"pattern": "好*"}}, "tried.rule.regex", "empty text"),
        ({"measure": {"name": "noise", "above": 1}}, "tried.rule.measure", "unknown measure"),
        ({"measure": {"name": "ring_s"}}, "tried.rule.measure", "above, below"),
        ({"metadata": {"key": "queue"}}, "tried.rule.metadata", "exactly one"),
        ({"customer_type_is": ["angry"]}, "tried.rule.customer_type_is", "agitated"),
        ({"turn": {"not": SAID}}, "tried.rule.turn", "all, any or both"),
        ({"sequence": {"stages": [SAID, SAID], "min": 3}}, "tried.rule.sequence", "larger than"),
        ({"always": False}, "tried.rule.always", "True"),
    ],
)
def test_a_broken_rule_names_its_place(form: Form, rule: dict[str, Any], place: str, said: str) -> None:
    """The error names criterion, operator and key, and says what is allowed."""
    with pytest.raises(ScorecardError) as caught:
        Judge(form(criterion("tried", rule)))
    assert caught.value.place == place
    assert said in caught.value.in_language("en")


def test_rules_that_nest_too_deep_are_refused(form: Form) -> None:
    """A rule of a hundred levels is an error, not a crash."""
    rule: dict[str, Any] = SAID
    for _ in range(100):
        rule = {"not": rule}
    with pytest.raises(ScorecardError, match="nest deeper"):
        Judge(form(criterion("tried", rule)))


def test_circles_are_refused(form: Form) -> None:
    """Criteria that wait for each other are an error that names them."""
    first = criterion("first", {"criterion": {"id": "second", "verdict": ["met"]}})
    second = criterion("second", {"after": {"what": SAID, "anchor": "first"}})
    with pytest.raises(ScorecardError, match=r"(first|second) → (first|second) → (first|second)"):
        Judge(form(first, second))


def test_a_complaint_may_not_depend_on_itself(form: Form) -> None:
    """The complaint rule cannot ask about the complaint."""
    with pytest.raises(ScorecardError, match="complaint → complaint"):
        Judge(form(criterion("tried", SAID), complaint={"complaint": True}))


def test_findings_keep_the_order_of_the_form(form: Form, judge: Callable[..., Any]) -> None:
    """A criterion that depends on a later one is judged after it and reported before it."""
    first = criterion("first", {"criterion": {"id": "second", "verdict": ["met"]}})
    card = form(first, criterion("second", SAID))
    findings = judge(card, {"turns": ["A 您好"]}).findings
    assert [(finding.criterion_id, finding.verdict) for finding in findings] == [
        ("first", "met"),
        ("second", "met"),
    ]
    assert [finding.operator for finding in findings] == ["criterion.v1", "phrase_said.v1"]


def test_complaint_begins_with_the_first_customer_turn(form: Form, judge: Callable[..., Any]) -> None:
    """The category is the list with most hits from there on."""
    card = form(
        criterion("tried", SAID),
        complaint=COMPLAINT,
        complaint_categories={"price": ["贵"], "product_quality": ["坏了"]},
    )
    found = judge(card, {"turns": ["C 贵贵贵", "A 要投诉吗", "C 太慢了", "A 嗯", "C 坏了，投诉，贵，坏了"]}).complaint
    assert (found.present, found.begins_turn, found.category) == (True, 2, "product_quality")
    assert [piece.quote for piece in found.evidence] == ["太慢了", "投诉"]


def test_without_an_agent_everything_is_undetermined(form: Form, judge: Callable[..., Any]) -> None:
    """No verdict is made up where nobody is known to be the agent."""
    card = form(criterion("tried", SAID), criterion("other", SAID, kind="forbidden"))
    findings = judge(card, {"turns": ["C 您好", "U 您好"]}).findings
    assert [finding.verdict for finding in findings] == ["undetermined", "undetermined"]
    assert "坐席" in findings[0].explanation


@pytest.mark.parametrize(("unknown", "verdict"), [(2, "not_met"), (3, "undetermined")])
def test_missing_needs_known_speakers(form: Form, judge: Callable[..., Any], unknown: int, verdict: str) -> None:
    """Over four tenths of turns without a role, a missing element is not called missing."""
    turns = ["A 嗯", "C 嗯", "A 嗯", *["U 嗯"] * unknown]
    assert judge(form(criterion("tried", SAID)), {"turns": turns}).findings[0].verdict == verdict


@pytest.mark.parametrize(
    ("rule", "at"),
    [
        ({"phrase_said": {"phrases": ["甲"], "first_turns": 1}}, [0]),
        ({"phrase_said": {"phrases": ["甲"], "last_turns": 1}}, [4]),
        ({"within": {"what": {"phrase_said": {"phrases": ["甲"]}}, "after": "complaint", "turns": 2}}, [1]),
        ({"phrase_said": {"phrases": ["甲"]}}, [4]),
    ],
)
def test_what_is_missing_can_be_clicked(
    form: Form, judge: Callable[..., Any], rule: dict[str, Any], at: list[int]
) -> None:
    """Evidence of a missing element is the turn in which it should have been."""
    card = form(criterion("tried", rule), complaint=COMPLAINT)
    finding = judge(card, {"turns": ["A 嗯", "C 太慢了", "A 嗯", "C 嗯", "A 哦"]}).findings[0]
    assert finding.verdict == "not_met"
    assert [piece.turn_index for piece in finding.evidence] == at


def test_sentences(form: Form, judge: Callable[..., Any]) -> None:
    """The form's own words are filled in; without a quote to fill in the default is used."""
    say = {"met": "{time} 第{turn}轮说了“{quote}”", "not_met": "没有说“{quote}”"}
    card = form(criterion("tried", SAID, say=say))
    assert judge(card, {"turns": ["C 喂"] * 7 + ["A 您好"]}).findings[0].explanation == "1:10 第8轮说了“您好”"
    untimed = judge(card, {"turns": ["C 喂", "A 您好"], "timed": False}).findings[0]
    assert untimed.explanation == "第 2 轮 第2轮说了“您好”"
    assert judge(card, {"turns": ["A 喂"]}).findings[0].explanation == "坐席的话中没有找到。"


@pytest.mark.parametrize("text", ["{quotes}", "{quote.__class__}", "{quote!r}", "{quote:>9}", "{", "{0}"])
def test_sentences_take_only_known_placeholders(form: Form, text: str) -> None:
    """Anything but the four placeholders is refused when the form is read."""
    with pytest.raises(ScorecardError) as caught:
        Judge(form(criterion("tried", SAID, say={"met": text})))
    assert caught.value.place == "tried.say.met"


def test_words_give_time_and_confidence(form: Form, judge: Callable[..., Any]) -> None:
    """Evidence starts and ends with its words and is as sure as they are."""
    piece = (
        judge(form(criterion("tried", SAID)), {"turns": [{"say": "A 喂，您好啊", "probability": 0.8}]})
        .findings[0]
        .evidence[0]
    )
    assert (piece.start_s, piece.end_s) == pytest.approx((3.6, 7.2))
    assert piece.confidence == pytest.approx(0.8)
    assert (piece.char_start, piece.char_end) == (2, 4)


def test_merged_accents_are_a_setting(form: Form, call: Callable[..., Any]) -> None:
    """Shi for si is a homophone only where accents are merged."""
    card = form(criterion("tried", {"phrase_said": {"phrases": ["十四号线"]}}))
    assert [len(Judge(card, merge_accents=on).find("四十号线")) for on in (False, True)] == [0, 1]


FIND = {
    "greeting": {"phrase_said": {"phrases": ["您好"], "first_turns": 1}},
    "apology": {"within": {"what": {"phrase_said": {"phrases": ["对不起"]}}, "after": "complaint", "turns": 2}},
    "soothing": {"before": {"what": {"phrase_said": {"phrases": ["理解您"]}}, "anchor": ["greeting"]}},
    "refusal": {
        "followed_by": {
            "what": {"phrase_said": {"phrases": ["办不了"]}},
            "by": {"phrase_said": {"phrases": ["我帮您"]}},
            "negate": True,
        }
    },
    "calm": {"all": [{"customer_type_is": ["agitated"]}, {"phrase_said": {"phrases": ["别着急"]}}]},
    "asked_twice": {"repeat": {"what": {"phrase_said": {"role": "customer", "phrases": ["为什么"]}}}},
    "anything": {"always": True},
}


@pytest.mark.parametrize(
    ("text", "role", "before", "ids"),
    [
        ("您好，对不起", "agent", (), ["greeting", "apology"]),
        ("我理解您", "agent", ["喂"], ["soothing"]),
        ("办不了", "agent", (), ["refusal"]),
        ("办不了，我帮您问问", "agent", (), []),
        ("您说办不了", "agent", (), []),
        ("办不了", "customer", (), []),
        ("别着急", "agent", "喂", ["calm"]),
        ("为什么", "customer", (), ["asked_twice"]),
        ("嗯", "agent", (), []),
        ("", "agent", (), []),
    ],
)
def test_find(form: Form, text: str, role: Any, before: Any, ids: list[str]) -> None:
    """One sentence shows what it touches: role, guards and unless count, place and conditions do not."""
    card = form(*(criterion(name, rule) for name, rule in FIND.items()), complaint=COMPLAINT)
    assert [found.id for found in Judge(card).find(text, role, before)] == ids


def test_find_tells_homophones_apart(form: Form) -> None:
    """A sentence that only sounds like the phrase says so."""
    found = Judge(form(criterion("tried", {"phrase_said": {"phrases": ["对不起"]}}))).find("对不齐")
    assert [(each.match, each.confidence) for each in found] == [("homophone", 0.8)]


WITHIN = {"within": {"what": SAID, "after": "complaint", "turns": 2, "seconds": 60}}
BEFORE = {"before": {"what": SAID, "anchor": {"phrase_said": {"phrases": ["办法"]}}}}
DEADLINES = [
    ("late, by turns", WITHIN, ["A 在", "C 太慢了", "A 嗯", "C 嗯", "A 嗯", "C 嗯", "A 您好"], ("late", 4, 49.0)),
    ("missing, by turns", WITHIN, ["A 在", "C 太慢了", "A 嗯", "C 嗯", "A 嗯", "C 嗯"], ("not_met", 4, 49.0)),
    ("missing, fewer turns", WITHIN, ["A 在", "C 太慢了", "A 嗯"], ("not_met", 2, 29.0)),
    ("late, by seconds", WITHIN, ["A 在", "C 太慢了", *["C 嗯"] * 7, "A 您好"], ("late", 7, 79.0)),
    ("met", WITHIN, ["A 在", "C 太慢了", "A 您好"], ("met", None, None)),
    ("late, by the anchor", BEFORE, ["A 在", "C 太慢了", "A 有办法", "C 嗯", "A 您好"], ("late", 2, 20.0)),
    ("missing, by the anchor", BEFORE, ["A 在", "C 太慢了", "A 有办法"], ("not_met", 2, 20.0)),
    ("missing, no anchor", BEFORE, ["A 在", "C 太慢了", "A 嗯"], ("not_met", None, None)),
]


@pytest.mark.parametrize(("name", "rule", "turns", "expected"), DEADLINES, ids=[case[0] for case in DEADLINES])
def test_deadline(form: Form, judge: Callable[..., Any], name: str, rule: Any, turns: Any, expected: Any) -> None:
    """What is late or missing names the latest turn and second that would have been in time."""
    card = form(criterion("tried", {"any": [rule, {"phrase_said": {"phrases": ["早上好"]}}]}), complaint=COMPLAINT)
    finding = judge(card, {"turns": turns}).findings[0]
    limit = finding.deadline
    found = (limit.turn_index, limit.time_s) if limit else (None, None)
    assert (finding.verdict, *found) == expected


def test_a_rule_that_does_not_apply_still_serves_others(form: Form, judge: Callable[..., Any]) -> None:
    """A criterion without a complaint is not applicable, and what looks at it still finds its words."""
    card = form(
        criterion("sorry", SAID, applies_when={"complaint": True}),
        criterion("later", {"after": {"what": {"phrase_said": {"phrases": ["再见"]}}, "anchor": "sorry"}}),
        complaint=COMPLAINT,
    )
    found = judge(card, {"turns": ["A 您好", "C 查一下", "A 再见"]}).findings
    assert [finding.verdict for finding in found] == ["not_applicable", "met"]


def test_a_long_report_ends(form: Form, judge: Callable[..., Any]) -> None:
    """Forty words after "she said" are one quotation; a guard that tries every split of them would never come back."""
    card = form(criterion("sorry", {"phrase_said": {"phrases": ["sorry"]}}), language="en")
    words = "the parcel went round three different depots before anybody noticed the label " * 3
    [finding] = judge(card, {"turns": [f"A she said {words} sorry", "C fine"]}).findings
    assert finding.verdict == "not_met"
