"""The scorecard: a form of sections and criteria that people write in YAML.

Only the form's shape is checked here; each rule's operators are checked when qa.rules compiles them.
"""

import hashlib
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from qa.errors import ScorecardError
from qa.flow import FlowForm

MAX_BYTES = 1_000_000
SHIPPED = ("zh-service", "en-service")
Rule = dict[str, Any]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Criterion(_Form):
    """One question of the form. `rule` is an operator expression; `applies_when` one that must hold, or absent: always.

    A required criterion is met when its rule hits; a forbidden one is not_met when its rule hits.
    Points 0 means judged and reported, but not counted.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")
    title: str = Field(min_length=1, max_length=80)
    kind: Literal["required", "forbidden"]
    points: float = Field(ge=0, le=100)
    fatal: bool = False
    style: Literal["procedure", "warmth"] | None = None
    source: str = ""
    applies_when: Rule | None = None
    rule: Rule
    say: dict[Literal["met", "not_met", "late", "not_applicable", "undetermined"], str] = Field(default_factory=dict)


class Section(_Form):
    """A titled group of criteria."""

    title: str = Field(min_length=1, max_length=80)
    criteria: tuple[Criterion, ...] = Field(min_length=1)


class Scorecard(_Form):
    """A whole form.

    `lexicon` holds named phrase lists that rules refer to; `complaint` says when a complaint begins and what about.
    `flows` replaces the shipped flows of the training documents.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{1,60}$")
    version: str = Field(min_length=1, max_length=20)
    title: str
    language: Literal["zh", "en"]
    pass_mark: float = Field(ge=0, le=100)
    homophones: bool = True
    lexicon: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    complaint: Rule | None = None
    complaint_categories: dict[Literal["product_quality", "service_quality", "price", "other"], tuple[str, ...]] = (
        Field(default_factory=dict)
    )
    flows: tuple[FlowForm, ...] | None = None
    sections: tuple[Section, ...] = Field(min_length=1)
    _source: str = PrivateAttr(default="")

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "Scorecard":
        seen: set[str] = set()
        for criterion in self.criteria:
            if criterion.id in seen:
                raise ValueError(f"criterion id {criterion.id!r} appears twice")
            seen.add(criterion.id)
        return self

    @model_validator(mode="after")
    def _flows_rest_on_criteria(self) -> "Scorecard":
        known = {criterion.id for criterion in self.criteria}
        for flow in self.flows or ():
            for step in flow.steps:
                if unknown := set(step.criteria) - known:
                    raise ValueError(
                        f"step {step.id!r} of flow {flow.id!r} rests on unknown criteria: {sorted(unknown)}"
                    )
        return self

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria in form order."""
        return tuple(criterion for section in self.sections for criterion in section.criteria)

    @property
    def source(self) -> str:
        """The file that the form was read from, for messages; empty when it was not read from one."""
        return self._source

    @cached_property
    def digest(self) -> str:
        """sha256 of the content; results name the exact form that made them."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def load_scorecard(name_or_path: str | Path) -> Scorecard:
    """Load a shipped scorecard by id, or one from a YAML file. Raises ScorecardError naming file and place."""
    if str(name_or_path) in SHIPPED:
        source = resources.files("qa") / "scorecards" / f"{name_or_path}.yaml"
        return parse_scorecard(source.read_bytes(), where=f"{name_or_path}.yaml")
    path = Path(name_or_path)
    if not path.is_file():
        known = ", ".join(SHIPPED)
        raise ScorecardError(
            path=path,
            en=f"no such scorecard; give a YAML file or one of: {known}",
            zh=f"找不到评分表；请给出 YAML 文件或以下之一：{known}",
        )
    if path.stat().st_size > MAX_BYTES:
        raise ScorecardError(
            path=path,
            en=f"larger than {MAX_BYTES:,} bytes; a scorecard is a short text file",
            zh=f"超过 {MAX_BYTES:,} 字节；评分表应是短文本文件",
        )
    return parse_scorecard(path.read_bytes(), where=str(path))


def parse_scorecard(content: bytes, *, where: str) -> Scorecard:
    """Parse YAML bytes into a Scorecard. `where` names the source in messages."""
    data = _read_yaml(content, where=where)
    try:
        card = Scorecard.model_validate(data)
    except ValidationError as error:
        places = []
        for item in error.errors()[:8]:
            dotted = ".".join(str(part) for part in item["loc"]) or "scorecard"
            places.append(f"{dotted}: {item['msg']}")
        listing = "; ".join(places)
        raise ScorecardError(
            path=where,
            en=f"not a valid scorecard: {listing}. `qa scorecard schema` prints what is allowed",
            zh=f"评分表无效：{listing}。可用 `qa scorecard schema` 查看允许的内容",
        ) from None
    card._source = where
    return card


def _read_yaml(content: bytes, *, where: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        text = content.decode("utf-8-sig")
        # Aliases let a small file expand into gigabytes ("billion laughs"); scorecards do not need them.
        yaml = YAML(typ="safe", pure=True)
        for event in yaml.parse(text):
            if type(event).__name__ == "AliasEvent":
                raise ScorecardError(
                    path=where,
                    place=f"line {event.start_mark.line + 1}",
                    en="YAML aliases (*name) are not allowed; write the value out or use the lexicon",
                    zh="不允许 YAML 别名（*name）；请直接写出内容或使用 lexicon",
                )
        return YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ScorecardError(
            path=where, place=place, en=f"broken YAML: {error.problem}", zh=f"YAML 有误：{error.problem}"
        ) from None
    except (YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ScorecardError(
            path=where,
            en=f"cannot be read as YAML in UTF-8: {str(error)[:200]}",
            zh=f"无法按 UTF-8 的 YAML 读取：{str(error)[:200]}",
        ) from None
