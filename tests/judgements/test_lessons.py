"""Lessons: the lost point's sentence, time and source, and a counterfactual that the scorer itself gives."""

from dataclasses import replace

import pytest

from qa.evaluation import Deadline
from qa.judgements.lessons import lessons
from qa.scorecard import SHIPPED, load_scorecard
from qa.scoring import score


def lessons_of(card, found):
    """Lessons by criterion id."""
    return {lesson.criterion_id: lesson for lesson in lessons(card, found, score(card, found))}


@pytest.mark.parametrize(
    ("verdict", "lost"), [("not_met", 10), ("late", 5), ("met", 0), ("undetermined", 0), ("not_applicable", 0)]
)
def test_only_lost_points_teach(card, findings, verdict, lost):
    """Missing loses all points, late half; what is met, unsure or does not apply loses none."""
    found = lessons_of(card(), findings(card(), {"solution": (verdict, 6)}))
    assert {name: lesson.points_lost for name, lesson in found.items()} == ({"solution": lost} if lost else {})


@pytest.mark.parametrize("verdict", ["not_met", "late"])
@pytest.mark.parametrize("name", ["timely_apology", "blame_shifting", "closing"])
@pytest.mark.parametrize("fatal", [(), ("privacy_leak",)])
def test_counterfactual_is_the_scorer(card, findings, name, verdict, fatal):
    """Every figure is what the scorer says of the same findings with this one verdict met."""
    form = card(fatal=fatal)
    verdicts = {name: (verdict, 4), "thanks": "undetermined", "argues": "not_met", "privacy_leak": "not_met"}
    lesson = lessons_of(form, findings(form, verdicts)).get(name)
    again = score(form, findings(form, {**verdicts, name: ("met", 4)}))
    assert (lesson.instead.score, lesson.instead.score_before_fatal, lesson.instead.passed) == (
        again.score,
        again.score_before_fatal,
        again.passed,
    )
    assert lesson.instead.points_kept == lesson.points_lost


def test_without_the_fatal_failure(card, findings):
    """Through the gate: without this the score would be what the rest is worth."""
    form = card(fatal=("privacy_leak",))
    lesson = lessons_of(form, findings(form, {"privacy_leak": ("not_met", 4), "solution": "not_met"}))["privacy_leak"]
    without = score(form, findings(form, {"solution": "not_met"})).score
    assert lesson.instead.score == without
    assert f"Without this the score would be {without:g}, not 0." in lesson.text.en
    assert f"如果没有这一条，得分为 {without:g}，而不是 0。" in lesson.text.zh


def test_a_fatal_failure_without_points_teaches(card, findings):
    """A fatal criterion of no points costs the whole score."""
    form = card(fatal=("no_timely_apology",))
    lesson = lessons_of(form, findings(form, {"no_timely_apology": ("not_met", 1)}))["no_timely_apology"]
    assert (lesson.points_lost, lesson.instead.score) == (0, 100)


def test_two_fatal_failures(card, findings):
    """Either alone would not have saved the call, and the sentence says so."""
    form = card(fatal=("privacy_leak", "insults_customer"))
    found = lessons_of(form, findings(form, {"privacy_leak": ("not_met", 2), "insults_customer": ("not_met", 4)}))
    assert {lesson.instead.score for lesson in found.values()} == {0.0}
    assert "the score stays 0 because of Insulting the customer" in found["privacy_leak"].text.en
    assert "因 泄露客户信息 一票否决，得分仍为 0" in found["insults_customer"].text.zh


def test_apology_before(card, findings):
    """Sentence, time, source row and the latest moment, in both languages."""
    form = card()
    found = [
        replace(each, deadline=Deadline(4, 83.4)) if each.criterion_id == "timely_apology" else each
        for each in findings(form, {"timely_apology": ("late", 9)})
    ]
    lesson = lessons_of(form, found)["timely_apology"]
    assert (lesson.quote, lesson.turn_index, lesson.start_s) == ("words", 9, 90.0)
    assert (lesson.before_turn, lesson.before_s) == (4, 83.4)
    assert lesson.sources[0].document == "002"
    assert lesson.text.en.startswith("Timely apology, too late at 01:30: “words”. An apology before 01:23 would have")
    assert "Source: document 002, trigger 6" in lesson.text.en
    assert lesson.text.zh.startswith("及时道歉，01:30 过迟：“words”。如果在 01:23 之前为此事道歉，可保住 5 分")
    assert "依据：文档 002，引爆因素六" in lesson.text.zh


def test_without_times(card, findings):
    """A written chat counts turns."""
    form = card()
    found = [
        replace(
            each,
            deadline=Deadline(4, None),
            evidence=tuple(replace(piece, start_s=None, end_s=None) for piece in each.evidence),
        )
        for each in findings(form, {"soothing": ("late", 9)})
    ]
    text = lessons_of(form, found)["soothing"].text
    assert "too late at turn 10" in text.en
    assert "by turn 5" in text.en
    assert "最迟在第 5 轮" in text.zh


def test_measured_over_the_whole_call(card, findings):
    """A rule that measures the call blames no single sentence."""
    form = card()
    rows = [
        criterion.model_copy(update={"rule": {"all": [{"measure": {"name": "polite_words_ratio", "at_least": 0.5}}]}})
        if criterion.id == "polite_words"
        else criterion
        for criterion in form.criteria
    ]
    form = form.model_copy(update={"sections": (form.sections[0].model_copy(update={"criteria": tuple(rows)}),)})
    lesson = lessons_of(form, findings(form, {"polite_words": ("not_met", 10)}))["polite_words"]
    assert (lesson.turn_index, lesson.quote) == (None, "")
    assert "over the whole call" in lesson.text.en


def test_a_form_of_ones_own(card, findings):
    """A criterion outside the catalogue teaches with its title, and with its own source where it names one."""
    form = card()
    rows = list(form.criteria)
    rows[0] = rows[0].model_copy(update={"id": "smile", "title": "Smiles", "source": "handbook 3"})
    form = form.model_copy(update={"sections": (form.sections[0].model_copy(update={"criteria": tuple(rows)}),)})
    lesson = lessons_of(form, findings(form, {"smile": ("not_met", 0)}))["smile"]
    assert "“Smiles” would have kept 10 points" in lesson.text.en
    assert lesson.text.en.endswith("Source: handbook 3.")
    assert [source.document for source in lesson.sources] == ["scorecard"]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_criterion_has_its_row(name, findings):
    """Each names document and row in both languages, and the form's own `source` names the same documents."""
    form = load_scorecard(name)
    found = lessons_of(form, findings(form, {}, default="not_met"))
    for criterion in form.criteria:
        if criterion.id not in found:
            assert not criterion.points
            continue
        sources = found[criterion.id].sources
        assert sources
        for source in sources:
            assert source.document in criterion.source
            assert source.row.en
            assert source.row.zh


def test_a_cut_quote_keeps_no_number(card, findings):
    """A long sentence is cut in the text, and a number at the cut is masked all the same."""
    form = card()
    said = f"{'请' * 34}13800001111"
    found = [
        replace(each, evidence=tuple(replace(piece, quote=said) for piece in each.evidence))
        for each in findings(form, {"argues": ("not_met", 4)})
    ]
    lesson = lessons_of(form, found)["argues"]
    assert "1380" not in lesson.text.zh
    assert "请*****…" in lesson.text.zh
    assert lesson.quote == said
