"""Signing in and out in a browser."""

from __future__ import annotations

from typing import Any

import pytest

from tests.live_service import NARROW, Service, grave_faults, sideways

pytestmark = pytest.mark.pages


def test_an_account_signs_in_by_the_form_and_out_again(service: Service, browser: Any) -> None:
    at = service.signed_in(browser, "system")
    assert grave_faults(at.page) == []
    at.calm()
    at.page.context.close()


def test_the_sign_in_is_usable_on_a_phone(service: Service, browser: Any) -> None:
    at = service.watched(browser, NARROW)
    at.goto("/months")
    assert grave_faults(at.page) == []
    assert sideways(at.page) == 0
    at.page.context.close()
