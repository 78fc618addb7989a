"""The pages that show changes."""

from django.urls import URLPattern

READING: list[URLPattern] = []
