"""The suite's own checks catch a planted fault."""

from types import SimpleNamespace

import pytest

from tests.conftest import pytest_generate_tests


def generate(*marks: pytest.MarkDecorator) -> None:
    definition = SimpleNamespace(iter_markers=lambda name: [made.mark for made in marks if made.name == name])
    pytest_generate_tests(SimpleNamespace(definition=definition))  # type: ignore[arg-type]


@pytest.mark.parametrize("names", ["page", "number, page", ["number", "page"], ("context",)])
def test_no_argument_has_the_name_of_a_browsers_fixture(names: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="it is the browser's"):
        generate(pytest.mark.parametrize(names, []))


def test_other_names_are_fine() -> None:
    generate(pytest.mark.parametrize(("page_number", "pages"), []), pytest.mark.usefixtures("page"))
