"""People and their roles. Accounts are switched off, not deleted: their names stand behind what they did."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from articles.admin_base import DeskAdmin
from claims.models import sees_desk
from config import audit, sessions

POWERS = {"groups", "is_active", "is_staff", "is_superuser", "user_permissions"}
"""Whose powers change, or who is switched off, is signed out everywhere."""

admin.site.unregister(User)
admin.site.unregister(Group)


def colleagues() -> QuerySet[User]:
    """Whom work can be given to: everybody with a working account at the desk."""
    return User.objects.filter(is_active=True, is_staff=True).order_by("username")


@admin.register(User)
class PersonAdmin(UserAdmin, DeskAdmin):
    """Everybody at the desk may choose a colleague by name; only admins see accounts."""

    list_filter = ["is_staff", "is_active"]
    search_fields = ["username", "first_name", "last_name"]
    search_help_text = "User name or name"
    ordering = ["username"]
    list_display = ["username", "first_name", "last_name", "is_staff", "is_active", "last_login"]

    def may_choose(self, request: HttpRequest) -> bool:
        return sees_desk(request.user)

    def offered(self, request: HttpRequest) -> QuerySet[User]:
        return colleagues()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and POWERS.intersection(form.changed_data):
            sessions.end(form.instance)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        audit.record("account-made", request, account=obj.get_username())
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Reached by a new password too."""
        audit.record("account-changed", request, account=obj.get_username(), what=message)
        return super().log_change(request, obj, message)

    @classmethod
    def choice_note(cls, row: User) -> str:
        return row.get_full_name()


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Roles are a table in the code; here they can be looked at, and added to people."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
