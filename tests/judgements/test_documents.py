"""The shipped files: they load, fit the catalogue, and name real things."""

import re

import pytest

from qa.judgements.documents import catalogue, documents, documents_digest

FORMS = [*documents().flows, *documents().psychology]


def test_every_criterion_named_is_in_the_catalogue():
    """Steps, elements, outlooks and register rest on criteria of the catalogue only."""
    found = documents()
    named = {name for flow in found.flows for step in flow.steps for name in step.criteria}
    named |= {name for step in found.seven_elements for name in step.criteria}
    named |= {*found.expectation.needed, *found.expectation.beyond}
    named |= {name for form in found.psychology for name in form.criteria}
    named |= {*found.register_.recorded, *found.register_.first_handling, *found.register_.follow_up}
    assert named <= set(catalogue())


@pytest.mark.parametrize("form", FORMS, ids=lambda form: getattr(form, "id", None) or form.kind)
def test_source_names_a_document(form):
    """Every flow and kind names one of the five documents, the same in both languages."""
    assert re.findall(r"\b00[0-4]\b", form.source.en)
    assert re.findall(r"00[0-4]", form.source.zh) == re.findall(r"00[0-4]", form.source.en)


def test_psychology_can_be_followed():
    """Each kind is answered by criteria or by words in both languages, and its patterns compile."""
    for form in documents().psychology:
        assert form.criteria or set(form.agent) == {"zh", "en"}
        for pattern in (*form.customer.values(), *form.agent.values()):
            assert not re.compile(pattern).search("")


def test_digest():
    """The digest is a sha256."""
    assert re.fullmatch("[0-9a-f]{64}", documents_digest())
