"""The one place where errors become a line on stderr and an exit code."""

import contextlib
import os
import sys
import traceback
from collections.abc import Callable

import typer

from qa.bilingual import Bilingual, interface_language
from qa.cli.console import say
from qa.errors import EXIT_INTERNAL, EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE, CallgradeError

DEBUG_VARIABLE = "CALLGRADE_DEBUG"
ERROR = Bilingual("error: ", "错误：")
# The base of all command-line mistakes; typer exports only its children.
_COMMAND_LINE: type = typer.BadParameter.__mro__[1]


def guarded(command: Callable[[], int | None]) -> int:
    """Run `command` and return the exit code; every exception ends here."""
    try:
        code = command() or EXIT_OK
        sys.stdout.flush()
    except typer.Exit as leaving:
        return leaving.exit_code
    except BrokenPipeError:
        # The reader (head, less) has what it wanted.
        _drop_stdout()
        return EXIT_OK
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  the last resort: no traceback for people
        if debugging():
            traceback.print_exc()
        return _told(error)
    return code


def _told(error: BaseException) -> int:
    """Write one line about `error` to stderr and return the exit code."""
    if isinstance(error, (KeyboardInterrupt, typer.Abort)):
        say(Bilingual("interrupted", "已中断"))
        return EXIT_INTERRUPTED
    if isinstance(error, CallgradeError):
        say(f"{ERROR}{error.in_language()}")
        return error.exit_code
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error)
        return EXIT_USAGE
    if isinstance(error, _COMMAND_LINE):
        say(f"{ERROR}{_usage(error)}")
        return EXIT_USAGE
    say(_internal(error))
    return EXIT_INTERNAL


def debugging() -> bool:
    """True when CALLGRADE_DEBUG asks for tracebacks."""
    return os.environ.get(DEBUG_VARIABLE, "") not in ("", "0")


def _internal(error: BaseException) -> Bilingual:
    what = f"{type(error).__name__}: {error}"[:300]
    return Bilingual(
        f"internal error: {what}. Run again with {DEBUG_VARIABLE}=1 for the traceback and report it",
        f"内部错误：{what}。请设置 {DEBUG_VARIABLE}=1 重新运行以查看详细信息，并反馈给我们",
    )


def _drop_stdout() -> None:
    # Python flushes stdout at exit; without this it would complain about the closed pipe again.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage(error: BaseException) -> str:
    """The message of a command-line mistake; typer's own words exist in English only."""
    message = str(error.format_message()) if hasattr(error, "format_message") else str(error)
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "qa"
    message = message.replace("Value error, ", "")
    if interface_language() != "zh":
        return f"{message.rstrip('.')}. Try '{command} --help'"
    name = type(error).__name__
    param = getattr(error, "param", None)
    hint = param.get_error_hint() if param is not None and name != "NoSuchOption" else ""
    if isinstance(hint, (list, tuple)):
        hint = " / ".join(hint)
    if name == "NoSuchOption":
        text = f"没有选项 {getattr(error, 'option_name', '')}"
    elif name == "MissingParameter":
        text = f"缺少参数 {hint}".rstrip()
    elif name == "BadParameter":
        text = f"{hint} 的值无效：{_in_chinese(str(getattr(error, 'message', message)))}"
    else:
        text = f"命令有误：{_in_chinese(message)}"
    return f"{text.rstrip('.')}。用法见 {command} --help"


_PHRASES = {
    "Value error, ": "",
    "No such command": "没有命令",
    " is not one of ": " 不是以下之一：",
    " is not in the range ": " 不在范围内：",
    "Got unexpected extra argument": "多余的参数",
    "Missing command": "缺少命令",
    " requires an argument": " 需要一个值",
}


def _in_chinese(message: str) -> str:
    for english, chinese in _PHRASES.items():
        message = message.replace(english, chinese)
    return message
