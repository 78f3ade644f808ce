"""The decoding process: sound file on standard input, request as JSON in the first argument, answer as JSON line.

Run by qa.audio.decode as a script. It never learns the name of the recording, reads it through the open handle it is
given, and no libav protocol is allowed, so a playlist cannot make it open another file. Needs only the standard
library and av, so that it starts fast and its address space stays small.

Answer: {"channels", "sample_rate_hz", "samples", "stated_s", "format", "codec", "bad_packets", "stopped", "gaps_s",
"tracks"} or {"error": code, ...facts}.
"""

import errno
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

RATE = 16000
_SMALL_GAP_S = 0.2
_ORPHAN_CHECK_PACKETS = 2000
_ZEROS = bytes(RATE * 2)


class Refused(Exception):  # noqa: N818 - an outcome, not a fault
    """The recording is refused: a code of qa.audio.refusal and the facts of its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.answer = {"error": code, **facts}


def limit_resources(request: dict[str, Any]) -> None:
    """Bound address space, processor time, wall time and output size of this process."""
    seconds = int(request["timeout_s"]) + 1
    output = int(request["max_duration_s"] + 60) * RATE * 2
    for kind, wanted in (
        (resource.RLIMIT_AS, request["memory_bytes"]),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (value, value))
    # Ends this process even when the parent was killed and nobody waits for it.
    signal.setitimer(signal.ITIMER_REAL, seconds + 1)


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
            except (OSError, ValueError):
                self.bad_packets += 1
                continue
            for frame in frames:
                self.add(frame)
        if self.resampler is not None:
            self.files.write(self.resampler.resample(None))

    def packets(self) -> Iterator[Any]:
        """Packets of the track, then the flush packet; a read error ends the track and is noted."""
        try:
            yield from self.container.demux(self.stream)
        except MemoryError:
            raise
        except (OSError, ValueError) as error:
            self.stopped = str(error)[:200]

    def add(self, frame: Any) -> None:
        """Resample one decoded frame and write it, with silence where time stamps leave a gap."""
        shape = (frame.sample_rate, frame.layout.name, frame.format.name)
        if shape != self.shape:
            self.reshape(frame, shape)
        self.fill_gap(frame)
        frame.pts = None
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


def decode(request: dict[str, Any], source: BinaryIO) -> dict[str, object]:
    """Decode the first sound track of `source` into the request's folder. Raises Refused."""
    import av

    av.logging.set_level(None)
    options = {"format_whitelist": request["formats"], "protocol_whitelist": "none", **request["options"]}
    try:
        container = av.open(source, format=request["force_format"], options=options, metadata_errors="replace")
    except MemoryError:
        raise
    except (OSError, ValueError) as error:
        raise Refused("refused_format", reason=str(error)[:200]) from error
    with container, ExitStack() as stack:
        tracks = container.streams.audio
        if not tracks:
            raise Refused("no_audio")
        stream = tracks[0]
        stream.codec_context.thread_count = 1
        files = ChannelFiles(Path(request["folder"]), int(request["max_duration_s"] * RATE), stack)
        work = Decoding(container, stream, request, files)
        if stream.channels:
            check_channels(stream.channels, request)
        if stream.sample_rate:
            check_rate(stream.sample_rate, request)
        if work.stated_s is not None and work.stated_s > request["max_duration_s"]:
            raise Refused("too_long", got=round(work.stated_s), source="stated")
        work.run()
        if not files.samples:
            raise Refused("no_samples")
        return {
            "channels": len(files.files),
            "sample_rate_hz": work.source_rate,
            "samples": files.samples,
            "stated_s": work.stated_s,
            "format": container.format.name,
            "codec": stream.codec_context.name,
            "bad_packets": work.bad_packets,
            "stopped": work.stopped,
            "gaps_s": work.gaps_s,
            "tracks": len(tracks),
        }


def answer(request: dict[str, Any], source: BinaryIO) -> dict[str, object]:
    """Decode and turn every failure into an answer."""
    try:
        return decode(request, source)
    except Refused as refused:
        return refused.answer
    except Exception as error:  # noqa: BLE001 - whatever fails here must become an answer
        return failure(error, request)


def failure(error: Exception, request: dict[str, Any]) -> dict[str, object]:
    """The answer for an unexpected error."""
    reason = f"{type(error).__name__}: {error}"[:300]
    code = getattr(error, "errno", None)
    # A library that does not fit into the address space fails to load with an ImportError.
    unmapped = isinstance(error, ImportError) and ("map" in reason or "allocate" in reason)
    if isinstance(error, MemoryError) or unmapped or code == errno.ENOMEM:
        return {"error": "out_of_memory"}
    if isinstance(error, ImportError):
        return {"error": "no_decoder", "reason": reason}
    if code == errno.EFBIG:
        return {"error": "too_long", "got": int(request["max_duration_s"]), "source": "decoded"}
    if code in (errno.ENOSPC, errno.EDQUOT):
        return {"error": "disk_full", "reason": reason}
    return {"error": "crashed", "reason": reason}


def main() -> None:
    """Read the request, decode standard input, write the answer."""
    request = json.loads(sys.argv[1])
    limit_resources(request)
    with open(0, "rb", buffering=1024 * 1024, closefd=False) as source:
        source.seek(0)
        sys.stdout.write(json.dumps(answer(request, source)) + "\n")


if __name__ == "__main__":
    main()
