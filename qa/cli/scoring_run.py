"""The run of `qa score`: find the calls, score what is new, put out all that was asked for."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from qa.batch.discovery import discover
from qa.batch.found import LEFT_OUT, Found
from qa.batch.ledger import Factory, Key
from qa.batch.manifest import described_by, read_manifest
from qa.batch.outcome import BatchEvent, BatchSummary
from qa.batch.runner import run_batch
from qa.batch.source import CallSource
from qa.bilingual import Bilingual
from qa.cli.call_table import Titles, write_failures, write_table
from qa.cli.console import check_destination, output, say
from qa.cli.failure import DEBUG_VARIABLE, debugging
from qa.cli.locations import database_url
from qa.cli.progress_line import ProgressLine
from qa.errors import (
    EXIT_GATE_MISSED,
    EXIT_INTERRUPTED,
    EXIT_OK,
    EXIT_SOME_FAILED,
    UnknownNameError,
    UsageError,
)
from qa.record import Record, masked
from qa.report.exporter import EXPORTERS
from qa.report.summary import Summary, summarise
from qa.settings import Settings, scorecards_by_language

TABLE = "table"


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asked for."""

    paths: tuple[Path, ...]
    manifest: Path | None
    settings: Settings
    transcripts: Literal["ignore", "prefer", "only"]
    jobs: int | None
    database: str | None
    form: str
    out: str
    force: bool
    raw: bool
    quiet: bool
    timeout_s: float | None
    fail_under: float | None


def run(request: Request, *, dry: bool) -> int:
    """Score and put out; returns the exit code."""
    if request.form != TABLE and request.form not in EXPORTERS.names():
        known = ", ".join((TABLE, *EXPORTERS.names()))
        raise UnknownNameError(
            en=f"unknown output format {request.form!r}; known: {known}",
            zh=f"未知的输出格式 {request.form!r}；可用：{known}",
        )
    check_destination(request.out)
    titles = {
        card.id: {criterion.id: criterion.title for criterion in card.criteria}
        for card in scorecards_by_language(request.settings).values()
    }
    found = find(request)
    if dry:
        from qa.cli.plan import write_plan

        write_plan(found, request.settings, database_url(request.database), force=request.force)
        return EXIT_SOME_FAILED if found.failures else EXIT_OK
    if not request.quiet:
        _tell_left_out(found)
    batch, sources = _score(found, request)
    if batch.interrupted:
        _tell_interrupted(batch, request)
        return EXIT_INTERRUPTED
    summary = _put_out(batch, sources, request, titles)
    return _conclude(batch, found, summary, request)


def find(request: Request) -> Found:
    """The calls that were asked for. UsageError when there are none."""
    if not request.paths and request.manifest is None:
        raise UsageError(
            code="no_paths",
            en="name files or folders to score, or give --manifest",
            zh="请指定要评分的文件或文件夹，或给出 --manifest",
        )
    if request.manifest is None:
        found = discover(request.paths, transcripts=request.transcripts)
    else:
        found = read_manifest(request.manifest, transcripts=request.transcripts)
        if request.paths:
            found = described_by(discover(request.paths, transcripts=request.transcripts), found)
    if not found.sources and not found.failures:
        where = ", ".join(map(str, request.paths)) or str(request.manifest)
        raise UsageError(
            code="no_calls",
            en=f"no calls in {where}; left out: {_left_out(found, 'en') or 'nothing'}",
            zh=f"{where} 中没有可评分的通话；略过：{_left_out(found, 'zh') or '无'}",
        )
    return found


def _score(found: Found, request: Request) -> tuple[BatchSummary, dict[Key, CallSource]]:
    sources: dict[Key, CallSource] = {}
    with ProgressLine(quiet=request.quiet) as line:

        def listen(event: BatchEvent) -> None:
            if event.outcome is not None and event.outcome.key is not None:
                sources.setdefault(event.outcome.key, event.outcome.source)
            line(event)

        batch = run_batch(
            found.sources,
            scorer=Factory("qa.pipeline:evaluate_call", (request.settings,)),
            ledger=Factory("qa.store.repository:open_repository", (database_url(request.database),)),
            jobs=request.jobs or _jobs(found.sources),
            timeout_s=request.timeout_s,
            force=request.force,
            on_event=listen,
        )
    return batch, sources


def _jobs(sources: tuple[CallSource, ...]) -> int:
    """One job a core for recordings; ready transcripts are quicker than starting a process."""
    recordings = sum(source.kind == "recording" and source.reference is None for source in sources)
    return max(1, min(recordings, len(os.sched_getaffinity(0))))


def _put_out(
    batch: BatchSummary, sources: Mapping[Key, CallSource], request: Request, titles: Mapping[str, Titles]
) -> Summary:
    from qa.store.repository import open_repository

    with closing(open_repository(database_url(request.database))) as repository:

        def records() -> Iterator[Record]:
            for call in repository.records(batch.keys):
                record = call.record if request.raw else masked(call.record)
                # A call that was recorded under another name is shown under the one that was asked for.
                path = str(sources[call.key].path) if call.key in sources else record["recording"]["path"]
                yield {**record, "recording": {**record["recording"], "path": path}}

        summary = summarise(records())
        with output(request.out) as stream:
            if request.form == TABLE:
                write_table(list(records()), stream, titles=titles, summary=summary)
            else:
                EXPORTERS.get(request.form)(records(), stream)
        kept = repository.engine.url.render_as_string(hide_password=True)
    if not request.quiet:
        _tell_where(kept, request)
    return summary


def _conclude(batch: BatchSummary, found: Found, summary: Summary, request: Request) -> int:
    errors = [*found.failures, *(outcome.error for outcome in batch.failures if outcome.error is not None)]
    if errors:
        say(Bilingual(f"{len(errors)} could not be scored:", f"{len(errors)} 项未能评分："))
        write_failures(errors, sys.stderr)
        _tell_traces(batch)
    missed = request.fail_under is not None and summary.misses(request.fail_under)
    if missed:
        mean = "–" if summary.mean_score is None else f"{summary.mean_score:.1f}"
        say(
            Bilingual(
                f"gate missed: mean score {mean} (wanted {request.fail_under:g}), {summary.fatal} fatal",
                f"未达门槛：平均分 {mean}（要求 {request.fail_under:g}），一票否决 {summary.fatal} 通",
            )
        )
    if errors:
        # The gate was judged on a part of the calls only, so the failures come first.
        return EXIT_SOME_FAILED
    return EXIT_GATE_MISSED if missed else EXIT_OK


def _tell_traces(batch: BatchSummary) -> None:
    traces = [outcome for outcome in batch.failures if outcome.traceback]
    if not traces:
        return
    if debugging():
        for outcome in traces:
            say(f"{outcome.source.path}:\n{outcome.traceback}")
    else:
        say(
            Bilingual(
                f"Run again with {DEBUG_VARIABLE}=1 for the details of internal errors",
                f"请设置 {DEBUG_VARIABLE}=1 重新运行以查看内部错误详情",
            )
        )


def _tell_left_out(found: Found) -> None:
    if left_out := _left_out(found):
        say(Bilingual(f"left out: {left_out}", f"略过：{left_out}"))
    for duplicate in found.duplicates[:10]:
        say(
            Bilingual(
                f"{duplicate.path} is the same call as {duplicate.of}: scored once",
                f"{duplicate.path} 与 {duplicate.of} 是同一通电话，只评分一次",
            )
        )
    if (more := len(found.duplicates) - 10) > 0:
        say(Bilingual(f"and {more} more duplicates", f"另有 {more} 个重复文件"))


def _left_out(found: Found, language: str | None = None) -> str:
    parts = (
        f"{count} × {LEFT_OUT[name].in_language(language) if name in LEFT_OUT else name}"
        for name, count in found.left_out.items()
    )
    return "; ".join(parts)


def _tell_where(kept: str, request: Request) -> None:
    if request.out != "-":
        say(Bilingual(f"written: {request.out}", f"已写入：{request.out}"))
    # A server's address may hold a password.
    option = f" --database {'URL' if '@' in request.database else request.database}" if request.database else ""
    say(
        Bilingual(
            f"Full results: {kept}; one call in detail: qa show NAME{option}",
            f"完整结果：{kept}；查看某一通：qa show 名称{option}",
        )
    )


def _tell_interrupted(batch: BatchSummary, request: Request) -> None:
    done = batch.scored + batch.known
    say(
        Bilingual(
            f"interrupted: {done} calls are recorded, {batch.unfinished} are left, nothing was written to "
            f"{request.out}. Run the same command again to go on",
            f"已中断：{done} 通已记录，剩余 {batch.unfinished} 通，未写入 {request.out}。再次运行同一命令即可继续",
        )
    )
