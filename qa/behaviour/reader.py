"""How likely each turn of a call is each behaviour, by the published model; a missing model is no error here."""

import logging
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qa.catalogue import COMPLAINT
from qa.behaviour.signals import seen_turns
from qa.conversation import Conversation, Turn
from qa.errors import ModelError

if TYPE_CHECKING:  # scikit-learn and scipy are loaded only when a rule asks
    from qa.behaviour.artifact import Manifest
    from qa.behaviour.model import TurnModel

Probabilities = Mapping[int, Mapping[str, float]]
"""Turn index to behaviour id to probability, 0-1. Turns of the agent have AGENT_IDS, of the customer `complaint`."""
_log = logging.getLogger("qa.behaviour")
_log.addHandler(logging.NullHandler())
NO_MODEL = "none"


class BehaviourReader:
    """The published models of all languages, loaded on first use. `folder` holds `behaviour/`, or is a version."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._models: dict[str, TurnModel] = {}

    @cached_property
    def _published(self) -> "tuple[Path, Manifest] | None":
        from qa.behaviour.artifact import BEHAVIOUR_MODELS, read_manifest

        try:
            folder = BEHAVIOUR_MODELS.current_folder(self._folder)
        except ModelError as error:
            if error.code != "model_missing":
                raise
            _log.warning("%s", error)
            return None
        return folder, read_manifest(folder)

    @property
    def model_id(self) -> str:
        """Name of the published version, "none" without one. Raises ModelError for one that does not fit."""
        return self._published[1].version if self._published else NO_MODEL

    def knows(self, language: str) -> bool:
        """Whether there is a model for calls of this language."""
        return self._published is not None and language[:2].lower() in self._published[1].languages

    def threshold(self, language: str, behaviour: str) -> float | None:
        """Probability from which a behaviour counts as said; None where the model must stay silent."""
        if self._published is None:
            return None
        entry = dict(self._published[1].languages).get(language[:2].lower())  # type: ignore[call-overload]
        return None if entry is None else entry.thresholds.get(behaviour)

    def read(self, conversation: Conversation) -> Probabilities | None:
        """Of every trusted turn of agent and customer; None without a model for the language. Raises ModelError."""
        language = conversation.language[:2].lower()
        if not self.knows(language):
            return None
        model = self._model(language)
        seen = seen_turns(conversation.turns, language)
        found, complaint = model.predict(seen)
        return {
            turn.index: {COMPLAINT: float(complaint[at])}
            if turn.customer
            else dict(zip(model.heads, map(float, found[at]), strict=True))
            for at, turn in enumerate(seen)
        }

    def strongest(self, language: str, behaviour: str, pieces: Sequence[str]) -> int:
        """Which of several pieces of one turn speaks most for a behaviour."""
        turns = [Turn(at, "agent", piece) for at, piece in enumerate(pieces)]
        alone = [seen[0] for turn in turns if (seen := seen_turns([turn], language))]
        if len(alone) != len(pieces):
            return 0
        return self._model(language[:2].lower()).strongest(behaviour, alone)

    def _model(self, language: str) -> "TurnModel":
        from qa.behaviour.artifact import load_model

        if language not in self._models:
            if self._published is None:
                raise KeyError(language)
            folder, manifest = self._published
            entry = {str(name): each for name, each in manifest.languages.items()}[language]
            self._models[language] = load_model(folder, language, entry)
        return self._models[language]
