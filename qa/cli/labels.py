"""`qa labels`: labels in and out, what to label next, and whether the calls have changed."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from qa.bilingual import Bilingual
from qa.cli.console import check_destination, output, say
from qa.cli.localized import Command, Group
from qa.cli.score import DATABASE, OUT
from qa.errors import EXIT_OK, EXIT_SOME_FAILED, UnknownNameError

HELP = Bilingual(
    "Labels that people give to calls: import, export, what to label next, drift.",
    "人工标签：导入、导出、挑选待标注通话、检查数据漂移。",
)
SHORT = Bilingual("labels of calls by people", "通话的人工标签")
_SHOWN_ERRORS = 20
app = typer.Typer(cls=Group, help=str(HELP), short_help=str(SHORT), rich_markup_mode=None, no_args_is_help=True)


def _help(en: str, zh: str) -> str:
    return str(Bilingual(en, zh))


def _form(*known: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        "--format", metavar="|".join(known), help=_help("form of the output", "输出格式")
    )
    return option


FILE = typer.Argument(
    metavar="FILE", help=_help("CSV, XLSX or JSON Lines; see docs/retraining.md", "CSV、XLSX 或 JSON Lines 文件")
)
AUTHOR = typer.Option(metavar="NAME", help=_help("who labelled, for rows that do not say", "标注人（行内未注明时）"))
HISTORY = typer.Option("--history", help=_help("all labels ever given, not only those that count", "导出全部历史标签"))
LIMIT = typer.Option(min=1, max=100_000, help=_help("how many calls", "通话数量"))
SHARE = typer.Option(min=0, max=1, help=_help("share of them drawn at random", "其中随机抽取的比例"))
PERIOD = "2026-09 | 2026-09-15 | 2026-09-01..2026-09-14"
BEFORE = typer.Option("--from", metavar="PERIOD", help=_help(f"first period: {PERIOD}", f"第一时段：{PERIOD}"))
AFTER = typer.Option("--to", metavar="PERIOD", help=_help("second period", "第二时段"))


@app.command(
    "import",
    cls=Command,
    help=_help(
        "Add the labels of a file to the database. Bad rows are named, the rest goes in (exit 3).",
        "将文件中的标签写入数据库。有误的行会逐一指出，其余照常导入（退出码 3）。",
    ),
)
def import_labels(
    file: Annotated[Path, FILE],
    *,
    database: Annotated[str | None, DATABASE] = None,
    author: Annotated[str, AUTHOR] = "",
) -> int:
    """Append labels; nothing is ever overwritten."""
    import sys

    from qa.cli.call_table import write_failures
    from qa.cli.label_file import read_labels
    from qa.cli.locations import database_url
    from qa.store.labels import CallNames, add_labels
    from qa.store.repository import open_repository

    with closing(open_repository(database_url(database))) as repository:
        names = CallNames(repository.engine)
        read = read_labels(file, names, author=author)
        added = add_labels(repository.engine, read.labels)
        unknown = len({label.call for label in read.labels} - set(names.names))
    say(
        Bilingual(
            f"{added.new} new labels, {added.known} known, {read.empty} rows without a value, {len(read.errors)} bad",
            f"新增 {added.new} 条，已有 {added.known} 条，未填 {read.empty} 行，有误 {len(read.errors)} 行",
        )
    )
    if unknown:
        say(Bilingual(f"{unknown} labelled calls are not recorded here yet", f"{unknown} 通已标注通话尚未在此评分"))
    if read.errors:
        write_failures(read.errors[:_SHOWN_ERRORS], sys.stderr)
        more = len(read.errors) - _SHOWN_ERRORS
        if more > 0:
            say(Bilingual(f"and {more} more bad rows", f"另有 {more} 行有误"))
    return EXIT_SOME_FAILED if read.errors else EXIT_OK


@app.command("export", cls=Command, help=_help("Write the labels of the database.", "导出数据库中的标签。"))
def export_labels(
    *,
    database: Annotated[str | None, DATABASE] = None,
    history: Annotated[bool, HISTORY] = False,
    form: Annotated[str, _form("csv", "jsonl")] = "csv",
    out: Annotated[str, OUT] = "-",
) -> int:
    """The written file can be imported again."""
    from qa.cli.label_output import write_labels
    from qa.cli.locations import database_url
    from qa.store.database import open_for_reading
    from qa.store.labels import CallNames, current_labels, label_history

    _check_form(form, "csv", "jsonl")
    check_destination(out)
    engine = open_for_reading(database_url(database))
    names = CallNames(engine).names
    labels = label_history(engine) if history else current_labels(engine)
    with output(out) as stream:
        write_labels(labels, names, stream, form=form)
    return EXIT_OK


@app.command(
    "next",
    cls=Command,
    help=_help(
        "Name the unlabelled calls whose labels would teach most, and a random sample on which rates may rest. "
        "The CSV is a label file: fill the column value and import it.",
        "列出最值得标注的通话，以及可用于统计的随机样本。输出的 CSV 即标签文件：填写 value 列后即可导入。",
    ),
)
def next_calls(
    *,
    database: Annotated[str | None, DATABASE] = None,
    limit: Annotated[int, LIMIT] = 20,
    random_share: Annotated[float, SHARE] = 0.25,
    form: Annotated[str, _form("table", "csv", "jsonl")] = "table",
    out: Annotated[str, OUT] = "-",
) -> int:
    """The choice is stored, so that the random sample stays known."""
    from qa.cli.label_output import write_choices
    from qa.cli.labelling import choose_calls
    from qa.cli.locations import database_url

    _check_form(form, "table", "csv", "jsonl")
    check_destination(out)
    chosen = choose_calls(database_url(database), limit=limit, random_share=random_share)
    with output(out) as stream:
        write_choices(chosen, stream, form=form)
    return EXIT_OK


@app.command(
    "drift",
    cls=Command,
    help=_help(
        "Compare the calls of two periods: measures, languages, the model's answers, labels of the random sample.",
        "比较两个时段的通话：度量、语言、模型结果，以及随机样本的人工标签。",
    ),
)
def drift(
    *,
    before: Annotated[str, BEFORE],
    after: Annotated[str, AFTER],
    database: Annotated[str | None, DATABASE] = None,
    form: Annotated[str, _form("table", "jsonl")] = "table",
    out: Annotated[str, OUT] = "-",
) -> int:
    """One sentence first, then every shift."""
    from qa.cli.label_output import write_shifts
    from qa.cli.labelling import compare_periods, period_of
    from qa.cli.locations import database_url

    _check_form(form, "table", "jsonl")
    check_destination(out)
    periods = period_of(before), period_of(after)
    found, calls = compare_periods(database_url(database), *periods)
    with output(out) as stream:
        write_shifts(found, calls, stream, form=form)
    return EXIT_OK


def _check_form(form: str, *known: str) -> None:
    if form not in known:
        raise UnknownNameError(
            en=f"unknown output format {form!r}; known: {', '.join(known)}",
            zh=f"未知的输出格式 {form!r}；可用：{'、'.join(known)}",
        )
