"""A rule for passwords that Django does not have."""

from typing import Any

from django.core.exceptions import ValidationError

MAX_CHARS = 256


class MaximumLength:
    """Nothing is cut off in silence, and nothing endless is hashed."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > MAX_CHARS:
            raise ValidationError(f"This password is too long. It may have at most {MAX_CHARS} characters.")

    def get_help_text(self) -> str:
        return f"Your password may have at most {MAX_CHARS} characters."
