"""Attack cases that are one request or some, each with what may be answered: never an error of ours, nothing about our
insides, and a site that stands as it stood."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from claims.models import Claim
from tests.soak import hostile
from tests.soak.forms import form_in
from tests.soak.wsgi import Asked, Site

CLAIMS = "/admin/claims/claim/"
UPLOAD = "/admin/articles/importrun/upload/"
FORM = "application/x-www-form-urlencoded"
REFUSED = (400, 403, 404, 405, 413, 414, 415, 428, 431)


@dataclass(frozen=True)
class Case:
    """``asks`` makes the requests; a status beyond ``statuses`` is a fault. ``writes``: a row may come of it."""

    name: str
    title: str
    asks: Callable[[Site], Iterable[Asked]]
    statuses: tuple[int, ...] = (200, 302, *REFUSED)
    writes: bool = False


def _get(*addresses: str, who: str = "anonymous") -> list[Asked]:
    return [Asked("GET", *address.partition("?")[::2], who=who) for address in addresses]


def _everybody(*addresses: str) -> list[Asked]:
    return [asked for who in ("anonymous", "editor", "admin") for asked in _get(*addresses, who=who)]


def _values(pattern: str, values: Iterable[str]) -> list[str]:
    """``pattern`` with each of ``values`` in its place; none is so long that only its length would be refused."""
    return [pattern.replace("{}", hostile.raw(value)[:6000]) for value in values]


def _post(path: str, fields: list[tuple[str, str]], who: str = "editor") -> Asked:
    body = "&".join(f"{quote(name)}={hostile.raw(value)}" for name, value in fields).encode()
    return Asked("POST", path, "", body, {"Content-Type": FORM}, who)


def _claim_form(site: Site, **typed: str) -> Asked:
    """A new claim with ``typed`` over what is right."""
    form = form_in(site.get(f"{CLAIMS}add/", "editor").body, "claim_form")
    return _post(f"{CLAIMS}add/", form.filled(**{"text": "A text", "short_text": "A text", **typed}))


def _upload(content: bytes, name: str = "a.txt", kind: str = "text/plain") -> Asked:
    line = "--x\r\nContent-Disposition: form-data; name="
    fields = {"format": "text", "publisher": "The Paper", "language": "en"}
    parts = [f'{line}"{field}"\r\n\r\n{value}\r\n'.encode() for field, value in fields.items()]
    head = f'{line}"file"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'.encode()
    body = b"".join([*parts, head, content, b"\r\n--x--\r\n"])
    return Asked("POST", UPLOAD, "", body, {"Content-Type": "multipart/form-data; boundary=x"}, "admin")


def _cookies(values: Iterable[str]) -> list[Asked]:
    names = ("sessionid", "csrftoken", "messages")
    lines = [";".join(f"{name}={value}" for name in names) for value in values]
    return [Asked("GET", path, headers={"Cookie": line}) for line in lines for path in ("/claims/", "/admin/")]


def _unreadable_bytes(site: Site) -> Iterable[Asked]:
    yield from _everybody("/claims/?q=%FF%FE", "/claims/%FF/", "/sources/%C0%AF/", "/suggest/sources/?q=%ED%A0%80")
    yield Asked("POST", "/login/", "", b"username=%FF&password=\xff", {"Content-Type": FORM})
    yield _upload(b"Title\n\xff\xfe text")


def _fields_in_no_form(site: Site) -> Iterable[Asked]:
    claim = Claim.objects.order_by("pk").first()
    assert claim
    path = f"{CLAIMS}{claim.pk}/change/"
    form = form_in(site.get(path, "editor").body, "claim_form")
    made_up = {"id": "1", "created_by": "1", "lock": "99", "status": "published", "published_at": "2020-01-01"}
    yield _post(path, form.filled(**made_up, is_superuser="on", verdict="true", uid="x"))


def _form_bombs(site: Site) -> Iterable[Asked]:
    form = form_in(site.get(f"{CLAIMS}add/", "editor").body, "claim_form")
    yield Asked("POST", CLAIMS, "", b"a=1&" * 100_000, {"Content-Type": FORM}, "editor")
    for number in ("999999", "-1", "abc", "", "9" * 30):
        yield _post(f"{CLAIMS}add/", form.filled(**{"links_out-TOTAL_FORMS": number, "text": "x", "short_text": "x"}))
    yield Asked("GET", "/claims/", "q=" + "a" * 65_000)
    yield Asked("GET", "/claims/", headers={"Cookie": "a=" + "b" * 16_000})


def _actions(site: Site) -> Iterable[Asked]:
    for value in ["abc", "-1", "9" * 30, "1' or '1'='1", ""]:
        for action in ("add_tags", "withdraw", "delete_selected", "no_such"):
            yield _post(CLAIMS, [("action", action), ("_selected_action", value)])


def _numbers(site: Site) -> Iterable[Asked]:
    for pattern in ("/claims/{}/", "/claims/?min_sources={}"):
        yield from _get(*_values(pattern, hostile.NUMBERS))
    for pattern in (f"{CLAIMS}{{}}/change/", f"{CLAIMS}?p={{}}"):
        yield from _get(*_values(pattern, hostile.NUMBERS), who="editor")


def _orders(site: Site) -> Iterable[Asked]:
    yield from _get(*_values("/claims/?sort={}", SORTS))
    yield from _get(*_values(f"{CLAIMS}?o={{}}", SORTS), who="editor")


def _ways_elsewhere(site: Site) -> Iterable[Asked]:
    for value in [
        "https://evil.test",
        "//evil.test",
        "///evil.test",
        "/\\evil.test",
        "https:evil.test",
        " //evil.test",
    ]:
        yield Asked("GET", "/login/", urlencode({"next": value}), who="editor")
        yield _post("/logout/?" + urlencode({"next": value}), [], "anonymous")


def _texts_of_claims(site: Site) -> Iterable[Asked]:
    for text in ["\u202egnp.exe", "\u2066x\u2069", "a\u200bb", "e" + "\u0301" * 1000, "😀" * 20, "\ufffe"]:
        yield _claim_form(site, text=text, short_text=text[:75])


SORTS = ["id;drop table x", "-id,(select 1)", "?", "pk__", "created_by__password", "text__regex", "'", '"', "%s", "{0}"]
GUESSES = ["created_by__password__startswith=p", "ordering=created_by__password", "_connector=OR 1=1) --", "fields=x"]

CASES = [
    Case(
        "SIZE-03",
        "A line without end",
        lambda site: [_upload(b"a" * 1_100_000), _upload(b"T\n" + b"a" * 300_000)],
        writes=True,
    ),
    Case(
        "SIZE-09",
        "Markup without end",
        lambda site: [_upload(b"T\n" + tag * 40_000) for tag in (b"<div>", b"&#")],
        writes=True,
    ),
    Case("SIZE-10", "Forms without end", _form_bombs, writes=True),
    Case(
        "ENC-01",
        "NUL in a parameter",
        lambda site: _everybody("/claims/?q=%00", f"{CLAIMS}?q=a%00b", "/login/?next=%00"),
    ),
    Case(
        "ENC-02", "NUL in a form", lambda site: [_claim_form(site, text="a\x00b"), _upload(b"T\na\x00b")], writes=True
    ),
    Case("ENC-03", "NUL in a cookie", lambda site: _cookies(['"ab\\000cdefghij"'])),
    Case(
        "ENC-04",
        "Half a character",
        lambda site: [_claim_form(site, text="a\ud800b"), _upload(b"T\n\xed\xa0\x80")],
        writes=True,
    ),
    Case("ENC-05", "Bytes that are no text", _unreadable_bytes, writes=True),
    Case(
        "ENC-06",
        "Codings that are none",
        lambda site: [
            *(_upload(b"T\ntext", kind=f"text/plain; charset={name}") for name in ("bogus", "utf-16", "rot13", "idna")),
            _upload("T\ntext".encode("utf-16")),
            *(
                Asked(method, "/claims/", "q=+2AA-", headers={"Content-Type": f"text/html; charset{name}"})
                for name in ("=utf-7", "=rot13", "=idna", "=undefined", "*=bogus''x")
                for method in ("GET", "POST")
            ),
        ],
        writes=True,
    ),
    Case("ENC-07", "Characters that turn or pile up", _texts_of_claims, writes=True),
    Case("ENC-09", "Too long for its column", lambda site: [_claim_form(site, short_text="😀" * 76)], (200,)),
    Case("PARSE-01", "Numbers that are none", _numbers),
    Case("PARSE-02", "Forged choices of a bulk change", _actions),
    Case("PARSE-03", "Dates that are none", lambda site: _get(*_values("/claims/?after={}", hostile.DATES))),
    Case("INJ-01", "Orders that are none", _orders),
    Case(
        "INJ-02",
        "Parameters across relations",
        lambda site: _everybody(*(f"/claims/?{quote(each, '=')}" for each in GUESSES)),
    ),
    Case(
        "INJ-03",
        "Parameters that are code",
        lambda site: _everybody(*(f"{CLAIMS}?{quote(each, '=')}" for each in GUESSES)),
    ),
    Case("SRCH-01", "Signs of a search", lambda site: _get(*_values("/claims/?q={}", hostile.SEARCHES)), (200, 400)),
    Case(
        "SRCH-03", "Too many words", lambda site: _everybody("/claims/?q=" + "a+" * 2000, f"{CLAIMS}?q=" + "a+" * 2000)
    ),
    Case("REDIR-01", "Leading elsewhere", _ways_elsewhere),
    Case("AUTHZ-06", "Fields that are not yours", _fields_in_no_form, writes=True),
    Case("SESS-05", "Broken cookies", lambda site: _cookies(["", '"', "\\000", "a" * 8000, "x:y:z", "W1siX19q:x:y"])),
    Case("PAGE-01", "Pages without end", lambda site: _everybody(*_values("/claims/?size={}", hostile.NUMBERS[:9]))),
    Case("PAGE-02", "Pages that are none", lambda site: _get(*_values("/claims/?page={}", hostile.NUMBERS))),
    Case(
        "PAGE-03",
        "Too many numbers",
        lambda site: _everybody("/claims/?tag=" + "1,2," * 1000, "/claims/?tag=1&" + "tag=x&" * 900),
    ),
    Case(
        "PAGE-06",
        "All of a list",
        lambda site: _get(f"{CLAIMS}?all=&_facets=True", f"{CLAIMS}choices/?q=", who="admin"),
    ),
]
"""The cases that are tried here."""
