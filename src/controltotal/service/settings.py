"""Django's settings for a deployment: safe by default, and nothing of it in a file of its own."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from controltotal.core.errors import BookError
from controltotal.service.deployment import Deployment

HERE: Final = Path(__file__).parent
IDLE: Final = 15 * 60
"""Seconds without a request after which a session ends."""
LONGEST: Final = 12 * 60 * 60
"""Seconds after which a session ends whatever happens."""
UPLOAD_MOST: Final = 60 * 1024 * 1024
"""Bytes of an upload."""
POLICY: Final = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "object-src": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
    "manifest-src": ["'self'"],
}
"""What a page may load, and whom it may speak to: this service alone."""


def configure(deployment: Deployment) -> None:
    """Set Django up for a deployment; once in a process."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(**values(deployment))
        django.setup()


def values(deployment: Deployment) -> dict[str, Any]:
    """The settings of a deployment."""
    secure = deployment.behind_proxy
    return {
        "SECRET_KEY": secret(deployment.path / "secret.key"),
        "DEBUG": False,
        "ALLOWED_HOSTS": _hosts(deployment),
        "ROOT_URLCONF": "controltotal.service.urls",
        "INSTALLED_APPS": [*APPS, *(APPS_OF_PROVIDER if deployment.oidc_server else ())],
        "MIDDLEWARE": MIDDLEWARE,
        "TEMPLATES": TEMPLATES,
        "DATABASES": {"default": database(deployment)},
        "AUTH_USER_MODEL": "service.Person",
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "PASSWORD_HASHERS": HASHERS_OF_DEMO if deployment.demo else HASHERS,
        "AUTH_PASSWORD_VALIDATORS": VALIDATORS,
        "LANGUAGE_CODE": "en-gb",
        "TIME_ZONE": "Europe/London",
        "USE_TZ": True,
        "STATIC_URL": "/static/",
        "STATICFILES_DIRS": [str(HERE / "static")],
        "STATIC_ROOT": str(HERE / "static"),
        "WHITENOISE_USE_FINDERS": False,
        "LOGIN_URL": "/sign-in",
        "LOGIN_REDIRECT_URL": "/",
        "SESSION_ENGINE": "controltotal.service.sessions",
        "SESSION_COOKIE_AGE": LONGEST,
        "SESSION_COOKIE_NAME": "__Host-session" if secure else "sessionid",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "CSRF_COOKIE_NAME": "__Host-form" if secure else "csrftoken",
        "CSRF_COOKIE_SECURE": secure,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_AGE": None,
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_FAILURE_VIEW": "controltotal.service.failing.forged",
        "CSRF_TRUSTED_ORIGINS": [f"https://{name}" for name in deployment.hosts] if secure else [],
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if secure else None,
        "SECURE_HSTS_SECONDS": 31_536_000 if secure else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": secure,
        "SECURE_SSL_REDIRECT": secure,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": POLICY},
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 5 * 1024 * 1024,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 5_000,
        "FILE_UPLOAD_MAX_MEMORY_SIZE": 1024 * 1024,
        "FILE_UPLOAD_TEMP_DIR": str(folder(deployment, "uploads")),
        "APPEND_SLASH": False,
        "LOGGING": LOGGING,
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
        "CONTROLTOTAL": deployment,
        **ACCOUNTS,
        "ACCOUNT_RATE_LIMITS": LIMITS_OF_DEMO if deployment.demo else LIMITS,
        "ALLAUTH_TRUSTED_PROXY_COUNT": 0,  # the server has put the client's address in its place
        **provider(deployment),
    }


APPS: Final = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "controltotal.service.apps.ServiceConfig",
]
APPS_OF_PROVIDER: Final = ["allauth.socialaccount.providers.openid_connect"]
"""Only where a provider of sign-in is named: it brings a client of HTTP with it, and no tables."""
MIDDLEWARE: Final = [
    "controltotal.service.security_log.Witness",
    "csp.middleware.CSPMiddleware",  # also what the two below answer by themselves
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "controltotal.service.access.Gatekeeper",
]
TEMPLATES: Final = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [str(HERE / "templates")],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "controltotal.service.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]
HASHERS: Final = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
HASHERS_OF_DEMO: Final = ["controltotal.service.demonstration.QuickHasher"]
VALIDATORS: Final = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "controltotal.service.password_words.OwnWords"},
]
ACCOUNTS: Final = {
    "ACCOUNT_ADAPTER": "controltotal.service.signing_in.Adapter",
    "ACCOUNT_LOGIN_METHODS": {"username"},
    "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_USER_MODEL_EMAIL_FIELD": "email",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": "username",
    "ACCOUNT_LOGOUT_REDIRECT_URL": "/sign-in",
    "ACCOUNT_SESSION_REMEMBER": False,
    "ACCOUNT_REAUTHENTICATION_TIMEOUT": 300,
    "SOCIALACCOUNT_ADAPTER": "controltotal.service.signing_in.ProviderAdapter",
    "SOCIALACCOUNT_STORE_TOKENS": False,
    "MFA_ADAPTER": "controltotal.service.signing_in.FactorAdapter",
    "MFA_RECOVERY_CODES_SHOW_ONCE": True,
    "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes"],
    "MFA_TOTP_ISSUER": "controltotal",
}
LIMITS: Final = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
"""How often anybody may try to sign in, from one address and under one name."""
LIMITS_OF_DEMO: Final = {**LIMITS, "login": "600/m/ip"}
LOGGING: Final = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "console": {"class": "logging.StreamHandler"},
        "nothing": {"class": "logging.NullHandler"},  # without one, Python writes by itself
    },
    "loggers": {
        name: {"handlers": ["nothing"], "propagate": False}
        for name in ("django.request", "django.security")  # addresses; see the security log
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}


def _hosts(deployment: Deployment) -> list[str]:
    """The names under which it answers: its own, and those of the settings."""
    own = ["localhost", "127.0.0.1", "[::1]"] if deployment.loopback else [deployment.host]
    return [*own, *deployment.hosts]


def provider(deployment: Deployment) -> dict[str, Any]:
    """Sign-in by an organisation's own accounts, where one is named."""
    if not deployment.oidc_server:
        return {}
    file = Path(deployment.oidc_secret_file)
    if not file.is_file():
        raise BookError(
            "the secret of the sign-in provider is not there",
            deployment.oidc_secret_file or "oidc_secret_file",
            "name the file that holds it",
        )
    own = {
        "provider_id": "organisation",
        "name": deployment.oidc_name,
        "client_id": deployment.oidc_client,
        "secret": file.read_text("utf-8").strip(),
        "settings": {
            "server_url": deployment.oidc_server,
            "oauth_pkce_enabled": True,
            "uid_field": "sub",
        },
    }
    return {
        "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"APPS": [own]}},
    }


def folder(deployment: Deployment, name: str) -> Path:
    """A folder of the service's own, readable by its owner alone."""
    path = deployment.path / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def database(deployment: Deployment) -> dict[str, Any]:
    """The second database: a SQLite file in the folder, or a PostgreSQL."""
    if not deployment.people:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(deployment.path / "people.sqlite"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    parts = urlsplit(deployment.people)
    more = dict(parse_qsl(parts.query))
    more.pop("ledger", "")
    host = unquote(parts.hostname or "") or more.pop("host", "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": {**more, "options": f"-c search_path={people_schema(deployment.people)}"},
    }


def people_schema(address: str) -> str:
    """Where the people of a ledger stand in a PostgreSQL: beside its own schema.

    >>> people_schema("postgresql://h/db?ledger=qe1"), people_schema("postgresql://h/db")
    ('qe1_people', 'controltotal_people')
    """
    name = dict(parse_qsl(urlsplit(address).query)).get("ledger", "controltotal")
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,50}", name):
        raise BookError(
            f"{name!r} cannot be the name of a ledger",
            "?ledger=NAME",
            "use small letters, digits and _",
        )
    return f"{name}_people"


def secret(file: Path) -> str:
    """The secret that sessions are signed with: made once, readable by its owner alone."""
    try:
        return file.read_text("utf-8").strip()
    except FileNotFoundError:
        made = secrets.token_urlsafe(48)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(made)
        return made
