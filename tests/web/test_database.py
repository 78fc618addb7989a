"""The database of the pages; run on SQLite and on PostgreSQL."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_the_one_that_was_set() -> None:
    set_to = settings.CONFIGURATION.database_url.partition(":")[0]
    assert connection.vendor == {"sqlite": "sqlite"}.get(set_to, "postgresql")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'ærlig' || ' ' || 'svar'")
        assert cursor.fetchone() == ("ærlig svar",)


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
