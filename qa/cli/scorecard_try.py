"""`qa scorecard try`: what a scorecard would change about the calls in a database, before it is used."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from qa.bilingual import Bilingual
from qa.cli.choices import Language
from qa.cli.console import check_destination, output, say
from qa.cli.score import OUT, QUIET
from qa.errors import EXIT_OK, EXIT_SOME_FAILED, TranscriptError, UsageError

if TYPE_CHECKING:
    from qa.scorecard import Scorecard
    from qa.store.latest import LatestCall
    from qa.whatif.comparison import CallChange


class TrialFormat(StrEnum):
    """Form of the output."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"


SHORT = Bilingual("what another scorecard would change", "试算换用评分表后的变化")
HELP = Bilingual(
    "Judge the stored transcripts again under another scorecard and list which verdicts and scores flip. Needs no "
    "recordings and writes nothing to the database. With --old both cards are judged now, so that every flip comes "
    "from the card. Example: qa scorecard try new.yaml --against calls.db --old zh-service",
    "用另一张评分表对已存的文本重新判定，列出结论和得分的变化。不需要录音，也不写入数据库。"
    "给出 --old 时两张表都当场判定，因此变化只来自评分表。"
    "例如：qa scorecard try new.yaml --against calls.db --old zh-service",
)


def _help(en: str, zh: str) -> str:
    return str(Bilingual(en, zh))


NEW = typer.Argument(
    metavar="NEW", help=_help("the scorecard to try: a name or a YAML file", "要试的评分表：名称或 YAML")
)
AGAINST = typer.Option(
    metavar="DATABASE",
    envvar="CALLGRADE_DATABASE",
    help=_help(
        "database with scored calls; default: in the user's data folder", "已评分通话的数据库；默认在用户数据文件夹"
    ),
)
OLD = typer.Option(
    metavar="NAME|FILE",
    help=_help("compare with this card instead of the stored verdicts", "与此评分表比较，而不是与已存的结论比较"),
)
LIMIT = typer.Option(min=1, metavar="N", help=_help("only the N calls scored last", "只看最近评分的 N 通"))
LANGUAGE = typer.Option(help=_help("only calls of this language", "只看该语言的通话"))
QUEUE = typer.Option(metavar="NAME", help=_help("only calls of this queue", "只看该队列的通话"))
FORM = typer.Option("--format", help=_help("form of the output", "输出格式"))


def try_scorecard(
    *,
    new: Annotated[str, NEW],
    against: Annotated[str | None, AGAINST] = None,
    old: Annotated[str | None, OLD] = None,
    limit: Annotated[int | None, LIMIT] = None,
    language: Annotated[Language, LANGUAGE] = Language.auto,
    queue: Annotated[str | None, QUEUE] = None,
    form: Annotated[TrialFormat, FORM] = TrialFormat.table,
    out: Annotated[str, OUT] = "-",
    quiet: Annotated[bool, QUIET] = False,
) -> int:
    """See HELP."""
    from qa.cli.locations import database_url
    from qa.cli.trial_output import write_changes
    from qa.scorecard import load_scorecard
    from qa.store.database import open_for_reading
    from qa.store.latest import latest_calls, record_texts
    from qa.whatif.comparison import Tally
    from qa.whatif.stored import read_stored
    from qa.whatif.trial import Trial

    check_destination(out)
    card, old_card = load_scorecard(new), load_scorecard(old) if old else None
    trial = Trial(card, old=old_card)
    engine = open_for_reading(database_url(against))
    bad: list[TranscriptError] = []
    tally, notes = Tally(), Counter[str]()
    try:
        calls = _asked(latest_calls(engine, queue=queue), card, language.code, limit, quiet=quiet)

        def changes() -> Iterator["CallChange"]:
            for call, text in record_texts(engine, calls):
                try:
                    stored = read_stored(text, path=call.path)
                except TranscriptError as error:
                    bad.append(error)
                    continue
                one = trial.compare(stored)
                tally.add(one)
                if one.changed:
                    notes.update(_notes(one, card))
                    yield one

        with output(out) as stream:
            write_changes(changes(), tally, stream, form=form.value, new=card, old=old_card)
    finally:
        engine.dispose()
    if not quiet and old_card is None:
        if tally.changed and trial.without_model:
            notes["no_model"] = tally.changed
        _tell(notes)
    return _conclude(bad)


def _asked(
    calls: "Sequence[LatestCall]", card: "Scorecard", language: str | None, limit: int | None, *, quiet: bool
) -> "list[LatestCall]":
    """The calls that the card serves; how many it does not is told. UsageError when none is left."""
    from qa.whatif.trial import serves

    wanted = [call for call in calls if language is None or call.language[:2].lower() == language]
    served = [call for call in wanted if serves(card, call.language)]
    skipped = len(wanted) - len(served)
    if not served:
        raise UsageError(
            code="no_calls",
            en=f"no scored calls for a scorecard of language {card.language!r} here; {skipped} are of other languages",
            zh=f"没有可供 {card.language!r} 评分表使用的已评分通话；其他语言的有 {skipped} 通",
        )
    if skipped and not quiet:
        say(
            Bilingual(
                f"skipped: {skipped} calls of other languages than {card.id} serves",
                f"略过：{skipped} 通不属于 {card.id} 所用语言的通话",
            )
        )
    return served[:limit]


def _notes(one: "CallChange", card: "Scorecard") -> Iterator[str]:
    from qa import __version__

    if one.stored.recognised:
        yield "recognised"
    if one.stored.code_version != __version__:
        yield "version"
    if one.stored.scorecard_digest == card.digest:
        yield "same"


def _tell(notes: Counter[str]) -> None:
    """What else than the card may have made flips, and how to leave that out."""
    said = {
        "no_model": Bilingual(
            "were judged now without a turn-behaviour model, since none is installed",
            "通此次判定时未安装话轮行为模型",
        ),
        "version": Bilingual("were judged by another version of the program", "通由其他版本的程序判定"),
        "recognised": Bilingual(
            "were recognised from sound; records keep no word times and probabilities, and changes may come from that",
            "通由录音识别；记录不含逐词时间和置信度，变化可能由此而来",
        ),
        "same": Bilingual(
            "were judged with this very card: their changes do not come from it",
            "通原本就用此表判定，其变化并非来自评分表",
        ),
    }
    told = False
    for name, text in said.items():
        if notes[name]:
            told = True
            say(
                Bilingual(
                    f"note: {notes[name]} changed calls {text.en}", f"提示：有变化的通话中 {notes[name]} {text.zh}"
                )
            )
    if told:
        say(Bilingual("--old CARD judges both cards now, on equal terms", "用 --old 评分表 可在同等条件下比较两张表"))


def _conclude(bad: list[TranscriptError]) -> int:
    from qa.cli.call_table import write_failures

    if not bad:
        return EXIT_OK
    say(Bilingual(f"{len(bad)} stored records could not be read:", f"{len(bad)} 条已存记录无法读取："))
    write_failures(bad, sys.stderr)
    return EXIT_SOME_FAILED
