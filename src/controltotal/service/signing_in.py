"""Signing in: local accounts with a second factor, or an organisation's own; nobody signs up."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from requests import RequestException

from controltotal.service.failing import refused
from controltotal.service.sessions import PROVIDER_SESSION

BY_PROVIDER: Final = "socialaccount"
RECENT: Final = 5 * 60
"""Seconds for which a sign-in is not asked to be confirmed."""
SIGNING: Final = frozenset({"account_logout", "account_reauthenticate", "session"})
"""Pages that somebody opens whose account is not set up yet, beside those for anyone."""
SET_UP: Final = frozenset(
    {"mfa_activate_totp", "mfa_reauthenticate", "mfa_view_recovery_codes", "mfa_index"}
)
"""Pages on which a second factor is set up."""


class Adapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody makes one of their own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def add_message(self, *given: Any, **options: Any) -> None:
        """What allauth would say beside our pages is not said."""

    def send_mail(self, *given: Any, **options: Any) -> None:
        """No mail about accounts: an administrator tells people."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account: the password is the person's own from now on."""
        if request.user.given_password:
            request.user.given_password = False
            request.user.save(update_fields=["given_password"])
        return "/account"

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """What is grave is confirmed, unless the sign-in was a moment ago."""
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] > RECENT

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        """Keep the name that the provider has for the session, so that it can end it."""
        login = (options.get("signal_kwargs") or {}).get("sociallogin")
        if login is not None:
            said = login.account.extra_data.get("id_token") or {}
            request.session[PROVIDER_SESSION] = str(said.get("sid", ""))[:200]
        answer: HttpResponse = super().post_login(request, user, **options)
        return answer


class FactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors stand in the people's database under the service's own key."""

    def _key(self) -> Fernet:
        drawn = hashlib.sha256(f"second factors/{settings.SECRET_KEY}".encode()).digest()
        return Fernet(base64.urlsafe_b64encode(drawn))

    def encrypt(self, text: str) -> str:
        """A secret as it is kept."""
        return self._key().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret as it was."""
        return self._key().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Any) -> str:
        """How the app names the account."""
        return str(user.username)

    def send_notification_mail(self, *given: Any, **options: Any) -> None:
        """No mail about second factors."""


class ProviderAdapter(DefaultSocialAccountAdapter):
    """People of an organisation's own sign-in: known by their subject, or refused."""

    def get_requests_session(self) -> Any:
        """How the provider is asked: at its own addresses, wherever it would send the question.

        One that does not answer, or leads elsewhere, has not let anybody in.
        """
        session = super().get_requests_session()
        session.max_redirects = 0
        asking = session.request

        def ask(*given: Any, **options: Any) -> Any:
            try:
                return asking(*given, **options)
            except RequestException:
                return self.on_authentication_error(self.request)

        session.request = ask
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the person whose subject the provider names; nobody is made by signing in.

        The provider is the one of the settings, by the name that it signs with: another's word that
        its metadata passed on is not taken.
        """
        token = sociallogin.account.extra_data.get("id_token") or {}
        if not is_provider(str(token.get("iss", ""))):
            self.on_authentication_error(request)
        people = get_user_model().objects
        person = people.filter(subject=sociallogin.account.uid, is_active=True).first()
        if person is None:
            raise ImmediateHttpResponse(
                refused(
                    request,
                    403,
                    "You have signed in with your organisation, but nobody here has your account.",
                    "Ask whoever administers this service to add you.",
                )
            )
        sociallogin.user = person

    def on_authentication_error(self, request: HttpRequest, *given: Any, **options: Any) -> None:
        """A sign-in that broke off, or that the provider did not vouch for."""
        raise ImmediateHttpResponse(
            refused(
                request,
                403,
                "Your organisation's sign-in did not let you through, or broke off.",
                "Go back to the sign-in and try again.",
            )
        )


def is_provider(issuer: str) -> bool:
    """Whether an issuer is the provider of the settings, whose address is its name."""
    server = str(settings.CONTROLTOTAL.oidc_server).partition("/.well-known/")[0]
    return issuer.rstrip("/") == server.rstrip("/")


def by_provider(request: HttpRequest) -> bool:
    """Whether this session was begun at the organisation's own sign-in."""
    records = get_authentication_records(request, request.user)
    return any(one.get("method") == BY_PROVIDER for one in records)


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether whoever signed in has a local account without a second factor yet."""
    return not by_provider(request) and not is_mfa_enabled(request.user)
