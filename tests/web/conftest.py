"""Django for the tests of the pages: set up before their modules are read."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loft.web.settings")
django.setup()
