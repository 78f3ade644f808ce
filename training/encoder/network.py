"""The encoder as a torch module: base network, a vector for each turn and the call, a linear head for each question."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import nn

from training.encoder.base import BaseNetwork


class Layer(nn.Module):
    """One transformer layer, normalised after each half as in BERT."""

    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """X (calls, tokens, width); mask (calls, 1, 1, tokens) is 0 for tokens and -1e4 for padding."""
        calls, tokens, width = x.shape
        q, k, v = self.qkv(x).view(calls, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        told = torch.softmax(q @ k.transpose(-1, -2) * (width // self.heads) ** -0.5 + mask, dim=-1) @ v
        x = self.norm(x + self.drop(self.out(told.transpose(1, 2).reshape(calls, tokens, width))))
        return self.norm2(x + self.drop(self.down(nn.functional.gelu(self.up(x)))))


class CallEncoder(nn.Module):
    """ids, roles (calls, tokens), spans (calls, turns, tokens) as row-normalised weights → logits."""

    def __init__(self, base: BaseNetwork, order: list[int], layers: list[int], heads: Mapping[str, int]) -> None:
        super().__init__()
        width = base.width
        self.word = nn.Embedding(len(order), width)
        self.place = nn.Embedding(base.places, width)
        self.kind = nn.Embedding(2, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, base.heads, base.inner) for _ in layers)
        self.drop = nn.Dropout(0.1)
        self.turn_head = nn.Linear(2 * width, heads["turn"])
        self.call_head = nn.Linear(3 * width, heads["call"])
        self._take(base, order, layers)

    def forward(
        self, ids: torch.Tensor, roles: torch.Tensor, spans: torch.Tensor, starts: torch.Tensor, sides: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits (calls, turns, turn heads) and (calls, call heads).

        `starts` picks each turn's closing token, `sides` (calls, 2, turns) averages customer's and agent's turns.
        """
        tokens = ids.shape[1]
        x = self.word(ids) + self.place(torch.arange(tokens, device=ids.device)) + self.kind(roles)
        x = self.drop(self.norm(x))
        mask = (ids == 1)[:, None, None, :].to(x.dtype) * -1e4
        for layer in self.layers:
            x = layer(x, mask)
        turns = torch.cat([spans @ x, starts @ x], dim=-1)
        both = sides @ turns[:, :, : x.shape[2]]
        call = torch.cat([x[:, 0], both[:, 0], both[:, 1]], dim=-1)
        return self.turn_head(self.drop(turns)), self.call_head(self.drop(call))

    def _take(self, base: BaseNetwork, order: list[int], layers: list[int]) -> None:
        weights = base.weights

        def put(parameter: torch.nn.Parameter, *names: str) -> None:
            array = np.concatenate([weights[name] for name in names])
            parameter.data.copy_(torch.from_numpy(array))

        self.word.weight.data.copy_(torch.from_numpy(weights["emb.word"][order]))
        put(self.place.weight, "emb.pos")
        put(self.kind.weight, "emb.type")
        self.kind.weight.data[1] = self.kind.weight.data[0]  # row 1 was never trained
        put(self.norm.weight, "emb.ln.w")
        put(self.norm.bias, "emb.ln.b")
        for layer, at in zip(self.layers, layers, strict=True):
            put(layer.qkv.weight, *(f"l{at}.{part}.w" for part in "qkv"))
            put(layer.qkv.bias, *(f"l{at}.{part}.b" for part in "qkv"))
            for module, name in ((layer.out, "ao"), (layer.norm, "aln"), (layer.up, "fi"), (layer.down, "fo"),
                                 (layer.norm2, "oln")):  # fmt: skip
                put(module.weight, f"l{at}.{name}.w")
                put(module.bias, f"l{at}.{name}.b")
