"""One call in, one Evaluation out: the only place where all parts meet.

recording → decode → speech activity → transcript → turns with roles → measures → customer type → findings → score
"""

import tempfile
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from qa import __version__
from qa.batch.source import CallSource
from qa.behaviour.reader import BehaviourReader
from qa.bilingual import Bilingual
from qa.conversation import Conversation, Recording, Transcript
from qa.customer_type.blend import special_customers, with_category, with_reading
from qa.customer_type.classifier import CustomerTypeClassifier, load_classifier
from qa.diarization.roles import assign_roles
from qa.errors import TranscriptError
from qa.evaluation import Evaluation, Provenance
from qa.features.extractor import extract
from qa.judgements.derive import derive
from qa.judgements.lessons import lessons
from qa.record import to_record
from qa.rules.judge import Judge
from qa.scorecard import Scorecard
from qa.scoring import flags, score
from qa.settings import Settings, configuration_digest, scorecards_by_language
from qa.transcription.engine import TRANSCRIBERS, Transcriber, TranscriptionSource


class Pipeline:
    """Scores calls under one configuration. Models load on first use and stay loaded."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.scorecards = scorecards_by_language(settings)
        self._judges: dict[str, Judge] = {}

    @cached_property
    def classifier(self) -> CustomerTypeClassifier:
        """The current customer-type model; ModelError when missing or altered."""
        folder = self.settings.models_folder
        return load_classifier(Path(folder) if folder else None)

    @cached_property
    def _whisper(self) -> Transcriber:
        return TRANSCRIBERS.get("whisper")(self.settings.whisper)

    @cached_property
    def _replay(self) -> Transcriber:
        return TRANSCRIBERS.get("replay")()

    @cached_property
    def _behaviours(self) -> BehaviourReader:
        folder = self.settings.models_folder
        return BehaviourReader(Path(folder) if folder else None)

    def configuration(self, source: CallSource) -> str:
        """Digest under which this call's evaluation is recorded."""
        return configuration_digest(
            self.settings,
            source,
            scorecards=self.scorecards,
            models=(self.classifier.model_id, self._behaviours.model_id),
        )

    def evaluate(self, source: CallSource) -> Evaluation:
        """Score one call. Raises InputError for a bad file and EnvironmentFault for a missing model."""
        conversation = self.conversation(source)
        return self.judge(conversation, configuration=self.configuration(source))

    def conversation(self, source: CallSource) -> Conversation:
        """Read or recognise one call and give its turns roles."""
        if source.kind == "transcript" or source.reference is not None:
            return self._from_transcript(source)
        return self._from_recording(source)

    def judge(self, conversation: Conversation, *, configuration: str = "") -> Evaluation:
        """Judge a conversation: customer type, findings and score. Needs no audio."""
        card = self._scorecard(conversation.language)
        features = extract(conversation)
        reading = self._behaviours.encoded(conversation)
        told = self.classifier.classify(conversation, features)
        customer_type = with_reading(told, reading, self._behaviours.encoder_id)
        judgement = self._judge(card).judge(conversation, features, customer_type)
        complaint = with_category(judgement.complaint, reading)
        result = score(card, judgement.findings)
        raised = flags(
            result,
            customer_type=customer_type,
            complaint=complaint,
            conversation=conversation,
            measures=features.values,
        )
        recording = conversation.recording
        return Evaluation(
            id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{recording.id}:{configuration}")),
            recording=recording,
            language=conversation.language,
            scorecard_id=card.id,
            scorecard_version=card.version,
            customer_type=customer_type,
            special_customer=special_customers(reading, self._behaviours.encoder_entry(conversation.language)),
            complaint=complaint,
            results=result.results,
            score=result.score,
            score_low=result.score_low,
            score_high=result.score_high,
            score_before_fatal=result.score_before_fatal,
            fatal_failed=result.fatal_failed,
            passed=result.passed,
            style=result.style,
            flags=raised,
            measures=features.values,
            turns=conversation.turns,
            warnings=conversation.warnings,
            derived=derive(
                card,
                result,
                complaint=complaint,
                customer_type=customer_type,
                conversation=conversation,
            ),
            lessons=lessons(card, judgement.findings, result),
            provenance=Provenance(
                code_version=__version__,
                engine=conversation.engine.name,
                engine_model=conversation.engine.model,
                scorecard_digest=card.digest,
                customer_type_model=customer_type.model_id,
                configuration_digest=configuration,
                created_at=datetime.now(UTC),
            ),
        )

    def _judge(self, card: Scorecard) -> Judge:
        if card.language not in self._judges:
            self._judges[card.language] = Judge(card, behaviours=self._behaviours)
        return self._judges[card.language]

    def _scorecard(self, language: str) -> Scorecard:
        return self.scorecards.get(language[:2]) or self.scorecards["en"]

    def _from_transcript(self, source: CallSource) -> Conversation:
        from qa.audio.recording import recording_id

        text_path = source.reference or source.path
        transcript = self._replay.transcribe(
            TranscriptionSource(path=text_path, channels=None, activity=()), language=self.settings.language
        )
        if source.reference is not None:
            said = Bilingual(
                f"not recognised: the ready transcript {source.reference.name} was used",
                f"未做语音识别：使用了现成文本 {source.reference.name}",
            )
            transcript = replace(transcript, warnings=(*transcript.warnings, str(said)))
        ends = [segment.end_s for segment in transcript.segments if segment.end_s is not None]
        recording = Recording(id=recording_id(source.path), path=str(source.path), duration_s=max(ends, default=None))
        return self._with_roles(transcript, recording, source, channels=None)

    def _from_recording(self, source: CallSource) -> Conversation:
        from qa.audio.activity import speech_activity
        from qa.audio.decode import decode

        with tempfile.TemporaryDirectory(prefix="callgrade-") as folder:
            audio = decode(source.path, limits=self.settings.limits, workdir=Path(folder))
            activity = tuple(
                interval
                for channel, samples in enumerate(audio.channels)
                for interval in speech_activity(samples, channel=channel)
            )
            transcript = self._whisper.transcribe(
                TranscriptionSource(path=source.path, channels=audio.channels, activity=activity),
                language=self.settings.language,
            )
            warnings = (*map(str, audio.warnings), *transcript.warnings)
            return self._with_roles(
                replace(transcript, warnings=warnings), audio.recording, source, channels=audio.channels
            )

    def _with_roles(
        self, transcript: Transcript, recording: Recording, source: CallSource, *, channels: Any
    ) -> Conversation:
        metadata = source.metadata
        extra = dict(metadata.extra)
        if metadata.ring_s is not None:
            extra["ring_s"] = str(metadata.ring_s)
        recording = replace(
            recording,
            started_at=metadata.started_at,
            agent_id=metadata.agent_id,
            queue=metadata.queue,
            direction=metadata.direction,
            metadata=extra,
        )
        channel = self.settings.agent_channel if metadata.agent_channel is None else metadata.agent_channel
        conversation = assign_roles(transcript, recording, agent_channel=channel, channels=channels)
        if not any(not turn.suspect for turn in conversation.turns):
            raise TranscriptError(
                path=source.path,
                code="no_speech",
                en="no speech that could be trusted was found; nothing to score. Listen to the file, or set --language",
                zh="没有找到可信的语音内容，无法评分。请试听该文件，或设置 --language",
            )
        return conversation


class CallScorer:
    """What a batch worker runs: one CallSource to its JSON record. Built in each worker from picklable settings."""

    def __init__(self, settings: Settings) -> None:
        self._pipeline = Pipeline(settings)

    def __call__(self, source: CallSource) -> dict[str, Any]:
        """Score one call."""
        return to_record(self._pipeline.evaluate(source))

    def key(self, source: CallSource) -> tuple[str, str]:
        """(recording id, configuration digest): the ledger key of this call."""
        from qa.audio.recording import recording_id

        return recording_id(source.path), self._pipeline.configuration(source)


def evaluate_call(settings: Settings) -> CallScorer:
    """Factory named to workers as "qa.pipeline:evaluate_call"."""
    return CallScorer(settings)
