"""The base of rule operators and the list of those that exist."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict

from qa.registry import Registry
from qa.rules.context import Context
from qa.rules.outcome import Outcome

if TYPE_CHECKING:
    from qa.rules.compiler import Compiler


class Options(BaseModel):
    """What an operator accepts; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Operator(ABC):
    """A compiled rule. Subclasses name their options model and, for values that are no mapping, the key they go to."""

    version: ClassVar[int] = 1
    Options: ClassVar[type[Options]]
    wraps: ClassVar[str] = ""
    always_wraps: ClassVar[bool] = False

    def __init__(self, options: Any, compiler: "Compiler") -> None:
        """`options` is an instance of the class's Options; `compiler` compiles nested rules and phrases."""
        self.compile(options, compiler)

    @abstractmethod
    def compile(self, options: Any, compiler: "Compiler") -> None:
        """Prepare everything that does not depend on the call."""

    @abstractmethod
    def evaluate(self, context: Context) -> Outcome:
        """Judge one call, inside `context.scope`."""

    @classmethod
    def options_from(cls, value: Any) -> Any:
        """The YAML value as a mapping of options."""
        if cls.wraps and (cls.always_wraps or not isinstance(value, dict)):
            return {cls.wraps: value}
        return value


_HERE = "qa.rules.operators"
OPERATORS: Registry[type[Operator]] = Registry(
    "rule operator",
    group="qa.operators",
    built_in={
        "phrase_said": f"{_HERE}.phrase_said:PhraseSaid",
        "said": f"{_HERE}.said:Said",
        "regex": f"{_HERE}.regex:RegexFound",
        "within": f"{_HERE}.within:Within",
        "before": f"{_HERE}.order:Before",
        "after": f"{_HERE}.order:After",
        "absent": f"{_HERE}.logic:Absent",
        "sequence": f"{_HERE}.sequence:Sequence",
        "repeat": f"{_HERE}.repeat:Repeat",
        "measure": f"{_HERE}.measure:Measure",
        "metadata": f"{_HERE}.metadata:Metadata",
        "written": f"{_HERE}.written:Written",
        "customer_type_is": f"{_HERE}.customer_type_is:CustomerTypeIs",
        "complaint": f"{_HERE}.complaint:ComplaintIs",
        "criterion": f"{_HERE}.criterion:CriterionIs",
        "always": f"{_HERE}.logic:Always",
        "turn": f"{_HERE}.turn:SameTurn",
        "followed_by": f"{_HERE}.followed_by:FollowedBy",
        "all": f"{_HERE}.logic:All",
        "any": f"{_HERE}.logic:AnyOf",
        "not": f"{_HERE}.logic:Not",
        "formula": f"{_HERE}.formula:Formula",
    },
)
