"""Pictures of a model as SVG, drawn by hand: reliability, confusion, learning curve. Words in both languages."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise

import numpy as np

from qa.evaluation import CUSTOMER_TYPES
from training.metrics import reliability

_SIDE, _EDGE = 300, 60
_NAMES = {"demanding": "demanding 要求型", "confused": "confused 困惑型", "agitated": "agitated 激动型"}
_BLUE, _GREY, _DARK = "#2563a8", "#c9ced6", "#1f2933"


def reliability_svg(truth: np.ndarray, probabilities: np.ndarray, title: str) -> str:
    """How often the model is right where it says so with a given probability; the diagonal is perfect."""
    parts = [_line(0, 0, 1, 1, _GREY)]
    for stated, right, calls in reliability(truth, probabilities):
        radius = 3 + 9 * calls / max(len(truth), 1)
        parts.append(
            f'<circle cx="{_x(stated):.1f}" cy="{_y(right):.1f}" r="{radius:.1f}" fill="{_BLUE}">'
            f"<title>{stated:.2f} → {right:.2f}, n={calls}</title></circle>"
        )
    return _frame(title, parts, "stated probability 模型给出的概率", "share right 实际正确比例")


def confusion_svg(table: Sequence[Sequence[int]], title: str) -> str:
    """Rows are what people said, columns what the model said."""
    counts = np.array(table)
    cell = _SIDE / len(counts)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    parts = []
    for row, name in enumerate(CUSTOMER_TYPES):
        for column in range(len(CUSTOMER_TYPES)):
            left, top = _EDGE + column * cell, _EDGE + row * cell
            share = shares[row, column]
            parts.append(
                f'<rect x="{left:.1f}" y="{top:.1f}" width="{cell:.1f}" height="{cell:.1f}" fill="{_BLUE}" '
                f'fill-opacity="{share:.2f}" stroke="{_GREY}"/>'
            )
            colour = "white" if share > 0.5 else _DARK
            parts.append(_text(left + cell / 2, top + cell / 2 + 5, str(counts[row, column]), colour=colour, size=16))
        parts.append(_text(_EDGE + row * cell + cell / 2, _EDGE + _SIDE + 18, _NAMES[name], size=11))
        parts.append(
            _text(_EDGE - 8, _EDGE + row * cell + cell / 2, _NAMES[name].replace(" ", "\n"), size=11, end=True)
        )
    return _svg(title, parts, "model 模型判断", "people 人工标签")


def learning_curve_svg(points: Sequence[tuple[int, float]], title: str) -> str:
    """Macro-F1 on the holdout by the number of calls learned from."""
    most = max(count for count, _ in points)
    parts = []
    for (one, before), (other, after) in pairwise(points):
        parts.append(_line(one / most, before, other / most, after, _BLUE))
    for count, score in points:
        parts.append(f'<circle cx="{_x(count / most):.1f}" cy="{_y(score):.1f}" r="4" fill="{_BLUE}"/>')
        parts.append(_text(_x(count / most), _y(score) - 8, f"{count}: {score:.2f}", size=11))
    return _frame(title, parts, f"calls learned from 训练通话数 (0-{most})", "macro-F1")


def _frame(title: str, parts: list[str], across: str, up: str) -> str:
    box = f'<rect x="{_EDGE}" y="{_EDGE}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="{_GREY}"/>'
    marks = [_text(_x(value), _EDGE + _SIDE + 18, f"{value:g}", size=11) for value in (0, 0.5, 1)]
    marks += [_text(_EDGE - 8, _y(value) + 4, f"{value:g}", size=11, end=True) for value in (0, 0.5, 1)]
    return _svg(title, [box, *marks, *parts], across, up)


def _svg(title: str, parts: list[str], across: str, up: str) -> str:
    size = _SIDE + 2 * _EDGE
    body = "\n".join([*parts, _text(size / 2, 24, title, size=15), _text(size / 2, size - 16, across)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-40 0 {size + 40} {size}" role="img" '
        f'font-family="sans-serif"><title>{escape(title)}</title>\n'
        f'<rect x="-40" width="{size + 40}" height="{size}" fill="white"/>\n{body}\n'
        f'<text x="-26" y="{size / 2:.1f}" font-size="12" fill="{_DARK}" text-anchor="middle" '
        f'transform="rotate(-90 -26 {size / 2:.1f})">{escape(up)}</text>\n</svg>\n'
    )


def _text(x: float, y: float, text: str, *, colour: str = _DARK, size: int = 12, end: bool = False) -> str:
    anchor = "end" if end else "middle"
    lines = text.split("\n")
    spans = "".join(
        f'<tspan x="{x:.1f}" dy="{0 if not place else size + 2}">{escape(line)}</tspan>'
        for place, line in enumerate(lines)
    )
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}">{spans}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return (
        f'<line x1="{_x(x1):.1f}" y1="{_y(y1):.1f}" x2="{_x(x2):.1f}" y2="{_y(y2):.1f}" stroke="{colour}" '
        'stroke-width="2"/>'
    )


def _x(value: float) -> float:
    return _EDGE + value * _SIDE


def _y(value: float) -> float:
    return _EDGE + (1 - value) * _SIDE
