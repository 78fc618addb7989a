"""Django's settings, made from the configuration. Everything a body may change is a ``LOFT_`` variable."""

import os
from pathlib import Path

from loft.language import LANGUAGES as _LANGUAGES
from loft.language import LOCALE
from loft.web.configuration import Configuration, database

HERE = Path(__file__).parent
CONFIGURATION = Configuration.read(os.environ)

SECRET_KEY = CONFIGURATION.secret_key
DEBUG = CONFIGURATION.debug
ALLOWED_HOSTS = list(CONFIGURATION.allowed_hosts)
ROOT_URLCONF = "loft.web.urls"
DATABASES = {"default": database(CONFIGURATION.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = ["django.contrib.staticfiles", "ninja", "loft.log", "loft.changes", "loft.web.apps.Web"]
MIDDLEWARE = [
    "loft.web.middleware.this_machine_only",
    "loft.web.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "loft.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "loft.web.middleware.upload_limit",
    "django.middleware.csrf.CsrfViewMiddleware",
    "loft.web.middleware.errors",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "loft.web.context.page"],
            "builtins": ["loft.web.templatetags.loft", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

USE_TZ = True
TIME_ZONE = "Europe/Oslo"
USE_I18N = True
LANGUAGE_CODE = CONFIGURATION.language
LANGUAGES = list(_LANGUAGES.items())
LOCALE_PATHS = [LOCALE]

STATIC_URL = "/static/"
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder", "loft.web.staticfiles.ChartStyle"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = CONFIGURATION.home
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "loft.web.pages.front.refused"
SECURE_CONTENT_TYPE_NOSNIFF = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"terminal": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["terminal"], "level": "ERROR"}},
}
