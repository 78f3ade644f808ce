"""Customer type of a call with calibrated probabilities, an honest "not sure", and the turns and cues behind it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from qa.conversation import Conversation
from qa.customer_type.artifact import Manifest, current_folder, load_model, read_manifest
from qa.customer_type.lexicon import CUES, patterns
from qa.customer_type.model import CallModel, Measures, tempered
from qa.customer_type.signals import SaidTurn, said_turns
from qa.evaluation import CUSTOMER_TYPES, CustomerType, Mood, Reason
from qa.features.table import Features
from qa.shadow import shadow

_MOST_TURNS_TRIED = 60
_TURN_REASONS = 3
_CUE_REASONS = 3
_LEAST_WEIGHT = 0.01
_QUOTE_LENGTH = 80
_WORDING = "wording of this turn / 这句话的用词"


class CustomerTypeClassifier:
    """The published models of all languages; nothing of them changes after loading."""

    def __init__(self, manifest: Manifest, models: dict[str, CallModel]) -> None:
        self._manifest = manifest
        self._models = models

    @property
    def model_id(self) -> str:
        """Name of the published version."""
        return self._manifest.version

    def classify(self, conversation: Conversation, features: Features) -> CustomerType:
        """Type of the customer. Abstains without customer turns, in other languages, and where no type is likely."""
        language = conversation.language[:2].lower()
        entry = self._manifest.languages.get(language)
        said = said_turns(conversation.turns, language) if entry else ()
        if entry is None or not any(turn.customer for turn in said):
            even = dict.fromkeys(CUSTOMER_TYPES, 1 / len(CUSTOMER_TYPES))
            return CustomerType(CUSTOMER_TYPES[0], even, abstained=True, model_id=self.model_id)
        probabilities = self._probabilities(language, [said], features.values)[0]
        best = int(probabilities.argmax())
        return CustomerType(
            label=CUSTOMER_TYPES[best],
            probabilities={name: float(value) for name, value in zip(CUSTOMER_TYPES, probabilities, strict=True)},
            abstained=bool(probabilities[best] < entry.threshold),
            model_id=self.model_id,
            reasons=self._reasons(conversation, said, features.values, best, float(probabilities[best])),
            trajectory=self._trajectory(language, said),
        )

    def _trajectory(self, language: str, said: Sequence[SaidTurn]) -> tuple[Mood, ...]:
        agitated = self._models[language].predict_turns(said)[:, CUSTOMER_TYPES.index("agitated")]
        customer = [turn.index for turn in said if turn.customer]
        return tuple(Mood(index, round(float(heat), 4)) for index, heat in zip(customer, agitated, strict=True))

    def _probabilities(self, language: str, calls: Sequence[Sequence[SaidTurn]], measures: Measures) -> np.ndarray:
        raw = self._models[language].predict_proba([(said, measures) for said in calls])
        return tempered(raw, self._manifest.languages[language].temperature)

    def _reasons(
        self, conversation: Conversation, said: Sequence[SaidTurn], measures: Measures, best: int, probability: float
    ) -> tuple[Reason, ...]:
        """What moved the decision.

        A turn weighs the mean of how far the probability falls without it and how far it rises from none of the
        customer's turns to this one alone (each alone would miss turns that say the same, or that only add up). A cue
        weighs how far the probability falls when nobody had used it.
        """
        language = conversation.language[:2].lower()
        turns = [place for place, turn in enumerate(said) if turn.customer][:_MOST_TURNS_TRIED]
        cues = [place for place in range(len(CUES)) if any(turn.hits[place] for turn in said)]
        variants = [[*said[:place], *said[place + 1 :]] for place in turns]
        variants += [_without_cue(said, place) for place in cues]
        agent = [turn for turn in said if not turn.customer]
        variants += [sorted([*agent, said[place]], key=lambda turn: turn.index) for place in turns]
        found = self._probabilities(language, [*variants, agent], measures)[:, best]
        drops = probability - found[: len(turns) + len(cues)]
        rises = found[len(turns) + len(cues) : -1] - found[-1]
        moved = (drops[: len(turns)] + rises) / 2
        texts = {turn.index: turn.text for turn in conversation.turns}
        reasons = []
        for drop, place in _heaviest(moved, turns, _TURN_REASONS):
            index = said[place].index
            reasons.append(Reason(_turn_title(said[place]), drop, index, texts[index][:_QUOTE_LENGTH]))
        for drop, place in _heaviest(drops[len(turns) :], cues, _CUE_REASONS):
            index = next(turn.index for turn in said if turn.hits[place])
            reasons.append(Reason(_title(place), drop, index, _matched(texts[index], language, place)))
        return tuple(reasons)


def load_classifier(folder: Path | None = None) -> CustomerTypeClassifier:
    """The model in use. `folder` holds `customer_type/`, or is one version's folder. Raises ModelError."""
    chosen = current_folder(folder)
    manifest = read_manifest(chosen)
    models = {language: load_model(chosen, entry) for language, entry in manifest.languages.items()}
    return CustomerTypeClassifier(manifest, models)


def _heaviest(drops: np.ndarray, places: Sequence[int], most: int) -> list[tuple[float, int]]:
    ordered = sorted(zip(map(float, drops), places, strict=True), key=lambda item: (-item[0], item[1]))
    return [(round(drop, 4), place) for drop, place in ordered[:most] if drop >= _LEAST_WEIGHT]


def _without_cue(said: Sequence[SaidTurn], cue: int) -> list[SaidTurn]:
    changed = []
    for turn in said:
        if turn.hits[cue]:
            hits = turn.hits.copy()
            hits[cue] = 0
            changed.append(replace(turn, hits=hits))
        else:
            changed.append(turn)
    return changed


def _title(cue: int) -> str:
    return f"{CUES[cue].title.en} / {CUES[cue].title.zh}"


def _turn_title(turn: SaidTurn) -> str:
    return _title(int(turn.hits.argmax())) if turn.hits.any() else _WORDING


def _matched(text: str, language: str, cue: int) -> str:
    # The shadow has the text's own length, so a match there is a quote here.
    found = patterns(language)[cue][1].search(shadow(text, language=language))
    return text[found.start() : found.end()][:_QUOTE_LENGTH] if found else text[:_QUOTE_LENGTH]
