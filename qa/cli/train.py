"""`qa train`: from labelled calls to a published customer-type model. The work is done by the package `training`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from qa.bilingual import Bilingual
from qa.cli.localized import Command, Group
from qa.cli.score import DATABASE, OUT
from qa.errors import EnvironmentFault

SHORT = Bilingual("train and publish the customer-type model", "训练并发布客户类型模型")
HELP = Bilingual(
    "Train the customer-type model from labelled calls and publish it when it is not worse. Without a step: dataset, "
    "fit, evaluate and publish. Exit 4: the gate refused, the model in use stays.",
    "用标注通话训练客户类型模型，确认不变差后发布。不给步骤时依次执行 dataset、fit、evaluate、publish。"
    "退出码 4：发布检查未通过，在用模型不变。",
)
_ALL = "all"


class _Steps(Group):
    """A group that does every step when none is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the step `all` before options that belong to a step."""
        if not args or (args[0].startswith("-") and args[0] != "--help"):
            args = [_ALL, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_Steps, help=str(HELP), short_help=str(SHORT), rich_markup_mode=None, no_args_is_help=False)


def _help(en: str, zh: str) -> str:
    return str(Bilingual(en, zh))


MODELS = typer.Option(
    metavar="FOLDER",
    envvar="CALLGRADE_MODELS",
    help=_help("folder of models; default: the checkout's", "模型文件夹；默认为源码目录中的"),
)
DATA = typer.Option(
    metavar="FOLDER", help=_help("labelled calls, <language>/*.jsonl", "标注通话文件夹，<语言>/*.jsonl")
)
FILES = typer.Option(
    "--files/--no-files", help=_help("learn from the written calls, too", "是否同时使用自带的撰写通话")
)
RECIPES = typer.Option(
    "--recipe", metavar="NAME", help=_help("recipe to try; may be repeated", "参与比较的方法；可多次给出")
)
JOBS = typer.Option("--jobs", "-j", min=1, max=64, help=_help("rounds at the same time", "并行数"))
EXCERPTS = typer.Option(
    metavar="TURNS,CALLS|auto",
    help=_help("weights of excerpts beside whole calls", "节选通话相对完整通话的权重"),
)
MARGIN = typer.Option(min=0, max=1, help=_help("macro-F1 that may be lost", "允许的宏平均 F1 下降"))
FLOOR = typer.Option(
    "--agitated-floor", min=0, max=1, help=_help("share of agitated calls to be found", "激动型通话的最低召回率")
)
CURVE = typer.Option("--learning-curve", help=_help("also fit on parts of the calls", "另以部分通话训练，绘制学习曲线"))
VERSION = typer.Argument(metavar="VERSION", help=_help("a version of qa train list", "qa train list 中的版本"))
Models = Annotated[Path | None, MODELS]
Database = Annotated[str | None, DATABASE]
Data = Annotated[Path | None, DATA]
Files = Annotated[bool, FILES]
Recipes = Annotated[list[str] | None, RECIPES]
Jobs = Annotated[int, JOBS]
Excerpts = Annotated[str, EXCERPTS]
Margin = Annotated[float | None, MARGIN]
Floor = Annotated[float | None, FLOOR]
Curve = Annotated[bool, CURVE]


def _run(step: str, **asked: Any) -> int:
    from qa.cli.locations import database_url
    from qa.cli.train_request import TRAINERS, TrainRequest

    try:
        trainer = TRAINERS.get("customer_type")
    except ModuleNotFoundError as error:
        if not str(error.name).startswith("training"):
            raise
        raise EnvironmentFault(
            code="no_training",
            en="the package `training` is not installed; reinstall callgrade, or run this in a checkout",
            zh="未安装 training 包；请重新安装 callgrade，或在源码目录运行",
        ) from error
    names = asked.pop("recipes", None)
    database = database_url(asked.pop("database", None))
    return trainer(TrainRequest(step, recipes=tuple(names or ()), database=database, **asked))


@app.command(_ALL, cls=Command, help=_help("All steps, as without one.", "执行全部步骤。"))
def every_step(
    *,
    database: Database = None,
    models: Models = None,
    data: Data = None,
    files: Files = True,
    recipe: Recipes = None,
    jobs: Jobs = 1,
    excerpts: Excerpts = "",
    margin: Margin = None,
    agitated_floor: Floor = None,
) -> int:
    """Dataset, fit, evaluate, publish."""
    asked = {"database": database, "models": models, "data": data, "files": files, "jobs": jobs, "excerpts": excerpts}
    return _run(_ALL, **asked, recipes=recipe, margin=margin, floor=agitated_floor)


@app.command(
    "dataset",
    cls=Command,
    help=_help("What there is to learn from, and which labels look wrong.", "查看训练数据，并找出可能有误的标签。"),
)
def dataset(
    *,
    database: Database = None,
    data: Data = None,
    files: Files = True,
    jobs: Jobs = 1,
    out: Annotated[str, OUT] = "-",
) -> int:
    """Counts and the label-noise report."""
    return _run("dataset", database=database, data=data, files=files, jobs=jobs, out=out)


@app.command(
    "fit",
    cls=Command,
    help=_help("Choose and fit a model; it waits as the candidate.", "选择并训练模型；结果作为候选等待发布。"),
)
def fit(
    *,
    database: Database = None,
    models: Models = None,
    data: Data = None,
    files: Files = True,
    recipe: Recipes = None,
    jobs: Jobs = 1,
    excerpts: Excerpts = "",
) -> int:
    """Write the candidate."""
    asked = {"database": database, "models": models, "data": data, "files": files, "jobs": jobs, "excerpts": excerpts}
    return _run("fit", **asked, recipes=recipe)


@app.command(
    "evaluate",
    cls=Command,
    help=_help("Measure the candidate (else the version in use) on the holdout.", "在留出通话上检验候选模型。"),
)
def evaluate(
    *,
    database: Database = None,
    models: Models = None,
    data: Data = None,
    files: Files = True,
    jobs: Jobs = 1,
    excerpts: Excerpts = "",
    learning_curve: Curve = False,
) -> int:
    """Figures, comparison, reliability."""
    asked = {"database": database, "models": models, "data": data, "files": files, "jobs": jobs, "excerpts": excerpts}
    return _run("evaluate", **asked, learning_curve=learning_curve)


@app.command(
    "publish",
    cls=Command,
    help=_help(
        "Put the candidate in use when the gate lets it through (else exit 4).",
        "检查候选模型，通过后发布（否则退出码 4）。",
    ),
)
def publish(*, models: Models = None, margin: Margin = None, agitated_floor: Floor = None) -> int:
    """Gate, new version, CURRENT."""
    return _run("publish", models=models, margin=margin, floor=agitated_floor)


@app.command(
    "rollback",
    cls=Command,
    help=_help("Put an older version in use again; default: the one before.", "恢复旧版本；默认恢复上一个版本。"),
)
def rollback(version: Annotated[str, VERSION] = "", *, models: Models = None) -> int:
    """Check that it loads, then CURRENT."""
    return _run("rollback", version=version, models=models)


@app.command("list", cls=Command, help=_help("Versions; * is in use.", "列出各版本；* 为在用版本。"))
def list_versions(*, models: Models = None) -> int:
    """Newest first."""
    return _run("list", models=models)


@app.command(
    "init",
    cls=Command,
    help=_help("Copy the program's models into a folder of your own.", "将程序自带模型复制到自己的文件夹。"),
)
def init(*, models: Models = None) -> int:
    """Start a folder of models that updates of the program leave alone."""
    return _run("init", models=models)
