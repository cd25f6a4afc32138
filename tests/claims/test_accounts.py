"""What somebody may do: as Django's own backend finds it, but in one query."""

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Permission, User

from claims.accounts import RolesBackend
from tests import cast

pytestmark = pytest.mark.django_db


def anew(user):
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("role", ["reader", "editor", "reviewer", "lead", "admin"])
def test_it_grants_what_the_role_grants_in_one_query(role, django_assert_num_queries):
    user = cast.person(role)
    expected = ModelBackend().get_all_permissions(anew(user))
    asked = anew(user)
    with django_assert_num_queries(1):
        assert RolesBackend().get_all_permissions(asked) == expected
        assert RolesBackend().has_perm(asked, "claims.see_desk")
    assert not RolesBackend().has_perm(asked, "claims.delete_claim")


def test_it_adds_what_somebody_has_of_their_own():
    user = cast.person("reader")
    user.user_permissions.add(Permission.objects.get(codename="publish_claim"))
    assert anew(user).has_perm("claims.publish_claim")
    assert anew(user).has_perm("claims.see_desk")


def test_it_grants_nothing_to_those_who_left_or_are_not_signed_in():
    left = cast.person("admin")
    User.objects.filter(pk=left.pk).update(is_active=False)
    assert not anew(left).has_perm("claims.see_desk")
    assert RolesBackend().get_all_permissions(anew(left)) == set()
    assert RolesBackend().get_all_permissions(AnonymousUser()) == set()


def test_a_superuser_may_do_all():
    root = User.objects.create_superuser("root")
    assert anew(root).has_perm("claims.delete_claim")
    assert RolesBackend().get_all_permissions(anew(root)) == ModelBackend().get_all_permissions(anew(root))
