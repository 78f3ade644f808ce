"""The command line put together: commands, --version, and the run that turns everything into an exit code."""

from collections.abc import Sequence
from typing import Annotated

import typer

from qa.bilingual import Bilingual
from qa.cli import doctor, labels, score, scorecard, show, train, try_text
from qa.cli.failure import guarded
from qa.cli.localized import Command, Group
from qa.errors import EXIT_OK

HELP = Bilingual(
    "Score call-centre recordings: customer type, what the agent did and left out, with evidence you can hear. "
    "Exit codes: 0 done, 1 internal error, 2 wrong command or file, 3 some calls failed, 4 gate missed, "
    "5 something is not installed, 130 interrupted.",
    "为客服录音评分：客户类型、坐席做到和遗漏的事项，并给出可以回听的依据。"
    "退出码：0 完成，1 内部错误，2 命令或文件有误，3 部分通话失败，4 未达门槛，5 环境缺失，130 被中断。",
)


def _show_version(asked: bool) -> None:
    if asked:
        from qa.cli.version import version_lines

        for line in version_lines():
            print(line)
        raise typer.Exit(EXIT_OK)


app = typer.Typer(cls=Group, help=str(HELP), rich_markup_mode=None, add_completion=True, no_args_is_help=False)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001  its callback does the work
        bool,
        typer.Option(
            "--version",
            is_eager=True,
            callback=_show_version,
            help=str(Bilingual("versions of program, model and scorecards", "显示程序、模型和评分表的版本")),
        ),
    ] = False,
) -> None:
    """Show the help page when no command is given."""
    if context.invoked_subcommand is None:
        print(context.get_help())


app.command("score", cls=Command, help=str(score.HELP), short_help=str(score.SHORT))(score.score)
app.command("show", cls=Command, help=str(show.HELP), short_help=str(show.SHORT))(show.show)
app.command("try", cls=Command, help=str(try_text.HELP), short_help=str(try_text.SHORT))(try_text.try_text)
app.add_typer(scorecard.app, name="scorecard")
app.add_typer(labels.app, name="labels")
app.add_typer(train.app, name="train")
app.command("doctor", cls=Command, help=str(doctor.HELP), short_help=str(doctor.SHORT))(doctor.doctor)


def run(arguments: Sequence[str]) -> int:
    """Run `qa` with `arguments` and return its exit code."""
    return guarded(lambda: app(list(arguments), prog_name="qa", standalone_mode=False))
