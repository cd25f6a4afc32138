"""Who is signed in, and what their roles grant."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection

_NAMES = {
    "permission": Permission._meta.db_table,
    "kind": ContentType._meta.db_table,
    "own": User.user_permissions.through._meta.db_table,
    "member": User.groups.through._meta.db_table,
    "granted": Group.permissions.through._meta.db_table,
}
_GRANTED = """
    SELECT kind.app_label, permission.codename FROM {permission} permission
    JOIN {kind} kind ON kind.id = permission.content_type_id
    WHERE permission.id IN (
        SELECT permission_id FROM {own} WHERE user_id = %s
        UNION ALL
        SELECT granted.permission_id FROM {granted} granted
        JOIN {member} member ON member.group_id = granted.group_id WHERE member.user_id = %s
    )
""".format(**_NAMES)  # nosec B608 # names of ours, values as parameters


class RolesBackend(ModelBackend):
    """Django's own, but that one query finds all that somebody may do: every page for the desk asks it first."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        known = hasattr(user_obj, "_perm_cache") or user_obj.is_anonymous or user_obj.is_superuser
        if not known and user_obj.is_active and obj is None:
            with connection.cursor() as cursor:
                cursor.execute(_GRANTED, [user_obj.pk, user_obj.pk])
                user_obj._perm_cache = {f"{app}.{codename}" for app, codename in cursor.fetchall()}
        return super().get_all_permissions(user_obj, obj)
