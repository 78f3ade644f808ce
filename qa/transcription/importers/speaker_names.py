"""What transcripts call the two parties."""

from qa.conversation import Role

_NAMES: dict[Role, str] = {
    "agent": "agent advisor adviser representative rep operator service support staff csr assistant associate employee "
    "坐席 座席 客服 客服人员 客服代表 坐席代表 话务员 接线员 员工 服务人员 专员 顾问 小二",
    "customer": "customer user caller client consumer buyer guest patient member external "
    "客户 用户 顾客 来电者 来电人 买家 客人 消费者 业主 患者 会员",
    "system": "system ivr bot robot machine 系统 机器人 语音 语音导航 自动语音",
    "unknown": "unknown none other 未知 不详",
}
_ROLE_OF: dict[str, Role] = {name: role for role, names in _NAMES.items() for name in names.split()}
_LONGEST_LABEL = 60


def role_of(name: str) -> Role | None:
    """Role meant by a speaker name ("坐席1", "Customer:", "AGENT"), or None."""
    plain = name.strip().strip(":：[]<>()（）【】").strip().lower()
    for candidate in (plain, plain.rstrip("0123456789 _-#"), plain.replace("_", " ").split(" ")[-1]):
        if candidate in _ROLE_OF:
            return _ROLE_OF[candidate]
    return None


def speaker_name(label: object) -> str | None:
    """Role name when the label means one, else the label itself (a diarization label), or None."""
    if isinstance(label, bool) or not isinstance(label, str | int):
        return None
    text = str(label).strip()[:_LONGEST_LABEL]
    return role_of(text) or text or None
