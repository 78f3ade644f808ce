"""Figures of invented gold: the arithmetic, what does not apply, the page, and that no word of a gold file gets out."""

import json
from pathlib import Path

import numpy as np
import pytest

from training.accuracy import published
from training.accuracy.__main__ import BEGIN, END, main
from training.accuracy.counts import COLUMNS, calibration, count, prf, type_f1
from training.accuracy.gold import OTHER, GoldCall, gold_sets
from training.accuracy.intervals import Figure, correlation, estimate
from training.accuracy.tables import accusations, balanced, criteria, evidence, macro_f1, summary
from training.metrics import calibration_error

SECRET = "zanzibar"


def call(defects, turns=(), **known):
    """A gold call with these defects, each with the same gold turns."""
    values = {"customer_type": None, "complaint": None, "special": None, "score": None} | known
    return GoldCall(Path("x.json"), defects=defects, turns={name: frozenset(turns) for name in defects}, **values)


def record(verdicts, shown=(), **parts):
    """A record with these verdicts, each with evidence on the same turns."""
    evidence = [{"turn_index": turn} for turn in shown]
    return {
        "results": [
            {"criterion_id": name, "verdict": verdict, "evidence": evidence} for name, verdict in verdicts.items()
        ],
        **parts,
    }


CASES = [
    (True, "not_met", {"right": 1, "evidence_asked": 1, "evidence_right": 1}),
    (True, "late", {"right": 1, "evidence_asked": 1, "evidence_right": 1}),
    (True, "met", {"missed": 1}),
    (True, "undetermined", {"missed": 1, "undetermined": 1}),
    (True, "not_applicable", {"missed": 1}),
    (True, None, {"missed": 1, "absent": 1}),
    (False, "not_met", {"false": 1}),
    (False, "undetermined", {"undetermined": 1}),
    (False, None, {"absent": 1}),
    (None, "not_met", {"raised_na": 1}),
    (None, "undetermined", {}),
    (None, None, {}),
]


@pytest.mark.parametrize(("defect", "verdict", "expected"), CASES)
def test_one_verdict(defect, verdict, expected):
    """What one verdict counts as, by what is true; what does not apply counts nowhere but in its own column."""
    verdicts = {"argues": verdict} if verdict else {}
    counts = count([call({"argues": defect}, turns=(3,))], [record(verdicts, shown=(3, 9))])
    assert dict(zip(COLUMNS, counts.of("argues")[0], strict=True)) == dict.fromkeys(COLUMNS, 0) | expected


def test_tables_of_three_calls():
    """Two found, one of them on the gold's turn, one accusation wrong, one call unread: every share as by hand."""
    calls = [
        call({"argues": True, "thanks": False}, turns=(1,)),
        call({"argues": True, "thanks": None}, turns=(2,)),
        call({"argues": False, "thanks": True}),
        call({"argues": True}),
    ]
    records = [
        record({"argues": "not_met", "thanks": "met"}, shown=(1,)),
        record({"argues": "not_met", "thanks": "not_met"}, shown=(1,)),
        record({"argues": "not_met", "thanks": "late"}),
        None,
    ]
    counts = count(calls, records)
    assert prf(counts.of("argues").sum(0)).tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3])
    assert prf(counts.of("thanks").sum(0)).tolist() == [1, 1, 1]
    assert float(macro_f1(counts.items.sum(0))) == pytest.approx((2 / 3 + 2 / 3) / 2)
    assert accusations(counts).startswith("1 of 4: 0.25 (")
    assert evidence(counts).startswith("1 of 2: 0.50 (")
    lines = summary({"calls zh": counts})
    assert "| calls | 4, 1 unread |" in lines
    assert any(line.startswith("| forbidden acts: pooled precision | 2 of 3: 0.67 (") for line in lines)
    assert criteria(counts)[2].startswith("| argues (forbidden) | 3 | 0.67 (")
    assert criteria(counts)[3].endswith("| 0 | 1 | 0 |")


def test_customer_type_complaint_and_special():
    """An abstention is wrong for F1, yet its stated probability is judged; sets of special customers are pooled."""
    said = [("demanding", 0.9, False), ("confused", 0.75, True), ("agitated", 0.6, False), ("agitated", 0.6, False)]
    truth = ["demanding", "confused", "confused", None]
    names = ("demanding", "confused", "agitated")
    kinds = [
        {"label": label, "abstained": out, "probabilities": {n: p if n == label else (1 - p) / 2 for n in names}}
        for label, p, out in said
    ]
    calls = [
        call({}, customer_type=name, complaint=is_complaint, special=frozenset({"furious", "other"}))
        for name, is_complaint in zip(truth, (True, True, False, None), strict=True)
    ]
    records = [
        record({}, customer_type=kind, complaint={"present": at > 0}, special_customer=["furious"])
        for at, kind in enumerate(kinds)
    ]
    counts = count(calls, records)
    assert float(type_f1(counts.types.sum(0))) == pytest.approx(1 / 3)
    given = np.array([[kind["probabilities"][name] for name in names] for kind in kinds[:3]])
    assert float(calibration(counts.certainty.sum(0))) == pytest.approx(calibration_error(np.array([0, 1, 1]), given))
    assert counts.complaint.sum(0).tolist() == [1, 1, 1]
    assert prf(counts.special.sum(0))[2] == pytest.approx(2 / 3)


def test_intervals():
    """Same draws every time; the value lies between the ends; undefined stays undefined; ties share their rank."""
    counts = np.array([[1, 0, 0]] * 6 + [[0, 1, 0]] * 4)
    figure = estimate(counts, lambda each: prf(each)[..., 0])
    assert figure == estimate(counts, lambda each: prf(each)[..., 0])
    assert (figure.value, round(figure.low, 1), round(figure.high, 1)) == (0.6, 0.3, 0.9)
    assert estimate(np.zeros((3, 3)), lambda each: prf(each)[..., 0]) == Figure(None)
    assert str(Figure(None)) == "–"
    pairs = np.array([[1, 10], [2, 20], [2, 30], [4, 25], [np.nan, 1]])
    assert correlation(pairs).value == pytest.approx(0.632, abs=1e-3)
    assert float(balanced(np.array([1, 2, 3, 3]))) == 0.75


def write_json(path, value):
    """One JSON file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    """Invented gold of every form; each text holds a word that must not get out."""
    turns = [
        {"role": "agent", "text": f"Thank you for calling {SECRET}, how may I help?"},
        {"role": "customer", "text": f"My {SECRET} is broken and I am furious."},
        {"role": "agent", "text": f"That is your own fault, {SECRET}."},
    ]
    gold = {
        "customer_type": "agitated",
        "special_customer": [],
        "complaint_begins_turn": 1,
        "required": {"greeting": {"verdict": "pass", "turns": [0]}, "timely_apology": {"verdict": "na"}},
        "forbidden": {"blame_shifting": {"present": True, "turns": [2]}, SECRET: {"present": True}},
        "human_score_0_100": 40,
        "note": SECRET,
    }
    write_json(tmp_path / "calls" / "en" / "one.json", {"id": "one", "lang": "en", "turns": turns, "gold": gold})
    write_json(tmp_path / "dialogues" / "dev" / "d1.json", {"id": "d1", "lang": "en", "turns": turns})
    label = {
        "id": "d1", "customer_type": "agitated", "complaint_present": True, "apology_timely": None,
        "greeting_present": True, "closing_present": False, "blame_shifting": True, "argues": True, "fragment": True,
        "disputed": ["argues"], "evidence": {"blame_shifting": [2]},
    }  # fmt: skip
    write_json(tmp_path / "dialogues" / "dev_labels.jsonl", label)
    turn = {"id": "t1", "role": "agent", "text": turns[0]["text"], "item": "greeting", "should_match": True}
    write_json(tmp_path / "turns" / "en_some.jsonl", turn)
    return tmp_path


def test_gold_forms(folder):
    """Disputed fields and ends of a fragment are not judged; an unknown criterion loses its name."""
    sets = gold_sets(folder)
    assert list(sets) == ["calls en", "dialogues dev en"]
    (one,), (dialogue,) = sets.values()
    assert one.defects == {"greeting": False, "timely_apology": None, "blame_shifting": True, OTHER: True}
    assert dialogue.defects["blame_shifting"] is True
    assert dialogue.defects["timely_apology"] is None
    assert not {"argues", "greeting", "closing"} & set(dialogue.defects)


def test_writes_counts_only(folder, capsys, monkeypatch):
    """End to end: the marked part is replaced, the rest is kept, and no word of a gold file is printed or written."""
    page = folder / "page.md"
    page.write_text(f"before\n\n{BEGIN}\nformer figures\n{END}\n\nafter\n", encoding="utf-8")
    monkeypatch.setenv("CALLGRADE_EVAL", str(folder))
    assert main([]) == 0
    assert main(["--write", "--page", str(page)]) == 0
    text, said = page.read_text("utf-8"), capsys.readouterr()
    assert text.startswith(f"before\n\n{BEGIN}\n")
    assert text.endswith(f"\n{END}\n\nafter\n")
    assert "former figures" not in text
    assert "| blame_shifting (forbidden) | 1 |" in text
    assert "| en_some | 1/1 | 0/0 |" in text
    assert text.split(BEGIN)[1].split(END)[0].strip() == said.out.strip()
    assert SECRET not in (text + said.out + said.err).lower()


@pytest.mark.parametrize("name", ["calls/en/one.json", "dialogues/dev_labels.jsonl", "turns/en_some.jsonl"])
def test_bad_gold_is_not_repeated(folder, name, capsys, monkeypatch):
    """A broken gold file is named with its line, but its words are not told."""
    (folder / name).write_text(f'{{"text": "{SECRET}', encoding="utf-8")
    monkeypatch.setenv("CALLGRADE_EVAL", str(folder))
    assert main([]) == 2
    said = capsys.readouterr()
    assert Path(name).name in said.err
    assert SECRET not in said.out + said.err


def test_refusals(tmp_path, monkeypatch):
    """Without the folder, or with a page without markers, nothing is measured or written."""
    monkeypatch.delenv("CALLGRADE_EVAL", raising=False)
    assert main([]) == 2
    monkeypatch.setenv("CALLGRADE_EVAL", str(tmp_path))
    page = tmp_path / "page.md"
    page.write_text(f"{END} {BEGIN}", encoding="utf-8")
    assert main(["--write", "--page", str(page)]) == 2
    assert page.read_text("utf-8") == f"{END} {BEGIN}"


def test_published_figures(tmp_path):
    """The encoder's frozen figures are quoted once there is one, else the turn model's."""
    row = {"turns": 9, "precision": 0.5, "recall": 1.0, "f1": 0.667, "average_precision": 0.7}
    more = {"frozen": {"thanks": row | {"f1_interval": [0.4, 0.8]}}, "frozen_calls": {"calls": 5, "type_macro_f1": 0.9}}
    for kind, version, metrics in (("behaviour", "tb-1", {"frozen": {"greeting": row}}), ("encoder", "ce-1", more)):
        write_json(
            tmp_path / kind / version / "manifest.json", {"version": version, "languages": {"zh": {"metrics": metrics}}}
        )
        (tmp_path / kind / "CURRENT").write_text(f"{version}\n", encoding="utf-8")
        lines = published.frozen(tmp_path)
        assert f"Turns, `{version}`, zh:" in lines
    assert "| thanks | 9 | 0.50 | 1.00 | 0.67 (0.40–0.80) | 0.70 |" in lines
    assert "| `ce-1` | zh | 5 | 0.90 | – |" in lines
    assert published.versions(tmp_path) == ["ce-1", "tb-1"]
