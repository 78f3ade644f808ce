"""What the training says to people: counts, doubtful labels, figures, comparison, learning curve."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

import numpy as np

from qa.bilingual import Bilingual
from qa.evaluation import CUSTOMER_TYPES
from training.dataset import Call, targets
from training.fit import EXCERPTS, ExcerptWeights, fit_calls, out_of_fold, predict
from training.gathering import Gathered
from training.holdout import Answer, Holdout, arrays, compare
from training.metrics import macro_f1, measure, recall, reliability
from training.noise import Doubt, doubts
from training.plots import learning_curve_svg
from training.recipes import RECIPES
from training.splits import split

_SHOWN = 30
_SHARES = (0.125, 0.25, 0.5, 1.0)
_USUAL_HOLDOUT = (0.08, 0.4)


def dataset_lines(gathered: Gathered) -> Iterator[str]:
    """Counts by language; what is left out and why."""
    for language in gathered.languages:
        mine = [call for call in gathered.calls if call.language == language]
        whole = [call for call in mine if not call.excerpt]
        _, held_out = split(whole)
        labels = ", ".join(f"{name} {count}" for name, count in sorted(Counter(call.label for call in whole).items()))
        origins = Counter(call.origin for call in whole)
        yield str(
            Bilingual(
                f"{language}: {len(whole)} calls ({labels}; {dict(origins)}), {len(mine) - len(whole)} excerpts, "
                f"{len({call.group for call in mine})} groups, {len(held_out)} held out for ever",
                f"{language}：{len(whole)} 通（{labels}；{dict(origins)}），节选 {len(mine) - len(whole)} 段，"
                f"{len({call.group for call in mine})} 组，永久留出 {len(held_out)} 通",
            )
        )
        share = len(held_out) / len(whole)
        if not _USUAL_HOLDOUT[0] <= share <= _USUAL_HOLDOUT[1]:
            yield str(
                Bilingual(
                    f"{language}: the holdout is {share:.0%} of the calls: there are few customers or agents",
                    f"{language}：留出比例为 {share:.0%}：客户或坐席数量太少",
                )
            )
    for language, counts in gathered.small.items():
        yield str(
            Bilingual(
                f"{language}: too few labelled calls ({counts}); its model stays as it is",
                f"{language}：标注通话太少（{counts}）；该语言的模型保持不变",
            )
        )
    if gathered.copies:
        yield str(
            Bilingual(f"{gathered.copies} copies of other calls are left out", f"已略过 {gathered.copies} 通重复通话")
        )


def doubtful(gathered: Gathered, *, jobs: int = 1) -> list[Doubt]:
    """Labels of whole calls in order of doubt, by models that saw neither the call nor its domain."""
    from joblib import Parallel, delayed

    recipe = RECIPES[-1]
    parts = [[call for call in gathered.calls if call.language == language] for language in gathered.languages]
    answers = Parallel(n_jobs=jobs)(delayed(out_of_fold)([recipe], calls, "domain") for calls in parts)
    found: list[Doubt] = []
    for calls, answer in zip(parts, answers, strict=True):
        whole = np.array([not call.excerpt for call in calls])
        found += doubts([call for call in calls if not call.excerpt], answer[recipe][whole])
    return sorted(found, key=lambda doubt: (-doubt.lead, doubt.call))


def doubt_table(gathered: Gathered, stream: TextIO, *, jobs: int = 1, whole: bool = False) -> None:
    """Write the doubtful labels as CSV, the most doubtful first; without `whole` only the first suspects."""
    found = doubtful(gathered, jobs=jobs)
    writer = csv.writer(stream)
    writer.writerow(["rank", "call", "label", "likelier", "lead", "suspect"])
    shown = found if whole else [doubt for doubt in found if doubt.suspect][:_SHOWN]
    for rank, doubt in enumerate(shown, 1):
        writer.writerow([rank, doubt.call, doubt.label, doubt.likelier, doubt.lead, "yes" if doubt.suspect else ""])


def evaluation_lines(version: str, holdout: Holdout) -> Iterator[str]:
    """All figures of one version on its holdout, and against the version that was in use."""
    yield f"{version}"
    for language in sorted({answer.language for answer in holdout.answers}):
        mine = holdout.of(language)
        truth, probabilities = arrays(mine)
        found = measure(truth, probabilities)
        low, high = found["macro_f1_95"]
        yield (
            f"{language}: macro-F1 {found['macro_f1']:.3f} (95 % {low:.3f}-{high:.3f}), n={len(mine)}, "
            f"ECE {found['calibration_error']:.3f}"
        )
        for place, name in enumerate(CUSTOMER_TYPES):
            hits, calls = recall(truth, probabilities, place)
            said = int((probabilities.argmax(axis=1) == place).sum())
            yield f"  {name:<10} F1 {found['f1'][name]:.3f}  recall {hits}/{calls}  precision {hits}/{said}"
        yield f"  confusion (rows = people 人工) {found['confusion']}"
        bins = ", ".join(f"{stated:.2f}→{right:.2f} ({n})" for stated, right, n in reliability(truth, probabilities))
        yield f"  reliability 可靠性 (stated→right): {bins}"
        yield from _against(mine, holdout.rival_version)
        yield from _sample_line(mine)


def _against(mine: Sequence[Answer], rival: str) -> Iterator[str]:
    found = compare(mine)
    if found is not None:
        yield (
            f"  against {rival} on {found.calls} calls: {found.new:.3f} - {found.rival:.3f} = {found.difference:+.3f} "
            f"(90 % {found.low:+.3f} to {found.high:+.3f}, paired bootstrap over groups)"
        )


def _sample_line(mine: Sequence[Answer]) -> Iterator[str]:
    drawn = [answer for answer in mine if answer.drawn]
    if drawn:
        truth, probabilities = arrays(drawn)
        right = int((truth == probabilities.argmax(axis=1)).sum())
        yield str(
            Bilingual(
                f"  of the random sample of your calls {right} of {len(drawn)} are right: the honest rate",
                f"  在您的随机样本中 {len(drawn)} 通判断正确 {right} 通：这才是真实的准确率",
            )
        )


def write_learning_curve(gathered: Gathered, folder: Path, excerpts: ExcerptWeights | None) -> Iterator[str]:
    """Fit on growing parts of the calls, whole groups at a time, and measure each on the holdout; writes an SVG."""
    for language in gathered.languages:
        known, held_out = split([call for call in gathered.calls if call.language == language])
        held_out = [call for call in held_out if not call.excerpt]
        truth = targets(held_out)
        points = []
        for part in _growing(known):
            model = fit_calls(part, [RECIPES[-1]], excerpts or EXCERPTS)[RECIPES[-1]]
            points.append((len(part), macro_f1(truth, predict(model, held_out).argmax(axis=1))))
            yield f"{language}: {points[-1][0]} calls: macro-F1 {points[-1][1]:.3f}"
        path = folder / f"learning-curve-{language}.svg"
        path.write_text(learning_curve_svg(points, f"Learning curve 学习曲线 ({language})"), encoding="utf-8")
        yield f"{language}: {path}"


def _growing(known: Sequence[Call]) -> Iterator[list[Call]]:
    groups = sorted({call.group for call in known})
    order = np.random.default_rng(0).permutation(len(groups))
    for share in _SHARES:
        chosen = {groups[place] for place in order[: max(1, round(share * len(groups)))]}
        part = [call for call in known if call.group in chosen]
        if min(np.bincount(targets(part), minlength=len(CUSTOMER_TYPES))) >= 2:
            yield part
