"""Records as JSON Lines, CSV, summary and schema."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from qa.conversation import Recording, Turn
from qa.errors import UnknownNameError
from qa.evaluation import (
    Complaint,
    CriterionResult,
    CustomerType,
    Evaluation,
    Evidence,
    Finding,
    Provenance,
    Reason,
    Style,
)
from qa.record import to_record
from qa.report.csv_table import formula_safe
from qa.report.exporter import EXPORTERS
from qa.report.jsonl import json_line
from qa.report.schema import EvaluationRecord, evaluation_schema
from qa.report.summary import summarise

SCHEMA_FILE = Path(__file__).parent.parent.parent / "docs" / "evaluation.schema.json"


def record_of(*, score=80.0, fatal=(), abstained=False, agent_id="A1", criteria=("greeting",)):
    """The record of an invented evaluation, through the real writer."""
    evidence = Evidence(0, 0.0, 1.5, "hello", "exact", 1.0, 0, 5)
    results = tuple(
        CriterionResult(
            name, "met", 10.0, 10.0, (Finding(name, "met", "phrase_said.v1", 1.0, (evidence,), "Done."),), "Done."
        )
        for name in criteria
    )
    evaluation = Evaluation(
        id="e1",
        recording=Recording("ab" * 32, "calls/a.wav", 12.5, 8000, 2, datetime(2025, 3, 3, tzinfo=UTC), agent_id),
        language="en",
        scorecard_id="tiny",
        scorecard_version="1",
        customer_type=CustomerType("confused", {"confused": 1.0}, abstained, "ct-1", (Reason("why", 0.2, 0, "hello"),)),
        special_customer=(),
        complaint=Complaint(True, 0, "price"),
        results=results,
        score=score,
        score_low=score,
        score_high=score,
        score_before_fatal=score,
        fatal_failed=tuple(fatal),
        passed=None if score is None else score >= 60,
        style=Style(0.5, None, None),
        flags=("dead_air",) if fatal else (),
        measures={"dead_air_count": 1.0, "talk_over_s": None},
        turns=(Turn(0, "agent", "hello", 0.0, 1.5), Turn(1, "customer", "", None, None, suspect="loop")),
        provenance=Provenance("0.1.0", "replay", "", "d", "ct-1", "c", datetime(2025, 3, 4, tzinfo=UTC)),
        warnings=("short",),
    )
    return to_record(evaluation)


def exported(name, records):
    """What an exporter writes."""
    stream = io.StringIO(newline="")
    EXPORTERS.get(name)(records, stream)
    return stream.getvalue()


def table(records):
    """Rows of the CSV as a spreadsheet reads them."""
    return list(csv.DictReader(io.StringIO(exported("csv", records).removeprefix("\ufeff"), newline="")))


def test_jsonl_round_trip():
    """One line a record, and the same record back."""
    records = [record_of(), record_of(agent_id="张\u2028三\n")]
    lines = exported("jsonl", records).splitlines()
    assert [json.loads(line) for line in lines] == records
    assert "张" in lines[1]


def test_no_nan():
    """JSON has no NaN; writing one is an error of ours, not a file that others cannot read."""
    with pytest.raises(ValueError, match="JSON"):
        json_line({"score": float("nan")})


def test_csv_columns():
    """Facts first, then a column for each criterion of any scorecard, empty where it was not judged."""
    rows = table([record_of(criteria=("greeting", "thanks")), record_of(criteria=("closing",), score=None)])
    assert [row["thanks"] for row in rows] == ["met", ""]
    assert [row["closing"] for row in rows] == ["", "met"]
    assert [row["score"] for row in rows] == ["80.0", ""]
    assert rows[0]["scorecard"] == "tiny 1"
    assert rows[0]["complaint"] == "true"


def test_csv_of_nothing_has_a_header():
    """No calls: a byte order mark and the columns."""
    text = exported("csv", [])
    assert text.startswith("\ufeffid,path,")
    assert len(text.splitlines()) == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\n=1", " =1", "＝1"])
def test_formulas_are_disarmed(text):
    """A spreadsheet takes none of these for a formula; every other text stays as it is."""
    assert formula_safe(text) == f"'{text}"
    assert table([record_of(agent_id=text)])[0]["agent_id"] == f"'{text}"


@pytest.mark.parametrize("text", ["", "A1", "对不起", "1-1", "'=1"])
def test_harmless_text_stays(text):
    """Nothing is added without need."""
    assert formula_safe(text) == text


def test_summary():
    """Means over scored calls; calls on which the classifier abstained count as unsure."""
    records = [record_of(score=90.0), record_of(score=50.0, fatal=("insult",)), record_of(score=None, abstained=True)]
    summary = summarise(records)
    assert (summary.calls, summary.scored, summary.mean_score) == (3, 2, 70.0)
    assert (summary.passed, summary.fatal, summary.flagged) == (1, 1, 1)
    assert summary.customer_types == {"confused": 2, "unsure": 1}


@pytest.mark.parametrize(
    ("scores", "fatal", "gate", "missed"),
    [
        ([80.0], (), 80, False),
        ([80.0], (), 80.1, True),
        ([80.0], ("x",), 0, True),
        ([None], (), 0, True),
        ([], (), 0, True),
    ],
)
def test_gate(scores, fatal, gate, missed):
    """The gate is missed by a low mean, a fatal criterion, or when nothing has a score."""
    assert summarise(record_of(score=score, fatal=fatal) for score in scores).misses(gate) is missed


def test_schema_file_is_current():
    """docs/evaluation.schema.json is what the models say.

    Renew: python -c "import json; from qa.report.schema import evaluation_schema as s;
    print(json.dumps(s(), indent=2))" > docs/evaluation.schema.json
    """
    assert json.loads(SCHEMA_FILE.read_text(encoding="utf-8")) == evaluation_schema()


def test_records_fit_the_schema():
    """What the writer writes, the schema allows, and nothing else."""
    record = record_of()
    EvaluationRecord.model_validate(json.loads(json_line(record)))
    with pytest.raises(ValidationError):
        EvaluationRecord.model_validate({**record, "extra": 1})
    with pytest.raises(ValidationError):
        EvaluationRecord.model_validate({**record, "score": 101})


def test_unknown_format():
    """The known formats are listed."""
    with pytest.raises(UnknownNameError, match="csv, jsonl"):
        EXPORTERS.get("xml")
