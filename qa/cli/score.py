"""`qa score`: options of the batch run, see qa/cli/scoring_run.py for the run."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from qa.bilingual import Bilingual
from qa.cli.choices import Channel, Language, References

SHORT = Bilingual("score recordings and transcripts", "为录音和文本评分")
HELP = Bilingual(
    "Score recordings and ready transcripts: files, folders, or what a manifest names. A call that was scored before "
    "under the same configuration is not scored again, but is part of the output. "
    "Example: qa score recordings/ --manifest calls.csv --format csv --out result.csv",
    "为录音和现成文本评分：可以是文件、文件夹，或清单中列出的通话。相同配置下已评分的通话不会重复处理，"
    "但仍会出现在输出中。例如：qa score recordings/ --manifest calls.csv --format csv --out result.csv",
)


def _help(en: str, zh: str) -> str:
    return str(Bilingual(en, zh))


DATABASE = typer.Option(
    metavar="URL",
    envvar="CALLGRADE_DATABASE",
    help=_help(
        "where results are kept: an SQLite file or a database URL; default: in the user's data folder",
        "结果存放处：SQLite 文件或数据库 URL；默认在用户数据文件夹",
    ),
)
RAW = typer.Option("--raw", help=_help("do not mask personal numbers in the output", "输出中不遮盖个人号码"))
PATHS = typer.Argument(metavar="PATH...", help=_help("files and folders", "文件和文件夹"))
MANIFEST = typer.Option(
    metavar="FILE",
    help=_help(
        "CSV or XLSX with a column path, and what is known of each call; alone it names the calls",
        "CSV 或 XLSX 清单，含 path（录音）列及通话信息；不给路径时由清单决定处理哪些通话",
    ),
)
SCORECARD = typer.Option(
    metavar="NAME|FILE",
    help=_help("scorecard for calls of its language; may be repeated", "评分表，用于其语言的通话；可多次给出"),
)
LANGUAGE = typer.Option(help=_help("language of the calls", "通话语言"))
MODEL = typer.Option(metavar="NAME|FOLDER", help=_help("recognition weights", "语音识别模型"))
TRANSCRIPTS = typer.Option(
    help=_help(
        "a transcript beside a recording: ignore it, prefer it to recognition, or score only transcripts",
        "录音旁的现成文本：忽略、优先于语音识别，或只处理文本",
    )
)
AGENT_CHANNEL = typer.Option(
    help=_help("stereo channel of the agent; default: found out from the talk", "坐席所在声道；默认根据对话判断")
)
JOBS = typer.Option(
    "--jobs",
    "-j",
    min=1,
    max=512,
    help=_help("calls at the same time; default: one a core", "同时处理的通话数；默认每核一通"),
)
FORM = typer.Option("--format", metavar="table|jsonl|csv", help=_help("form of the output", "输出格式"))
OUT = typer.Option("--out", "-o", metavar="FILE", help=_help("output file, - for stdout", "输出文件，- 表示标准输出"))
FORCE = typer.Option("--force", help=_help("score again what was scored before", "重新处理已评分的通话"))
DRY_RUN = typer.Option("--dry-run", help=_help("only say what would be done", "只说明将要做什么"))
QUIET = typer.Option("--quiet", "-q", help=_help("no progress and notes", "不显示进度和提示"))
TIMEOUT = typer.Option(
    metavar="S",
    min=1,
    help=_help("seconds for one call; default: by its length", "每通的时限（秒）；默认按时长决定"),
)
FAIL_UNDER = typer.Option(
    metavar="SCORE",
    min=0,
    max=100,
    help=_help(
        "exit with 4 when the mean score is lower, or any call failed a fatal criterion",
        "平均分低于此值，或有通话被一票否决时，以 4 退出",
    ),
)


def score(
    *,
    paths: Annotated[list[Path] | None, PATHS] = None,
    manifest: Annotated[Path | None, MANIFEST] = None,
    scorecard: Annotated[list[str] | None, SCORECARD] = None,
    language: Annotated[Language, LANGUAGE] = Language.auto,
    model: Annotated[str, MODEL] = "base",
    transcripts: Annotated[References, TRANSCRIPTS] = References.ignore,
    agent_channel: Annotated[Channel | None, AGENT_CHANNEL] = None,
    jobs: Annotated[int | None, JOBS] = None,
    database: Annotated[str | None, DATABASE] = None,
    form: Annotated[str, FORM] = "table",
    out: Annotated[str, OUT] = "-",
    force: Annotated[bool, FORCE] = False,
    dry_run: Annotated[bool, DRY_RUN] = False,
    raw: Annotated[bool, RAW] = False,
    quiet: Annotated[bool, QUIET] = False,
    timeout: Annotated[float | None, TIMEOUT] = None,
    fail_under: Annotated[float | None, FAIL_UNDER] = None,
) -> int:
    """See HELP."""
    from qa.cli.scoring_run import Request, run
    from qa.settings import Settings

    settings = Settings(scorecards=tuple(scorecard or ()), language=language.code)
    settings = replace(
        settings,
        whisper=replace(settings.whisper, model=model),
        agent_channel=agent_channel.number if agent_channel else None,
    )
    request = Request(
        paths=tuple(paths or ()),
        manifest=manifest,
        settings=settings,
        transcripts=transcripts.value,
        jobs=jobs,
        database=database,
        form=form,
        out=out,
        force=force,
        raw=raw,
        quiet=quiet,
        timeout_s=timeout,
        fail_under=fail_under,
    )
    return run(request, dry=dry_run)
