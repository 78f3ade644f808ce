"""Fits the encoder: the base network taught all questions at once, on calls that arrive in another way each round."""

import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from qa.encoder.heads import CALL_HEADS, CALL_WIDTH, TURN_HEADS, call_slice
from qa.encoder.network import arrays
from qa.encoder.windows import Window, windows
from training.behaviour_noise import sounds_of
from training.encoder.base import base_network
from training.encoder.calls import TaughtCall, texts_of, varied
from training.encoder.network import CallEncoder
from training.encoder.vocabulary import trimmed

LAYERS = tuple(range(8))
"""The base network's lower layers: two thirds of its cost, and enough for short turns."""
BATCH_TOKENS = 1_600
RATE, HEAD_RATE = 1.6e-4, 1.5e-3
WARM_SHARE = 0.06
SEED = 7
_CALL_SHARE = 0.35
_SPECIAL_LIFT = 5.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One window with the rows it is judged by."""

    window: Window
    truth: np.ndarray
    weight: np.ndarray
    answers: np.ndarray
    answer_weight: np.ndarray


def fit_encoder(
    calls: Sequence[TaughtCall], *, rounds: int, layers: Sequence[int] = LAYERS, keep: Path | None = None
) -> tuple[CallEncoder, Tokenizer]:
    """Teach a fresh network; tells its progress on stderr. The same calls and machine give the same one.

    `keep` is written each 200 steps, for looking into a run.
    """
    torch.manual_seed(SEED)
    network, tokenizer = _fresh(calls, layers)
    lift = _lift(calls)
    heads = [*network.turn_head.parameters(), *network.call_head.parameters()]
    known = {id(parameter) for parameter in heads}
    body = [parameter for parameter in network.parameters() if id(parameter) not in known]
    optimiser = torch.optim.AdamW([{"params": body, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01)
    batches = [batch for each in range(rounds) for batch in _batches(calls, tokenizer, each)]
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda at: _pace(at, len(batches)))
    network.train()
    started, shown = time.monotonic(), 0.0
    for at, batch in enumerate(batches):
        loss = _loss(network, batch, lift)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        rate.step()
        shown = 0.97 * shown + 0.03 * float(loss.detach()) if at else float(loss.detach())
        if keep is not None and at % 200 == 199:
            torch.save(network.state_dict(), keep)
        if at % 50 == 49:
            print(f"step {at + 1}/{len(batches)} loss {shown:.4f} {time.monotonic() - started:.0f} s", file=sys.stderr)
    return network.eval(), tokenizer


def _fresh(calls: Sequence[TaughtCall], layers: Sequence[int]) -> tuple[CallEncoder, Tokenizer]:
    base = base_network()
    tokenizer, order = trimmed(base.tokenizer, texts_of(calls))
    return CallEncoder(base, order, list(layers), {"turn": len(TURN_HEADS), "call": CALL_WIDTH}), tokenizer


def _loss(network: CallEncoder, batch: Sequence[Sample], lift: torch.Tensor) -> torch.Tensor:
    turn_logits, call_logits = network(*_tensors([each.window for each in batch]))
    truth, weight = torch.zeros_like(turn_logits), torch.zeros_like(turn_logits)
    for row, each in enumerate(batch):
        truth[row, : len(each.truth)] = torch.from_numpy(each.truth)
        weight[row, : len(each.weight)] = torch.from_numpy(each.weight)
    told = nn.functional.binary_cross_entropy_with_logits(turn_logits, truth, weight, pos_weight=lift, reduction="sum")
    loss = told / max(1, sum(len(each.truth) for each in batch))
    answers = torch.tensor(np.array([each.answers for each in batch]))
    shares = torch.tensor(np.array([each.answer_weight for each in batch]))
    for name, _ in CALL_HEADS:
        here = call_slice(name)
        if name == "special_customer":
            part = nn.functional.binary_cross_entropy_with_logits(
                call_logits[:, here],
                answers[:, here],
                shares[:, here],
                pos_weight=torch.tensor(_SPECIAL_LIFT),
                reduction="sum",
            )
        else:
            part = -(answers[:, here] * torch.log_softmax(call_logits[:, here], -1) * shares[:, here]).sum()
        loss = loss + _CALL_SHARE * part / len(batch)
    return loss


def _tensors(batch: Sequence[Window]) -> tuple[torch.Tensor, ...]:
    return tuple(torch.from_numpy(each) for each in arrays(batch))


def _lift(calls: Sequence[TaughtCall]) -> torch.Tensor:
    """Rare behaviours count more, by a power (0.3) of how rare they are."""
    truth = sum((call.truth * (call.weight > 0)).sum(0) for call in calls)
    there = sum((call.weight > 0).sum(0) for call in calls)
    return torch.tensor(np.power(np.maximum(there - truth, 1) / np.maximum(truth, 1), 0.3), dtype=torch.float32)


def _pace(at: int, steps: int) -> float:
    warm = max(1, int(WARM_SHARE * steps))
    return (at + 1) / warm if at < warm else max(0.02, (steps - at) / max(1, steps - warm))


def _batches(calls: Sequence[TaughtCall], tokenizer: Tokenizer, round_: int) -> Iterator[list[Sample]]:
    chance = random.Random(f"{SEED}|{round_}")  # noqa: S311 - not for secrets
    sounds = sounds_of(turn.text for call in calls for turn in call.turns)
    samples = [sample for call in calls for sample in _samples(call, tokenizer, chance, sounds)]
    samples.sort(key=lambda each: len(each.window.ids) + 12 * chance.random())
    batches, batch, longest = [], [], 0
    for sample in samples:
        longest = max(longest, len(sample.window.ids))
        if batch and longest * (len(batch) + 1) > BATCH_TOKENS:
            batches.append(batch)
            batch, longest = [], len(sample.window.ids)
        batch.append(sample)
    batches.append(batch)
    chance.shuffle(batches)
    yield from batches


def _samples(call: TaughtCall, tokenizer: Tokenizer, chance: random.Random, sounds: object) -> Iterator[Sample]:
    places, texts, whole = varied(call, chance, sounds)  # type: ignore[arg-type]
    pieces = [each.ids for each in tokenizer.encode_batch(texts, add_special_tokens=False)]
    for window in windows(pieces, [call.turns[place].role == "customer" for place in places]):
        rows = [places[place] for place in window.places]
        weight = call.answer_weight if whole else call.answer_weight * 0.0
        yield Sample(window, call.truth[rows], call.weight[rows], call.answers, weight)


def restored(calls: Sequence[TaughtCall], weights: Path) -> tuple[CallEncoder, Tokenizer]:
    """The network of weights kept by an earlier run on the same calls."""
    network, tokenizer = _fresh(calls, LAYERS)
    network.load_state_dict(torch.load(weights, weights_only=True))
    return network.eval(), tokenizer
