"""How fast ready transcripts are judged: `python -m training.bench`. See docs/performance.md.

Times are CPU seconds of one process, the least of three runs. Compare figures of one machine with each other only.
"""

import argparse
import json
import logging
import platform
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from qa.behaviour.reader import BehaviourReader
from qa.conversation import Conversation, Engine, Recording, Turn
from qa.diarization.roles import assign_roles
from qa.evaluation import CustomerType, Evaluation
from qa.features.extractor import extract
from qa.features.table import Features
from qa.pipeline import Pipeline
from qa.record import to_record
from qa.rules.judge import Judge
from qa.scorecard import Scorecard, load_scorecard
from qa.settings import Settings
from qa.transcription.replay import read_transcript
from qa.whatif.stored import read_stored
from qa.whatif.trial import Trial
from training.dataset import read_calls

SAMPLES = Path(__file__).parent.parent / "samples" / "recordings"
LEAST_TURNS = 6
"""Shorter training calls are excerpts around one act."""
RUNS = 3
Ready = tuple[Conversation, Features, CustomerType]


def main(arguments: list[str] | None = None) -> None:
    """Measure and print one Markdown table a language."""
    parser = argparse.ArgumentParser(prog="python -m training.bench", description="Speed of judging transcripts.")
    parser.add_argument("--calls", type=int, default=100, help="calls a language")
    chosen = parser.parse_args(arguments)
    logging.getLogger("qa.behaviour").setLevel(logging.ERROR)
    print(f"Python {platform.python_version()}, {platform.machine()}")
    for language in ("zh", "en"):
        calls = ready_calls(language, chosen.calls)
        turns = sum(len(conversation.turns) for conversation, _, _ in calls)
        print(f"\n{language}: {len(calls)} calls, {turns} turns\n\n| measured | figure |\n|---|---|")
        for name, figure in measured(language, calls):
            print(f"| {name} | {figure} |")


def ready_calls(language: str, count: int) -> list[Ready]:
    """The samples' transcripts and then training calls, always the same ones."""
    conversations = []
    for path in sorted(SAMPLES.glob(f"{language}-*.json")):
        transcript = read_transcript(path)
        conversations.append(assign_roles(transcript, Recording(path.stem, str(path), None)))
    written = [call for call in read_calls(language=language) if len(call.turns) >= LEAST_TURNS]
    random.Random(0).shuffle(written)  # noqa: S311  the same calls every time
    for call in written:
        turns = tuple(Turn(index, role, text) for index, (role, text) in enumerate(call.turns))  # type: ignore[arg-type]
        conversations.append(Conversation(Recording(call.id, call.id, None), language, turns, Engine("replay")))
    kind = CustomerType("demanding", {"demanding": 0.8}, False, "")
    return [(conversation, extract(conversation), kind) for conversation in conversations[:count]]


def measured(language: str, calls: Sequence[Ready]) -> list[tuple[str, str]]:
    """Every figure of one language, by name."""
    card = load_scorecard(f"{language}-service")
    with tempfile.TemporaryDirectory() as empty:
        nowhere = Path(empty)
        compile_s = seconds(lambda: Judge(card))
        plain, model = Judge(card, behaviours=BehaviourReader(nowhere)), Judge(card)
        wide = Judge(widened(card, calls), behaviours=BehaviourReader(nowhere))
        judge_all(model, calls[:1])
        plain_s, model_s = judging(plain, calls), judging(model, calls)
        texts = records(calls)
        without, with_model = Trial(card, models_folder=nowhere), Trial(card)
        try_all(with_model, texts[:1])
        return [
            ("compile the scorecard", f"{compile_s:.2f} s"),
            ("judge, without the model", f"{len(calls) / plain_s:.0f} calls/s"),
            ("judge, with the model", f"{len(calls) / model_s:.0f} calls/s"),
            ("10 × the calls", f"{judging(plain, list(calls) * 10) / plain_s:.1f} × the time"),
            ("10 × the phrases", f"{judging(wide, calls) / plain_s:.2f} × the time"),
            (
                "what-if, without the model",
                f"{60 * len(texts) / seconds(lambda: try_all(without, texts)):.0f} calls/min",
            ),
            (
                "what-if, with the model",
                f"{60 * len(texts) / seconds(lambda: try_all(with_model, texts)):.0f} calls/min",
            ),
        ]


def seconds(work: Callable[[], object]) -> float:
    """Least CPU seconds of a few runs."""
    times = []
    for _ in range(RUNS):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


def judging(judge: Judge, calls: Sequence[Ready]) -> float:
    """CPU seconds for judging all calls."""
    return seconds(lambda: judge_all(judge, calls))


def judge_all(judge: Judge, calls: Sequence[Ready]) -> None:
    """Judge every call."""
    for conversation, features, kind in calls:
        judge.judge(conversation, features, kind)


def try_all(trial: Trial, texts: Sequence[str]) -> None:
    """What `qa scorecard try` does with each stored record."""
    for text in texts:
        trial.compare(read_stored(text, path=""))


def records(calls: Sequence[Ready]) -> list[str]:
    """Records as the database holds them."""
    pipeline = Pipeline(Settings())
    evaluations: list[Evaluation] = [pipeline.judge(conversation) for conversation, _, _ in calls]
    return [json.dumps(to_record(evaluation), ensure_ascii=False) for evaluation in evaluations]


def widened(card: Scorecard, calls: Sequence[Ready]) -> Scorecard:
    """The card with nine times as many phrases more, made of pieces of the calls in another order."""
    spaced = "" if card.language == "zh" else " "
    pieces = [
        piece
        for conversation, _, _ in calls
        for turn in conversation.turns
        for piece in (turn.text if card.language == "zh" else turn.text.split())
        if piece.isalnum()
    ]
    chance = random.Random(0)  # noqa: S311  no secret
    length = 4 if card.language == "zh" else 3
    book = Judge(card).form.book
    phrases = [spaced.join(chance.sample(pieces, length)) for _ in range(9 * book.count)]
    data = card.model_dump()
    rule = {"phrase_said": {"phrases": phrases}}
    extra = {"id": "many_phrases", "title": "many", "kind": "required", "points": 0, "rule": rule}
    data["sections"] = (*data["sections"], {"title": "many", "criteria": (extra,)})
    return Scorecard.model_validate(data)


if __name__ == "__main__":
    main()
