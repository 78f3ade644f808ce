"""The few models that compete. All of them are plain scikit-learn, so that skops can store them without trust.

No tree ensembles: skops rightly refuses to load them from a file (unchecked node indexes).
"""

from typing import Any

from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from qa.customer_type.signals import CALL_COLUMNS, MEASURES, TURN_COLUMNS

RECIPES = ("cues", "turns", "turns_cues")
_VOCABULARY = 4000
# Habits of a business or channel rather than of a customer type: how polite and formal its people are.
# Real service talk is far more formulaic than written calls, so a weight learned on these does not carry over.
_HABITS = frozenset(
    f"cue_{name}"
    for name in (
        "question",
        "practical_question",
        "polite",
        "agreement",
        "precise",
        "agent_handles",
        "agent_defends",
        "agent_apology",
    )
)
_CUES = [name for name in CALL_COLUMNS if name.startswith("cue_") and name not in _HABITS]
_TURNS = [name for name in CALL_COLUMNS if name.startswith("turns_")]


def turn_estimator(language: str) -> Pipeline:
    """Unfitted model of single customer turns: n-grams and cues."""
    grams = TfidfVectorizer(
        analyzer="char" if language == "zh" else "char_wb",
        ngram_range=(1, 3) if language == "zh" else (2, 5),
        min_df=2,
        max_features=_VOCABULARY,
        sublinear_tf=True,
    )
    numbers = list(range(1, len(TURN_COLUMNS)))
    table = ColumnTransformer(
        [("grams", grams, 0), ("cues", SimpleImputer(strategy="constant", fill_value=0.0), numbers)],
        transformer_weights={"cues": 0.3},
    )
    return make_pipeline(table, LogisticRegression(C=2.0, max_iter=3000, class_weight="balanced"))


def call_estimator(recipe: str) -> Any:
    """Unfitted model of whole calls."""
    if recipe == "cues":
        return _linear([*_CUES, *MEASURES])
    if recipe == "turns":
        return _linear([*_TURNS, *MEASURES])
    return _linear([*_TURNS, *_CUES, *MEASURES])


def _linear(columns: list[str]) -> Pipeline:
    return _over(columns, LogisticRegression(C=0.05, max_iter=3000))


def _over(columns: list[str], estimator: Any) -> Pipeline:
    # Constant 0 keeps columns that no training call has, e.g. sound measures of written calls.
    imputer = SimpleImputer(strategy="constant", fill_value=0.0, add_indicator=True, keep_empty_features=True)
    places = [CALL_COLUMNS.index(name) for name in columns]
    return make_pipeline(ColumnTransformer([("columns", imputer, places)]), StandardScaler(), estimator)
