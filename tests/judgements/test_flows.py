"""Flows: coverage, order, and what does not count."""

import pytest
from pydantic import ValidationError

from qa.judgements.flows import flows, in_order

IN_ORDER = {
    "soothing": ("met", 2),
    "timely_apology": ("met", 2),
    "fact_gathering": ("met", 4),
    "solution": ("met", 6),
    "ask_opinion": ("met", 8),
    "follow_up": ("met", 10),
}
# name, verdicts, (done, counted, unsure, ordered, out of order) of the seven steps
CASES = [
    ("all in order", IN_ORDER, (7, 7, 0, True, ())),
    ("late counts as done", {**IN_ORDER, "soothing": ("late", 2)}, (7, 7, 0, True, ())),
    ("missing", {**IN_ORDER, "ask_opinion": "not_met"}, (6, 7, 0, True, ())),
    ("na is not counted", {**IN_ORDER, "ask_opinion": "not_applicable"}, (6, 6, 0, True, ())),
    ("undetermined is not counted", {**IN_ORDER, "solution": "undetermined"}, (6, 6, 1, True, ())),
    ("after the others", {**IN_ORDER, "timely_apology": ("late", 9)}, (7, 7, 0, False, ("apologise",))),
    ("one of two criteria fails", {**IN_ORDER, "dodges_customer": ("not_met", 2)}, (6, 7, 0, True, ())),
    ("met without words has no place", {}, (7, 7, 0, None, ())),
    ("all unsure", dict.fromkeys([*IN_ORDER, "listening"], "undetermined"), (0, 0, 7, None, ())),
]


@pytest.mark.parametrize(("name", "verdicts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_seven_steps(judged, name, verdicts, expected):
    """Document 001, seven steps of handling a complaint."""
    flow = flows(judged(verdicts))["seven_step"]
    assert (flow.done, flow.counted, flow.unsure, flow.ordered, flow.out_of_order) == expected


def test_coverage(judged):
    """Coverage is done / counted, and unknown where nothing could be counted."""
    assert flows(judged({"follow_up": "not_met"}))["four_step"].coverage == 0.75
    unsure = dict.fromkeys(["listening", "fact_gathering", "timely_apology", "solution", "follow_up"], "undetermined")
    assert flows(judged(unsure))["four_step"].coverage is None


def test_steps_of_every_flow(judged):
    """The documents' flows have seven, ten, four and seven steps; each step keeps its turn."""
    found = flows(judged(IN_ORDER))
    assert {name: len(flow.steps) for name, flow in found.items()} == {
        "seven_step": 7,
        "ten_step": 10,
        "four_step": 4,
        "seven_service": 7,
    }
    assert {step.id: step.turn_index for step in found["four_step"].steps}["solve"] == 6


def test_without_complaint(judged):
    """The flows of a complaint are null, the service steps remain."""
    found = flows(judged({}, complaint=None))
    assert [name for name, flow in found.items() if flow is not None] == ["seven_service"]


def test_nothing_applies(judged):
    """A flow of which no step applies is null."""
    assert flows(judged({}, default="not_applicable"))["seven_service"] is None


FLOW = {
    "id": "mine",
    "title": {"en": "mine", "zh": "我的"},
    "source": {"en": "ours", "zh": "自定"},
    "applies": "always",
    "steps": [
        {"id": "one", "title": {"en": "one", "zh": "一"}, "all": ["greeting"]},
        {"id": "two", "title": {"en": "two", "zh": "二"}, "any": ["thanks", "closing"]},
    ],
}


def test_flows_of_a_form(judged, card):
    """A form's own flows replace the shipped ones; `any` takes the best verdict."""
    found = flows(judged({"thanks": "not_met", "greeting": "late"}, card=card(flows=[FLOW])))
    assert list(found) == ["mine"]
    assert [step.verdict for step in found["mine"].steps] == ["late", "met"]


def test_a_flow_names_criteria_of_its_form(card):
    """A step that rests on an unknown criterion, or on nothing, is refused."""
    steps = [{**FLOW["steps"][0], "all": ["greetings"]}, FLOW["steps"][1]]
    with pytest.raises(ValidationError, match="greetings"):
        card(flows=[{**FLOW, "steps": steps}])
    with pytest.raises(ValidationError, match="exactly one of"):
        card(flows=[{**FLOW, "steps": [{**FLOW["steps"][0], "all": []}, FLOW["steps"][1]]}])


CHAINS = [
    ([], ()),
    ([("a", [(1, 0)]), ("b", [(2, 0)])], ("a", "b")),
    ([("a", [(3, 0)]), ("b", [(2, 0)]), ("c", [(4, 0)])], ("b", "c")),
    ([("a", [(1, 0)]), ("b", [(1, 0)])], ("a", "b")),
    ([("a", [(5, 0)]), ("b", [(1, 0), (6, 0)])], ("a", "b")),
]


@pytest.mark.parametrize(("placed", "kept"), CHAINS)
def test_longest_chain(placed, kept):
    """The most steps that follow each other; a step may be done more than once."""
    assert in_order(placed) == kept
