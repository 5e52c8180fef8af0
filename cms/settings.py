"""Settings: read once from the environment, typed, documented in docs/settings.md."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from accounts.naming import is_address


class UnsafeSettings(SystemExit):
    """The program refuses to start like this; the text says which setting and what to do."""


class Settings(BaseSettings):
    """Every setting, with its environment variable ``CLEARCOPY_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="CLEARCOPY_", extra="ignore", frozen=True)

    home: Path = Field(Path("var"), description="folder of database, keys, files and index")
    database_url: str = Field(
        "", description="sqlite:///… or postgresql://…; empty: SQLite in home"
    )
    env: Literal["development", "production"] = Field(
        "development", description="production refuses to start with unsafe settings"
    )
    secret_key: str = Field("", description="signs cookies; made once in home in development")
    secure_cookies: bool = Field(False, description="send cookies over HTTPS only")
    debug: bool = Field(False, description="Flask's debugger; never in production")
    host: str = Field("127.0.0.1", description="address to serve on")
    port: int = Field(8000, ge=1, le=65535, description="port to serve on")
    workers: int = Field(2, ge=1, le=64, description="web worker processes")
    idle_minutes: int = Field(15, ge=1, le=480, description="a session without a request ends")
    base_url: str = Field(
        "http://127.0.0.1:8000", description="public address, printed in QR codes"
    )
    company: str = Field(
        "", description="company name on exports and public pages; empty: Clearcopy"
    )
    certificate: str = Field(
        "", description="PKCS#12 or PEM file whose key signs PDFs too; empty: none does"
    )
    certificate_password: SecretStr = Field(SecretStr(""), description="password of that file")
    postal_address: str = Field(
        "", description="postal address at the foot of emails; lines are parted by semicolons"
    )
    smtp_host: str = Field("", description="mail server; empty: no email can be sent")
    smtp_port: int = Field(587, ge=1, le=65535, description="port of the mail server")
    smtp_user: str = Field("", description="user name at the mail server; empty: none is given")
    smtp_password: SecretStr = Field(SecretStr(""), description="password at the mail server")
    smtp_from: str = Field(
        "", description="the verified address emails come from, and notices go back to"
    )
    smtp_starttls: bool = Field(True, description="refuse to send without encryption")
    smtp_per_minute: int = Field(60, ge=1, le=6000, description="emails sent in a minute at most")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and not re.match(r"(sqlite|postgresql)(\+[a-z0-9_]+)?://", url):
            raise ValueError("it must begin with sqlite:/// or postgresql://")
        return url

    @field_validator("smtp_from")
    @classmethod
    def _one_address(cls, text: str) -> str:
        if text and not is_address(text):
            raise ValueError("it must be one plain email address")
        return text

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{(self.home / 'clearcopy.db').absolute()}"

    def cookie_key(self) -> str:
        """The key that signs cookies; in development one is made and kept in ``home``."""
        if self.secret_key:
            return self.secret_key
        path = self.home / "cookie.key"
        if not path.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
        return path.read_text()


def read_settings() -> Settings:
    """Read the environment; ``UnsafeSettings`` names what must change."""
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = f"CLEARCOPY_{str(first['loc'][0]).upper()}"
        why = first["msg"].removeprefix("Value error, ")
        raise UnsafeSettings(f"{name} cannot be used: {why}.") from None
    if settings.env == "production":
        _refuse_unsafe(settings)
    return settings


def _refuse_unsafe(settings: Settings) -> None:
    if len(settings.secret_key) < 32:
        raise UnsafeSettings("CLEARCOPY_SECRET_KEY must have at least 32 characters in production.")
    if settings.debug:
        raise UnsafeSettings("CLEARCOPY_DEBUG must be off in production.")
    if not settings.secure_cookies:
        raise UnsafeSettings("CLEARCOPY_SECURE_COOKIES must be on in production.")
