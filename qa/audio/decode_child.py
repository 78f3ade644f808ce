"""The decoding process: sound file on standard input, request as JSON in the first argument, answer as JSON line.

It never learns the name of the recording, reads it through the open handle it is given, and no libav protocol is
allowed, so a playlist cannot make it open another file. It loads only the standard library and av, so that it starts
fast and its address space stays small.

Answer: {"channels", "sample_rate_hz", "samples", "stated_s", "format", "codec", "bad_packets", "stopped", "gaps_s",
"tracks"} or {"error": code, ...facts}.
"""

import errno
import json
import resource
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from qa.audio.decode_track import RATE, ChannelFiles, Decoding, Refused, check_channels, check_rate, faults, reason_of


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


def decode(request: dict[str, Any], source: BinaryIO) -> dict[str, object]:
    """Decode the first sound track of `source` into the request's folder. Raises Refused."""
    import av

    av.logging.set_level(None)
    options = {"format_whitelist": request["formats"], "protocol_whitelist": "none", **request["options"]}
    try:
        container = av.open(source, format=request["force_format"], options=options, metadata_errors="replace")
    except MemoryError:
        raise
    except faults() as error:
        raise Refused("refused_format", reason=reason_of(error)) from error
    with container, ExitStack() as stack:
        tracks = container.streams.audio
        if not tracks:
            raise Refused("no_audio")
        stream = tracks[0]
        if stream.codec_context is None:
            raise Refused("refused_format", reason="unknown codec")
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
