"""Names that people read for the codes in records."""

from qa.bilingual import Bilingual

CUSTOMER_TYPES = {
    "demanding": Bilingual("demanding", "要求型"),
    "confused": Bilingual("confused", "困惑型"),
    "agitated": Bilingual("agitated", "激动型"),
}
VERDICTS = {
    "met": Bilingual("met", "达标"),
    "not_met": Bilingual("not met", "未达标"),
    "late": Bilingual("late", "过迟"),
    "not_applicable": Bilingual("n/a", "不适用"),
    "undetermined": Bilingual("unsure", "待定"),
}
ROLES = {
    "agent": Bilingual("agent", "坐席"),
    "customer": Bilingual("customer", "客户"),
    "system": Bilingual("system", "系统"),
    "unknown": Bilingual("unknown", "未知"),
}
QUADRANTS = {
    "cold": Bilingual("cold", "冰冷型"),
    "factory": Bilingual("factory", "工厂型"),
    "friendly_zoo": Bilingual("friendly zoo", "友好动物园型"),
    "quality": Bilingual("quality", "优质型"),
}
CATEGORIES = {
    "product_quality": Bilingual("product quality", "产品质量"),
    "service_quality": Bilingual("service quality", "服务质量"),
    "price": Bilingual("price", "价格"),
    "other": Bilingual("other", "其他"),
}
PSYCHOLOGY = {
    "seeks_respect": Bilingual("respect", "求尊重"),
    "seeks_compensation": Bilingual("compensation", "求补偿"),
    "seeks_venting": Bilingual("to vent", "求发泄"),
    "hostile": Bilingual("a fight (hostile)", "敌视"),
}
STAGES = {
    "done": Bilingual("done", "已做"),
    "given": Bilingual("given", "已告知"),
    "promised": Bilingual("promised", "已约定"),
    "missing": Bilingual("missing", "缺少"),
    "undetermined": Bilingual("unsure", "待定"),
    "not_judged": Bilingual("not judged", "未判定"),
    "escalated": Bilingual("escalated", "已升级"),
    "asked_for": Bilingual("asked for by the customer", "客户要求升级"),
    "none": Bilingual("none", "无"),
}
FLAGS = {
    "fatal": Bilingual("fatal", "一票否决"),
    "below_pass_mark": Bilingual("below pass mark", "未及格"),
    "agitated_customer": Bilingual("agitated customer", "客户激动"),
    "complaint_without_apology": Bilingual("complaint without apology", "投诉未致歉"),
    "no_score": Bilingual("no score", "无分数"),
    "unsure_verdicts": Bilingual("unsure verdicts", "多项待定"),
    "unsure_customer_type": Bilingual("unsure customer type", "客户类型待定"),
    "unsure_roles": Bilingual("unsure roles", "说话人待定"),
    "dead_air": Bilingual("dead air", "冷场"),
    "untrusted_text": Bilingual("untrusted text", "有不可信文字"),
    "input_warning": Bilingual("input warning", "输入有提示"),
}
MATCHES = {
    "exact": Bilingual("exact words", "原词"),
    "homophone": Bilingual("same sound", "同音"),
    "similar": Bilingual("near miss", "近似"),
    "model": Bilingual("model", "模型"),
    "regex": Bilingual("pattern", "正则"),
    "measure": Bilingual("measure", "度量"),
    "place": Bilingual("should be here", "应在此处"),
}
SUSPECT = {
    "silence": Bilingual("text where nobody speaks", "静音处的文字"),
    "loop": Bilingual("repeated by the recogniser", "识别循环"),
    "subtitle": Bilingual("stock subtitle phrase", "字幕套话"),
    "copied": Bilingual("same on both channels", "两声道相同"),
}
COLOURS = {"met": "green", "not_met": "bold red", "late": "yellow", "not_applicable": "dim", "undetermined": "cyan"}


def name_of(table: dict[str, Bilingual], code: str | None) -> str:
    """The name of a code in the interface language; a code without a name (from a plug-in) stays as it is."""
    if not code:
        return ""
    return str(table.get(code, Bilingual(code, code)))


def score_text(score: float | None, low: float | None, high: float | None) -> str:
    """A score as "85", with its interval when something is undetermined: "85 (70–90)"; "–" without a score."""
    if score is None:
        return "–"
    text = f"{score:g}"
    unsure = low is not None and high is not None and (low, high) != (score, score)
    return f"{text} ({low:g}–{high:g})" if unsure else text


def moment(seconds: float | None) -> str:
    """Seconds as m:ss (h:mm:ss from one hour); empty where a transcript has no times."""
    if seconds is None:
        return ""
    whole = int(seconds)
    minutes, rest = divmod(whole, 60)
    return f"{minutes}:{rest:02d}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"
