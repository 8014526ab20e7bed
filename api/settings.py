"""What can be set from outside, each with one sentence. Nothing else reads the environment."""

import os
import sys
from datetime import date
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of one service or command, frozen; each is read from `KITH_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="KITH_", frozen=True, extra="ignore")

    store: str | None = Field(
        default=None, description="The store's URL, sqlite:///… or neo4j://…; without it, an evaluation store in the data folder."
    )
    neo4j_user: str = Field(default="neo4j", description="The user that Neo4j is opened as.")
    neo4j_password: SecretStr | None = Field(
        default=None, description="The password of that user; a file is better, since the environment can be read by others."
    )
    neo4j_password_file: Path | None = Field(
        default=None, description="A file that holds the password and nothing else; it wins over the password itself."
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on; anything but loopback is refused.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port to listen on; 0 takes a free one.")
    in_container: bool = Field(
        default=False, description="Set to yes by our compose file alone: listens on every address inside the container."
    )
    on: date | None = Field(
        default=None,
        description="On an evaluation store, the day to take as today for facts; clocks of access and audit stay real.",
    )
    evaluation_rows: int = Field(
        default=1000, ge=1, le=200_000, description="How many rows of a table an evaluation store takes in at most."
    )
    closed_days: str = Field(
        default="",
        description="Days on which nobody works, as 2026-12-25,2026-12-28: the window of an agenda item does not count them.",
    )
    requests_a_minute: int = Field(
        default=600, ge=1, le=1_000_000, description="How many requests one person or program may send in any minute."
    )
    referrals_an_hour: int = Field(
        default=60, ge=1, le=1_000_000, description="How many referrals one person or program may send in any hour."
    )
    data_folder: Path = Field(
        default_factory=lambda: usual_data_folder(), description="Where evaluation stores are kept when no store is named."
    )

    @field_validator("closed_days")
    @classmethod
    def _days(cls, given: str) -> str:
        for day in given.split(","):
            if day.strip():
                date.fromisoformat(day.strip())
        return given

    def days_closed(self) -> frozenset[date]:
        """The days on which nobody works."""
        return frozenset(date.fromisoformat(day.strip()) for day in self.closed_days.split(",") if day.strip())

    def store_url(self) -> str:
        """The store to open: the one that is set, else an evaluation store in the data folder."""
        return self.store or f"sqlite:///{self.data_folder / 'evaluation.db'}"

    def read_neo4j_password(self) -> str | None:
        """The password from its file, else from the setting. OSError when the file cannot be read."""
        if self.neo4j_password_file is not None:
            return self.neo4j_password_file.read_text(encoding="utf-8").rstrip("\r\n")
        return self.neo4j_password.get_secret_value() if self.neo4j_password is not None else None


def usual_data_folder() -> Path:
    """Where this platform keeps a user's data, in a folder of our own."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "kith"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "kith"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "kith"
