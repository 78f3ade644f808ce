"""What a scoring run is asked to do, and the digest that names a configuration.

The digest covers everything that can change a result: code version, scorecards, document rows, models, recogniser and
its options, language and the call's own channel. A call is recorded once for each digest.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field

from qa import __version__
from qa.audio.decode import AudioLimits
from qa.audio.recording import recording_id
from qa.batch.source import CallSource
from qa.errors import UsageError
from qa.judgements.documents import documents_digest
from qa.scorecard import Scorecard, load_scorecard
from qa.transcription.whisper import WhisperOptions


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one run; small and picklable, since every worker process gets a copy.

    `scorecards` are shipped names or YAML files; each serves the calls of its own language, and the shipped one serves
    a language that none was given for. `language` None means detected.
    """

    scorecards: tuple[str, ...] = ()
    language: str | None = None
    whisper: WhisperOptions = field(default_factory=WhisperOptions)
    agent_channel: int | None = None
    models_folder: str | None = None
    limits: AudioLimits = field(default_factory=AudioLimits)


def scorecards_by_language(settings: Settings) -> dict[str, Scorecard]:
    """Load the run's scorecards, one a language. Two for one language raise UsageError."""
    cards: dict[str, Scorecard] = {}
    for name in settings.scorecards:
        card = load_scorecard(name)
        if card.language in cards:
            raise UsageError(
                en=f"two scorecards for language {card.language!r}: {cards[card.language].id} and {card.id}; give one",
                zh=f"语言 {card.language!r} 给了两张评分表：{cards[card.language].id} 与 {card.id}；请只给一张",
            )
        cards[card.language] = card
    for language in ("zh", "en"):
        if language not in cards:
            cards[language] = load_scorecard(f"{language}-service")
    return cards


def configuration_digest(
    settings: Settings, source: CallSource, *, scorecards: dict[str, Scorecard], models: tuple[str, ...]
) -> str:
    """sha256 (hex) of all that decides the result of scoring `source` besides its bytes."""
    recognised = source.kind == "recording" and source.reference is None
    parts = {
        "code": __version__,
        "scorecards": {language: card.digest for language, card in sorted(scorecards.items())},
        "models": models,
        "documents": documents_digest(),
        "language": settings.language,
        "recogniser": settings.whisper.digest() if recognised else "replay",
        "reference": recording_id(source.reference) if source.reference else None,
        "agent_channel": _channel(settings, source),
        "manifest": asdict(source.metadata),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def _channel(settings: Settings, source: CallSource) -> int | None:
    given = source.metadata.agent_channel
    return settings.agent_channel if given is None else given
