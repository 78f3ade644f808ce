"""What a complaining customer seeks, and what the document advises.

Source: document 001, complaint psychology: seeks respect → apology; compensation → offer; venting → listening;
hostile → agreement and appreciation.
"""

from qa.derived import Cue, Psychology, Verdict
from qa.judgements.documents import PsychologyForm, documents
from qa.judgements.judged import Judged

MAX_CUES = 5


def psychology(judged: Judged) -> Psychology | None:
    """The kind whose cues stand in the most customer turns from the complaint on; None without complaint or cue."""
    begins = judged.complaint.begins_turn
    if not judged.complaint.present or begins is None:
        return None
    best: tuple[PsychologyForm, list[Cue]] | None = None
    for form in documents().psychology:
        cues = [Cue(turn.index, words) for turn, words in judged.spoken("customer", form.customer, begin=begins)]
        if cues and (best is None or len(cues) > len(best[1])):
            best = form, cues
    if best is None:
        return None
    form, cues = best
    return Psychology(form.kind, tuple(cues[:MAX_CUES]), form.advice, form.source, _followed(judged, form, begins))


def _followed(judged: Judged, form: PsychologyForm, begins: int) -> Verdict:
    if form.criteria:
        return judged.verdict_of(form.criteria)
    return "met" if any(judged.spoken("agent", form.agent, begin=begins)) else "not_met"
