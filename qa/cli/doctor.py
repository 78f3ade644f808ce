"""`qa doctor`: is everything there that scoring needs? Each line says how to mend what is not."""

import sys
from typing import Annotated

import typer

from qa.bilingual import Bilingual
from qa.cli.console import output, printable, wants_colour
from qa.cli.score import DATABASE
from qa.errors import EXIT_ENVIRONMENT, EXIT_OK

SHORT = Bilingual("check this installation", "检查安装情况")
HELP = Bilingual(
    "Check this installation: packages, recognition weights, model, scorecards, database, disk.",
    "检查安装情况：软件包、语音识别权重、模型、评分表、数据库、磁盘。",
)
_WORDS = {
    "ok": Bilingual("ok  ", "正常"),
    "warn": Bilingual("warn", "注意"),
    "fail": Bilingual("FAIL", "失败"),
}
_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


def doctor(
    database: Annotated[str | None, DATABASE] = None,
    model: Annotated[
        str, typer.Option(metavar="NAME|FOLDER", help=str(Bilingual("recognition weights", "语音识别模型")))
    ] = "base",
) -> int:
    """See HELP."""
    from qa.cli.checks import run_checks
    from qa.cli.locations import database_url

    failed = 0
    with output("-") as stream:
        for check in run_checks(database=database_url(database), model=model):
            failed += check.status == "fail"
            word = str(_WORDS[check.status])
            if wants_colour(sys.stdout):
                word = typer.style(word, fg=_COLOURS[check.status])
            fix = f" → {check.fix}" if check.fix else ""
            stream.write(f"{word}  {printable(f'{check.name}: {check.found}{fix}')}\n")
            stream.flush()
    return EXIT_ENVIRONMENT if failed else EXIT_OK
