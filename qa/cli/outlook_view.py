"""What follows from a call's findings, as lines of `qa show`: flows, elements, outlooks, register, psychology."""

from rich.console import Console
from rich.text import Text

from qa.bilingual import Bilingual
from qa.cli.console import printable
from qa.cli.wording import PSYCHOLOGY, STAGES, VERDICTS, name_of
from qa.record import Record

_STAGES = {
    "recorded": Bilingual("recorded", "登记"),
    "first_handling": Bilingual("first handling", "初步处理"),
    "escalation": Bilingual("escalation", "升级"),
    "feedback": Bilingual("feedback", "反馈"),
    "follow_up": Bilingual("follow-up", "跟踪回访"),
}
_BAD = ("below", "enemy_made", "may_not_return")


def write_outlook(record: Record, console: Console) -> None:
    """Write one line for everything that applies. Records of older versions have nothing of it."""
    lines = [
        *_expectation(record.get("expectation")),
        *_elements(record.get("seven_elements")),
        *_calming(record.get("de_escalation")),
        *_psychology(record.get("complaint_psychology")),
        *_register(record.get("complaint_register")),
        *(line for flow in (record.get("flows") or {}).values() for line in _flow(flow)),
    ]
    if lines:
        console.print()
    for line in lines:
        console.print(line)


def _line(name: Bilingual, said: str, *, bad: bool = False) -> Text:
    text = Text(f"{name}: " if name.in_language() == name.en else f"{name}：", style="bold")
    return text.append(printable(said), style="red" if bad else "")


def _both(text: Record) -> str:
    return str(Bilingual(text["en"], text["zh"]))


def _expectation(part: Record | None) -> list[Text]:
    if part is None:
        return []
    separator = str(Bilingual("; ", "；"))
    reasons = separator.join(_both(reason["text"]) for reason in part["reasons"])
    said = _both(part["text"]) + (f" ({reasons})" if reasons else "")
    return [_line(Bilingual("Expectation", "客户期望"), said, bad=part["outlook"] in _BAD)]


def _elements(part: Record | None) -> list[Text]:
    if part is None:
        return []
    count = str(part["met"]) if part["met"] == part["most"] else f"{part['met']}–{part['most']}"
    lacking = [_both(each["title"]) for each in part["elements"] if each["verdict"] in ("not_met", "late")]
    listed = str(Bilingual(", ", "、")).join(lacking)
    told = Bilingual(f"{count} of 7, {part['text']['en']}", f"7 项中 {count} 项，{part['text']['zh']}")
    lacks = Bilingual(f"; lacking: {listed}", f"；欠缺：{listed}") if lacking else ""
    return [_line(Bilingual("Seven elements", "七要素"), f"{told}{lacks}", bad=part["outlook"] in _BAD)]


def _calming(part: Record | None) -> list[Text]:
    if part is None:
        return []
    said = f"{_both(part['text'])} ({part['worst']:.2f} → {part['end']:.2f})"
    return [_line(Bilingual("De-escalation", "情绪降温"), said, bad=not part["calmer"])]


def _psychology(part: Record | None) -> list[Text]:
    if part is None:
        return []
    kind, followed = name_of(PSYCHOLOGY, part["kind"]), name_of(VERDICTS, part["followed"])
    advice = part["advice"]
    said = Bilingual(f"{kind}; advice: {advice['en']} ({followed})", f"{kind}；对策：{advice['zh']}（{followed}）")
    return [_line(Bilingual("The customer seeks", "投诉心理"), str(said), bad=part["followed"] == "not_met")]


def _register(part: Record | None) -> list[Text]:
    if part is None:
        return []
    stages = [f"{title} {name_of(STAGES, part[name]['state'])}" for name, title in _STAGES.items()]
    due = []
    if part["first_reply_due"]:
        due = [
            str(Bilingual(f"first reply due {part['first_reply_due']}", f"初步回复期限 {part['first_reply_due']}")),
            str(Bilingual(f"result due {part['result_due']}", f"处理结果期限 {part['result_due']}")),
        ]
    return [_line(Bilingual("Complaint register", "投诉登记"), str(Bilingual(", ", "，")).join([*stages, *due]))]


def _flow(flow: Record | None) -> list[Text]:
    if flow is None:
        return []
    lacking = [_both(step["title"]) for step in flow["steps"] if step["verdict"] == "not_met"]
    swapped = [_both(step["title"]) for step in flow["steps"] if step["id"] in flow["out_of_order"]]
    comma = str(Bilingual(", ", "、"))
    parts = [f"{flow['done']}/{flow['counted']}"]
    if flow["unsure"]:
        parts.append(str(Bilingual(f"{flow['unsure']} unsure", f"待定 {flow['unsure']} 步")))
    if lacking:
        parts.append(str(Bilingual(f"missing: {comma.join(lacking)}", f"缺少：{comma.join(lacking)}")))
    if swapped:
        parts.append(str(Bilingual(f"out of order: {comma.join(swapped)}", f"顺序不对：{comma.join(swapped)}")))
    title = Bilingual(flow["title"]["en"].capitalize(), flow["title"]["zh"])
    return [_line(title, str(Bilingual("; ", "；")).join(parts))]
