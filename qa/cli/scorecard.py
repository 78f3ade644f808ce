"""`qa scorecard`: check a form that somebody wrote, show one, try one on scored calls, print the schema."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from qa.bilingual import Bilingual
from qa.cli import scorecard_try
from qa.cli.console import console_on, output, printable
from qa.cli.localized import Command, Group
from qa.errors import EXIT_OK

if TYPE_CHECKING:
    from qa.scorecard import Scorecard

HELP = Bilingual("Check, show, try and describe scorecards.", "检查、查看、试算和说明评分表。")
app = typer.Typer(cls=Group, help=str(HELP), rich_markup_mode=None, no_args_is_help=True)
_FILE = str(Bilingual("a shipped scorecard or a YAML file", "自带的评分表名称，或 YAML 文件"))


@app.command(cls=Command, help=str(Bilingual("Check that a scorecard can be used.", "检查评分表能否使用。")))
def check(file: Annotated[str, typer.Argument(metavar="FILE", help=_FILE)]) -> int:
    """Load and compile a scorecard."""
    from qa.rules.judge import Judge
    from qa.scorecard import load_scorecard

    card = load_scorecard(file)
    Judge(card)
    with output("-") as stream:
        stream.write(f"{printable(_facts(card))}\n")
    return EXIT_OK


@app.command(cls=Command, help=str(Bilingual("List the criteria of a scorecard.", "列出评分表的全部条目。")))
def show(name: Annotated[str, typer.Argument(metavar="NAME|FILE", help=_FILE)]) -> int:
    """Print sections and criteria as a table."""
    from rich.table import Table
    from rich.text import Text

    from qa.scorecard import load_scorecard

    card = load_scorecard(name)
    with output("-") as stream:
        console = console_on(stream)
        console.print(Text(printable(_facts(card)), style="bold"))
        for section in card.sections:
            table = Table(title=Text(printable(section.title)), title_justify="left", box=None, pad_edge=False)
            for heading in _HEADINGS:
                table.add_column(str(heading), overflow="fold")
            for criterion in section.criteria:
                table.add_row(
                    criterion.id,
                    Text(printable(criterion.title)),
                    str(_KINDS[criterion.kind]),
                    f"{criterion.points:g}" if criterion.points else "–",
                    str(_FATAL) if criterion.fatal else "",
                    Text(printable(criterion.source)),
                )
            console.print()
            console.print(table)
    return EXIT_OK


@app.command(cls=Command, help=str(Bilingual("Print the JSON Schema of scorecards.", "输出评分表的 JSON Schema。")))
def schema() -> int:
    """Print what a scorecard file may hold, for editors that check YAML."""
    from qa.scorecard import Scorecard

    with output("-") as stream:
        stream.write(json.dumps(Scorecard.model_json_schema(), ensure_ascii=False, indent=2) + "\n")
    return EXIT_OK


app.command("try", cls=Command, help=str(scorecard_try.HELP), short_help=str(scorecard_try.SHORT))(
    scorecard_try.try_scorecard
)

_HEADINGS = (
    Bilingual("id", "编号"),
    Bilingual("title", "条目"),
    Bilingual("kind", "性质"),
    Bilingual("points", "分值"),
    Bilingual("fatal", "否决"),
    Bilingual("source", "出处"),
)
_KINDS = {"required": Bilingual("required", "要求"), "forbidden": Bilingual("forbidden", "禁止")}
_FATAL = Bilingual("fatal", "一票否决")


def _facts(card: "Scorecard") -> str:
    points = sum(criterion.points for criterion in card.criteria)
    fatal = sum(criterion.fatal for criterion in card.criteria)
    said = Bilingual(
        f"ok: {card.id} {card.version} ({card.language}), {card.title}: {len(card.criteria)} criteria, "
        f"{points:g} points, {fatal} fatal, pass mark {card.pass_mark:g}",
        f"可用：{card.id} {card.version}（{card.language}），{card.title}：{len(card.criteria)} 个条目，"
        f"共 {points:g} 分，一票否决 {fatal} 项，及格线 {card.pass_mark:g}",
    )
    return str(said)
