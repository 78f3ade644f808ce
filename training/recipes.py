"""The few models that compete: representation x estimator. All of them are plain scikit-learn, so skops can store them."""

from collections.abc import Callable
from typing import Any

from sklearn.compose import ColumnTransformer
from sklearn.ensemble import ExtraTreesClassifier, VotingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from qa.customer_type.signals import COLUMNS, VIEWS

_VOCABULARY = 3000
_SEED = 7
_NUMBERS = list(range(len(VIEWS), len(VIEWS) + len(COLUMNS)))


def recipes(language: str) -> dict[str, Callable[[], Any]]:
    """Unfitted models by name."""
    return {
        "cues": lambda: _cues(),
        "trees": lambda: _trees(),
        "text": lambda: _text(language),
        "bayes": lambda: _bayes(language),
        "joined": lambda: _joined(language),
        "vote": lambda: _vote(language, agent=False, trees=False),
        "vote_trees": lambda: _vote(language, agent=False, trees=True),
        "vote_agent": lambda: _vote(language, agent=True, trees=True),
    }


def _numbers(scale: bool = True) -> Pipeline:
    # Constant 0 keeps columns that no training call has, e.g. sound measures of written calls.
    imputer = SimpleImputer(strategy="constant", fill_value=0.0, add_indicator=True, keep_empty_features=True)
    return make_pipeline(imputer, StandardScaler()) if scale else make_pipeline(imputer)


def _grams(language: str) -> TfidfVectorizer:
    if language == "zh":
        return TfidfVectorizer(
            analyzer="char", ngram_range=(1, 3), min_df=2, max_features=_VOCABULARY, sublinear_tf=True
        )
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), min_df=2, max_features=_VOCABULARY, sublinear_tf=True
    )


def _logistic(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=3000)


def _cues() -> Pipeline:
    return make_pipeline(ColumnTransformer([("cues", _numbers(), _NUMBERS)]), _logistic(0.03))


def _trees() -> Pipeline:
    trees = ExtraTreesClassifier(200, min_samples_leaf=3, max_features=0.2, random_state=_SEED)
    return make_pipeline(ColumnTransformer([("cues", _numbers(scale=False), _NUMBERS)]), trees)


def _text(language: str, *, agent: bool = False) -> Pipeline:
    views = [("customer", _grams(language), 0)]
    if agent:
        views.append(("agent", _grams(language), 3))
    table = ColumnTransformer(views, transformer_weights={"agent": 0.5} if agent else None)
    return make_pipeline(table, _logistic(5.0))


def _bayes(language: str) -> Pipeline:
    return make_pipeline(ColumnTransformer([("customer", _grams(language), 0)]), ComplementNB(alpha=0.3))


def _joined(language: str) -> Pipeline:
    table = ColumnTransformer(
        [("customer", _grams(language), 0), ("cues", _numbers(), _NUMBERS)], transformer_weights={"customer": 8.0}
    )
    return make_pipeline(table, _logistic(0.02))


def _vote(language: str, *, agent: bool, trees: bool) -> VotingClassifier:
    voters = [("text", _text(language, agent=agent)), ("cues", _cues())]
    if trees:
        voters.append(("trees", _trees()))
    return VotingClassifier(voters, voting="soft")
