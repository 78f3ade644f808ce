"""Flows: which steps were done, and whether in order.

Sources: document 001 (seven steps of a complaint, seven steps of service), 002 (9-3, ten steps), 004 (four steps).
"""

from collections.abc import Sequence

from qa.derived import Flow, Step
from qa.flow import FlowForm
from qa.judgements.documents import documents
from qa.judgements.judged import Judged, Place, place_of

Placed = tuple[str, Sequence[Place]]


def flows(judged: Judged) -> dict[str, Flow | None]:
    """Every flow of the form, else every shipped one; None where it is not for this call or nothing of it applies."""
    forms = documents().flows if judged.scorecard.flows is None else judged.scorecard.flows
    return {form.id: _flow(form, judged) for form in forms}


def _flow(form: FlowForm, judged: Judged) -> Flow | None:
    if form.applies == "complaint" and not judged.complaint.present:
        return None
    steps = []
    placed: list[Placed] = []
    for step in form.steps:
        verdict = judged.verdict(step)
        said = judged.said(step.criteria) if verdict in ("met", "late") else []
        steps.append(Step(step.id, step.title, verdict, step.criteria, said[0].turn_index if said else None))
        if said and not step.anywhere:
            placed.append((step.id, [place_of(piece) for piece in said]))
    done = sum(step.verdict in ("met", "late") for step in steps)
    counted = done + sum(step.verdict == "not_met" for step in steps)
    unsure = sum(step.verdict == "undetermined" for step in steps)
    if not counted and not unsure:
        return None
    kept = in_order(placed)
    return Flow(
        title=form.title,
        source=form.source,
        steps=tuple(steps),
        done=done,
        counted=counted,
        unsure=unsure,
        coverage=round(done / counted, 3) if counted else None,
        ordered=len(kept) == len(placed) if len(placed) > 1 else None,
        out_of_order=tuple(name for name, _ in placed if name not in kept),
    )


def in_order(placed: Sequence[Placed]) -> tuple[str, ...]:
    """The most steps whose places follow each other; two steps may share a place.

    best[n] is the chain of n steps that ends earliest, so every later step has the most room.
    """
    best: list[tuple[Place, tuple[str, ...]]] = [((-1, 0), ())]
    for name, places in placed:
        for length in range(len(best) - 1, -1, -1):
            end, chain = best[length]
            following = min((place for place in places if place >= end), default=None)
            if following is None:
                continue
            longer = (following, (*chain, name))
            if length + 1 == len(best):
                best.append(longer)
            elif following < best[length + 1][0]:
                best[length + 1] = longer
    return best[-1][1]
