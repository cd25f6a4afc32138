from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """The judgement: statements, their chains of attribution, claims and what is known about them."""

    name = "claims"
    default_auto_field = "django.db.models.BigAutoField"
