import os
import stat
import subprocess
import sys

import pytest

from loft.web import Configuration, ConfigurationError, serve
from loft.web.configuration import KNOWN, database


def read(tmp_path, **more):
    return Configuration.read({"LOFT_HOME": str(tmp_path), **more})


def test_without_settings_there_is_a_home_with_a_secret_key_of_its_own(tmp_path):
    first, second = read(tmp_path), read(tmp_path)
    assert first.secret_key == second.secret_key and len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert first.minimum == 5 and first.language == "nb" and first.upload_limit == 10**9
    assert first.database_url == f"sqlite:///{tmp_path / 'loft.sqlite3'}"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("LOFT_MINIMUM_CASES", "4", "5 or more"),
        ("LOFT_MINIMUM_CASES", "few", "5 or more"),
        ("LOFT_MINIMUM_CASES", "-9", "5 or more"),
        ("LOFT_SECRET_KEY", "short", "at least 32"),
        ("LOFT_ALLOWED_HOSTS", "loft.fjordvik.no", "no accounts yet"),
        ("LOFT_ALLOWED_HOSTS", "localhost, *", "no accounts yet"),
        ("LOFT_ALLOWED_HOSTS", "0.0.0.0", "no accounts yet"),
        ("LOFT_LANGUAGE", "de", "nb, nn, en"),
        ("LOFT_UPLOAD_LIMIT", "much", "500 MB"),
        ("LOFT_UPLOAD_LIMIT", "0 MB", "500 MB"),
        ("LOFT_ATTACHMENT_LIMIT", "20", "500 MB"),
        ("LOFT_DATABASE_URL", "mysql://a/b", "sqlite:///"),
        ("LOFT_DATABASE_URL", "postgres://host", "names no database"),
        ("LOFT_DEBUG", "maybe", "yes or no"),
    ],
)
def test_nonsense_is_refused_with_a_sentence_that_names_the_setting(tmp_path, name, value, says):
    with pytest.raises(ConfigurationError, match=says) as error:
        read(tmp_path, **{name: value})
    assert name in str(error.value) and name in KNOWN


def test_a_home_that_cannot_be_written_to_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="LOFT_HOME"):
        Configuration.read({"LOFT_HOME": str(tmp_path / "file" / "home")})


def test_settings_that_make_sense_are_kept(tmp_path):
    made = read(
        tmp_path,
        LOFT_MINIMUM_CASES="10",
        LOFT_UPLOAD_LIMIT="20 MB",
        LOFT_ATTACHMENT_LIMIT="3 MB",
        LOFT_ALLOWED_HOSTS="localhost,127.0.0.5",
        LOFT_LANGUAGE="nn",
    )
    assert (made.minimum, made.upload_limit, made.language) == (10, 20_000_000, "nn")
    assert made.attachment_limit == 3_000_000
    assert made.allowed_hosts == ("localhost", "127.0.0.5")


def test_a_database_is_told_to_django():
    made = database("postgres://per:s%40nt@db.local:5433/loft?sslmode=require")
    assert (made["USER"], made["PASSWORD"], made["HOST"], made["PORT"], made["NAME"]) == (
        "per",
        "s@nt",
        "db.local",
        "5433",
        "loft",
    )
    assert made["OPTIONS"] == {"sslmode": "require"}
    assert database("postgresql:///loft?host=/run/pg")["HOST"] == "/run/pg"
    assert database("sqlite:////data/loft.db")["NAME"] == "/data/loft.db"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "loft.no", "::", ""])
def test_the_pages_are_served_on_this_machine_only(tmp_path, host):
    with pytest.raises(ConfigurationError, match="only on this machine"):
        serve(tmp_path, host)


def test_a_setting_that_cannot_be_used_stops_the_start(tmp_path):
    code = f"from loft.web import serve; serve({str(tmp_path)!r}, port=0)"
    environment = {**os.environ, "LOFT_MINIMUM_CASES": "2"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "LOFT_MINIMUM_CASES is '2'" in done.stderr


def test_analysts_do_not_load_django():
    code = "import sys, loft, loft.web, loft.charts; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
