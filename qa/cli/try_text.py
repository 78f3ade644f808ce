"""`qa try`: what the rules find in single sentences; quick feedback while a scorecard is written."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.bilingual import Bilingual
from qa.cli.choices import Language
from qa.cli.console import check_destination, output, printable, say
from qa.errors import EXIT_OK, EXIT_SOME_FAILED, CallgradeError, UsageError

if TYPE_CHECKING:
    from qa.cli.judging import SentenceJudge
    from qa.conversation import Role


class Speaker(StrEnum):
    """Who says the sentence."""

    agent = "agent"
    customer = "customer"


class TryFormat(StrEnum):
    """How sentences come in and answers go out."""

    text = "text"
    jsonl = "jsonl"


SHORT = Bilingual("try the rules on single sentences", "用单句话试规则")
HELP = Bilingual(
    'Try the rules on single sentences, e.g. qa try "That is not our department", or on a file with '
    '--format jsonl (rows {"id","role","text","lang"?,"context"?}). "-" reads standard input.',
    "用单句话试规则，例如 qa try “这不归我们部门管”；或用 --format jsonl 处理文件"
    "（每行 {“id”,“role”,“text”,“lang”?,“context”?}）。“-” 表示读取标准输入。",
)


def try_text(
    *,
    text: Annotated[
        str,
        typer.Argument(metavar="TEXT|FILE", help=str(Bilingual("the sentence, or the file", "一句话，或文件"))),
    ],
    role: Annotated[Speaker, typer.Option(help=str(Bilingual("who says it", "说话人")))] = Speaker.agent,
    language: Annotated[
        Language, typer.Option(help=str(Bilingual("language; auto looks at the script", "语言；auto 按文字判断")))
    ] = Language.auto,
    scorecard: Annotated[
        str | None,
        typer.Option(metavar="NAME|FILE", help=str(Bilingual("scorecard to try", "要试用的评分表"))),
    ] = None,
    form: Annotated[
        TryFormat, typer.Option("--format", help=str(Bilingual("text or jsonl", "text 或 jsonl")))
    ] = TryFormat.text,
    out: Annotated[str, typer.Option("--out", metavar="FILE", help=str(Bilingual("output file", "输出文件")))] = "-",
) -> int:
    """See HELP."""
    from qa.cli.judging import SentenceJudge

    check_destination(out)
    judge = SentenceJudge(scorecard)
    asked = language.code
    if form is TryFormat.jsonl:
        return _try_lines(text, judge, role=role.value, language=asked, out=out)
    judge.scorecards  # noqa: B018  a bad scorecard is told before the sentences are read
    with output(out) as stream:
        for sentence in _sentences(text):
            stream.writelines(_told(judge, sentence, role=role.value, language=asked))
    return EXIT_OK


def _try_lines(name: str, judge: "SentenceJudge", *, role: "Role", language: str | None, out: str) -> int:
    from qa.cli.judging import answers
    from qa.report.jsonl import json_line

    failed = False
    with _lines(name) as lines, output(out) as stream:
        for answer in answers(lines, judge, role=role, language=language, name=name):
            if isinstance(answer, CallgradeError):
                failed = True
                say(answer.in_language())
            else:
                stream.write(json_line(answer))
    return EXIT_SOME_FAILED if failed else EXIT_OK


def _told(judge: "SentenceJudge", sentence: str, *, role: "Role", language: str | None) -> Iterator[str]:
    from qa.cli.judging import language_of
    from qa.cli.wording import MATCHES, name_of

    found = judge.find(sentence, role=role, language=language)
    card = judge.scorecards.get(language or language_of(sentence), judge.scorecards["en"])
    criteria = {criterion.id: criterion for criterion in card.criteria}
    yield f"{printable(sentence)}\n"
    if not found:
        yield f"  {Bilingual('no criterion of', '没有触发评分表的任何条目：')} {card.id}\n"
    for item in found:
        criterion = criteria[item.id]
        kind = Bilingual("forbidden", "禁语") if criterion.kind == "forbidden" else Bilingual("required", "要求")
        yield f"  {criterion.title} ({item.id}, {kind}): {name_of(MATCHES, item.match)}, {item.confidence:.2f}\n"


def _sentences(text: str) -> Iterable[str]:
    if text != "-":
        return [text]
    with _lines("-") as lines:
        return [line.decode("utf-8-sig", errors="replace").strip() for line in lines if line.strip()]


@contextmanager
def _lines(name: str) -> Iterator[Iterable[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
        return
    path = Path(name)
    if not path.is_file():
        raise UsageError(
            path=name,
            code="no_file",
            en='no such file; --format jsonl takes a file with one JSON object a line, or "-" for standard input',
            zh="没有这个文件；--format jsonl 需要每行一个 JSON 对象的文件，或用 “-” 读取标准输入",
        )
    try:
        with path.open("rb") as stream:
            yield stream
    except OSError as error:
        raise UsageError(
            path=name, code="no_file", en=f"cannot be read: {error.strerror}", zh=f"无法读取：{error.strerror}"
        ) from error
