"""Sentences about a recognition that a person should read in the report."""

from qa.bilingual import Bilingual
from qa.transcription.guard import Problem

_WHY = {
    "short": Bilingual("far less text than speech", "文字远少于语音"),
    "loop": Bilingual("the same words again and again", "文字反复循环"),
}

NO_SPEECH = Bilingual("No speech was recognised.", "未识别到语音。")


def retried(channel: int, start_s: float, end_s: float, problem: Problem, left: Problem) -> Bilingual:
    """A window was recognised again; `left` is what is still wrong with it."""
    why = _WHY[problem]
    after = _WHY.get(left)
    en = f"Channel {channel + 1}, {start_s:.1f}–{end_s:.1f} s: {why.en}, so it was recognised again in pieces"
    zh = f"声道 {channel + 1}，{start_s:.1f}–{end_s:.1f} 秒：{why.zh}，已分段重新识别"
    if after is None:
        return Bilingual(f"{en}.", f"{zh}。")
    return Bilingual(f"{en}; still {after.en}: check by ear.", f"{zh}；仍有问题（{after.zh}），请人工核听。")


def same_channel(channel: int, original: int) -> Bilingual:
    """Two channels carry the same samples, so one was left out."""
    return Bilingual(
        f"Channel {channel + 1} is a copy of channel {original + 1} and was not recognised; treated as one channel.",
        f"声道 {channel + 1} 与声道 {original + 1} 完全相同，未重复识别，按单声道处理。",
    )


def other_language(code: str) -> Bilingual:
    """The language is neither Chinese nor English."""
    return Bilingual(
        f"The language is {code}; rules exist for zh and en only, so most criteria cannot be judged.",
        f"语言为 {code}；规则仅支持中文和英文，大部分项目无法判定。",
    )
