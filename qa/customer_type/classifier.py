"""Customer type of a call with calibrated probabilities, an honest "not sure", and the turns and cues behind it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from qa.conversation import Conversation
from qa.customer_type.artifact import LanguageModel, Manifest, current_folder, load_estimator, read_manifest
from qa.customer_type.lexicon import CUES, patterns
from qa.customer_type.signals import (
    COLUMNS,
    VIEWS,
    SaidTurn,
    said_turns,
    signal_row,
    signal_table,
)
from qa.evaluation import CUSTOMER_TYPES, CustomerType, Reason
from qa.features.table import Features
from qa.shadow import shadow

_MOST_TURNS_TRIED = 60
_TURN_REASONS = 3
_CUE_REASONS = 3
_LEAST_WEIGHT = 0.01
_QUOTE_LENGTH = 80
_WORDING = "wording of this turn / 这句话的用词"


class CustomerTypeClassifier:
    """The published models of all languages. Estimators are loaded on first use and never written to."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._folder = folder
        self._manifest = manifest
        self._estimators: dict[str, Any] = {}

    @property
    def model_id(self) -> str:
        """Name of the published version."""
        return self._manifest.version

    def classify(self, conversation: Conversation, features: Features) -> CustomerType:
        """Type of the customer. Abstains without customer turns, in other languages, and where no type is likely."""
        language = conversation.language[:2].lower()
        entry = self._manifest.languages.get(language)
        said = said_turns(conversation.turns, language)
        if entry is None or not any(turn.customer for turn in said):
            even = dict.fromkeys(CUSTOMER_TYPES, 1 / len(CUSTOMER_TYPES))
            return CustomerType(CUSTOMER_TYPES[0], even, abstained=True, model_id=self.model_id)
        measures = features.values
        probabilities = self._probabilities(language, entry, [signal_row(said, measures)])[0]
        best = int(probabilities.argmax())
        return CustomerType(
            label=CUSTOMER_TYPES[best],
            probabilities={name: float(value) for name, value in zip(CUSTOMER_TYPES, probabilities, strict=True)},
            abstained=bool(probabilities[best] < entry.threshold),
            model_id=self.model_id,
            reasons=self._reasons(conversation, language, entry, said, measures, best, float(probabilities[best])),
        )

    def _probabilities(self, language: str, entry: LanguageModel, rows: Sequence[list[object]]) -> np.ndarray:
        if language not in self._estimators:
            self._estimators[language] = load_estimator(self._folder, entry)
        return tempered(self._estimators[language].predict_proba(signal_table(rows)), entry.temperature)

    def _reasons(
        self,
        conversation: Conversation,
        language: str,
        entry: LanguageModel,
        said: Sequence[SaidTurn],
        measures: Mapping[str, float | None],
        best: int,
        probability: float,
    ) -> tuple[Reason, ...]:
        """What moved the decision, by leaving out one customer turn, or one cue, at a time."""
        tried = [place for place, turn in enumerate(said) if turn.customer][:_MOST_TURNS_TRIED]
        rows = [signal_row([*said[:place], *said[place + 1 :]], measures) for place in tried]
        fired = [place for place in range(len(CUES)) if any(turn.hits[place] for turn in said)]
        whole = signal_row(said, measures)
        rows.extend(_without_cue(whole, place) for place in fired)
        drops = probability - self._probabilities(language, entry, rows)[:, best]
        texts = {turn.index: turn.text for turn in conversation.turns}
        turn_drops = sorted(zip(drops[: len(tried)], tried, strict=True), key=_heaviest)[:_TURN_REASONS]
        cue_drops = sorted(zip(drops[len(tried) :], fired, strict=True), key=_heaviest)[:_CUE_REASONS]
        reasons = [
            Reason(_cue_title(said[place]), round(float(drop), 4), said[place].index, texts[said[place].index][:_QUOTE_LENGTH])
            for drop, place in turn_drops
            if drop >= _LEAST_WEIGHT
        ]
        for drop, place in cue_drops:
            if drop < _LEAST_WEIGHT:
                continue
            turn = next(turn for turn in said if turn.hits[place])
            quote = _matched(texts[turn.index], language, place)
            reasons.append(Reason(_title(place), round(float(drop), 4), turn.index, quote))
        return tuple(reasons)


def load_classifier(folder: Path | None = None) -> CustomerTypeClassifier:
    """The model in use. `folder` holds `customer_type/`, or is one version's folder. Raises ModelError."""
    chosen = current_folder(folder)
    manifest = read_manifest(chosen)
    classifier = CustomerTypeClassifier(chosen, manifest)
    for language, entry in manifest.languages.items():
        classifier._estimators[language] = load_estimator(chosen, entry)
    return classifier


def tempered(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Probabilities made flatter (temperature > 1) or sharper (< 1); rows sum to 1."""
    logits = np.log(np.clip(probabilities, 1e-9, 1.0)) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _heaviest(item: tuple[Any, int]) -> tuple[float, int]:
    return -float(item[0]), item[1]


def _without_cue(row: list[object], cue: int) -> list[object]:
    changed = list(row)
    start = len(VIEWS) + 2 * cue
    changed[start : start + 2] = [0.0, 0.0]
    return changed


def _title(cue: int) -> str:
    return f"{CUES[cue].title.en} / {CUES[cue].title.zh}"


def _cue_title(turn: SaidTurn) -> str:
    fired = np.flatnonzero(turn.hits)
    return _title(int(fired[turn.hits[fired].argmax()])) if len(fired) else _WORDING


def _matched(text: str, language: str, cue: int) -> str:
    # The shadow has the text's own length, so a match there is a quote here.
    found = patterns(language)[cue][1].search(shadow(text, language=language))
    return text[found.start() : found.end()][:_QUOTE_LENGTH] if found else text[:_QUOTE_LENGTH]
