"""From a transcript to a conversation: turns in order, each with a role and how sure it is."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from qa.bilingual import Bilingual
from qa.conversation import ROLES, Conversation, Recording, Role, Segment, Transcript, Turn
from qa.diarization.channels import SURE_ENOUGH, find_agent
from qa.diarization.mono import attribute, attribute_texts
from qa.diarization.turns import Utterance, turns_by_channel, utterances
from qa.errors import ManifestError

UNSURE = Bilingual(
    "It is not clear which channel is the agent, so roles are unknown: state the agent's channel.",
    "无法确定哪个声道是坐席，角色标为未知：请指定坐席声道。",
)
UNSURE_LABELS = Bilingual(
    "It is not clear which speaker is the agent, so roles are unknown: name the roles in the transcript.",
    "无法确定哪位说话人是坐席，角色标为未知：请在转写文件中注明角色。",
)
MIXED = Bilingual(
    "Both parties share one channel; roles were told from voices and words and may be wrong.",
    "双方混在同一声道；角色根据嗓音和用语推断，可能有误。",
)
_COPIED_SHARE = 0.5

Samples = npt.NDArray[np.int16]


def assign_roles(
    transcript: Transcript,
    recording: Recording,
    *,
    agent_channel: int | None = None,
    channels: tuple[Samples, ...] | None = None,
) -> Conversation:
    """Build the conversation.

    `agent_channel` counts from 0 and wins over what the talk suggests; `channels` (int16, 16 kHz) let voices be told
    apart when both parties share one channel. Raises ManifestError for a channel that the recording does not have.
    """
    warnings: list[Bilingual] = []
    segments = transcript.segments
    if any(segment.speaker for segment in segments):
        turns = _from_labels(segments, transcript.language, warnings)
    else:
        turns = _from_sound(transcript, recording, agent_channel, channels, warnings)
    return Conversation(
        recording=recording,
        language=transcript.language,
        turns=tuple(replace(turn, index=number) for number, turn in enumerate(turns)),
        engine=transcript.engine,
        activity=transcript.activity,
        warnings=(*transcript.warnings, *(str(warning) for warning in warnings)),
    )


def _from_labels(segments: Sequence[Segment], language: str, warnings: list[Bilingual]) -> list[Turn]:
    """Turns of a transcript with speakers, one a segment, in the file's order; labels that are no roles are judged."""
    named = {segment.speaker for segment in segments if segment.speaker}
    roles: dict[str | None, tuple[Role, float]] = {name: (name, 1.0) for name in named if name in ROLES}
    labels = named - roles.keys()
    if labels:
        said = [(segment.speaker, segment.text) for segment in segments if segment.speaker in labels]
        roles.update(_judge_labels(said, {role for role, _ in roles.values()}, language))
        if any(roles[label][0] == "unknown" for label in labels):
            warnings.append(UNSURE_LABELS)
    return [_turn_of_segment(segment, *roles.get(segment.speaker, ("unknown", 0.0))) for segment in segments]


def _judge_labels(
    said: Sequence[tuple[str | None, str]], taken: set[Role], language: str
) -> dict[str | None, tuple[Role, float]]:
    labels = {speaker for speaker, _ in said}
    # One label beside a known party is the other party.
    if len(labels) == 1 and len(taken & {"agent", "customer"}) == 1:
        other: Role = "customer" if "agent" in taken else "agent"
        return dict.fromkeys(labels, (other, 0.9))
    agent, confidence = find_agent(said, language=language)
    if confidence < SURE_ENOUGH or taken & {"agent", "customer"}:
        return dict.fromkeys(labels, ("unknown", confidence))
    return {label: ("agent" if label == agent else "customer", confidence) for label in labels}


def _from_sound(
    transcript: Transcript,
    recording: Recording,
    agent_channel: int | None,
    channels: tuple[Samples, ...] | None,
    warnings: list[Bilingual],
) -> list[Turn]:
    segments = transcript.segments
    if any(segment.start_s is None for segment in segments):
        return _untimed(segments, transcript.language, warnings)
    said = utterances(segments, language=transcript.language)
    spoken = sorted({one.channel for one in said if not one.suspect})
    count = max(recording.channels or 0, len(channels or ()), *(channel + 1 for channel in spoken), 1)
    if agent_channel is not None and not 0 <= agent_channel < count:
        raise ManifestError(
            en=f"agent channel {agent_channel} does not exist; the recording has {count} (counted from 0)",
            zh=f"坐席声道 {agent_channel} 不存在；录音共 {count} 个声道（从 0 起数）",
            path=recording.path,
            code="agent_channel",
        )
    mixed = _mixed_channel(segments, spoken, count)
    if mixed is not None:
        warnings.append(MIXED)
        samples = channels[mixed] if channels and mixed < len(channels) else None
        found = attribute(said, language=transcript.language, samples=samples)
        return [_turn(one.said, one.role, one.confidence) for one in found]
    turns = turns_by_channel(said)
    agent, confidence = agent_channel, 1.0
    if agent is None:
        told = [(one.channel, one.text) for one in turns if not one.suspect]
        agent, confidence = find_agent(told, language=transcript.language)
        if turns and confidence < SURE_ENOUGH:
            warnings.append(UNSURE)
            return [_turn(one, "unknown", confidence) for one in turns]
    return [_turn(one, "agent" if one.channel == agent else "customer", confidence) for one in turns]


def _mixed_channel(segments: Sequence[Segment], spoken: Sequence[int], count: int) -> int | None:
    """The channel that holds both parties: the only one, or one whose text the other merely repeats."""
    if count == 1:
        return 0
    copied = sum(len(segment.text) for segment in segments if segment.suspect == "copied")
    kept = sum(len(segment.text) for segment in segments if not segment.suspect)
    if copied and copied >= _COPIED_SHARE * kept:
        return spoken[0] if spoken else 0
    return None


def _untimed(segments: Sequence[Segment], language: str, warnings: list[Bilingual]) -> list[Turn]:
    """Turns of a transcript without speakers and times."""
    if segments:
        warnings.append(UNSURE_LABELS)
    roles = attribute_texts([segment.text for segment in segments], language=language)
    return [_turn_of_segment(segment, *found) for segment, found in zip(segments, roles, strict=True)]


def _turn_of_segment(segment: Segment, role: Role, confidence: float) -> Turn:
    return Turn(
        index=0,
        role=role,
        text=segment.text,
        start_s=segment.start_s,
        end_s=segment.end_s,
        channel=segment.channel,
        role_confidence=confidence,
        words=segment.words,
        suspect=segment.suspect,
    )


def _turn(said: Utterance, role: Role, confidence: float) -> Turn:
    return Turn(
        index=0,
        role=role,
        text=said.text,
        start_s=round(said.start_s, 3),
        end_s=round(said.end_s, 3),
        channel=said.channel,
        role_confidence=round(confidence, 4),
        words=said.words,
        suspect=said.suspect,
    )
