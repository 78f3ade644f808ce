"""One sentence for a finding, in the scorecard's language, from the criterion's `say` or a default."""

from string import Formatter

from qa.bilingual import Bilingual
from qa.errors import ScorecardError
from qa.evaluation import Evidence, Verdict
from qa.scorecard import Criterion

PLACEHOLDERS = ("quote", "time", "turn", "complaint_time")
_DEFAULTS: dict[tuple[str, Verdict], Bilingual] = {
    ("required", "met"): Bilingual("Done at {time}: “{quote}”.", "{time} 已做到：“{quote}”。"),
    ("required", "not_met"): Bilingual("Not found in what the agent said.", "坐席的话中没有找到。"),
    ("required", "late"): Bilingual("Came too late, at {time}: “{quote}”.", "做了，但太迟，在 {time}：“{quote}”。"),
    ("required", "not_applicable"): Bilingual("Does not apply to this call.", "本通电话不适用。"),
    ("required", "undetermined"): Bilingual("Could not be judged.", "无法判定。"),
    ("forbidden", "met"): Bilingual("Nothing of this kind was said.", "没有发现此类言语。"),
    ("forbidden", "not_met"): Bilingual("Said at {time}: “{quote}”.", "{time} 出现：“{quote}”。"),
    ("forbidden", "late"): Bilingual("Said at {time}: “{quote}”.", "{time} 出现：“{quote}”。"),
    ("forbidden", "not_applicable"): Bilingual("Does not apply to this call.", "本通电话不适用。"),
    ("forbidden", "undetermined"): Bilingual("Could not be judged.", "无法判定。"),
}
_WITHOUT_QUOTE: dict[tuple[str, Verdict], Bilingual] = {
    ("required", "met"): Bilingual("Done.", "已做到。"),
    ("required", "late"): Bilingual("Came too late.", "做了，但太迟。"),
    ("forbidden", "not_met"): Bilingual("Happened in this call.", "本通电话中出现。"),
}
MAX_QUOTE = 60


def check_template(template: str, *, place: str) -> None:
    """Refuse a `say` text with anything but the known placeholders. Raises ScorecardError."""
    try:
        fields = [
            (name, spec, conversion) for _, name, spec, conversion in Formatter().parse(template) if name is not None
        ]
    except ValueError as error:
        raise ScorecardError(place=place, en=f"broken text: {error}", zh=f"文字模板有误：{error}") from None
    for name, spec, conversion in fields:
        if name not in PLACEHOLDERS or spec or conversion:
            known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            raise ScorecardError(
                place=place,
                en=f"unknown placeholder {{{name}}}; known: {known}",
                zh=f"未知占位符 {{{name}}}；可用：{known}",
            )


def explain(
    criterion: Criterion,
    verdict: Verdict,
    *,
    language: str,
    said: Evidence | None,
    complaint: Evidence | None,
    note: Bilingual | None,
) -> str:
    """The sentence for a verdict. `said` is the main evidence, `complaint` where the complaint begins."""
    key = (criterion.kind, verdict)
    text = criterion.say.get(verdict, "")
    values = {"complaint_time": moment(complaint, language) if complaint else ""}
    if said is not None:
        quote = said.quote if len(said.quote) <= MAX_QUOTE else said.quote[: MAX_QUOTE - 1] + "…"
        values |= {"quote": quote, "time": moment(said, language), "turn": str(said.turn_index + 1)}
    asked = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    usable = text and all(values.get(name) for name in asked)
    if not usable:
        default = _DEFAULTS[key] if said is not None else _WITHOUT_QUOTE.get(key, _DEFAULTS[key])
        text = default.in_language(language)
    sentence = text.format(**values)
    # What is unsure always says why; elsewhere the form's own words are enough.
    if note is not None and (verdict == "undetermined" or not usable):
        reason = note.in_language(language)
        sentence = f"{sentence}（{reason}）" if language == "zh" else f"{sentence} ({reason})"
    return sentence


def moment(piece: Evidence, language: str) -> str:
    """m:ss where the time is known, else the turn's number."""
    if piece.start_s is None:
        number = piece.turn_index + 1
        return f"第 {number} 轮" if language == "zh" else f"turn {number}"
    minutes, seconds = divmod(int(piece.start_s), 60)
    return f"{minutes}:{seconds:02d}"
