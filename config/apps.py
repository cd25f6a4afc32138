"""The editors' desk as an app: Django asks for it before any model is there."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "config.desk.Desk"
