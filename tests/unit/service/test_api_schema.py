"""Every address of the API is asked what OpenAPI allows and what it does not: it never breaks.

The ledger is of a small system in memory; a new one is served from time to time, so that acts that go
through do not pile up.
"""

from __future__ import annotations

import os
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import checks

from controltotal.service.limits import LIMITS
from controltotal.service.tokens import new_token
from tests.service_house import person, served

CASES: Final = 2_000
SOAK: Final = 20_000
OFFICES: Final = (
    ("system_finance", "S1"),
    ("trust_finance", "T1"),
    ("programme_office", "T1"),
    ("medical_director", "T1"),
    ("region", "S1"),
    ("councillor", "S1"),
    ("publisher", "S1"),
)


@pytest.fixture(scope="module")
def schema() -> Any:
    """The description of the API, as it describes itself."""
    from django.core.wsgi import get_wsgi_application

    served()
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one person ask as often as a search does."""
    monkeypatch.setattr(LIMITS, "writes", 10**9)
    monkeypatch.setattr(LIMITS, "asks", 10**9)


def searched(schema: Any, cases: int) -> None:
    """Ask each operation its share of cases, as somebody with many offices."""
    house = served()
    token = new_token(person(house, "search", *OFFICES), "search", "act", 1)
    header = {"Authorization": f"Bearer {token}"}
    operations = [result.ok() for result in schema.get_all_operations()]
    share = -(-cases // (len(operations) - 1))  # `head` has nothing to vary
    asked = 0
    for operation in operations:

        @seed(20261130)
        @settings(
            max_examples=share,
            derandomize=False,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            answer = case.call(headers=header)
            case.validate_response(
                answer,
                headers=header,
                excluded_checks=[checks.ignored_auth, checks.positive_data_acceptance],
            )

        ask()
    assert asked >= cases


def test_no_request_breaks_the_api_and_every_answer_is_as_described(
    schema: Any, unlimited: None
) -> None:
    searched(schema, CASES)


@pytest.mark.soak
def test_no_request_of_very_many_breaks_the_api(schema: Any, unlimited: None) -> None:
    searched(schema, int(os.environ.get("CASES", SOAK)))
