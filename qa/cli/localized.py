"""Help pages in the interface language; typer's own headings exist in English only."""

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

from qa.bilingual import interface_language

_HEADINGS = {
    r"^Usage:": "用法：",
    r"^Arguments:": "参数：",
    r"^Options:": "选项：",
    r"^Commands:": "命令：",
    r"Install completion for the current shell\.": "为当前 shell 安装命令补全。",
    r"Show completion for the current shell, to copy it or\s+customize the installation\.": "显示命令补全脚本。",
    r"\[OPTIONS\]": "[选项]",
    r"COMMAND \[ARGS\]\.\.\.": "命令 [参数]...",
    r"Show this message and exit\.": "显示本说明。",
    r"\[default:\s+": "[默认：",
    r"\[env\s+var:\s+": "[环境变量：",
    r"; required\]": "；必填]",
    r"\[required\]": "[必填]",
}


def localized(page: str) -> str:
    """Translate the headings of a help page where the interface language is Chinese."""
    if interface_language() != "zh":
        return page
    for english, chinese in _HEADINGS.items():
        page = re.sub(english, chinese, page, flags=re.MULTILINE)
    return page


class Command(TyperCommand):
    """A command whose help is bilingual."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return localized(super().get_help(ctx))


class Group(TyperGroup):
    """A group of commands, in the order in which they were added."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return localized(super().get_help(ctx))

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  the parent names it
        """Names in the order of the module, which is the order of use."""
        return list(self.commands)
