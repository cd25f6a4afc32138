"""The directions of the house: claims → articles, doors → rules → nouns, and pure modules."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

DOORS = ("views", "api", "management", "urls", "templatetags")
"""With every module of an app whose name begins with "admin"."""

PURE = (
    "articles/links.py",
    "articles/text.py",
    "articles/search/expression.py",
    "articles/search/snippets.py",
    "articles/search/terms.py",
    "articles/search/words.py",
    "articles/importers/rows.py",
    "articles/importers/digest.py",
    "articles/importers/plain.py",
    *(f"claims/extraction/{path.name}" for path in sorted((ROOT / "claims/extraction").glob("*.py"))),
    "claims/history/words.py",
    "claims/importers/checks.py",
    "claims/importers/files.py",
    "claims/importers/lines.py",
    "claims/importers/rows.py",
    "claims/markup.py",
    "claims/passages.py",
    "claims/provenance/reading.py",
    "claims/search/language.py",
    "claims/search/periods.py",
    "claims/search/pieces.py",
    "claims/search/terms.py",
    "claims/suggesting/names.py",
    "claims/suggesting/passage.py",
    "claims/suggesting/proposal.py",
    "claims/timeline.py",
)
"""Text and values in, text and values out. (``articles/dates.py`` is pure but for naming its choices.)"""


def modules(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def imports(path: Path) -> Iterator[tuple[ast.stmt, str]]:
    """Each import of a module, with the dotted name that it imports from, down to the name itself."""
    yield from imports_of(ast.parse(path.read_text()))


def imports_of(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def layer(dotted: str) -> int:
    """0 for nouns, 1 for rules, 2 for doors."""
    parts = dotted.split(".")
    if len(parts) < 2 or parts[1] in ("models", "migrations", "text", "dates", "links"):
        return 0
    if parts[:2] == ["articles", "search"] or parts[:3] == ["claims", "search", "terms"]:
        return 0  # what the tables of entries are made of
    return 2 if parts[1] in DOORS or parts[1].startswith("admin") else 1


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def wrong_directions(path_name: str, tree: ast.AST) -> list[str]:
    """What a module imports against the directions of the house."""
    app, own = path_name.split(".")[0], layer(path_name)
    wrong = []
    for _, name in imports_of(tree):
        if app == "articles" and name.startswith("claims"):
            wrong.append(f"{path_name} imports {name}: evidence knows nothing of judgement")
        elif name.split(".")[0] in ("articles", "claims") and layer(name) > own:
            wrong.append(f"{path_name} imports {name}: a {('noun', 'rule')[own]} imports from above")
    return wrong


@pytest.mark.parametrize("path", modules("articles", "claims"), ids=dotted)
def test_it_keeps_the_directions(path):
    assert wrong_directions(dotted(path), ast.parse(path.read_text())) == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("articles.text", "from claims.models import Claim"),
        ("articles.importers.store", "import claims"),
        ("claims.models.claim", "from claims.workflow import move"),
        ("claims.workflow", "from claims.views.claim import claim_detail"),
        ("articles.importers.store", "from articles.admin_widgets import Choice"),
        ("claims.filters", "from articles import admin_base"),
        ("claims.models.claim", "import claims.admin.claim"),
    ],
)
def test_it_catches_a_wrong_direction(module, line):
    assert wrong_directions(module, ast.parse(line))


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_imports_no_model_and_no_request(name):
    for _, imported in imports(ROOT / name):
        assert not imported.startswith(("django.db", "django.http", "articles.models", "claims.models")), imported


@pytest.mark.parametrize("path", modules("articles", "claims", "config"), ids=dotted)
def test_it_imports_at_the_top(path):
    tree = ast.parse(path.read_text())
    hidden = [
        f"line {node.lineno}"
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node, _ in imports_of(function)
    ]
    assert hidden == [] or path.name == "apps.py", f"imports hidden in functions: {hidden}"


@pytest.mark.parametrize("path", modules("articles", "claims", "config"), ids=dotted)
def test_no_request_waits_for_the_query_of_another(path):
    """Until Python 3.12 functools.cached_property holds one lock for all instances while it works: of several
    requests in one process that ask the database there, one did. Django's holds none."""
    assert "functools.cached_property" not in {name for _, name in imports(path)}


def test_nothing_else_stands_at_the_top():
    allowed = {"articles", "bench", "claims", "config", "docs", "fixtures", "templates", "tests"}
    generated = {"var", "__pycache__", "htmlcov"}
    found = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert found - generated <= allowed


@pytest.mark.parametrize("path", modules("articles", "claims"), ids=dotted)
def test_there_is_no_room_for_odds_and_ends(path):
    assert path.name not in ("utils.py", "helpers.py", "signals.py", "misc.py")


@pytest.mark.parametrize("path", modules("articles/models", "claims/models"), ids=dotted)
def test_every_model_says_what_one_row_is(path):
    tree = ast.parse(path.read_text())
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and is_concrete_model(node):
            assert (ast.get_docstring(node) or "").startswith("One "), node.name


def is_concrete_model(node: ast.ClassDef) -> bool:
    bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
    metas = [item for item in node.body if isinstance(item, ast.ClassDef) and item.name == "Meta"]
    abstract = any("abstract = True" in ast.unparse(meta) for meta in metas)
    return not abstract and bool(bases & {"Recorded", "Imported", "Uid", "Judgement", "UidJudgement", "OnClaim"})
