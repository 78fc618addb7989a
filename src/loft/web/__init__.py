"""The pages: a Django project that shows what the log answers, and takes logs in.

``configuration`` reads the ``LOFT_`` settings and refuses nonsense before anything starts; ``settings`` hands them to Django.
Each question of ``loft.insight`` is a section of a log's page (``questions``), with its sentence (``headlines``), figure and table,
and the same table as ``.csv``, ``.json`` and in the API. Everything that chooses cases stands in the address (``filters``), and
answers are kept for the next visit (``library``). For now there are no accounts: one person, on the machine itself.
"""

from loft.web.configuration import Configuration, ConfigurationError
from loft.web.server import serve

__all__ = ["Configuration", "ConfigurationError", "serve"]
