"""How likely each turn of a call is each behaviour, by the published models; a missing model is no error here.

The n-gram model reads every call. Where a call encoder is published too, both are asked (qa.behaviour.blend).
"""

import logging
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qa.artifact import MANIFEST
from qa.behaviour.blend import Probabilities, blended
from qa.behaviour.signals import seen_turns
from qa.catalogue import COMPLAINT
from qa.conversation import Conversation, Turn
from qa.encoder.artifact import Blend, LanguageEntry
from qa.encoder.reader import CallReader, CallReading, EncoderReader
from qa.errors import ModelError

if TYPE_CHECKING:  # scikit-learn and scipy are loaded only when a rule asks
    from qa.behaviour.artifact import Manifest
    from qa.behaviour.model import TurnModel

_log = logging.getLogger("qa.behaviour")
_log.addHandler(logging.NullHandler())
NO_MODEL = "none"


class BehaviourReader:
    """The published models of all languages, loaded on first use.

    `folder` holds `behaviour/` (and `encoder/`), or is one version of the n-gram model, which then reads alone.
    `encoder` replaces the published call encoder: anything that is a CallReader.
    """

    def __init__(self, folder: Path | None = None, *, encoder: CallReader | None = None) -> None:
        self._folder = folder
        alone = folder is not None and (folder / MANIFEST).is_file()
        self._encoder: CallReader | None = encoder or (None if alone else EncoderReader(folder))
        self._encoded: tuple[Conversation, CallReading | None] | None = None
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
        """Names of the published versions, "none" without one. Raises ModelError for one that does not fit."""
        if self._published is None:
            return NO_MODEL
        own = self._published[1].version
        encoder = self._encoder.model_id if self._encoder is not None else NO_MODEL
        return own if encoder == NO_MODEL else f"{own}+{encoder}"

    def knows(self, language: str) -> bool:
        """Whether there is a model for calls of this language."""
        return self._published is not None and language[:2].lower() in self._published[1].languages

    def threshold(self, language: str, behaviour: str) -> float | None:
        """Probability from which a behaviour counts as said; None where the models must stay silent."""
        if self._published is None or not self.knows(language):
            return None
        blend = self._blend(language)
        if blend is not None:
            return blend.thresholds.get(behaviour)
        return dict(self._published[1].languages)[language[:2].lower()].thresholds.get(behaviour)  # type: ignore[index]

    def read(self, conversation: Conversation) -> Probabilities | None:
        """Of every trusted turn of agent and customer; None without a model for the language. Raises ModelError."""
        language = conversation.language[:2].lower()
        if not self.knows(language):
            return None
        model = self._model(language)
        seen = seen_turns(conversation.turns, language)
        found, complaint = model.predict(seen)
        ngrams = {
            turn.index: {COMPLAINT: float(complaint[at])}
            if turn.customer
            else dict(zip(model.heads, map(float, found[at]), strict=True))
            for at, turn in enumerate(seen)
        }
        blend = self._blend(language)
        encoded = self.encoded(conversation) if blend is not None else None
        return ngrams if blend is None or encoded is None else blended(ngrams, encoded.turns, blend)

    def encoded(self, conversation: Conversation) -> CallReading | None:
        """What the call encoder alone reads; None where there is none for the language. Remembers the last call."""
        if self._encoder is None:
            return None
        if self._encoded is None or self._encoded[0] is not conversation:
            self._encoded = (conversation, self._encoder.read(conversation))
        return self._encoded[1]

    def encoder_entry(self, language: str) -> LanguageEntry | None:
        """What the encoder's manifest says of a language; None where it does not know it."""
        if self._encoder is None or not self._encoder.knows(language):
            return None
        return self._encoder.entry(language)

    @property
    def encoder_id(self) -> str:
        """Version of the call encoder, "none" without one."""
        return self._encoder.model_id if self._encoder is not None else NO_MODEL

    def _blend(self, language: str) -> Blend | None:
        if self._encoder is None or not self._encoder.knows(language) or self._published is None:
            return None
        blend = self._encoder.entry(language).blend
        if blend.companion != self._published[1].version:
            raise ModelError(
                code="model_companion",
                en=f"the call encoder {self._encoder.model_id} was calibrated with the turn model {blend.companion}, "
                f"but {self._published[1].version} is in use; run `python -m training.encoder blend`",
                zh=f"通话编码模型 {self._encoder.model_id} 是与话轮模型 {blend.companion} 一起校准的，"
                f"而正在使用的是 {self._published[1].version}；请运行 `python -m training.encoder blend`",
            )
        return blend

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
