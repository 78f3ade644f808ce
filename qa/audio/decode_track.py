"""One sound track in the decoding process: packets to 16 kHz 16-bit raw files, one a channel."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

RATE = 16000
_SMALL_GAP_S = 0.2
_KEPT = 0.99
_ORPHAN_CHECK_PACKETS = 2000
_ZEROS = bytes(RATE * 2)


class Refused(Exception):
    """The recording is refused: a code of qa.audio.refusal and the facts of its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.answer = {"error": code, **facts}


class ChannelFiles:
    """One raw 16-bit file per channel, written as the sound comes."""

    def __init__(self, folder: Path, max_samples: int, stack: ExitStack) -> None:
        self.folder = folder
        self.max_samples = max_samples
        self.stack = stack
        self.files: list[BinaryIO] = []
        self.samples = 0

    def write(self, frames: list[Any]) -> None:
        """Append resampled planar frames."""
        for frame in frames:
            if frame is None:  # av's answer to a flush when input and output are alike
                continue
            if not self.files:
                self.open(len(frame.planes))
            for file, plane in zip(self.files, frame.planes, strict=True):
                file.write(memoryview(plane)[: frame.samples * 2])
            self.advance(frame.samples)

    def open(self, channels: int) -> None:
        """Create one file for each channel."""
        for index in range(channels):
            path = self.folder / f"channel-{index}.s16"
            self.files.append(self.stack.enter_context(path.open("wb")))

    def silence(self, samples: int) -> None:
        """Append `samples` zeros to every channel."""
        while samples > 0:
            piece = min(samples, RATE)
            for file in self.files:
                file.write(_ZEROS[: piece * 2])
            self.advance(piece)
            samples -= piece

    def advance(self, samples: int) -> None:
        """Count written samples; refuse the recording at the longest allowed duration."""
        self.samples += samples
        if self.samples > self.max_samples:
            raise Refused("too_long", got=self.samples // RATE, source="decoded")


class Decoding:
    """The state of decoding one sound track."""

    def __init__(self, container: Any, stream: Any, request: dict[str, Any], files: ChannelFiles) -> None:
        self.container = container
        self.stream = stream
        self.request = request
        self.files = files
        self.bad_packets = 0
        self.stopped = ""
        self.gaps_s = 0.0
        self.taken_s = 0.0
        self.source_rate = 0
        self.start_s = container.start_time / 1_000_000 if container.start_time is not None else None
        self.stated_s = stated_duration(container, stream)
        self.resampler: Any = None
        self.shape: tuple[int, str, str] | None = None
        # Output layout = layout of the first frame: channels are taken as they are, never mixed.
        self.layout = ""
        self.channels = 0

    def run(self) -> None:
        """Decode to the end. Bad packets are skipped and counted."""
        for count, packet in enumerate(self.packets()):
            if count % _ORPHAN_CHECK_PACKETS == 0 and os.getppid() != self.request["parent"]:
                raise SystemExit(1)
            try:
                frames = packet.decode()
            except MemoryError:
                raise
            except faults():
                self.bad_packets += 1
                continue
            for frame in frames:
                self.add(frame)
        if self.resampler is not None:
            self.files.write(self.resampler.resample(None))
        if self.files.samples / RATE - self.gaps_s < _KEPT * self.taken_s - _SMALL_GAP_S:
            # libav's filters drop a frame for which there is no memory, without an error.
            raise MemoryError

    def packets(self) -> Iterator[Any]:
        """Packets of the track, then the flush packet; a read error ends the track and is noted."""
        try:
            yield from self.container.demux(self.stream)
        except MemoryError:
            raise
        except faults() as error:
            self.stopped = reason_of(error)

    def add(self, frame: Any) -> None:
        """Resample one decoded frame and write it, with silence where time stamps leave a gap."""
        shape = (frame.sample_rate, frame.layout.name, frame.format.name)
        if shape != self.shape:
            self.reshape(frame, shape)
        self.fill_gap(frame)
        frame.pts = None
        self.taken_s += frame.samples / frame.sample_rate
        self.files.write(self.resampler.resample(frame))

    def reshape(self, frame: Any, shape: tuple[int, str, str]) -> None:
        """Set up the resampler for frames of a new rate, layout or sample format; the output layout stays the first."""
        import av

        if self.resampler is not None:
            self.files.write(self.resampler.resample(None))
        else:
            check_channels(frame.layout.nb_channels, self.request)
            self.layout, self.channels = frame.layout.name, frame.layout.nb_channels
        check_rate(frame.sample_rate, self.request)
        self.source_rate = self.source_rate or frame.sample_rate
        self.resampler = av.AudioResampler(format="s16p", layout=self.layout, rate=RATE)
        self.shape = shape

    def fill_gap(self, frame: Any) -> None:
        """Keep the clock of the file: packets left out in silences and lost ones leave holes in the time stamps."""
        if frame.time is None:
            return
        if self.start_s is None:
            self.start_s = frame.time
        gap = frame.time - self.start_s - self.files.samples / RATE
        believable = self.stated_s is None or frame.time - self.start_s <= self.stated_s + 1
        if gap <= _SMALL_GAP_S or not believable:
            return
        if not self.files.files:
            self.files.open(self.channels)
        self.gaps_s += gap
        self.files.silence(round(gap * RATE))


def faults() -> tuple[type[Exception], ...]:
    """What av raises for damaged sound; MemoryError is among them and must be let through first."""
    import av

    return (av.error.FFmpegError, OSError, ValueError)


def reason_of(error: Exception) -> str:
    """The libav error in words, without its number."""
    return str(getattr(error, "strerror", None) or error)[:200]


def stated_duration(container: Any, stream: Any) -> float | None:
    """Seconds that the file claims to last, or None."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None and container.duration > 0:
        return float(container.duration / 1_000_000)
    return None


def check_channels(channels: int, request: dict[str, Any]) -> None:
    """Refuse more channels than are allowed."""
    if channels > request["max_channels"]:
        raise Refused("too_many_channels", got=channels)


def check_rate(rate: int, request: dict[str, Any]) -> None:
    """Refuse sample rates that no telephone or sound card has."""
    if not request["min_rate_hz"] <= rate <= request["max_rate_hz"]:
        raise Refused("sample_rate", got=rate)
