"""The seven elements that decide whether a complaint ends well, with the document's outlook.

Source: document 002, 9-1: all seven remove the resentment; with four the customer may not return; two or fewer make
an enemy; even five and more are no guarantee.
"""

from qa.bilingual import Bilingual
from qa.derived import ElementsOutlook, SevenElements, Step
from qa.judgements.documents import documents
from qa.judgements.judged import Judged

TEXTS: dict[ElementsOutlook, Bilingual] = {
    "resentment_removed": Bilingual(
        "all seven are right: the resentment is removed", "七要素都做好了：能消除顾客的怨气"
    ),
    "not_guaranteed": Bilingual(
        "five or six are right: the customer is still not surely content", "符合五项以上：仍不能保证顾客一定满意"
    ),
    "may_not_return": Bilingual(
        "only three or four are right: the customer may not return", "只符合三四项：顾客不一定会再回来"
    ),
    "enemy_made": Bilingual("two or fewer are right: an enemy is made", "只符合两项以下：无疑制造敌人"),
}
UNSURE = Bilingual("too much is undetermined for an outlook", "待定的要素较多，无法预测")


def seven_elements(judged: Judged) -> SevenElements | None:
    """Count the elements of a complaint; None without one.

    An element that is late is not done well. One that is undetermined, or that the form or call has nothing for, may
    be met or not: the outlook is given only where that makes no difference.
    """
    if not judged.complaint.present:
        return None
    steps = []
    for form in documents().seven_elements:
        verdict = judged.verdict(form)
        said = judged.said(form.criteria)
        steps.append(Step(form.id, form.title, verdict, form.criteria, said[0].turn_index if said else None))
    met = sum(step.verdict == "met" for step in steps)
    most = met + sum(step.verdict in ("undetermined", "not_applicable") for step in steps)
    if most == len(steps) and met == 0:
        return None
    outlook = outlook_of(met) if outlook_of(met) == outlook_of(most) else None
    return SevenElements(tuple(steps), met, most, outlook, TEXTS[outlook] if outlook else UNSURE)


def outlook_of(met: int) -> ElementsOutlook:
    """The document's outlook for a count of 0-7; its "about four" is taken as three or four."""
    if met >= 7:
        return "resentment_removed"
    if met >= 5:
        return "not_guaranteed"
    return "may_not_return" if met >= 3 else "enemy_made"
