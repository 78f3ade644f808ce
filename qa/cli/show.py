"""`qa show`: one call with its transcript, and why it got its score."""

from typing import Annotated

import typer

from qa.bilingual import Bilingual
from qa.cli.console import output
from qa.cli.score import DATABASE, RAW
from qa.errors import EXIT_OK

SHORT = Bilingual("one call: transcript, evidence, verdicts", "查看一通电话：文本、依据与结论")
HELP = Bilingual(
    "Show one scored call: transcript with evidence, verdict and explanation of every criterion, reasons for the "
    "customer type. CALL is a path, a file name or its beginning, or the beginning of an id.",
    "查看一通已评分的电话：带依据的文本、每个条目的结论与说明、客户类型的理由。"
    "CALL 可以是路径、文件名或其开头，也可以是编号的开头。",
)


def show(
    call: Annotated[str, typer.Argument(metavar="CALL", help=str(Bilingual("the call", "要查看的通话")))],
    database: Annotated[str | None, DATABASE] = None,
    raw: Annotated[bool, RAW] = False,
) -> int:
    """See HELP."""
    from contextlib import closing

    from qa.cli.locations import database_url
    from qa.cli.transcript_view import write_call
    from qa.record import masked
    from qa.store.repository import open_repository

    with closing(open_repository(database_url(database))) as repository:
        record = repository.find(call).record
    with output("-") as stream:
        write_call(record if raw else masked(record), stream)
    return EXIT_OK
