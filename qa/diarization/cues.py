"""Ways of speaking that tell the agent from the customer, as weights on patterns.

Weights are rough log odds: above 0 an agent speaks so, below 0 a customer.
"""

import re
from functools import lru_cache

from qa.diarization.role_words import learned_cue
from qa.shadow import shadow

_ZH = (
    (
        3.0,
        r"工号|有什么(可以|能|需要)?(帮|为)(到|助)?[您你]|(很)?高兴(能)?为[您你]|(欢迎|感谢|谢谢)(您)?(的)?(致电|来电|拨打)",
    ),
    (2.5, r"(客服|服务)(中心|热线|专员|代表)(很高兴|,|，|为|您|工|的)|(回访|转接)(专员|中心)"),
    (
        2.0,
        r"(帮|给|替|为)[您你](再|先|这边)?(查|核|登记|反馈|反映|处理|办|看|转|申请|记|催|安排|添|带来|解释|说明|确认|开通|取消|恢复|联系)",
    ),
    (
        2.0,
        r"(非常|十分|实在|很|真的|真是)?(抱歉|对不起|不好意思)(,|，)?(给|让)[您你]|(非常|十分|深表)(抱歉|歉意)|向您(道歉|致歉)",
    ),
    (
        2.0,
        r"(请|麻烦)(您|你)?(稍等|稍候|提供|核对|报一下|留意|放心|保持|别挂|不要挂|说一下|您)|请问(您|一下您|贵姓|是.{0,6}(先生|女士))",
    ),
    (2.0, r"(还有|请问还).{0,8}(帮|需要|问题)|祝您|生活愉快|再次感谢|感谢您(的)?(耐心|理解|反馈|支持|配合|等待|宝贵)"),
    (1.5, r"(理解|明白|体会)(您|你)(的)?(心情|感受|意思|着急)?|您(的)?心情|您(先)?(别|不要)(着急|生气|急)"),
    (
        1.5,
        r"建议您|这边(帮|给|为|看|显示|查)|系统(显示|里|上)|(我们|这边)(会|将)(尽快|在|为您|安排|有专)|您(看|说)?(可以吗|方便吗|还满意)",
    ),
    (1.0, r"(先生|女士|小姐|阿姨|大爷|叔叔)(,|，|您|你好|请)|规定(是|要求)|工作日"),
    (0.5, r"您"),
    (-2.5, r"我要(投诉|退|曝光|找你们)|给我(退|个说法|解决|一个说法)|凭什么|你们(领导|经理|主管|老板)|投诉你"),
    (
        -2.0,
        r"我(就)?(想|要)(问|咨询|了解|查|投诉|退|取消|办|反映|改|换|订|开)|你们(公司|家|这|怎么|为什么|客服|是不是|到底|那|的)",
    ),
    (
        -1.5,
        r"(帮|给)我(查|看|办|退|处理|解决|弄|改|取消|问|转|催)|我(买|订|办|交|充|付|收|打|等)(了|的|过|到)|(怎么|咋)(还|又|老|回事|办|弄|搞)",
    ),
    (-1.5, r"到底|究竟|听不懂|看不懂|不太(懂|明白|清楚)|我(不懂|不明白|不会|不知道|不管)|什么意思|烦死|气死|骗"),
    (
        -1.0,
        r"为什么|我(女儿|儿子|老公|老婆|妈|爸|家|的(手机|卡|号|账|订单|快递|钱|话费))|(小)?(姑娘|伙子)|谢谢你|^(喂|哎)",
    ),
    (-0.3, r"你(?!好|们好)"),
)
_EN = (
    (3.0, r"how (may|can|could) i (help|assist|be of)|thank(s| you) for (calling|contacting|phoning|ringing)"),
    (
        2.5,
        r"(is there|was there) anything else|my name('s| is) \w+,? (how|and i|from|i'll)"
        r"|you're (speaking|through) (with|to)",
    ),
    (
        2.0,
        r"(may|can|could) i (please )?(have|get|ask|take|just take|confirm|place) (your|you|the|for)"
        r"|(security|verif)\w*",
    ),
    (
        2.0,
        r"let me (just )?(check|look|pull|see|transfer|get|find|confirm|bring)|bear with me"
        r"|one moment|hold (the line|on) (please|for)",
    ),
    (
        2.0,
        r"(apologi[sz]e|apologies) (for|that|about)"
        r"|i('m| am) (so |very |really |truly )?sorry (to hear|about|for|that you)",
    ),
    (
        1.5,
        r"i('ll| will| can|'ve| have) (check|look into|arrange|transfer|raised?|logg?e?d?|refund|put|process|issued?)",
    ),
    (
        1.5,
        r"i (completely |totally |fully |do |can )?understand (your|how|why|that)"
        r"|have a (great|good|lovely|nice|wonderful)",
    ),
    (
        1.0,
        r"your (account|order|booking|reference|policy|postcode|details|patience|feedback|call)"
        r"|\b(sir|madam|ma'am)\b|we appreciate",
    ),
    (
        -2.0,
        r"i('m| am) (calling|ringing|phoning)|i('d| would) like to"
        r"|speak to (a |your |the )?(manager|supervisor)|you (guys|people|lot)",
    ),
    (
        -2.0,
        r"i('ve| have) been (waiting|charged|trying|on hold|told|a customer)"
        r"|this is (ridiculous|unacceptable|a joke|the (second|third))",
    ),
    (
        -1.5,
        r"i (was|got|just got) (charged|told|promised|billed)|i (don't|do not) understand"
        r"|i (want|need) (to|a|my|you)|complain",
    ),
    (
        -1.0,
        r"\bmy (order|account|bill|card|phone|internet|package|flight|policy|parcel|router|money|husband|wife)",
    ),
    (
        -1.0,
        r"\bwhy (is|did|do|does|are|was|have|can't)|(can|could) you (tell|help|check|explain|just)"
        r"|nobody|no one|your company",
    ),
    (-0.5, r"thanks?,? (bye|for your help)|oh,? (okay|ok|right|i see)"),
)
_GREETING = re.compile(
    r"[您你]好|(早上|上午|中午|下午|晚上)好|欢迎|\b(hello|good (morning|afternoon|evening)|welcome|hi)\b"
)
_MOST_PER_TURN = 5.0


@lru_cache(maxsize=4)
def _patterns(language: str) -> tuple[tuple[float, re.Pattern[str]], ...]:
    table = _ZH if language == "zh" else _EN
    return tuple((weight, re.compile(pattern)) for weight, pattern in table)


def agent_cue(text: str, *, language: str) -> float:
    """Rough log odds that an agent said `text`, from -5 to 5; 0 when nothing tells."""
    plain = shadow(text, language=language)
    total = sum(weight for weight, pattern in _patterns(language) if pattern.search(plain))
    total += learned_cue(text, language)
    return max(-_MOST_PER_TURN, min(_MOST_PER_TURN, total))


def is_greeting(text: str, *, language: str) -> bool:
    """Whether a turn opens with a greeting, which the agent does first."""
    return _GREETING.search(shadow(text, language=language)[:20]) is not None
