"""Learn which words agents and customers use, for telling the parties apart.

Reads training/data/*/*.jsonl, writes qa/diarization/role_words.json: for each language a weight a character n-gram
(zh) or word n-gram (en); above 0 speaks for the agent. Run: python -m training.role_words
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.sparse import lil_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from qa.diarization.role_words import grams

ROOT = Path(__file__).resolve().parent
TARGET = ROOT.parent / "qa" / "diarization" / "role_words.json"
KEPT = 2_500
STRENGTH = 0.3


def turns(language: str) -> Iterator[tuple[int, str, str]]:
    """Yield (call number, role, text) of every agent and customer turn."""
    call = 0
    for file in sorted((ROOT / "data" / language).glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            call += 1
            for turn in json.loads(line).get("turns", []):
                if turn["role"] in ("agent", "customer"):
                    yield call, turn["role"], turn["text"]


def learn(language: str) -> tuple[dict[str, float], float, float]:
    """Return weights, the constant, and the share of turns told right in calls not learned from."""
    rows = list(turns(language))
    documents = [grams(text, language) for _, _, text in rows]
    spread: dict[str, set[int]] = {}
    for (call, _, _), document in zip(rows, documents, strict=True):
        for gram in document:
            spread.setdefault(gram, set()).add(call)
    # A word of one or two calls is their subject, not a way of speaking.
    vocabulary = sorted(gram for gram, calls in spread.items() if len(calls) >= 3)
    place = {gram: number for number, gram in enumerate(vocabulary)}
    table = lil_matrix((len(rows), len(vocabulary)))
    for number, document in enumerate(documents):
        known = [gram for gram in document if gram in place]
        for gram in known:
            table[number, place[gram]] = 1.0 / np.sqrt(len(known))
    table = table.tocsr()
    roles = np.array([role == "agent" for _, role, _ in rows])
    model = LogisticRegression(C=1.0 / STRENGTH, max_iter=500, class_weight="balanced")
    calls = np.array([call for call, _, _ in rows])
    told = cross_val_predict(model, table, roles, groups=calls, cv=GroupKFold(5))
    model.fit(table, roles)
    weights = dict(zip(vocabulary, model.coef_[0].tolist(), strict=True))
    heaviest = Counter({gram: abs(weight) for gram, weight in weights.items()}).most_common(KEPT)
    kept = {gram: round(weights[gram], 2) for gram, _ in sorted(heaviest)}
    return kept, round(float(model.intercept_[0]), 3), float((told == roles).mean())


def main() -> None:
    """Learn both languages and write the file."""
    content = {}
    for language in ("en", "zh"):
        weights, constant, right = learn(language)
        print(f"{language}: {len(weights)} weights, {right:.1%} of unseen turns told right")
        content[language] = {"constant": constant, "weights": weights}
    TARGET.write_text(json.dumps(content, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
