"""De-escalation: is an agitated customer calmer at the end than at the worst moment?

Sources: document 002, five L ("after these steps even a furious customer can talk calmly"); document 004, emotion over
the call. Rests on the customer-type model's reading of each customer turn.
"""

from qa.bilingual import Bilingual
from qa.derived import DeEscalation
from qa.evaluation import CustomerType

AGITATED = 0.5
"""From this agitation on the worst turn is an agitated one."""
CALMER = 0.2
"""A fall this large counts as calmer."""
END_TURNS = 2
"""The end is the mean of so many last customer turns, or the last one where that is the worst."""


def de_escalation(customer_type: CustomerType) -> DeEscalation | None:
    """Compare the end with the worst turn; None for a customer who was never agitated or spoke only once."""
    moods = customer_type.trajectory
    if len(moods) < 2:
        return None
    # The last of equally agitated turns: what came after it is all that could have calmed.
    at = max(range(len(moods)), key=lambda place: (moods[place].agitated, place))
    worst = moods[at]
    if worst.agitated < AGITATED:
        return None
    last = moods[-END_TURNS:] if at < len(moods) - 1 else moods[-1:]
    end = sum(mood.agitated for mood in last) / len(last)
    calmer = end <= worst.agitated - CALMER
    number = worst.turn_index + 1
    text = (
        Bilingual(f"calmer at the end than in turn {number}", f"结束时比第 {number} 轮平静")
        if calmer
        else Bilingual(f"no calmer at the end than in turn {number}", f"结束时并不比第 {number} 轮平静")
    )
    return DeEscalation(worst.turn_index, round(worst.agitated, 3), round(end, 3), calmer, text)
