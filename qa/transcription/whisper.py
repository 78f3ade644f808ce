"""Speech recognition by faster-whisper, one channel at a time, with word times.

Settings follow measurements: batched pipeline, int8, no prompt (it is echoed into silence and truncates calls), no
conditioning on earlier text, no timestamp tokens in the batched pipeline (they lose text).
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.bilingual import Bilingual
from qa.conversation import Engine, Interval, Segment, Transcript
from qa.errors import CallgradeError, RecognitionError, WeightsError
from qa.transcription.engine import SAMPLE_RATE_HZ, Samples, TranscriptionSource
from qa.transcription.guard import Problem, window_problem
from qa.transcription.heard import Heard, heard_in, is_better, segments_of, together
from qa.transcription.language import language_code, preferred_language
from qa.transcription.notices import NO_SPEECH, other_language, retried, same_channel
from qa.transcription.trust import mark_suspects
from qa.transcription.weights import resolve_model
from qa.transcription.windows import Window, copied_channels, joined, pack, within

if TYPE_CHECKING:
    from faster_whisper import BatchedInferencePipeline, WhisperModel

_DETECTION_SPEECH_S = 15
_DETECTION_WINDOWS = 4
_RETRY_WINDOW_S = 12.0
_ACTIVITY_BLOCK_S = 20 * 60


@dataclass(frozen=True, slots=True)
class WhisperOptions:
    """Recogniser settings. `model` is `base`, a folder, or a name to download; `cpu_threads` 0 takes all cores."""

    model: str = "base"
    device: str = "cpu"
    compute_type: str = "int8"
    beam_size: int = 5
    batch_size: int = 8
    cpu_threads: int = 1

    def digest(self) -> str:
        """sha256 of the settings that can change the text."""
        settings = {key: value for key, value in asdict(self).items() if key not in ("cpu_threads", "batch_size")}
        return sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


class WhisperTranscriber:
    """Transcriber on CTranslate2 Whisper. The model is loaded on first use and kept."""

    def __init__(self, options: WhisperOptions | None = None) -> None:
        self.options = options or WhisperOptions()
        self._loaded: tuple[WhisperModel, BatchedInferencePipeline] | None = None

    def transcribe(self, source: TranscriptionSource, *, language: str | None) -> Transcript:
        """Recognise all channels; see `Transcriber`."""
        if not source.channels:
            raise RecognitionError(
                en="there is no audio to recognise; use the replay transcriber for ready transcripts",
                zh="没有可识别的音频；现成的转写文本请使用 replay 转写器",
                path=source.path,
            )
        try:
            return self._transcribe(source, source.channels, language)
        except CallgradeError:
            raise
        except MemoryError as error:
            raise RecognitionError(
                en="speech recognition ran out of memory; use a smaller model or batch_size",
                zh="语音识别内存不足；请使用更小的模型或 batch_size",
                path=source.path,
                code="recognition_memory",
            ) from error
        except (RuntimeError, ValueError) as error:
            raise RecognitionError(
                en=f"speech recognition failed: {error}", zh=f"语音识别失败：{error}", path=source.path
            ) from error

    def _transcribe(
        self, source: TranscriptionSource, channels: tuple[Samples, ...], language: str | None
    ) -> Transcript:
        copies = copied_channels(channels)
        warnings = [same_channel(copy, original) for copy, original in copies.items()]
        activity = source.activity or tuple(_own_activity(channels))
        windows = {
            number: pack(within(activity, number, len(samples) / SAMPLE_RATE_HZ), samples)
            for number, samples in enumerate(channels)
            if number not in copies
        }
        code = language_code(language) if language else self._detect(channels, windows)
        if code not in ("zh", "en"):
            warnings.append(other_language(code))
        segments: list[Segment] = []
        for number, packed in windows.items():
            for heard, problem in self._recognise(channels[number], packed, code, number, warnings):
                segments.extend(segments_of(number, heard, problem))
        if not segments:
            warnings.append(NO_SPEECH)
        segments.sort(key=lambda segment: (segment.start_s or 0.0, segment.channel))
        return Transcript(
            language=code,
            segments=mark_suspects(tuple(segments), activity),
            engine=Engine("whisper", self.options.model, version("faster-whisper"), self.options.digest()),
            activity=activity,
            warnings=tuple(str(warning) for warning in warnings),
        )

    def _recognise(
        self, samples: Samples, windows: Sequence[Window], language: str, channel: int, warnings: list[Bilingual]
    ) -> Iterator[tuple[Heard, Problem]]:
        """Yield what was heard in every window, with the problem that stayed; adds a warning for each retry."""
        for first in range(0, len(windows), self.options.batch_size):
            batch = windows[first : first + self.options.batch_size]
            for window, heard in zip(batch, self._batch(samples, batch, language), strict=True):
                problem = window_problem(heard.text, window.speech_s, language)
                if not problem:
                    yield heard, ""
                    continue
                again = self._in_pieces(samples, window, language)
                second = window_problem(again.text, window.speech_s, language)
                better = is_better(again, second, heard, problem)
                left = second if better else problem
                start_s, end_s = window.pieces[0][0], window.pieces[-1][1]
                warnings.append(retried(channel, start_s, end_s, problem, left))
                yield (again if better else heard), left

    def _batch(self, samples: Samples, windows: Sequence[Window], language: str) -> list[Heard]:
        audio = [window.audio(samples) for window in windows]
        frames = np.cumsum([0, *(len(part) // (SAMPLE_RATE_HZ // 100) for part in audio)])
        segments, _ = self._whisper()[1].transcribe(
            np.concatenate(audio),
            language=language,
            beam_size=self.options.beam_size,
            batch_size=self.options.batch_size,
            word_timestamps=True,
            without_timestamps=True,
            condition_on_previous_text=False,
            initial_prompt=None,
            vad_filter=False,
            # Half a sample more, because faster-whisper rounds seconds down to samples.
            clip_timestamps=[
                {"start": (begin * 160 + 0.5) / SAMPLE_RATE_HZ, "end": (end * 160 + 0.5) / SAMPLE_RATE_HZ}
                for begin, end in zip(frames[:-1].tolist(), frames[1:].tolist(), strict=True)
            ],
        )
        by_frame: dict[int, list[Any]] = {}
        for segment in segments:
            by_frame.setdefault(segment.seek, []).append(segment)
        return [
            heard_in(by_frame.get(begin, ()), window, begin_s=begin / 100)
            for window, begin in zip(windows, frames[:-1].tolist(), strict=True)
        ]

    def _in_pieces(self, samples: Samples, window: Window, language: str) -> Heard:
        """Recognise a window again, phrase by phrase, with temperature fallback and a loop check."""
        parts = []
        for piece in pack(joined(window.speech), samples, window_s=_RETRY_WINDOW_S):
            segments, _ = self._whisper()[0].transcribe(
                piece.audio(samples),
                language=language,
                beam_size=self.options.beam_size,
                word_timestamps=True,
                condition_on_previous_text=False,
                initial_prompt=None,
                vad_filter=False,
            )
            parts.append(heard_in(list(segments), piece))
        return together(parts)

    def _detect(self, channels: tuple[Samples, ...], windows: Mapping[int, list[Window]]) -> str:
        """Detect the language on the first speech of all channels together; Chinese if nobody speaks."""
        totals: dict[str, float] = {}
        for number in range(_DETECTION_WINDOWS):
            stretches = [
                packed[number].audio(channels[channel])[: _DETECTION_SPEECH_S * SAMPLE_RATE_HZ]
                for channel, packed in windows.items()
                if number < len(packed)
            ]
            if not stretches:
                break
            _, _, probabilities = self._whisper()[0].detect_language(np.concatenate(stretches))
            for code, probability in probabilities:
                totals[code] = totals.get(code, 0.0) + probability
        count = sum(totals.values()) or 1.0
        return preferred_language({code: total / count for code, total in totals.items()})

    def _whisper(self) -> "tuple[WhisperModel, BatchedInferencePipeline]":
        if self._loaded is None:
            from faster_whisper import BatchedInferencePipeline, WhisperModel

            folder = resolve_model(self.options.model, download=_download)
            try:
                model = WhisperModel(
                    str(folder),
                    device=self.options.device,
                    compute_type=self.options.compute_type,
                    cpu_threads=self.options.cpu_threads or os.cpu_count() or 1,
                    local_files_only=True,
                )
            except (RuntimeError, ValueError) as error:
                raise WeightsError(
                    en=f"the model cannot be loaded: {error}", zh=f"无法加载模型：{error}", path=folder
                ) from error
            self._loaded = (model, BatchedInferencePipeline(model))
        return self._loaded


def _own_activity(channels: tuple[Samples, ...]) -> Iterator[Interval]:
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(min_silence_duration_ms=300, speech_pad_ms=50)
    block = _ACTIVITY_BLOCK_S * SAMPLE_RATE_HZ
    for number, samples in enumerate(channels):
        for begin in range(0, len(samples), block):
            audio = np.asarray(samples[begin : begin + block], dtype=np.float32) / 32768.0
            for stamp in get_speech_timestamps(audio, options):
                start, end = begin + stamp["start"], begin + stamp["end"]
                yield Interval(number, start / SAMPLE_RATE_HZ, end / SAMPLE_RATE_HZ)


def _download(name: str) -> str:
    """Fetch a model the user asked for by name; raises WeightsError when the name or the network fails."""
    from faster_whisper.utils import available_models, download_model

    if name not in available_models() and name.count("/") != 1:
        known = ", ".join(available_models())
        raise WeightsError(
            en=f"unknown model {name!r}; give a folder, a Hugging Face id (owner/name) or one of: {known}",
            zh=f"未知模型 {name!r}；请给出文件夹、Hugging Face 编号（owner/name）或以下名称之一：{known}",
            code="weights_unknown",
        )
    try:
        return str(download_model(name))
    except Exception as error:  # the hub raises many kinds of its own
        raise WeightsError(
            en=f"model {name!r} could not be downloaded ({type(error).__name__}); without internet, copy the model "
            "folder here and give its path, or use the packaged model `base`",
            zh=f"无法下载模型 {name!r}（{type(error).__name__}）；"
            "没有网络时，请将模型文件夹拷贝到本机并给出路径，或使用自带的 base 模型",
            code="weights_download",
        ) from error
