"""The pages on which a change is written."""

from django.urls import URLPattern

WRITING: list[URLPattern] = []
