"""Judge stored calls again under another scorecard, without sound and without writing anything."""

from pathlib import Path

from qa.behaviour.blend import Probabilities
from qa.behaviour.reader import BehaviourReader
from qa.conversation import Conversation
from qa.errors import UsageError
from qa.rules.judge import Judge
from qa.scorecard import Scorecard
from qa.scoring import score
from qa.whatif.comparison import CallChange, change
from qa.whatif.stored import Marks, StoredEvaluation


class Trial:
    """A new scorecard against the stored verdicts, or against `old` judged now on the same transcripts.

    Customer type and measures are those of the record. The turn-behaviour model is loaded by the first rule that asks.
    """

    def __init__(self, new: Scorecard, *, old: Scorecard | None = None, models_folder: Path | None = None) -> None:
        """Raises ScorecardError where a card does not compile, UsageError where the two differ in language."""
        if old is not None and old.language != new.language:
            raise UsageError(
                en=f"{old.id} is for language {old.language!r}, {new.id} for {new.language!r}; compare cards of one",
                zh=f"{old.id} 用于语言 {old.language!r}，{new.id} 用于 {new.language!r}；请比较同一语言的评分表",
            )
        self._reader = reader = _OneReading(models_folder)
        self.new = new
        self._new = Judge(new, behaviours=reader)
        self._old = None if old is None else Judge(old, behaviours=reader)

    @property
    def without_model(self) -> bool:
        """True where no turn-behaviour model reads the cards' language, so that rules work by words alone."""
        return not self._reader.knows(self.new.language)

    def compare(self, stored: StoredEvaluation) -> CallChange:
        """Judge one call. Raises ModelError where a rule needs a model that does not fit."""
        old = stored.marks if self._old is None else _marks(self._old, stored)
        return change(stored, old, _marks(self._new, stored))


def serves(card: Scorecard, language: str) -> bool:
    """Whether calls of this language are judged with this card; English serves languages that no card is for."""
    spoken = language[:2].lower()
    return card.language == (spoken if spoken in ("zh", "en") else "en")


def _marks(judge: Judge, stored: StoredEvaluation) -> Marks:
    judgement = judge.judge(stored.conversation, stored.features, stored.customer_type)
    result = score(judge.scorecard, judgement.findings)
    return Marks(
        {each.criterion_id: each.verdict for each in result.results},
        result.score,
        result.passed,
        result.fatal_failed,
        {each.criterion_id: each.explanation for each in result.results},
    )


class _OneReading(BehaviourReader):
    """Reads a call once for both cards."""

    _reading: tuple[Conversation, Probabilities | None] | None = None

    def read(self, conversation: Conversation) -> Probabilities | None:
        if self._reading is None or self._reading[0] is not conversation:
            self._reading = conversation, super().read(conversation)
        return self._reading[1]
