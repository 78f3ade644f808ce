"""What a turn can be marked with: the ids of catalogue B and C that stand in one turn, and the customer's complaint."""

from qa.conversation import Role

REQUIRED: tuple[str, ...] = (
    "greeting",
    "timely_apology",
    "soothing",
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
)
FORBIDDEN: tuple[str, ...] = (
    "dodges_customer",
    "refuses_error",
    "blame_shifting",
    "evades_responsibility",
    "questions_customer",
    "argues",
    "broken_promise",
    "poor_knowledge",
    "policy_first",
    "negative_tone",
    "direct_refusal",
    "light_promise",
    "privacy_leak",
)
COMPLAINT = "complaint"
AGENT_IDS: tuple[str, ...] = (*REQUIRED, *FORBIDDEN)
BEHAVIOURS: tuple[str, ...] = (*AGENT_IDS, COMPLAINT)


def role_of(behaviour: str) -> Role:
    """Whose turns a behaviour is looked for in."""
    return "customer" if behaviour == COMPLAINT else "agent"
