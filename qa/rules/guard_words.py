"""Word lists of the guards, one table a language. Patterns run over joined tokens (no punctuation)."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GuardWords:
    """`reporting` opens a quotation in its sentence; `resuming` at a clause's start, or `inline` in it, ends it.

    `negation` must end right before the phrase; `negative` marks phrases that are negative themselves, `harmless` words
    left out. `conditional` stands anywhere in the clause, `asking` ends a clause that is a question.
    """

    reporting: re.Pattern[str]
    resuming: re.Pattern[str]
    inline: re.Pattern[str]
    negation: re.Pattern[str]
    negative: re.Pattern[str]
    harmless: re.Pattern[str]
    conditional: re.Pattern[str]
    asking: re.Pattern[str]


_ZH = GuardWords(
    reporting=re.compile(
        r"(?<![听跟和对给向])"
        r"(?:您|你|他|她|你们|他们|客户|顾客|对方|客服|同事|师傅|快递员|商家|卖家|人家|有人|谁)"
        r"(?:刚才|刚刚|之前|上次|昨天|当时)?(?:也|都|又|还|就|是|老|总|可能会|会)?"
        r"(?:跟您|跟你|对您|和您|给您)?(?:说|讲|告诉您|告诉你|回复您|回您|提到|反映)(?:过|了|的是|什么)?"
        r"(?!得|的|吧|一下|一遍|一声|对|到|话|明|清|法|呢)"
        r"|说什么|所谓的|什么叫|这句话|这种话"
    ),
    resuming=re.compile(
        r"我|咱|真的?(?:是)?(?:很|非常|对|抱|不好)|实在|非常|很抱歉|对不起|抱歉|不好意思|请|这边|这确实|这的确"
        r"|其实|但|不过|那我|结果|可|现在|到现在|到底|怎么|为什么|都|还|你们"
    ),
    inline=re.compile(
        r".{2,}?(?:真的?(?:是)?(?:很|非常|对|抱)|实在|非常抱歉|很抱歉|对不起|抱歉|不好意思|结果"
        r"|我(?:马上|帮|这边|给您|来|先|现在|理解|明白|能理解))"
    ),
    negation=re.compile(
        r"(?:(?<!是)不是|(?<!有)没有|(?<!会)不会|(?<!能)不能|(?<!要)不要|绝不|并不|并非|从不|从没|从来不|不敢|不可能"
        r"|没法|无法|不可|没说|不至于).{0,2}$|(?<![特区分级])别$|[不没未]$"
    ),
    negative=re.compile(r"[不没未别]|无法|拒绝"),
    harmless=re.compile(r"对不起|不好意思|不仅|不但|不过|不同|分别|特别|别人|没问题"),
    conditional=re.compile(r"如果|要是|万一|假如|假设|倘若|的话$|若是|除非"),
    asking=re.compile(r"(?:吗|(?<![什怎这那多])么|呢|嘛|是不是|对不对|好不好)$"),
)
_EN = GuardWords(
    reporting=re.compile(
        r"\b(?:you|he|she|they|customer|caller|agent|colleague|someone|somebody|anyone|who|nobody|i never|i did not)"
        r"(?: have| has| had| just| also| keep| were| was| are| did not| never)*"
        r" (?:said|say|says|saying|mentioned|claim|claimed|wrote|heard|quoted)\b"
        r"|\b(?:he|she|they|colleague|agent|driver|someone|somebody|anyone|who|nobody)(?: has| have| had| just| also)*"
        r" (?:told|tell|tells)\b|\b(?:were|was|been|being|got) told\b|\b(?:quote|so called|the words)\b"
    ),
    resuming=re.compile(
        r"(?:i|we|let|but|so|and|sorry|my|our|please|that is (?:our|my)|apologies|actually|however|it|now|still|yet|why"
        r"|this|nothing|nobody|never)\b"
    ),
    inline=re.compile(r"(?: ?\w){2,}? (?:(?:and|but|so) (?:i|we)|i am (?:\w+ )?sorry|i (?:do )?apologize)\b"),
    negation=re.compile(r"\b(?:not|never|nobody|no one|nor|without|hardly|far from)(?: \w+)?$|\bno$|\brather than$"),
    negative=re.compile(r"\b(?:not|no|never|nothing|nobody|none|without|unable|refuse)\b"),
    harmless=re.compile(r"\bno problem\b|\bnot only\b"),
    conditional=re.compile(r"\b(?:if|in case|unless|suppose|supposing|provided that|should you)\b"),
    asking=re.compile(r"\b(?:right|correct|is it|are you|do you|have you|did you)$"),
)
GUARD_WORDS = {"zh": _ZH, "en": _EN}
