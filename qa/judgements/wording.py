"""The sentence of a lesson, in Chinese or English, from what the scorer said."""

from collections.abc import Sequence

from qa.bilingual import Bilingual, Language
from qa.derived import Counterfactual, Source
from qa.evaluation import Deadline, Evidence, Verdict
from qa.judgements.documents import catalogue
from qa.privacy import mask
from qa.scorecard import Criterion
from qa.scoring import Score

MAX_QUOTE = 40


def sentence(
    criterion: Criterion,
    verdict: Verdict,
    *,
    piece: Evidence | None,
    deadline: Deadline | None,
    sources: Sequence[Source],
    instead: Counterfactual,
    scored: Score,
    still_fatal: Sequence[Criterion],
    language: Language,
) -> str:
    """Time and sentence, what it lacks, its source, and what would have kept the points."""
    parts = [
        _heard(criterion, verdict, piece).in_language(language),
        _would(
            criterion, piece=piece, deadline=deadline, instead=instead, scored=scored, still_fatal=still_fatal
        ).in_language(language),
        _rests_on(sources).in_language(language),
    ]
    return (" " if language == "en" else "").join(part for part in parts if part)


def clock(seconds: float) -> str:
    """Seconds as mm:ss."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02d}:{rest:02d}"


def name_of(criterion: Criterion) -> Bilingual:
    """A criterion's name in both languages; one that is not in the catalogue has its form's title in both."""
    entry = catalogue().get(criterion.id)
    return entry.name if entry is not None else Bilingual(criterion.title, criterion.title)


def _heard(criterion: Criterion, verdict: Verdict, piece: Evidence | None) -> Bilingual:
    name = name_of(criterion)
    if piece is None:
        return Bilingual(f"{name.en}, over the whole call.", f"{name.zh}，就整通电话而言。")
    # Masked before it is cut: half a telephone number would no longer look like one.
    said = mask(piece.quote)
    quote = said if len(said) <= MAX_QUOTE else f"{said[: MAX_QUOTE - 1]}…"
    at = _at(piece.turn_index, piece.start_s)
    what = {
        "late": Bilingual("too late", "过迟"),
        "not_met": Bilingual("missing here", "此处缺少") if criterion.kind == "required" else Bilingual("said", "出现"),
    }.get(verdict, Bilingual("", ""))
    return Bilingual(f"{name.en}, {what.en} at {at.en}: “{quote}”.", f"{name.zh}，{at.zh} {what.zh}：“{quote}”。")


def _would(
    criterion: Criterion,
    *,
    piece: Evidence | None,
    deadline: Deadline | None,
    instead: Counterfactual,
    scored: Score,
    still_fatal: Sequence[Criterion],
) -> Bilingual:
    deed = _deed(criterion, piece, deadline)
    points = f"{instead.points_kept:g}"
    unit = "point" if points == "1" else "points"
    kept = Bilingual(f"would have kept {points} {unit}", f"可保住 {points} 分")
    if criterion.id in scored.fatal_failed and not still_fatal:
        end = Bilingual(f"the score would be {_number(instead.score)}", f"得分为 {_number(instead.score)}")
        return Bilingual(f"Without this {end.en}, not 0.", f"如果没有这一条，{end.zh}，而不是 0。")
    if still_fatal:
        others = [name_of(each) for each in still_fatal]
        names = Bilingual(", ".join(name.en for name in others), "、".join(name.zh for name in others))
        return Bilingual(
            f"{deed.en} {kept.en}, but the score stays 0 because of {names.en}.",
            f"{deed.zh}，{kept.zh}，但因 {names.zh} 一票否决，得分仍为 0。",
        )
    return Bilingual(
        f"{deed.en} {kept.en}: a score of {_number(instead.score)} instead of {_number(scored.score)}.",
        f"{deed.zh}，{kept.zh}：得分 {_number(instead.score)}，而不是 {_number(scored.score)}。",
    )


def _deed(criterion: Criterion, piece: Evidence | None, deadline: Deadline | None) -> Bilingual:
    if criterion.kind == "forbidden":
        return Bilingual("Leaving this out", "如果不说这句" if piece else "如果没有这一条")
    entry = catalogue().get(criterion.id)
    deed = entry.deed if entry is not None else None
    deed = deed or Bilingual(f"“{criterion.title}”", f"做到“{criterion.title}”")
    if deadline is None:
        return Bilingual(f"{deed.en[:1].upper()}{deed.en[1:]}", f"如果{deed.zh}")
    limit = _at(deadline.turn_index, deadline.time_s)
    told = f"{deed.en[:1].upper()}{deed.en[1:]}"
    if deadline.time_s is None:
        return Bilingual(f"{told} by {limit.en}", f"如果最迟在{limit.zh}{deed.zh}")
    return Bilingual(f"{told} before {limit.en}", f"如果在 {limit.zh} 之前{deed.zh}")


def _rests_on(sources: Sequence[Source]) -> Bilingual:
    if not sources:
        return Bilingual("", "")
    en = "; ".join(f"document {each.document}, {each.row.en}" if _numbered(each) else each.row.en for each in sources)
    zh = "；".join(f"文档 {each.document}，{each.row.zh}" if _numbered(each) else each.row.zh for each in sources)
    return Bilingual(f"Source: {en}.", f"依据：{zh}。")


def _numbered(source: Source) -> bool:
    return source.document.isdecimal()


def _at(turn_index: int, seconds: float | None) -> Bilingual:
    if seconds is not None:
        return Bilingual(clock(seconds), clock(seconds))
    return Bilingual(f"turn {turn_index + 1}", f"第 {turn_index + 1} 轮")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
