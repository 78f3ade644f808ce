"""Why a recording is refused: one stable code, one sentence in each language."""

from pathlib import Path

from qa.bilingual import Bilingual
from qa.errors import RecordingError

REFUSALS: dict[str, Bilingual] = {
    "missing": Bilingual("the file does not exist; check the name", "文件不存在，请检查文件名"),
    "bad_name": Bilingual("the file name holds a NUL character", "文件名含有空字符（NUL）"),
    "outside": Bilingual(
        "the file lies outside {within}; only files inside that folder are read, copy it there",
        "文件位于 {within} 之外；只读取该文件夹内的文件，请复制进去",
    ),
    "symlink": Bilingual("is a symbolic link; name the file it points to", "这是符号链接，请直接指定它所指的文件"),
    "not_regular": Bilingual(
        "is a {kind}, not a file; only regular files are read", "这是{kind_zh}，不是普通文件；只读取普通文件"
    ),
    "unreadable": Bilingual("cannot be read: {reason}", "无法读取：{reason}"),
    "empty": Bilingual(
        "the file is empty (0 bytes); record or export it again", "文件为空（0 字节），请重新录制或导出"
    ),
    "too_large": Bilingual(
        "the file has {got} bytes, at most {allowed} are allowed; compress it (FLAC, Opus) or cut it",
        "文件有 {got} 字节，最多允许 {allowed} 字节；请压缩（FLAC、Opus）或切分",
    ),
    "changed": Bilingual(
        "the file changed while it was read; wait until the recording is finished",
        "读取过程中文件发生了变化；请等录音结束后再处理",
    ),
    "refused_format": Bilingual(
        "not a sound file of a known format; wav, mp3, m4a, ogg, opus, flac, amr, gsm and others are read ({reason})",
        "不是可识别的音频格式；可读取 wav、mp3、m4a、ogg、opus、flac、amr、gsm 等（{reason}）",
    ),
    "no_audio": Bilingual("the file holds no sound track; export it with sound", "文件中没有音轨；请导出带声音的文件"),
    "no_samples": Bilingual("the sound track holds no sound that can be decoded", "音轨中没有可解码的声音"),
    "too_long": Bilingual(
        "lasts {got} s ({source}), at most {allowed} s are allowed; cut it into single calls",
        "时长 {got} 秒（{source_zh}），最多允许 {allowed} 秒；请切分为单通电话",
    ),
    "too_many_channels": Bilingual(
        "has {got} channels, at most {allowed} are read; keep the two that hold the speakers, for example: "
        'ffmpeg -i IN -af "pan=stereo|c0=c0|c1=c1" OUT.flac',
        "有 {got} 个声道，最多读取 {allowed} 个；请只保留双方说话的两个声道，例如："
        'ffmpeg -i IN -af "pan=stereo|c0=c0|c1=c1" OUT.flac',
    ),
    "sample_rate": Bilingual(
        "has a sample rate of {got} Hz, allowed are {lowest} to {highest} Hz; the header may be damaged",
        "采样率为 {got} Hz，允许 {lowest} 至 {highest} Hz；文件头可能已损坏",
    ),
    "timeout": Bilingual(
        "decoding took longer than {allowed} s and was stopped; the file may be damaged, convert it to FLAC first",
        "解码超过 {allowed} 秒，已停止；文件可能已损坏，请先转换为 FLAC",
    ),
    "out_of_memory": Bilingual(
        "decoding needed more than {allowed} MB of memory and was stopped; convert the file to FLAC first",
        "解码所需内存超过 {allowed} MB，已停止；请先将文件转换为 FLAC",
    ),
    "crashed": Bilingual(
        "the decoder failed on this file ({reason}); convert it to FLAC first",
        "解码器处理此文件时失败（{reason}）；请先将文件转换为 FLAC",
    ),
}


def refusal(code: str, path: Path, **facts: object) -> RecordingError:
    """Build the error with code `code` for the file `path`; `facts` fill the sentence."""
    text = REFUSALS[code]
    return RecordingError(en=text.en.format(**facts), zh=text.zh.format(**facts), path=path, code=code)
