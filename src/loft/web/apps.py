"""The Django app."""

from django.apps import AppConfig


class Web(AppConfig):
    """Løft's pages."""

    name = "loft.web"
    label = "web"
    verbose_name = "Løft"
