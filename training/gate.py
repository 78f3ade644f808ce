"""May a candidate replace the version in use? Every reason against it is told; none of them can be waved through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.bilingual import Bilingual
from qa.customer_type.model import CallModel
from qa.evaluation import CUSTOMER_TYPES
from training.dataset import Call
from training.holdout import Holdout, arrays, compare
from training.metrics import macro_f1, recall
from training.regressions import wrong_cases

MARGIN = 0.05
"""Macro-F1 may be lower by this much at the lower end of the interval: two equal models never agree on every call."""
AGITATED_FLOOR = 0.75
MOST_CONTRADICTED = 0.3
FEWEST_LABELS = 30
FEWEST_CALLS = 15
FEWEST_AGITATED = 5
_AGITATED = CUSTOMER_TYPES.index("agitated")


@dataclass(frozen=True, slots=True)
class Check:
    """One question of the gate with its answer."""

    name: str
    passed: bool
    told: Bilingual


def checks(
    holdout: Holdout,
    models: Mapping[str, CallModel],
    cases: Sequence[Call],
    *,
    contradicted: Mapping[str, Sequence[int]] | None = None,
    recorded: Mapping[str, tuple[float, float]] | None = None,
    margin: float = MARGIN,
    floor: float = AGITATED_FLOOR,
) -> list[Check]:
    """All questions.

    `contradicted`: doubtful labels of the database and all of them, by language, out of fold. `recorded`: macro-F1 and
    the low end of its interval, as a version without kept answers states them for itself.
    """
    found = []
    for language in sorted({answer.language for answer in holdout.answers}):
        found.append(_not_worse(holdout, language, recorded or {}, margin))
        found.append(_agitated(holdout, language, floor))
    if not found:
        said = Bilingual(
            "no call is held out, so nothing can be measured; label more calls",
            "没有留出通话，无法检验；请标注更多通话",
        )
        found.append(Check("holdout", False, said))
    found += [_labels(language, *counts) for language, counts in sorted((contradicted or {}).items())]
    return [*found, _regressions(models, cases)]


def _not_worse(holdout: Holdout, language: str, recorded: Mapping[str, tuple[float, float]], margin: float) -> Check:
    name = f"{language}: not worse / 不变差"
    mine = holdout.of(language)
    if len(mine) < FEWEST_CALLS:
        return Check(
            name,
            False,
            Bilingual(
                f"only {len(mine)} calls are held out, {FEWEST_CALLS} are needed; label more calls",
                f"留出通话仅 {len(mine)} 通，至少需要 {FEWEST_CALLS} 通；请标注更多通话",
            ),
        )
    if not holdout.rival_version:
        return Check(name, True, Bilingual("no version is in use to compare with", "尚无在用版本可比较"))
    found = compare(mine)
    if found is None or found.calls < FEWEST_CALLS:
        return _by_record(name, holdout, language, recorded)
    passed = found.low >= -margin
    told = Bilingual(
        f"macro-F1 {found.new:.3f} against {found.rival:.3f} of {holdout.rival_version} on {found.calls} held-out "
        f"calls: {found.difference:+.3f}, 95 % sure of at least {found.low:+.3f} (needed {-margin:+.3f})",
        f"在 {found.calls} 通留出通话上宏平均 F1 为 {found.new:.3f}，在用版本 {holdout.rival_version} 为 "
        f"{found.rival:.3f}：相差 {found.difference:+.3f}，95% 把握不低于 {found.low:+.3f}"
        f"（要求 {-margin:+.3f}）",
    )
    return Check(name, passed, told if passed else _with_reason(told, found.difference, margin))


def _with_reason(told: Bilingual, difference: float, margin: float) -> Bilingual:
    if difference < -margin:
        return Bilingual(
            f"{told.en}. It is worse: look at the label-noise report (qa train dataset) first",
            f"{told.zh}。新模型变差：请先查看标签噪声报告（qa train dataset）",
        )
    return Bilingual(
        f"{told.en}. The holdout cannot show that it is not worse: label more calls",
        f"{told.zh}。留出通话不足以证明没有变差：请标注更多通话",
    )


def _by_record(name: str, holdout: Holdout, language: str, recorded: Mapping[str, tuple[float, float]]) -> Check:
    """The version in use kept no answers, and its holdout was another: compare with the figures that it states."""
    truth, probabilities = arrays(holdout.of(language))
    new = macro_f1(truth, probabilities.argmax(axis=1))
    rival = holdout.rival_version
    if language not in recorded:
        said = Bilingual(f"{rival} states no figure for this language", f"{rival} 没有该语言的指标")
        return Check(name, True, said)
    old, low = recorded[language]
    told = Bilingual(
        f"macro-F1 {new:.3f} against {old:.3f} that {rival} states for its own holdout (it kept no answers to pair "
        f"with; needed {low:.3f}, the low end of its interval)",
        f"宏平均 F1 为 {new:.3f}；{rival} 自报 {old:.3f}（未保存逐通结果，无法配对；要求不低于其区间下限 {low:.3f}）",
    )
    return Check(name, new >= low, told)


def _agitated(holdout: Holdout, language: str, floor: float) -> Check:
    name = f"{language}: agitated found / 激动型召回"
    hits, calls = recall(*arrays(holdout.of(language)), _AGITATED)
    if calls < FEWEST_AGITATED:
        return Check(
            name,
            False,
            Bilingual(
                f"only {calls} held-out calls are agitated, {FEWEST_AGITATED} are needed; label more calls",
                f"留出通话中激动型仅 {calls} 通，至少需要 {FEWEST_AGITATED} 通；请标注更多通话",
            ),
        )
    return Check(
        name,
        hits >= floor * calls,
        Bilingual(
            f"{hits} of {calls} agitated calls found: {hits / calls:.0%} (needed {floor:.0%})",
            f"{calls} 通激动型中识别出 {hits} 通：{hits / calls:.0%}（要求 {floor:.0%}）",
        ),
    )


def _labels(language: str, wrong: int, calls: int) -> Check:
    """Spoiled labels spoil the holdout too, which then favours nobody; so the labels are asked for themselves."""
    passed = calls < FEWEST_LABELS or wrong <= MOST_CONTRADICTED * calls
    told = Bilingual(
        f"{wrong} of {calls} labels of your database contradict what all other calls teach (at most "
        f"{MOST_CONTRADICTED:.0%})",
        f"数据库 {calls} 条标签中有 {wrong} 条与其余通话矛盾（上限 {MOST_CONTRADICTED:.0%}）",
    )
    if not passed:
        told = Bilingual(
            f"{told.en}: many are wrong, or people label by different rules; see label-noise-{language}.csv",
            f"{told.zh}：可能大量标错，或各人标准不一；请查看 label-noise-{language}.csv",
        )
    return Check(f"{language}: labels / 标签", passed, told)


def _regressions(models: Mapping[str, CallModel], cases: Sequence[Call]) -> Check:
    wrong = wrong_cases(cases, dict(models))
    if not wrong:
        said = Bilingual(f"all {len(cases)} cases are right", f"{len(cases)} 个案例全部正确")
        return Check("regressions / 回归案例", True, said)
    names = ", ".join(f"{case.id} ({case.label} → {guess})" for case, guess in wrong[:5])
    more = f" +{len(wrong) - 5}" if len(wrong) > 5 else ""
    said = Bilingual(
        f"{len(wrong)} of {len(cases)} cases are wrong: {names}{more}",
        f"{len(cases)} 个案例中 {len(wrong)} 个错误：{names}{more}",
    )
    return Check("regressions / 回归案例", False, said)


def as_rows(found: Sequence[Check]) -> list[dict[str, Any]]:
    """The checks as JSON."""
    return [{"check": one.name, "passed": one.passed, "en": one.told.en, "zh": one.told.zh} for one in found]
