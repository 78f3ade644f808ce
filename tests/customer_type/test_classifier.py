"""The published model on new, invented calls: labels, abstention, reasons, sameness."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qa.conversation import Conversation
from qa.customer_type.classifier import CustomerTypeClassifier, load_classifier
from qa.features.extractor import extract

MODELS = Path(__file__).parents[2] / "models"
Make = Callable[..., Conversation]

PLAIN = {
    ("zh", "agitated"): [
        ("agent", "您好，很高兴为您服务"),
        ("customer", "你们到底管不管，说好昨天上门，我请了一天假等到现在"),
        ("agent", "给您登记一下"),
        ("customer", "又是登记，太不负责任了，我要投诉你们"),
    ],
    ("zh", "confused"): [
        ("agent", "您好，请问有什么可以帮您"),
        ("customer", "我看不明白这个账单，为什么会有两笔月租呢"),
        ("agent", "一笔是上月的，一笔是本月预收"),
        ("customer", "预收是什么意思？我还是没听懂，那下个月还扣吗"),
    ],
    ("zh", "demanding"): [
        ("agent", "您好，请讲"),
        ("customer", "帮我把收货地址改成西苑路十二号，订单尾号三三零六"),
        ("agent", "改好了"),
        ("customer", "好的，再帮我开一张发票"),
    ],
    ("en", "agitated"): [
        ("agent", "Hello, how can I help?"),
        (
            "customer",
            "This is the third time I've called. You people promised a refund and nothing happened. It's a disgrace.",
        ),
        ("agent", "Let me look."),
        ("customer", "I'm sick of your excuses, this is absolutely ridiculous!"),
    ],
    ("en", "confused"): [
        ("agent", "Hello, how can I help?"),
        ("customer", "I don't understand this letter. What does it mean by adjusted balance?"),
        ("agent", "It is what is left after the credit."),
        ("customer", "So is that what I owe, or what you owe me? I'm still confused."),
    ],
    ("en", "demanding"): [
        ("agent", "Hello, how can I help?"),
        ("customer", "I need to change my delivery to Thursday, order 40213 please."),
        ("agent", "Done."),
        ("customer", "And add two filters to it, the small ones."),
    ],
}


@pytest.fixture(scope="module")
def classifier() -> CustomerTypeClassifier:
    """The published model."""
    return load_classifier(MODELS)


@pytest.mark.parametrize(("language", "label"), list(PLAIN))
def test_plain_calls(classifier: CustomerTypeClassifier, make_conversation: Make, language: str, label: str) -> None:
    """Clear cases get their type; probabilities are a distribution."""
    conversation = make_conversation(PLAIN[language, label], language=language)
    answer = classifier.classify(conversation, extract(conversation))
    assert (answer.label, answer.abstained) == (label, False)
    assert sum(answer.probabilities.values()) == pytest.approx(1)
    assert max(answer.probabilities, key=lambda name: answer.probabilities[name]) == label


@pytest.mark.parametrize(("language", "label"), list(PLAIN))
def test_reasons_point_at_real_turns(
    classifier: CustomerTypeClassifier, make_conversation: Make, language: str, label: str
) -> None:
    """Every reason names a turn that exists, quotes it, and speaks for the label."""
    conversation = make_conversation(PLAIN[language, label], language=language)
    reasons = classifier.classify(conversation, extract(conversation)).reasons
    assert reasons
    for reason in reasons:
        assert reason.turn_index is not None
        assert reason.quote
        assert reason.quote in conversation.turns[reason.turn_index].text
        assert 0 < reason.weight <= 1
        assert " / " in reason.cue


def test_trajectory(classifier: CustomerTypeClassifier, make_conversation: Make) -> None:
    """Every customer turn has its agitation, and an outburst more of it than a plain request."""
    said = [
        ("agent", "您好"),
        ("customer", "你们太不负责任了，我要投诉"),
        ("agent", "嗯"),
        ("customer", "帮我查一下订单"),
    ]
    conversation = make_conversation(said)
    moods = classifier.classify(conversation, extract(conversation)).trajectory
    assert [mood.turn_index for mood in moods] == [1, 3]
    assert moods[0].agitated > 0.5 > moods[1].agitated


def test_same_call_same_answer(classifier: CustomerTypeClassifier, make_conversation: Make) -> None:
    """Nothing is learned or drawn while classifying, and a freshly loaded model agrees."""
    conversation = make_conversation(PLAIN["zh", "agitated"])
    answers = [
        one.classify(conversation, extract(conversation)) for one in (classifier, classifier, load_classifier(MODELS))
    ]
    assert answers[0] == answers[1] == answers[2]


def test_script_does_not_matter(classifier: CustomerTypeClassifier, make_conversation: Make) -> None:
    """Traditional characters and full-width marks give the same probabilities."""
    plain = make_conversation([("customer", "为什么会扣两次?我看不明白这个账单")])
    other = make_conversation([("customer", "為什麼會扣兩次？我看不明白這個賬單")])
    one, two = (classifier.classify(call, extract(call)).probabilities for call in (plain, other))
    assert one == pytest.approx(two)


@pytest.mark.parametrize(
    ("rows", "language"),
    [
        ([("agent", "您好，有什么可以帮您")], "zh"),
        ([], "en"),
        ([("customer", "   ")], "zh"),
        ([("customer", "Das ist eine Frechheit")], "de"),
    ],
    ids=["no customer", "nothing", "blank", "other language"],
)
def test_abstains_without_ground(
    classifier: CustomerTypeClassifier, make_conversation: Make, rows: list[tuple[str, str]], language: str
) -> None:
    """No customer, or a language without a model: even probabilities and an abstention."""
    conversation = make_conversation(rows, language=language)
    answer = classifier.classify(conversation, extract(conversation))
    assert answer.abstained
    assert set(answer.probabilities.values()) == {1 / 3}
    assert answer.reasons == ()


def test_suspect_turns_are_not_read(classifier: CustomerTypeClassifier, make_conversation: Make) -> None:
    """Text that the recogniser is not trusted with does not decide."""
    conversation = make_conversation([("customer", "你们太过分了我要投诉")])
    doubted = replace(conversation, turns=(replace(conversation.turns[0], suspect="loop"),))
    assert classifier.classify(doubted, extract(doubted)).abstained


def test_threshold_abstains(classifier: CustomerTypeClassifier, make_conversation: Make) -> None:
    """Under the threshold the likeliest label is given, but as abstained."""
    manifest = classifier._manifest
    entry = manifest.languages["zh"].model_copy(update={"threshold": 1.0})
    strict = CustomerTypeClassifier(
        manifest.model_copy(update={"languages": {**manifest.languages, "zh": entry}}), classifier._models
    )
    conversation = make_conversation(PLAIN["zh", "agitated"])
    answer = strict.classify(conversation, extract(conversation))
    assert (answer.label, answer.abstained) == ("agitated", True)
