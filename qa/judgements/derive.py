"""All derived judgements of one scored call."""

from qa.conversation import Conversation
from qa.derived import Derived
from qa.evaluation import Complaint, CustomerType
from qa.judgements.deescalation import de_escalation
from qa.judgements.elements import seven_elements
from qa.judgements.flows import flows
from qa.judgements.judged import Judged
from qa.judgements.outlook import expectation
from qa.judgements.psychology import psychology
from qa.judgements.register import complaint_entry
from qa.scorecard import Scorecard
from qa.scoring import Score


def derive(
    scorecard: Scorecard,
    score: Score,
    *,
    complaint: Complaint,
    customer_type: CustomerType,
    conversation: Conversation,
) -> Derived:
    """Everything that follows from the findings. Pure; never raises for what a call holds."""
    judged = Judged.of(scorecard, score, complaint=complaint, customer_type=customer_type, conversation=conversation)
    elements = seven_elements(judged)
    calming = de_escalation(customer_type)
    return Derived(
        flows=flows(judged),
        seven_elements=elements,
        expectation=expectation(judged, elements, calming),
        de_escalation=calming,
        register=complaint_entry(judged),
        psychology=psychology(judged),
    )
