"""Expectation: was the service below, at or above what the customer expected, and why?

Sources: document 000, satisfaction and expectation (below: not satisfied; met: the need is filled; above: truly
satisfied) and 100-1=0; document 002, measuring satisfaction.
"""

from qa.bilingual import Bilingual
from qa.derived import DeEscalation, Expectation, ExpectationOutlook, OutlookReason, SevenElements
from qa.judgements.documents import documents
from qa.judgements.judged import Judged
from qa.judgements.wording import name_of

TEXTS: dict[ExpectationOutlook, Bilingual] = {
    "below": Bilingual("below what the customer expected: not satisfied", "低于客户期望值：客户不满意"),
    "met": Bilingual("what the customer expected: the need is met", "达到客户期望值：满足客户需求"),
    "exceeded": Bilingual("more than the customer expected: truly satisfied", "超出客户期望值：客户真正满意"),
}
UNSURE = Bilingual("cannot be told: what the customer needed could not be judged", "无法判断：客户的需求是否满足不确定")


def expectation(judged: Judged, elements: SevenElements | None, calming: DeEscalation | None) -> Expectation | None:
    """The outlook with its reasons; None where no needed criterion applies and nothing went wrong."""
    form = documents().expectation
    reasons = [*_below(judged, form.needed), *_from_the_whole(elements, calming)]
    needed = judged.verdict_of(form.needed)
    if reasons:
        return Expectation("below", tuple(reasons), TEXTS["below"])
    if needed == "not_applicable":
        return None
    if needed == "undetermined":
        return Expectation(None, (), UNSURE)
    beyond = _beyond(judged, form.beyond)
    if needed == "met" and judged.style.quadrant == "quality" and len(beyond) >= form.beyond_at_least:
        return Expectation("exceeded", tuple(beyond), TEXTS["exceeded"])
    return Expectation("met", tuple(_met(judged, form.needed)), TEXTS["met"])


def _below(judged: Judged, needed: tuple[str, ...]) -> list[OutlookReason]:
    """What was needed and is missing, and every forbidden thing that was said: one is enough (100-1=0)."""
    reasons = []
    for criterion in judged.scorecard.criteria:
        result = judged.results[criterion.id]
        # A forbidden criterion without points repeats another one, such as the missing apology.
        said = criterion.kind == "forbidden" and bool(criterion.points)
        if result.verdict != "not_met" or not (said or criterion.id in needed or criterion.fatal):
            continue
        pieces = [piece for finding in result.findings[:1] for piece in finding.evidence]
        name = name_of(criterion)
        if criterion.kind == "forbidden":
            text = Bilingual(f"{name.en} happened", f"出现“{name.zh}”")
        else:
            text = Bilingual(f"{name.en} is missing", f"缺少“{name.zh}”")
        reasons.append(OutlookReason(criterion.id, "below", pieces[0].turn_index if pieces else None, text))
    return reasons


def _from_the_whole(elements: SevenElements | None, calming: DeEscalation | None) -> list[OutlookReason]:
    reasons = []
    if elements is not None and elements.outlook == "enemy_made":
        text = Bilingual(f"only {elements.met} of the seven elements are right", f"七要素只做好 {elements.met} 项")
        reasons.append(OutlookReason("seven_elements", "below", None, text))
    if calming is not None and not calming.calmer:
        reasons.append(OutlookReason("de_escalation", "below", calming.worst_turn, calming.text))
    return reasons


def _beyond(judged: Judged, names: tuple[str, ...]) -> list[OutlookReason]:
    return [_done(judged, name, "exceeded") for name in names if judged.verdict_of([name]) == "met"]


def _met(judged: Judged, names: tuple[str, ...]) -> list[OutlookReason]:
    return [_done(judged, name, "met") for name in names if judged.verdict_of([name]) in ("met", "late")]


def _done(judged: Judged, name: str, speaks_for: ExpectationOutlook) -> OutlookReason:
    said = judged.said([name])
    title = name_of(next(each for each in judged.scorecard.criteria if each.id == name))
    late = judged.results[name].verdict == "late"
    text = Bilingual(f"{title.en}: {'late' if late else 'done'}", f"{title.zh}：{'过迟' if late else '已做到'}")
    return OutlookReason(name, speaks_for, said[0].turn_index if said else None, text)
