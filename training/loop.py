"""The steps of `qa train`, in order: dataset, fit, evaluate, publish; and rollback, list, init."""

import shutil

from qa.bilingual import Bilingual
from qa.cli.console import check_destination, output, say
from qa.cli.train_request import TrainRequest
from qa.customer_type.artifact import KIND, load_model, models_folder, read_manifest
from qa.errors import EXIT_GATE_MISSED, EXIT_OK, UnknownNameError, UsageError
from training.external import measure_external
from training.fit import EXCERPTS, ExcerptWeights, Fitted, fit_language
from training.gate import AGITATED_FLOOR, MARGIN, as_rows, checks
from training.gathering import Gathered, gather
from training.holdout import read_holdout
from training.own_models import init, own_folder
from training.publish import candidate_folder, point_at, put_candidate_in_use, versions, write_candidate
from training.recipes import RECIPES
from training.regressions import read_cases
from training.report import dataset_lines, doubt_table, evaluation_lines, write_learning_curve
from training.rival import recorded_figures, version_in_use
from training.stored import ORIGIN


def run(request: TrainRequest) -> int:
    """Do one step (or all); returns the exit code. Raises CallgradeError."""
    steps = {
        "all": _all,
        "dataset": _dataset,
        "fit": _fit,
        "evaluate": _evaluate,
        "publish": _publish,
        "rollback": _rollback,
        "list": _list,
        "init": init,
    }
    return steps[request.step](request)


def _all(request: TrainRequest) -> int:
    for step in (_fit, _evaluate, _publish):
        code = step(request)
        if code != EXIT_OK:
            return code
    return EXIT_OK


def _dataset(request: TrainRequest) -> int:
    check_destination(request.out)
    gathered = gather(request)
    for line in dataset_lines(gathered):
        say(line)
    with output(request.out) as stream:
        doubt_table(gathered, stream, jobs=request.jobs, whole=request.out != "-")
    return EXIT_OK


def _fit(request: TrainRequest) -> int:
    models = own_folder(request)
    excerpts = weights_of(request.excerpts)
    _check_recipes(request.recipes)
    gathered = gather(request)
    for line in dataset_lines(gathered):
        say(line)
    candidate = write_candidate(_fitted(gathered, request, excerpts), gathered.digest, models)
    say(
        Bilingual(
            f"candidate {candidate.name}: {candidate} (card.md, pictures, label-noise-*.csv). Not in use yet",
            f"候选模型 {candidate.name}：{candidate}（card.md、图表、label-noise-*.csv）。尚未启用",
        )
    )
    return EXIT_OK


def _fitted(gathered: Gathered, request: TrainRequest, excerpts: ExcerptWeights | None) -> dict[str, Fitted]:
    fitted = {
        language: fit_language(
            gathered.calls,
            language,
            jobs=request.jobs,
            names=request.recipes,
            excerpts=excerpts,
            say=say,
        )
        for language in gathered.languages
    }
    for model in fitted.values():
        tried = model.metrics.get("excerpts")
        if tried:
            say(f"{model.language}: macro-F1 of whole calls by weights of excerpts: {tried}")
    return fitted


def _check_recipes(names: tuple[str, ...]) -> None:
    unknown = [name for name in names if name not in RECIPES]
    if unknown:
        raise UnknownNameError(
            en=f"unknown recipe {unknown[0]!r}; known: {', '.join(RECIPES)}",
            zh=f"未知的方法 {unknown[0]!r}；可用：{'、'.join(RECIPES)}",
        )


def weights_of(text: str) -> ExcerptWeights | None:
    """The weights that `--excerpts` asks for; None for "auto". Raises UsageError."""
    if text == "auto":
        return None
    if not text:
        return EXCERPTS
    try:
        turns, calls = (float(part) for part in text.split(","))
    except ValueError:
        turns = calls = -1.0
    if not (0 <= turns <= 1 and 0 <= calls <= 1):
        raise UsageError(
            code="bad_weights",
            en=f"--excerpts {text!r}: give two weights 0-1 such as 0.5,0.25, or auto",
            zh=f"--excerpts {text!r}：请给出两个 0-1 的权重，如 0.5,0.25，或 auto",
        )
    return ExcerptWeights(turns, calls)


def _evaluate(request: TrainRequest) -> int:
    models = models_folder(request.models)
    folder = candidate_folder(models) or models / KIND / version_in_use(models)
    holdout = read_holdout(folder)
    if holdout is None:
        raise UsageError(
            path=folder,
            code="no_holdout",
            en="keeps no answers to held-out calls; run `qa train fit` first",
            zh="没有保存留出通话的结果；请先运行 `qa train fit`",
        )
    with output("-") as stream:
        for line in evaluation_lines(folder.name, holdout):
            stream.write(f"{line}\n")
        if request.learning_curve:
            for line in write_learning_curve(gather(request), folder, weights_of(request.excerpts)):
                stream.write(f"{line}\n")
    measure_external(folder, say)
    return EXIT_OK


def _publish(request: TrainRequest) -> int:
    models = own_folder(request)
    candidate = candidate_folder(models)
    if candidate is None:
        raise UsageError(
            path=models / KIND,
            code="no_candidate",
            en="there is no candidate; run `qa train fit` first",
            zh="没有候选模型；请先运行 `qa train fit`",
        )
    used = version_in_use(models)
    if candidate.name == used:
        shutil.rmtree(candidate)
        say(Bilingual(f"the same calls and settings: {used} is in use already", f"数据与设置相同：{used} 已在使用"))
        return EXIT_OK
    manifest = read_manifest(candidate)
    holdout = read_holdout(candidate)
    if holdout is None or holdout.rival_version != used:
        raise UsageError(
            path=candidate,
            code="stale_candidate",
            en=f"was fitted before {used or 'no version'} came into use; run `qa train fit` again",
            zh=f"训练之后在用版本已变为 {used or '无'}；请重新运行 `qa train fit`",
        )
    found = checks(
        holdout,
        {language: load_model(candidate, entry) for language, entry in manifest.languages.items()},
        read_cases(models / KIND),
        contradicted={
            language: entry.metrics["contradicted"][ORIGIN]
            for language, entry in manifest.languages.items()
            if ORIGIN in entry.metrics.get("contradicted", {})
        },
        recorded=recorded_figures(models, used),
        margin=MARGIN if request.margin is None else request.margin,
        floor=AGITATED_FLOOR if request.floor is None else request.floor,
    )
    for check in found:
        say(f"{'✓' if check.passed else '✗'} {check.name}: {check.told}")
    if not all(check.passed for check in found):
        reasons = sum(not check.passed for check in found)
        say(
            Bilingual(
                f"refused for {reasons} reason(s); {used or 'no version'} stays in use; the candidate: {candidate}",
                f"拒绝发布，原因 {reasons} 项；在用版本仍为 {used or '无'}，候选模型保留在 {candidate}",
            )
        )
        return EXIT_GATE_MISSED
    folder = put_candidate_in_use(models, candidate, as_rows(found))
    say(
        Bilingual(
            f"published {folder.name}: {folder / 'card.md'}. Calls scored before keep their results until they are "
            "scored again (qa score --force); back with qa train rollback",
            f"已发布 {folder.name}：{folder / 'card.md'}。已评分通话的结果不变，重新评分后才更新（qa score --force）；"
            "可用 qa train rollback 恢复",
        )
    )
    return EXIT_OK


def _rollback(request: TrainRequest) -> int:
    models = own_folder(request)
    known = [name for name, _, _ in versions(models)]
    used = version_in_use(models)
    older = known[known.index(used) + 1 :] if used in known else []
    name = request.version or (older[0] if older else "")
    if name not in known:
        raise UsageError(
            path=models / KIND,
            code="no_version",
            en=f"no version {name!r}; there are {known}" if name else f"there is no version before {used!r}",
            zh=f"没有版本 {name!r}；现有 {known}" if name else f"没有比 {used!r} 更早的版本",
        )
    manifest = read_manifest(models / KIND / name)
    for entry in manifest.languages.values():
        load_model(models / KIND / name, entry)
    point_at(models / KIND, name)
    say(Bilingual(f"in use: {name} (before: {used})", f"在用版本：{name}（此前：{used}）"))
    return EXIT_OK


def _list(request: TrainRequest) -> int:
    models = models_folder(request.models)
    with output("-") as stream:
        for name, created, used in versions(models):
            stream.write(f"{'*' if used else ' '} {name}  {created}\n")
        candidate = candidate_folder(models)
        if candidate is not None:
            stream.write(f"? {candidate.name}  {Bilingual('candidate, not in use', '候选，未启用')}\n")
    return EXIT_OK
