"""A provider of sign-in for tests: OpenID Connect on this machine, with keys of its own.

`provided()` starts one in a thread. It signs in whoever `subject` names, checks the secret, the code
and its proof (PKCE), and makes notices of sign-out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "controltotal", "a secret of the provider's"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


def new_key() -> rsa.RSAPrivateKey:
    """A key to sign with."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """What the provider knows: who is signed in there, under which session, with which key.

    `audience` and `issuer` are what its tokens name, `moved` says that it sends questions elsewhere.
    """

    address: str = ""
    subject: str = ""
    session: str = "session-1"
    key: rsa.RSAPrivateKey = field(default_factory=new_key)
    audience: str = CLIENT
    issuer: str = ""
    moved: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def config(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.issuer or self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        """Its public keys."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where a browser is sent back to: whoever `subject` names has signed in."""
        code = uuid4().hex
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, given: dict[str, str]) -> dict[str, Any] | None:
        """The tokens for a code; None where secret, code or proof are not right."""
        asked = self.codes.pop(given.get("code", ""), None)
        if asked is None or given.get("client_secret") != SECRET:
            return None
        proof = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        told = {"sub": self.subject, "sid": self.session, **self._times()}
        whose = {"iss": self.issuer or self.address, "aud": self.audience}
        signed = self.signed({**told, **whose})
        return {"access_token": uuid4().hex, "token_type": "Bearer", "id_token": signed}

    def notice(self, **changed: Any) -> str:
        """A notice of a sign-out; `changed` says what is otherwise than it should be."""
        told = {"iss": self.address, "aud": CLIENT, "sub": self.subject, "sid": self.session}
        whole = {**told, **self._times(), "jti": uuid4().hex, "events": {EVENT: {}}, **changed}
        return self.signed({name: value for name, value in whole.items() if value is not None})

    def signed(self, told: dict[str, Any], key: Any = None) -> str:
        """Something signed with its key, or with another."""
        return jwt.encode(told, key or self.key, algorithm="RS256", headers={"kid": "k1"})

    def _times(self) -> dict[str, int]:
        now = int(time.time())
        return {"iat": now, "exp": now + 120}


@contextmanager
def provided() -> Iterator[Provider]:
    """A provider that answers until the block ends."""
    known = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                asked = {name: texts[0] for name, texts in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", known.authorize(asked))
                self.end_headers()
                return
            pages = {
                "/.well-known/openid-configuration": known.config,
                "/keys": known.keys,
                "/userinfo": lambda: {"sub": known.subject, "name": "Somebody"},
            }
            if known.moved and parts.path in pages:
                self.send_response(302)
                self.send_header("Location", f"{known.address}/moved{parts.path}")
                self.end_headers()
                return
            page = pages.get(parts.path.removeprefix("/moved"))
            self._send(200 if page else 404, page() if page else {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told = known.token({name: texts[0] for name, texts in parse_qs(body).items()})
            self._send(200 if told else 400, told or {"error": "invalid_grant"})

        def _send(self, status: int, told: Any) -> None:
            data = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *given: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    known.address = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
