"""The customer-type model and the call encoder asked together, and what the encoder says of special customers."""

from collections.abc import Mapping
from dataclasses import replace

from qa.encoder.artifact import LanguageEntry
from qa.encoder.reader import CallReading
from qa.evaluation import CUSTOMER_TYPES, Complaint, CustomerType

ENCODER_SHARE = 0.3
"""The encoder's part of the log probability. It is nearly always right on written calls and too sure of itself on real
dialogues, so it does not get the greater part (docs/training.md)."""
ABSTAIN_BELOW = 0.4
_LEAST = 1e-4


def special_customers(reading: CallReading | None, entry: LanguageEntry | None) -> tuple[str, ...]:
    """The kinds of special customer (catalogue A) that the encoder hears; empty for most calls and without it."""
    if reading is None or entry is None:
        return ()
    at = entry.special_thresholds
    return tuple(
        name
        for name, probability in reading.special_customer.items()
        if (least := at.get(name)) is not None and probability >= least
    )


def with_category(complaint: Complaint, reading: CallReading | None) -> Complaint:
    """What the complaint is about, by the encoder where it has read the call."""
    if reading is None or not complaint.present:
        return complaint
    shares: Mapping[str, float] = reading.complaint_category
    return replace(complaint, category=max(shares, key=lambda name: shares[name]))


def with_reading(told: CustomerType, reading: CallReading | None, encoder_id: str) -> CustomerType:
    """`told` with the encoder's opinion: log probabilities averaged by ENCODER_SHARE.

    Unchanged without a reading or without a word of the customer. Reasons and trajectory stay those of the model of
    cues.
    """
    if reading is None or not told.trajectory:
        return told
    weights = {
        name: max(told.probabilities[name], _LEAST) ** (1 - ENCODER_SHARE)
        * max(reading.customer_type[name], _LEAST) ** ENCODER_SHARE
        for name in CUSTOMER_TYPES
    }
    whole = sum(weights.values())
    probabilities = {name: value / whole for name, value in weights.items()}
    best = max(CUSTOMER_TYPES, key=lambda name: probabilities[name])
    return replace(
        told,
        label=best,
        probabilities=probabilities,
        abstained=probabilities[best] < ABSTAIN_BELOW,
        model_id=f"{told.model_id}+{encoder_id}",
    )
