"""Calibrates network and n-gram turn model together on the tuning tenth, and measures them on the frozen quarter.

Both had seen neither part: the n-gram model used here is fitted on the `train` part alone. The published n-gram model
has learnt from the tuning part too, which makes its answers there surer than the calibration assumes, never its frozen
figures better.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from qa.behaviour.artifact import BEHAVIOUR_MODELS
from qa.behaviour.artifact import read_manifest as read_behaviour
from qa.behaviour.model import TurnModel
from qa.encoder.artifact import NETWORK, TOKENIZER, Blend, LanguageEntry
from qa.encoder.heads import SPECIAL_CUSTOMERS
from qa.encoder.network import OnnxNetwork, TokenizerPieces
from training.behaviour_dataset import misheard_turns, part_of, read_marked
from training.behaviour_fit import fit_turns
from training.behaviour_measure import all_sounds
from training.behaviour_noise import sounds_of
from training.encoder import measure
from training.encoder.calls import TaughtCall
from training.encoder.told import told, with_ngrams

SHARE = 0.5
SPECIAL_AT = 0.4
LANGUAGES = ("zh", "en")
Asked = Callable[[Sequence[TaughtCall]], measure.Told]


def entries(
    files: Mapping[str, bytes], calls: Sequence[TaughtCall], models: Path, data: Path
) -> dict[str, LanguageEntry]:
    """What the manifest says of each language."""
    companion = read_behaviour(BEHAVIOUR_MODELS.current_folder(models)).version
    pieces, network = TokenizerPieces(files[TOKENIZER]), OnnxNetwork(files[NETWORK], threads=2)
    found = {}
    for language in LANGUAGES:
        known = [call for call in read_marked(data, language) if part_of(call.group) == "train"]
        ngrams = fit_turns(known, all_sounds(known))

        def asked(some: Sequence[TaughtCall], ngrams: TurnModel = ngrams) -> measure.Told:
            return with_ngrams(told(pieces, network, some), ngrams, some, SHARE)

        parts = {part: [c for c in calls if c.language == language and c.part == part] for part in ("tuning", "frozen")}
        taught = sum(call.language == language and call.part == "train" for call in calls)
        found[language] = _entry(parts["tuning"], parts["frozen"], asked, companion, taught)
    return found


def _entry(
    tuning: Sequence[TaughtCall], frozen: Sequence[TaughtCall], asked: Asked, companion: str, taught: int
) -> LanguageEntry:
    said = asked(tuning)
    calibrated = measure.calibration(tuning, said)
    at = measure.thresholds(tuning, said, calibrated)
    answers = asked(frozen)
    heard = [_misheard(call) for call in frozen]
    whole = [place for place, call in enumerate(tuning) if not call.excerpt]
    return LanguageEntry(
        blend=Blend(companion=companion, share=SHARE, calibration=calibrated, thresholds=at),
        type_temperature=measure.temperature([tuning[each] for each in whole], [said[each] for each in whole]),
        special_thresholds=dict.fromkeys(SPECIAL_CUSTOMERS, SPECIAL_AT),
        calls=taught,
        metrics={
            "frozen": measure.figures(frozen, answers, calibrated, at),
            "misheard": measure.figures(heard, asked(heard), calibrated, at),
            "frozen_calls": measure.call_figures(frozen, answers),
        },
    )


def _misheard(call: TaughtCall) -> TaughtCall:
    sounds = sounds_of(turn.text for turn in call.turns)
    turns = misheard_turns(call.turns, f"measure|{call.id}", call.language, sounds)
    return replace(call, turns=turns)
