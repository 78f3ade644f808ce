"""Cues of how a customer feels and what they need, as patterns over the shadow text (catalogue A, customer type).

Each cue is one named column of the model and one line of an explanation, so it has a title in both languages.
Patterns describe ways of speaking, never single business words. Write them for lower-case, half-width, Simplified text.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from qa.bilingual import Bilingual

Side = Literal["customer", "agent"]


@dataclass(frozen=True, slots=True)
class Cue:
    """A way of speaking: who says it, what it is called, and its patterns in each language."""

    name: str
    side: Side
    title: Bilingual
    zh: str
    en: str


CUES: tuple[Cue, ...] = (
    Cue(
        "question",
        "customer",
        Bilingual("asks a question", "提出疑问"),
        r"\?|吗(?![啡])|么(?=$|[,。?!])|呢(?=$|[,。?!])|是不是|能不能|可不可以|有没有|要不要|会不会|对不对|是否",
        r"\?",
    ),
    Cue(
        "why",
        "customer",
        Bilingual("asks why or how come", "追问为什么"),
        r"为什么|为啥|为何|怎么会|怎么回事|咋回事|怎么就|咋就|什么原因|什么情况|啥情况|啥原因|哪来的|怎么来的|"
        r"怎么变成|干嘛要|凭啥",
        r"\bwhy\b|how come|what happened|what'?s going on|how can (that|it|this)|what'?s the reason|"
        r"where (does|did|is) (that|it|this)",
    ),
    Cue(
        "what_means",
        "customer",
        Bilingual("asks what something means or how it works", "询问含义或做法"),
        r"什么意思|啥意思|是什么(?!态度)|是啥|什么叫|啥叫|指的是|指什么|有什么(区别|不同|不一样)|什么(区别|"
        r"关系)|怎么(算|用|弄|操作|设置|办理|看|写|填|理解|区分|选|分|收费|扣)|"
        r"咋(算|用|弄|看|填|办)|如何|算不算|哪个(是|才)|哪种|还是说|到底(是|算|哪|要不要|能不能|该)",
        r"what (does|do|is|are|exactly|'?s) (that|this|it|they|these|those|the|a|an)?\b.{0,40}(mean|for|"
        r"difference|about)|what'?s an?\b|what'?s the difference|"
        r"how (do|does|would|should|can|could|is|are|long|much|many)\b|which (one|is|of|do)|does (that|it|"
        r"this) mean|do i (need|have)|am i (supposed|meant)|is (that|it|this) (the same|different|normal)|"
        r"what do i",
    ),
    Cue(
        "not_understood",
        "customer",
        Bilingual("does not understand", "表示没听懂、不明白"),
        r"不明白|不太明白|没明白|弄不明白|搞不明白|不懂|没懂|看不懂|听不懂|搞不懂|弄不懂|不太懂|没听懂|没看懂|"
        r"不理解|想不通|糊涂|绕晕|晕了|懵|蒙了|"
        r"不知道(怎么|什么|是不是|该|咋|哪|为)|不清楚|不太清楚|没搞清|没弄清|搞不清|分不清|对不上|不会(弄|用|"
        r"操作|填|搞)|没概念|越听越|越说越|啥也没|没反应过来",
        r"(don'?t|didn'?t|do not|can'?t|cannot|not) (really |quite |fully |sure i |even )?(understand|get it|"
        r"get that|get how|get what|follow|see how|see why|know what|know how|know which|know if|make sense)|"
        r"not (really |quite |entirely )?(sure|clear|following|with you)|confus|(doesn'?t|don'?t|not|"
        r"no) (really )?(make|making) (any )?sense|lost me|i'?m lost|no idea|baffl|puzzl|unclear|"
        r"over my head|bit thick|being dim|(is|sounds?) (all )?(greek|gibberish)|head'?s spinning|"
        r"wrapp?ing my head|wrap my head|what\?",
    ),
    Cue(
        "belief",
        "customer",
        Bilingual("states a belief to be checked or corrected", "说出自己的理解求证"),
        r"我(还|一直)?以为|不是说|不是应该|不应该是|难道不是|我(的)?理解(是|就)|按(道理|理)|照(理|道理)|"
        r"那(就是说|意思是|等于|也就是|不就是|岂不是)|也就是说|意思(是|就是)|你是说|您是说|"
        r"等于说|所以(是|说|就|我)|原来(是|如此|这样)|那(我)?(到底|究竟)|不就是|那.{0,12}(又|还)是(什么|啥|怎么)",
        r"i (always |had )?(thought|assumed|figured|was under the impression|understood)|so (it'?s|that'?s|"
        r"you'?re saying|that means|i'?m|if|they|the|what|which)\b|you mean|in other words|"
        r"(isn'?t|aren'?t|wasn'?t|shouldn'?t|doesn'?t) (it|that|this|they|he|there)\b|"
        r"let me get this straight|hang on|hold on|wait,|then (what|why|how)|oh[,.]? (i see|right|so|ok|okay)|"
        r"ahh?[,.]",
    ),
    Cue(
        "got_it",
        "customer",
        Bilingual("understands after an explanation", "听完解释后明白了"),
        r"明白了|懂了|知道了|清楚了|原来如此|原来是这样|这样啊|这么回事|这样子啊|哦哦|噢|怪不得|难怪|"
        r"那我就放心|了解了",
        r"\bi see\b|(that )?makes sense|got it|get it now|understand now|clear(er)? now|now i|that explains|"
        r"ohh+|penny'?s? (has )?drop|good to know|that'?s what i",
    ),
    Cue(
        "request",
        "customer",
        Bilingual("asks for a concrete act", "提出具体要求"),
        r"(帮|给|替|为)(我|我们|俺)(.{0,3})(查|看|办|改|取消|开|退|换|催|登记|发|转|处理|安排|预约|订|加|关|"
        r"停|续|补|寄|调|报|问|核|备注|弄|下单|申请|恢复)|"
        r"(帮|麻烦|请|劳驾).{0,6}(查|看|办|改|取消|开|退|换|催|登记|发|转|处理|安排|预约|订|加|关|停|续|补|寄|"
        r"调|核实|确认|备注)|我(想|要|需要|打算|得|准备)(.{0,8})(查|办|改|取消|开|退|换|订|约|加|关|停|续|补|"
        r"问一下|咨询|报|申请|买|缴|交|充)|查一下|查下|看一下|看下|办一下|改成|改到|换成|报修|预约|取消",
        r"(can|could|would|will) (you|i|we|u)\b|\bplease\b|\bpls\b|i'?d like|i would like|i (want|need|"
        r"wish) (to|a|an|the|my|it|you)|i'?m (calling|ringing|phoning|looking) (to|for|about)|"
        r"(help|assist) (me|with)|let me know|(check|cancel|change|book|move|update|send|transfer|order|renew|"
        r"arrange|confirm|add|remove|set up) (my|the|a|an|it|me|that|this|one)",
    ),
    Cue(
        "practical_question",
        "customer",
        Bilingual("asks when, where, how much or whether it can be had", "询问时间、地点、价格或能否办理"),
        r"什么时候|啥时候|几点|几天|多久|多长时间|多少钱|在哪|哪里|哪儿|能不能|可不可以|可以.{0,10}(吗|么|不)|"
        r"能.{0,10}(吗|么|不)$|有没有|有.{0,8}(吗|么)|(发|送|到|开|退)了?(吗|么|没)",
        r"\b(when|where|what time|how (much|many|long|soon)|is there|are there|do you (have|offer|sell)|"
        r"can (i|you|we)|could (i|you|we))\b",
    ),
    Cue(
        "waiting",
        "customer",
        Bilingual("says how long it has taken", "说等了很久、一直没有结果"),
        r"怎么还(没|不|是)|还(没|不)(发|到|退|来|处理|解决|给|送|好|回)|(都|已经|已)(等|过|有)?了?(好?几|好多|"
        r"多少|半|[一二两三四五六七八九十\d]+)"
        r"(个)?(天|小时|月|周|星期|年|分钟)|这么(久|慢|长时间|多天)|等了|等到(现在|什么)|一直(等|没|不|在)|"
        r"迟迟|至今|没有?(人|谁)(理|管|回|接|联系|处理)",
        r"(been|have been|was|am|'?ve been|still|kept) (waiting|on hold|trying|chasing|calling|ringing)|waited|"
        r"(for|over|after|past|last) (an|a|the|\d+|two|three|four|five|six|several|many) (whole )?"
        r"(hours?|days?|weeks?|months?|minutes)|(so|too|very|this|that) (long|late|slow)|ages\b|"
        r"taking forever|delay\w*",
    ),
    Cue(
        "hurry",
        "customer",
        Bilingual("asks for speed", "催促"),
        r"尽快|快点|快一点|赶紧|赶快|抓紧|急用|着急|加急|马上|催一下|催催|今天(能|必须|之内|之前)|什么时候能|"
        r"多久能|几点(能|到)|等着用",
        r"\basap\b|as soon as|hurry|urgent|quick(ly)?|right away|straight away|today\b|by (tomorrow|monday|"
        r"tuesday|wednesday|thursday|friday|the end)|when (can|will|do)|any (update|news)|how soon",
    ),
    Cue(
        "insult",
        "customer",
        Bilingual("insults or swears", "辱骂、粗话"),
        r"垃圾|骗子|骗人|骗钱|骗我|忽悠|坑人|坑爹|坑我|坑钱|恶心|傻[逼b子]|有病|滚|他妈|妈的|tmd|tm的?|操你|"
        r"卧槽|狗屁|放屁|屁(用|话)|扯淡|瞎扯|胡扯|胡说|鬼话|无耻|不要脸|良心|黑店|黑心|奸商|流氓|强盗|抢钱|"
        r"王八|混蛋|脑子|吃屎|破(店|公司|玩意|东西|手机|系统|软件|网)|废物|白痴|吃干饭|死人|敷衍",
        r"\b(scam(med|mers?|s)?|fraud|liars?|lied|lying|lies|idiots?|stupid|rubbish|garbage|trash|crap(py)?|"
        r"shit(ty|e)?|bullshit|bs|damn|bloody|hell|fuck\w*|f\*+\w*|wtf|arse|ass|suck(s|ed)?|robbery|rob(bed|"
        r"bing)?|thieves|thief|theft|con artists?|cowboys|clowns|muppets?|incompeten\w+|useless|pathetic|"
        r"morons?|rip(ped)?[- ]?off|shambles|joke)\b",
    ),
    Cue(
        "reproach",
        "customer",
        Bilingual("reproaches the company", "责备、质问公司"),
        r"什么态度|啥态度|什么(服务|公司|玩意|东西|破|垃圾|道理|破)(?!号|名)|凭什么|怎么(能|可以)这样|太过分|"
        r"过分了|欺负|欺骗|不讲(理|道理|信用|诚信)|没(有)?(诚信|信用|人管|人理|责任|素质|道理)|"
        r"不负责|推来推去|踢皮球|推(卸|脱)|糊弄|应付|耍(我|人|赖)|当(我|猴|傻)|玩(我|人|呢)|你们(就|就是|到底|"
        r"这|这是|怎么|还|自己|家|这种|这样|有没有|到现在|一|是不是|凭|哪|倒)|"
        r"(到底|究竟)(还|能|管|给|想|要|行|有|谁|什么时候)|居然|竟然|难道|还有没有|说话不算|说了不算|不算数|"
        r"出尔反尔|言而无信|一拖再拖|没完没了|每次都|次次|回回|第[二三四五六七八九十几n\d]+(次|遍|回|个)|"
        r"又(来|是|要|让|说|没|不|坏|出)|都是你们|你们的(错|问题|责任)|我(凭|干嘛|欠)|"
        r"(打|说|问|催|报|反映|联系)了?(好?几|多少|无数|[三四五六七八九十]|\d+)(次|遍|个|回)",
        r"unacceptable|ridiculous|disgust\w*|disgrace\w*|appall\w*|outrag\w*|shocking|shameful|shame on|"
        r"absurd|insult(ing|ed)?|inexcusable|unbelievable|insane|nonsense|not good enough|"
        r"how (dare|hard (is|can)|many (times|more)|is (that|this|it) (my|even|possible|ok|okay|acceptable|"
        r"fair))|(your|you) (lot|people|guys|company|staff|own)|you (keep|said|told|promised|never|always|"
        r"people|still|just|clearly|guys|can'?t even|don'?t (even|care|listen|bother))|"
        r"no ?(one|body) (has |ever |even |seems |will |is |at |there )?(care|bother|answer|repl|call|help|"
        r"respond|came|come|pick|know|tell|told|turn)|third time|fourth time|(second|two|three|four|five|six|"
        r"several|multiple|so many) (times|calls|emails|phone calls|people)|every (single )?time|yet again|"
        r"once again|still (no|not|haven'?t|waiting|nothing|hasn'?t|isn'?t|don'?t|can'?t)|so what|whose fault|"
        r"your (fault|mistake|error|problem|job)|fob(bed)?|passed (around|from)|excuses?|runaround|run around",
    ),
    Cue(
        "disappointment",
        "customer",
        Bilingual("is openly disappointed or fed up", "失望、寒心、无语"),
        r"失望|心寒|质量(太|真|这么|好|也太)差|效率|(太|真|这么|好)(差|烂|垃圾|慢|坑|过分|恶心|扯|麻烦)|"
        r"不给(退|换|处理|发|解决)|不处理|不解决|不管|寒心|无语|后悔|再也不|以后不(会|买|来|用)|不会再|不敢再|"
        r"最后一次|太差|真差|很差|差劲|差评|差远|糟糕|糟心|闹心|憋屈|委屈|窝火|来气|生气|气死|气人|火大|烦死|"
        r"烦人|受不了|受够|忍|离谱|夸张|可笑|笑话|搞笑|坑|烂|服了|醉了|呵呵|算了|不想(说|再|多)|懒得|没意思|"
        r"真行|不爽|不舒服|不满|不甘|没法(用|接受)|接受不了|不能接受|太慢|拖(了|到|着)|白(等|跑|花|交|买)|"
        r"崩溃|寒了|倒霉|上当|受骗|被骗|亏",
        r"disappoint\w*|fed up|sick of|had enough|tired of|frustrat\w*|annoy\w*|angry|furious|livid|fuming|"
        r"upset|unhappy|dissatisf\w*|not (happy|impressed|pleased|satisfied|amused|acceptable|on)|let down|"
        r"regret|never (again|buy|use|order|fly|shop|book|had|been)|last time|worst|terrible|awful|horrible|"
        r"horrendous|dreadful|atrocious|abysmal|poor(ly)?|bad (service|experience)|waste of|wasted|wasting|"
        r"hate|sad\b|shocked|stressed|nightmare|hours?\b.{0,20}(hold|wait|phone|queue)|(given|giving) up|"
        r"forget it|whatever|beyond|beggars|sigh|smh|ffs|😡|🤬|😤|👎|🙄|😠|😒|😭|unreal",
    ),
    Cue(
        "irony",
        "customer",
        Bilingual("speaks with irony", "反话、讽刺"),
        r"呵呵|真(是)?(厉害|牛|棒|行|会|好意思|有意思|能|绝|贴心|及时|周到)|可真|好家伙|佩服|高明|牛[啊批]|"
        r"厉害了|谢谢(你们|您)?(全家|啊你|哦|了啊)|敢情|合着|感情(是|你)|还挺|倒是|您(可|倒)真|长见识|开眼|"
        r"学到了|好一个|原来我(是|才)|我谢谢|那我(是不是)?(还得|得|要不要)|要不(我|你|您)(来|替|帮)|"
        r"是吧[?。!]*$|行[啊吧].{0,4}(你们|真)",
        r"(well done|great job|good job|nice one|nice work|brilliant|fantastic|wonderful|lovely|amazing|"
        r"congrat\w*|bravo|thanks a lot|thanks for nothing|cheers for)\b.{0,30}(\.\.\.|!|then|you|@|for|guys)|"
        r"how (lovely|nice|kind|wonderful|convenient|generous)|oh,? (great|good|brilliant|lovely|wonderful|"
        r"joy|sure|really|i'?m sure|well)|of course (you|it|they|he|she)|yeah,? right|sure you|really\?|"
        r"seriously\?|wow\b|funny (that|how)|apparently|so[- ]called|\"[a-z ]{3,25}\"|lucky me|i'?m sure (you|"
        r"they|it|he|she)",
    ),
    Cue(
        "threat",
        "customer",
        Bilingual("threatens with complaint, law or leaving", "扬言投诉、维权或离开"),
        r"投诉|举报|12315|12345|12378|12381|315|工信部|消协|消费者协会|银保监|监管|工商|市场监督|市监|曝光|"
        r"媒体|记者|电视台|抖音|微博|发(到)?网上|朋友圈|律师|起诉|法院|告你|告到|报警|派出所|维权|平台介入|"
        r"小二|差评|一星|给个说法|讨(个)?说法|退网|销户|转网|携号|换(一)?家|走人|等着|走着瞧|找你们(领导|经理|"
        r"老板|主管)|叫你们(领导|经理|老板|主管)|让你们(领导|经理|老板|主管)|领导(来|出来|接|呢)",
        r"complain\w*|ombudsman|watchdog|regulator|trading standards|small claims|solicitor|lawyer|attorney|"
        r"legal action|sue\b|court|police|report(ing)? (you|this|it)|chargeback|dispute|review (site|online)|"
        r"trustpilot|one star|1 star|media|newspaper|twitter|social media|switch(ing)? (to|provider)|(taking|"
        r"take) my (business|money|custom)|cancel(l?ing)? (my|our|everything|the lot)|leav(e|ing) (you|for)|"
        r"go(ing)? elsewhere|manager|supervisor|someone (senior|in charge|above|who)|head office|ceo\b",
    ),
    Cue(
        "promise_missed",
        "customer",
        Bilingual("says that a promise was not kept", "提到没有兑现的承诺"),
        r"说好(的|了)?|说(是|的)?(今天|昨天|当天|[一二三四五六七两\d]+(天|个?小时|个工作日)|马上|"
        r"尽快).{0,12}(没|还|结果|到现在)|答应(我|过|了|得)|承诺|保证(过|的|说)|之前(那个)?(客服|说|你们|答)|"
        r"上次(那个)?(客服|说|你们|答)|昨天(那个)?(客服|说|你们|答)|(客服|师傅|你们|他们|人家).{0,6}(说|"
        r"告诉我).{0,20}(结果|可是|但是|到现在|还是|也没)|到现在(还|都|也|没|为止)|(还|都|也|"
        r"一直)(是)?没(有)?(人|到|来|收到|解决|处理|消息|回复|动静|结果|给)|没(人|动静|消息|下文)|石沉大海|"
        r"不了了之",
        r"(was|were|been) (told|promised|assured|advised|supposed)|you (said|told|promised|guaranteed)|(he|"
        r"she|they|someone|agent|lady|guy|chap|man|colleague) (said|told|promised|swore|assured)|"
        r"supposed to (be|have|come|arrive|call)|never (came|called|arrived|turned|showed|heard|got|received|"
        r"happened|rang)|no (show|call|reply|response|answer|email|sign|refund|delivery)|nothing (came|"
        r"happened|yet|since|has)|(haven'?t|hasn'?t|didn'?t|not) (heard|received|had|got|arrived|turned|shown|"
        r"come|show|called)|again and again|weeks? (ago|now|later)|months? (ago|now|later)",
    ),
    Cue(
        "polite",
        "customer",
        Bilingual("is polite", "用语礼貌"),
        r"谢谢|感谢|多谢|谢了|麻烦(你|您|了)|辛苦|不好意思|请问|劳驾|打扰|您好|你好",
        r"\bthanks?\b|thank you|\bcheers\b|\bta\b|sorry to|appreciate|kind(ly)?\b|\bhello\b|\bhi\b|"
        r"good (morning|afternoon|evening)|excuse me|if you (could|would|don'?t mind)",
    ),
    Cue(
        "agreement",
        "customer",
        Bilingual("agrees or confirms", "应允、确认"),
        r"^(好|好的|好嘞|行|嗯|恩|可以|没问题|对|是的|是|ok|没错|成|中|得嘞|收到|嗯嗯|嗯对|"
        r"对的)[,。!~ 啊呀的了吧嗯]*",
        r"^(yes|yeah|yep|yup|ok|okay|sure|right|fine|great|perfect|lovely|correct|that'?s (right|it|fine|"
        r"great|correct)|no problem|sounds good|will do|done)\b",
    ),
    Cue(
        "precise",
        "customer",
        Bilingual("gives numbers, dates or order numbers", "给出数字、日期或单号"),
        r"\d{4,}|\d+\s*(号|元|块|件|个|份|月|点|日|兆|g\b)|单号|订单号?|尾号|身份证|卡号|手机号|工单|"
        r"[一二三四五六七八九幺零两]{4,}",
        r"\b[a-z]{0,3}\d{3,}\b|\d+(st|nd|rd|th)\b|£\d|\$\d|€\d|\b(order|account|reference|booking|policy|"
        r"invoice|serial|case|tracking|postcode|flight)( number| no\.?| ref)?\b|\b(january|february|march|"
        r"april|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|"
        r"saturday|sunday)\b",
    ),
    Cue(
        "agent_soothing",
        "agent",
        Bilingual("agent soothes", "客服安抚情绪"),
        r"理解您|能理解|非常理解|您的心情|换(做|成|了)我|别(着)?急|不要(着)?急|别生气|消消气|消气|您先(别|消|"
        r"冷静)|慢慢说|添麻烦|让您(久等|失望|受|跑|操心|担心)|委屈|体谅|我也会(急|生气|着急)|"
        r"给您带来(的)?(不便|不好|困扰)",
        r"(i|we)( can| do| completely| totally| fully|'?d)* (understand|appreciate|see) (how|why|your|that|"
        r"the)|frustrat\w+|upset|i hear you|must (be|have been)|i'?d be|so would i|that'?s (awful|horrible|"
        r"not (good|right|on|ok|okay|what)|dreadful|a long)|inconvenience|calm down|take your time",
    ),
    Cue(
        "agent_apology",
        "agent",
        Bilingual("agent apologises", "客服道歉"),
        r"抱歉|对不起|不好意思|道歉|致歉|歉意|我们的(错|疏忽|失误|问题)|是我(们)?(没|不)",
        r"\bsorry\b|apolog\w+|my (fault|mistake|bad)|our (fault|mistake|error)|regret",
    ),
    Cue(
        "agent_explains",
        "agent",
        Bilingual("agent explains", "客服解释说明"),
        r"因为|由于|意思(是|就是)|也就是(说)?|是指|指的是|简单(说|来说|点)|打个比方|比如|相当于|其实|原因(是|"
        r"就是)|是这样(的|子)|举个例子|就好比|区别|分(为|成|两)|所以(您|会|才|是|这)|之所以|不是.{1,12}而是|"
        r"等于(是|说)",
        r"because|that means|which means|in other words|basically|for example|for instance|it'?s (like|"
        r"because|when|what|just|only|simply)|think of (it|them)|the reason|so (if|what|that|the|when|it)|"
        r"works? (like|by|this|out)|meaning|what (that|it|this) means|the difference|instead of|rather than|"
        r"actually|imagine|say you",
    ),
    Cue(
        "agent_handles",
        "agent",
        Bilingual("agent asks for data or reports a thing done", "客服核对信息或办理"),
        r"(帮|给|为)您(.{0,4})(查|办|改|取消|开|退|换|催|登记|安排|处理|核实|申请|备注|预约|转|加|恢复|发|补|"
        r"寄|看)|请(您)?(提供|报|说|稍等|输入|发|告诉)|稍等|已经?(帮|给|为)?您?(改|办|取消|开通|退|换|登记|"
        r"安排|提交|申请|备注|预约|好)|办好|改好|好了|提供(一下|下)|核对|尾号|单号",
        r"(i'?ve|i have|we'?ve|that'?s|it'?s) (just |now |all )?(done|booked|changed|cancelled|updated|sent|"
        r"added|moved|put|set|sorted|ordered|arranged|refunded|issued|emailed|transferred)|(can|could|"
        r"may) i (have|take|get|ask|confirm)|(can|could) you (confirm|give|provide|tell|send|dm|share)|(dm|"
        r"send|message) (us|me)|let me (check|look|see|pull|bring|get|just)|i'?ll (book|send|change|cancel|"
        r"check|put|get|arrange|raise|do|add|move|email)|one moment|bear with",
    ),
    Cue(
        "agent_defends",
        "agent",
        Bilingual("agent refuses, defends or pushes away", "客服推脱或拒绝"),
        r"规定|不行|没办法|办不了|不能(退|换|给|办)|不支持|不归|不负责|不是我们|您自己|你自己|正常(现象|的)|"
        r"没有(问题|办法|权限)|无法|管不了|不可能|联系(厂家|商家|快递|卖家|物业)|条款|系统(就|显示|规定|自动)|"
        r"只能|耐心(等|等待)|反映|请(您)?理解|谅解|(你|您)确定|都是这样",
        r"policy|unfortunately|i'?m afraid|can'?t (do|help|change|refund|give|offer)|cannot|unable|not (our|"
        r"my|possible|able|something|responsible)|you (should have|didn'?t|must have|need to (contact|call|"
        r"speak|ring))|nothing (i|we) can|terms|calm down|no record|that'?s (just|how|what the|not (my|our))|"
        r"contact the|not up to me|are you sure|everyone",
    ),
)


@lru_cache(maxsize=4)
def patterns(language: str) -> tuple[tuple[Cue, re.Pattern[str]], ...]:
    """Compiled patterns of all cues for "zh" or "en", in the order of CUES."""
    return tuple((cue, re.compile(cue.zh if language == "zh" else cue.en)) for cue in CUES)
