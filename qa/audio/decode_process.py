"""Run the decoding process under limits and turn what becomes of it into an answer or an error."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from qa.audio.recording import DEFAULT_MAX_BYTES, HEADERLESS
from qa.audio.refusal import refusal
from qa.errors import CallgradeError, EnvironmentFault

# libav demuxers that may open a recording. No playlist, image, subtitle, device or script format is among them.
FORMATS = (
    "wav,w64,aiff,au,caf,flac,mp3,aac,ogg,mov,matroska,asf,avi,flv,mpegts,mpeg,voc,nistsphere,"
    "amr,amrnb,amrwb,gsm,mulaw,alaw,sln,g722,g729"
)
_MAGIC = (b"RIFF", b"RF64", b".snd", b"OggS", b"fLaC", b"ID3", b"#!AMR", b"FORM")
_ROOT = Path(__file__).resolve().parents[2]
_MAX_ANSWER_BYTES = 64 * 1024
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class AudioLimits:
    """What a recording and its decoding may cost. A recording beyond a limit is refused, never cut."""

    max_duration_s: float = 4 * 3600.0
    max_bytes: int = DEFAULT_MAX_BYTES
    max_channels: int = 2
    min_rate_hz: int = 4000
    max_rate_hz: int = 192_000
    timeout_s: float = 600.0
    memory_bytes: int = 1024 * _MEGABYTE


def run_decoder(path: Path, source: BinaryIO, folder: Path, limits: AudioLimits) -> Mapping[str, Any]:
    """Decode the open file `source` into `folder` and return the child's answer; `path` is only named in errors.

    The child and whatever it started are dead when this returns or raises.
    Raises RecordingError (refused, timeout, out_of_memory, crashed) or EnvironmentFault (no_decoder, disk_full).
    """
    request = json.dumps(_request(path, source, folder, limits))
    # -P: the child loads nothing from the current folder; this package is found where the parent found it.
    command = [sys.executable, "-P", "-m", "qa.audio.decode_child", request]
    search = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    child = subprocess.Popen(  # noqa: S603 - own interpreter, own script
        command,
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": search},
    )
    try:
        output, _ = child.communicate(timeout=limits.timeout_s)
    except subprocess.TimeoutExpired as error:
        raise refusal("timeout", path, allowed=f"{limits.timeout_s:g}") from error
    finally:
        _kill_group(child)
    return _understand(path, child.returncode, output[:_MAX_ANSWER_BYTES], limits)


def _request(path: Path, source: BinaryIO, folder: Path, limits: AudioLimits) -> dict[str, object]:
    forced = HEADERLESS.get(path.suffix.lower())
    source.seek(0)
    if forced and source.read(8).startswith(_MAGIC):
        forced = None  # a file with a header under a headerless name
    source.seek(0)
    return {
        "folder": str(folder),
        "formats": FORMATS,
        "force_format": forced,
        # libav takes 44.1 kHz for these two unless told.
        "options": {"sample_rate": "8000", "ch_layout": "mono"} if forced in ("mulaw", "alaw") else {},
        "parent": os.getpid(),
        "max_duration_s": limits.max_duration_s,
        "max_channels": limits.max_channels,
        "min_rate_hz": limits.min_rate_hz,
        "max_rate_hz": limits.max_rate_hz,
        "timeout_s": limits.timeout_s,
        "memory_bytes": limits.memory_bytes,
    }


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    # The error: it ended by itself and left nothing in its group.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _understand(path: Path, status: int, output: bytes, limits: AudioLimits) -> Mapping[str, Any]:
    if status in (-signal.SIGXCPU, -signal.SIGALRM):
        raise refusal("timeout", path, allowed=f"{limits.timeout_s:g}")
    try:
        answer = json.loads(output.splitlines()[-1])
    except (ValueError, IndexError) as error:
        raise _death(path, status, limits) from error
    if "error" in answer:
        raise _refused(path, answer, limits)
    return dict(answer)


def _death(path: Path, status: int, limits: AudioLimits) -> CallgradeError:
    """Error for a child that ended without an answer."""
    if status >= 0:
        # Python itself did not fit into the address space, or could not start.
        return refusal("out_of_memory", path, allowed=limits.memory_bytes // _MEGABYTE)
    name = signal.Signals(-status).name if -status in list(signal.Signals) else f"signal {-status}"
    return refusal("crashed", path, reason=name)


def _refused(path: Path, answer: dict[str, Any], limits: AudioLimits) -> CallgradeError:
    """Error for a child that answered with a refusal."""
    facts = dict(answer)
    code = facts.pop("error")
    if code == "no_decoder":
        return EnvironmentFault(
            en=f"the package av cannot be loaded: {facts['reason']}; run: pip install av",
            zh=f"无法加载 av 包：{facts['reason']}；请运行：pip install av",
            code=code,
        )
    if code == "disk_full":
        return EnvironmentFault(
            en=f"no room for decoded sound in the work folder (115 MB for an hour and channel): {facts['reason']}",
            zh=f"工作文件夹空间不足，无法存放解码后的声音（每小时每声道 115 MB）：{facts['reason']}",
            code=code,
        )
    if code == "out_of_memory":
        facts["allowed"] = limits.memory_bytes // _MEGABYTE
    elif code == "too_long":
        stated = facts["source"] == "stated"
        facts.update(
            allowed=f"{limits.max_duration_s:g}",
            source="stated by its header" if stated else "decoded so far",
            source_zh="文件头声明" if stated else "已解码部分",
        )
    elif code == "too_many_channels":
        facts["allowed"] = limits.max_channels
    elif code == "sample_rate":
        facts.update(lowest=limits.min_rate_hz, highest=limits.max_rate_hz)
    return refusal(code, path, **facts)
