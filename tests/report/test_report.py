"""Records as JSON Lines, CSV, summary and schema."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from qa.bilingual import Bilingual
from qa.conversation import Recording, Turn
from qa.derived import (
    ComplaintEntry,
    Counterfactual,
    Cue,
    DeEscalation,
    Derived,
    Expectation,
    Flow,
    Lesson,
    OutlookReason,
    Psychology,
    SevenElements,
    Source,
    Stage,
    Step,
)
from qa.errors import UnknownNameError
from qa.evaluation import (
    Complaint,
    CriterionResult,
    CustomerType,
    Evaluation,
    Evidence,
    Finding,
    Mood,
    Provenance,
    Reason,
    Style,
)
from qa.record import masked, to_record
from qa.report.csv_table import formula_safe
from qa.report.exporter import EXPORTERS
from qa.report.jsonl import json_line
from qa.report.schema import EvaluationRecord, evaluation_schema
from qa.report.summary import summarise

SCHEMA_FILE = Path(__file__).parent.parent.parent / "docs" / "evaluation.schema.json"
BOTH = Bilingual("call 13800001111", "致电 13800001111")
STEP = Step("solve", BOTH, "late", ("solution",), 0)
DONE, NONE = Stage("done", 0, 0.0), Stage("none")
MONDAY = datetime(2025, 3, 3, tzinfo=UTC)
DERIVED = Derived(
    flows={"seven_step": Flow(BOTH, BOTH, (STEP,), 1, 1, 0, 1.0, None, ()), "ten_step": None},
    seven_elements=SevenElements((STEP,), 3, 4, "may_not_return", BOTH),
    expectation=Expectation("below", (OutlookReason("solution", "below", 0, BOTH),), BOTH),
    de_escalation=DeEscalation(1, 0.9, 0.2, True, BOTH),
    register=ComplaintEntry("price", 0, 0.0, MONDAY, DONE, DONE, MONDAY, MONDAY, NONE, NONE, Stage("promised")),
    psychology=Psychology("hostile", (Cue(1, "call 13800001111"),), BOTH, BOTH, "not_met"),
)
LESSON = Lesson(
    "greeting", 5.0, 0, 0.0, 1.5, "call 13800001111", 0, 2.5, (Source("002", BOTH),),
    Counterfactual(5.0, 90.0, 90.0, True), BOTH,
)  # fmt: skip
ADDED = ("flows", "seven_elements", "expectation", "de_escalation", "complaint_register", "complaint_psychology")


def record_of(
    *, score=80.0, fatal=(), abstained=False, agent_id="A1", criteria=("greeting",), derived=None, lessons=()
):
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
        customer_type=CustomerType(
            "confused", {"confused": 1.0}, abstained, "ct-1", (Reason("why", 0.2, 0, "hello"),), (Mood(1, 0.5),)
        ),
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
        derived=derived,
        lessons=tuple(lessons),
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


def old_record():
    """A record as the first version wrote it: without anything that follows from findings."""
    record = record_of()
    for name in ADDED:
        del record[name]
    del record["customer_type"]["trajectory"], record["results"][0]["lesson"]
    del record["style"]["procedure_from"], record["style"]["warmth_from"]
    return record


def test_derived_parts_fit_the_schema():
    """Flows, outlooks, register, psychology and lessons are JSON that the schema allows; what does not apply is null."""
    record = json.loads(json_line(record_of(derived=DERIVED, lessons=[LESSON])))
    EvaluationRecord.model_validate(record)
    assert record["flows"]["seven_step"]["steps"][0]["verdict"] == "late"
    assert record["flows"]["ten_step"] is None
    assert record["complaint_register"]["result_due"] == "2025-03-03T00:00:00+00:00"
    assert record["results"][0]["lesson"]["instead"]["score"] == 90
    assert record["results"][0]["lesson"]["text"] == {"en": BOTH.en, "zh": BOTH.zh}
    assert [record_of()[name] for name in ADDED] == [{}, None, None, None, None, None]


def test_derived_parts_are_masked():
    """What the customer or agent said keeps no personal number in lessons and cues."""
    record = masked(record_of(derived=DERIVED, lessons=[LESSON]))
    said = json.dumps([record["results"][0]["lesson"]["quote"], record["results"][0]["lesson"]["text"]])
    assert "13800001111" not in said + json.dumps(record["complaint_psychology"]["cues"])


def test_derived_columns():
    """The spreadsheet has what a team sorts by; an older record leaves these cells empty."""
    names = ("seven_step_coverage", "ten_step_coverage", "seven_elements", "expectation", "calmer", "follow_up")
    rows = table([record_of(derived=DERIVED), old_record()])
    assert [rows[0][name] for name in names] == ["1.0", "", "3", "below", "true", "promised"]
    assert [rows[1][name] for name in names] == [""] * len(names)


def test_older_records_still_load():
    """Records without the later parts fit the schema, and are masked and exported."""
    EvaluationRecord.model_validate(json.loads(json_line(old_record())))
    assert masked(old_record()) == old_record()
