"""`qa score --dry-run`: what would be done, without doing it and without creating a database."""

from qa.batch.found import Found
from qa.batch.size import audio_seconds
from qa.bilingual import Bilingual
from qa.cli.call_table import write_failures
from qa.cli.console import output
from qa.cli.locations import sqlite_file
from qa.cli.wording import moment
from qa.errors import InputError
from qa.settings import Settings


def write_plan(found: Found, settings: Settings, url: str | None, *, force: bool) -> None:
    """Write the plan to stdout, and below it what cannot be scored."""
    recordings = [source for source in found.sources if source.kind == "recording" and source.reference is None]
    sound_s = sum(audio_seconds(source) for source in recordings)
    known = 0 if force else _recorded(found, settings, url)
    calls, texts, left_out = len(found.sources), len(found.sources) - len(recordings), sum(found.left_out.values())
    lines = (
        Bilingual(
            f"{calls} calls: {len(recordings)} recordings to recognise (about {moment(sound_s)} of sound), "
            f"{texts} with a ready transcript",
            f"共 {calls} 通：需语音识别的录音 {len(recordings)} 通（约 {moment(sound_s)}），现成文本 {texts} 通",
        ),
        Bilingual(
            f"{known} recorded before, {calls - known} to score",
            f"已有记录 {known} 通，待评分 {calls - known} 通",
        ),
        Bilingual(
            f"{left_out} files left out, {len(found.duplicates)} duplicates, {len(found.failures)} cannot be scored",
            f"略过文件 {left_out} 个，重复 {len(found.duplicates)} 个，无法评分 {len(found.failures)} 项",
        ),
    )
    with output("-") as stream:
        stream.writelines(f"{line}\n" for line in lines)
        if found.failures:
            write_failures(found.failures, stream)


def _recorded(found: Found, settings: Settings, url: str | None) -> int:
    file = sqlite_file(url)
    if file is not None and not file.is_file():
        return 0
    from qa.pipeline import evaluate_call
    from qa.store.repository import open_repository

    scorer = evaluate_call(settings)
    keys = []
    for source in found.sources:
        try:
            keys.append(scorer.key(source))
        except InputError:
            continue
    repository = open_repository(url)
    try:
        return len(repository.recorded(keys))
    finally:
        repository.close()
