"""Cases that must stay right for ever: `regressions.jsonl` beside the versions, in the format of training/data."""

import json
from collections.abc import Sequence
from pathlib import Path

from qa.customer_type.model import CallModel
from qa.errors import UsageError
from qa.evaluation import CUSTOMER_TYPES
from training.dataset import Call, parse_call
from training.fit import predict

FILE = "regressions.jsonl"


def read_cases(home: Path) -> list[Call]:
    """The cases of a folder of versions; none where the file is not there. UsageError naming file and line."""
    path = home / FILE
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    cases = [parse_call(line, path, number) for number, line in enumerate(lines, 1) if line.strip()]
    twice = {case.id for case in cases if sum(other.id == case.id for other in cases) > 1}
    if twice:
        raise UsageError(path=path, en=f"used twice: {sorted(twice)}", zh=f"编号重复：{sorted(twice)}")
    return cases


def wrong_cases(cases: Sequence[Call], models: dict[str, CallModel]) -> list[tuple[Call, str]]:
    """Cases whose likeliest type is not their label, with that type. Languages without a model are left out."""
    wrong = []
    for language, model in models.items():
        mine = [case for case in cases if case.language == language]
        if mine:
            for case, answer in zip(mine, predict(model, mine).argmax(axis=1), strict=True):
                if answer != case.target:
                    wrong.append((case, CUSTOMER_TYPES[answer]))
    return wrong


def case_line(call: Call) -> str:
    """A call as a line of FILE."""
    turns = [
        {"role": role, "text": text, **({"marks": ["complaint"]} if place in call.complaints else {})}
        for place, (role, text) in enumerate(call.turns)
    ]
    row = {"id": call.id, "lang": call.language, "domain": call.domain, "channel": call.channel, "turns": turns}
    return json.dumps({**row, "labels": {"customer_type": call.label}}, ensure_ascii=False)
