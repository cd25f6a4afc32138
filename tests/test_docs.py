"""The documentation says what the code does."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command, get_commands
from django.http import QueryDict

from claims.filters import ArticleFilter, ClaimFilter, PublisherFilter, SourceFilter, TagFilter
from claims.filters.suggestions import SuggestionFilter
from claims.models import Appearance, Attribution, Claim, ClaimLink, QuotationType, Statement
from claims.permissions import POWERS, ROLES
from tests.cast import person

ROOT = Path(settings.BASE_DIR)
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md"))]
PICTURES = ROOT / "docs" / "images"
VARIABLE = re.compile(r"^\| `([A-Z_]+)`", re.MULTILINE)
ADDRESS = re.compile(r"`(/\w+/\?[^`\s]+)`")
LISTS = {
    "/claims/": ClaimFilter,
    "/sources/": SourceFilter,
    "/publishers/": PublisherFilter,
    "/articles/": ArticleFilter,
    "/tags/": TagFilter,
    "/queue/suggestions/": SuggestionFilter,
}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def read_variables():
    """The environment variables that the configuration asks for."""
    code = "\n".join(path.read_text() for path in (ROOT / "config").glob("*.py")) + read("claims/first_run.py")
    asked = re.compile(
        r"(?:\btext|\bflag|\bnumber|\bwords|os\.environ\.get|getenv)\(\s*\"([A-Z_]+)\"|os\.environ\[\"([A-Z_]+)\"\]"
    )
    return {name for match in asked.findall(code) for name in match if name} - {"DJANGO_SETTINGS_MODULE"}


def read_filters(path):
    """The parameters that docs/filters.md names for the list at ``path``, each with the fixed values that it
    may have and an example."""
    section = re.search(rf"^## \w+: `{path}`\n(.*?)(?=^## |\Z)", read("docs/filters.md"), re.DOTALL | re.MULTILINE)
    assert section, f"docs/filters.md has no section for {path}"
    rows = [line.split(" | ") for line in section[1].splitlines() if line.startswith("| `")]
    return {
        name.strip("| `"): (re.findall(r"`(\w+)`", values), example.strip(" |`")) for name, _, values, example in rows
    }


def sections(text):
    """The names by which its headings are linked to."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.fixture
def colleague(db):
    """Somebody with a role: some filters are the desk's alone."""
    return person("reader")


def test_every_setting_is_documented():
    assert set(VARIABLE.findall(read("docs/settings.md"))) == read_variables()


def test_the_table_of_powers_is_the_code():
    documented = {}
    for line in read("docs/roles.md").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if re.fullmatch(r"`[a-z]+\.[a-z_]+`", cells[0]):
            documented[cells[0].strip("`")] = tuple(role for role, may in zip(ROLES, cells[1:], strict=True) if may)
    assert documented == POWERS


@pytest.mark.parametrize("path", LISTS)
def test_the_table_of_filters_is_the_code(path, colleague):
    filters = LISTS[path](QueryDict(), viewer=colleague).filters
    accepted = {
        name: list(getattr(chosen.field, "choices", ())) for name, chosen in filters.items() if not name.startswith("-")
    }
    assert {name: values for name, (values, _) in read_filters(path).items()} == accepted


@pytest.mark.parametrize("path", LISTS)
def test_each_filter_has_an_example_of_its_own(path):
    examples = {name: example for name, (_, example) in read_filters(path).items()}
    assert {name for name, example in examples.items() if not example.startswith(f"{path}?{name}=")} == set()


def test_the_sample_answers_every_address_of_a_list(client, colleague):
    call_command("loaddata", "rating_scales", "tags", "nato_digest", verbosity=0)
    client.force_login(colleague)
    addresses = {address for page in PAGES for address in ADDRESS.findall(page.read_text(encoding="utf-8"))}
    assert len(addresses) > len(ClaimFilter.base_filters)
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


def test_the_guide_explains_every_cross_reference():
    rows = re.findall(r"^\| ([a-z ]+) \|[^|]+\| ([a-z ]+) \|$", read("docs/guide.md"), re.MULTILINE)
    explained = [row for row in rows if "means" not in row[0]]
    assert explained == [(words.forward, words.inverse) for words in ClaimLink.WORDS.values()]


@pytest.mark.parametrize(
    "choices",
    [Appearance.Stance, Attribution.SourcingTerms, Claim.Status, QuotationType, Statement.State],
    ids=lambda choices: choices.__name__,
)
def test_the_glossary_knows_every_term_that_can_be_chosen(choices):
    glossary = read("docs/guide.md").partition("## Glossary")[2]
    assert [label for label in choices.labels if label not in glossary and label != "not stated"] == []


def test_every_picture_is_shown_with_words_that_say_what_it_shows():
    shown = {
        (doc.parent / picture).resolve(): alt
        for doc in PAGES
        for alt, picture in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", doc.read_text(encoding="utf-8"))
    }
    assert set(shown) == set(PICTURES.iterdir())
    assert [picture.name for picture, alt in shown.items() if len(alt) < 20] == []


@pytest.mark.parametrize("picture", sorted(PICTURES.glob("*.png")), ids=lambda picture: picture.name)
def test_a_picture_is_as_wide_as_the_others_and_light(picture):
    data = picture.read_bytes()
    assert int.from_bytes(data[16:20]) == 1280  # a PNG begins with its width and height
    assert len(data) < 200_000


@pytest.mark.parametrize("doc", PAGES, ids=lambda doc: doc.name)
def test_its_links_lead_somewhere(doc):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", doc.read_text(encoding="utf-8"))
    missing = [target for target in targets if "://" not in target and not (doc.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("doc", PAGES, ids=lambda doc: doc.name)
def test_its_links_lead_to_a_section(doc):
    targets = re.findall(r"\]\(([^)#\s:]*)#([^)\s]+)\)", doc.read_text(encoding="utf-8"))
    missing = [
        f"{name}#{section}"
        for name, section in targets
        if section not in sections((doc.parent / name if name else doc).read_text(encoding="utf-8"))
    ]
    assert missing == []


def test_the_guide_lists_the_keys_of_suggestions():
    bound = re.findall(r'\{ key: "(.)"', read("config/static/hearsay/suggestions.js"))
    section = read("docs/guide.md").split("| Key | What it does |")[1].split("\n\n")[0]
    listed = [key for line in section.splitlines()[2:] for key in re.findall(r"`(.)`", line.split("|")[1])]
    assert listed == [*bound, "?"]


@pytest.mark.parametrize("doc", PAGES, ids=lambda doc: doc.name)
def test_the_commands_it_names_exist(doc):
    text = doc.read_text(encoding="utf-8")
    named = set(re.findall(r"manage\.py ([a-z_]+)", text))
    targets = set(re.findall(r"`make ([a-z]+)", text))
    assert named <= set(get_commands())
    assert targets <= set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("doc", PAGES, ids=lambda doc: doc.name)
def test_the_files_it_names_exist(doc):
    named = re.findall(
        r"`((?:articles|claims|config|tests|fixtures|docs|templates)/[\w/.]*)`", doc.read_text(encoding="utf-8")
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_changelog_has_a_place_for_what_is_new():
    assert "## Unreleased" in read("CHANGELOG.md")
