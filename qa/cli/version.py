"""`qa --version`: program, models and scorecards, which together name a configuration."""

from collections.abc import Iterator

from qa import __version__
from qa.bilingual import Bilingual
from qa.errors import CallgradeError
from qa.scorecard import SHIPPED, load_scorecard


def version_lines() -> Iterator[str]:
    """One line each; what is missing is said, not raised."""
    yield f"callgrade {__version__}"
    try:
        from qa.customer_type.artifact import current_folder, read_manifest

        model = read_manifest(current_folder()).version
    except CallgradeError as error:
        model = str(Bilingual(f"missing ({error.code})", f"缺失（{error.code}）"))
    yield str(Bilingual(f"customer-type model {model}", f"客户类型模型 {model}"))
    try:
        from qa.behaviour.reader import BehaviourReader

        turns = BehaviourReader().model_id
    except CallgradeError as error:
        turns = str(Bilingual(f"missing ({error.code})", f"缺失（{error.code}）"))
    yield str(Bilingual(f"turn-behaviour model {turns}", f"话轮行为模型 {turns}"))
    for name in SHIPPED:
        try:
            card = load_scorecard(name)
        except (CallgradeError, OSError) as error:
            yield f"{name}: {error}"
        else:
            said = Bilingual(f"scorecard {card.id} {card.version}", f"评分表 {card.id} {card.version}")
            yield f"{said} (sha256 {card.digest[:12]})"
