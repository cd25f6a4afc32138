"""Requests that nobody would make by hand: every address, field, parameter, header and upload, with values that have
broken systems like this one. Request ``n`` of a seed is always the same."""

import json
import re
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote

from django.db.models import Model

from tests.soak import hostile
from tests.soak.addresses import Address, addresses, values_of
from tests.soak.forms import Fields, Form, forms_in
from tests.soak.wsgi import Asked, Site

FORM = "application/x-www-form-urlencoded"
BOUNDARY = "soakboundary"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
METHODS = ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "FOO", "get", "POST", "POST", "POST"]

TYPES = [
    *("application/json", FORM, f"{FORM}; charset=utf-16", f"{FORM}; charset=rot13", "text/plain"),
    *(
        MULTIPART,
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=é",
        "text/xml",
    ),
    *("multipart/form-data; boundary=" + "x" * 300, "", "/", "a;b=c;b", "application/octet-stream", f"{FORM};charset"),
]

# gunicorn itself refuses control characters in headers, and lengths that are no numbers.
HEADERS = {
    "Accept": ["*/*", "", ";;q=x", "application/json", "text/html;q=1e999", "\xff"],
    "Accept-Encoding": ["gzip", "br;q=0, gzip;q=a", "identity;q=0"],
    "Accept-Language": ["de", "xx-yy-zz", "-", "a" * 600, ",,,", "de;q=x"],
    "Cookie": [
        'sessionid="ab\\000cd"',
        'csrftoken="\\000"',
        'messages="\\355\\240\\200"',
        "messages=W1siX19qc29uX21lc3NhZ2UiXV0:x:y",
        "messages=[[[",
        "sessionid=" + "a" * 9000,
        "=;=;;=",
        "sessionid=\xff\xfe",
        "django_language=../..",
    ],
    "Host": ["evil.test", "localhost:99999", "", "[::1", "a b", "LOCALHOST.", "127.0.0.1:x"],
    "HX-Request": ["true", "maybe"],
    "HX-Current-URL": ["http://[", "javascript:1", "//x", "http://localhost/%ff"],
    "HX-Target": ["x'", "\xff"],
    "HX-Trigger": ["%ED%A0%80", "{"],
    "HX-Trigger-URI-AutoEncoded": ["true"],
    "If-Modified-Since": ["garbage", "Thu, 01 Jan 0000 00:00:00 GMT", "Thu, 99 Foo 99999 99:99:99 GMT"],
    "If-None-Match": ["*", '"', 'W/"x', ",,,"],
    "If-Match": ["*", '"'],
    "If-Unmodified-Since": ["garbage"],
    "Origin": ["https://evil.test", "null", "http://[", "//"],
    "Range": ["bytes=0-", "bytes=-1,-2", "bytes=9-1", "lines=x"],
    "Referer": ["https://evil.test/", "http://[", "", "\xff", "http://localhost/admin/claims/claim/?\xff"],
    "User-Agent": ["\x1b[2J", "a" * 8000, "\xff\xfe"],
    "X-CSRFToken": ["", "x", "é" * 32],
    "X-Forwarded-For": ["1.2.3.4, ::1, x", "\xff"],
    "X-Forwarded-Host": ["evil.test"],
    "X-Forwarded-Proto": ["https", "x"],
    "X-HTTP-Method-Override": ["DELETE"],
    "X-Requested-With": ["XMLHttpRequest"],
    "Transfer-Encoding": ["chunked"],
}

PARAMETERS = [
    *("q", "p", "o", "all", "page", "e", "_facets", "_popup", "_to_field", "_changelist_filters", "version", "query"),
    *("field", "term", "cols", "format", "bom", "lossless", "sort", "size", "next", "app_label", "model_name"),
    *("field_name", "forward", "withdrawn", "todo", "id", "pk__in", "id__in", "created_by__password__startswith"),
    *("_connector", "a%22b", "text__regex", "status__exact", "offset", "limit", "after", "before", "compare", "person"),
]
"""What the site's own pages link to comes on top."""

BODIES: list[tuple[str, bytes]] = [
    (FORM, b"&".join(b"a%d=1" % number for number in range(6000))),
    (FORM, b"a=1&" * 100_000),
    (FORM, b"=" * 1000),
    (FORM, b"a=%ED%A0%80&csrfmiddlewaretoken=%00"),
    (FORM, b"\xff\xfe=\x00"),
    (FORM, b"x" * (5 * 1024**2 + 1)),
    ("application/json", b"[" * 200_000 + b"]" * 200_000),
    ("application/json", b'{"text": "\\ud800", "x": 1e999}'),
    (MULTIPART, b""),
    (MULTIPART, b"--" + BOUNDARY.encode()),
    (MULTIPART, f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\nno end'.encode()),
    (MULTIPART, f"--{BOUNDARY}\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--{BOUNDARY}--\r\n".encode()),
    (MULTIPART, (f"--{BOUNDARY}\r\n" + "X: y\r\n" * 3000 + f"\r\n\r\n--{BOUNDARY}--\r\n").encode()),
    (
        MULTIPART,
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n%%%\r\n--{BOUNDARY}--\r\n".encode(),
    ),
    (
        MULTIPART,
        b"".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f{at}"; filename="x"\r\n\r\nx\r\n'.encode()
            for at in range(30)
        )
        + f"--{BOUNDARY}--\r\n".encode(),
    ),
]
"""A content type with a body that is none of it, too much of it, or breaks off."""

NAMES = [
    *(
        "a.txt",
        "../../etc/passwd",
        "..\\..\\x",
        "C:\\x",
        "",
        "x" * 5000,
        "a\x00.txt",
        "CON",
        "a\nb",
        'a"b',
        "..",
        ".",
        "/",
    ),
    *("\u202etxt.exe", "é" * 300, "%2e%2e/%2e%2e", "<script>window.__xss=1</script>.txt"),
]

FILES = [
    *(b"", b"\x00", b"\xff\xfe", "Title\ntext".encode("utf-16"), b"\xef\xbb\xbfTitle\ntext", b"a" * 200_000),
    *(
        b"Title\n\xed\xa0\x80",
        b"Title\n" + b"Keep reading\n" * 5000,
        b"Title\rtext\rmore",
        b"PK\x03\x04" + b"\x00" * 500,
    ),
    ("Title\ne" + "\u0301" * 500).encode(),
    *(text.encode("utf-8", "surrogatepass") + b"\nBody of it." for text in hostile.SCRIPTS + hostile.FORMULAS),
    *(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>\ntext", b"<div>" * 50_000, b"\n" * 50_000, "“".encode() * 50_000),
]

FORMLESS = ("logout/", "history/", "choices/", "delete/", "bring-back/")
"""Pages that are not looked at for forms: they have none, or none of their own."""

LINKED = re.compile(rb"[?;&]([a-z_]{1,30})=")


@dataclass
class Known:
    """What the generator knows of the site: its addresses, a row for each model, the forms of its pages."""

    rows: dict[type[Model], dict[str, str]]
    public: list[Address] = field(default_factory=list)
    desk: list[Address] = field(default_factory=list)
    forms: list[tuple[str, Form]] = field(default_factory=list)
    parameters: list[str] = field(default_factory=list)

    def path(self, address: Address) -> str:
        values = self.rows.get(address.model, {}) if address.model else {}
        return address.filled(values)


def learn(site: Site) -> Known:
    """Look at every page as an admin would, and note its forms and the parameters that it links to."""
    every = addresses()
    first = ((model, model._base_manager.order_by("pk").first()) for model in {each.model for each in every} if model)
    known = Known({model: values_of(row) for model, row in first if row})
    parameters = set(PARAMETERS)
    for address in every:
        (known.desk if address.is_desk else known.public).append(address)
        path = known.path(address)
        if path.endswith(FORMLESS):
            continue
        page = site.get(quote(path), "admin").body
        parameters |= {name.decode() for name in LINKED.findall(page)}
        known.forms += [(path, _without_token(form)) for form in forms_in(page) if _is_sent(form)]
    known.parameters = sorted(parameters)
    return known


def _is_sent(form: Form) -> bool:
    return form.method == "post" and form.name != "logout-form"


def _without_token(form: Form) -> Form:
    """A header says that it is ours: most requests are to get past that door."""
    return Form(form.name, form.method, form.filled(csrfmiddlewaretoken=None), form.buttons, form.files)


class Generator:
    """Makes requests. ``request(n)`` depends on nothing but the seed, ``n`` and the rows of the world."""

    def __init__(self, known: Known, seed: str) -> None:
        self.known, self.seed = known, seed

    def request(self, number: int) -> Asked:
        rnd = Random(f"{self.seed}/{number}")
        make = rnd.choice([self._page, self._page, self._form, self._form, self._form, self._body])
        asked: Asked = make(rnd)
        headers = dict(asked.headers)
        if rnd.random() < 0.25:
            name = rnd.choice(sorted(HEADERS))
            headers[name] = rnd.choice(HEADERS[name])
        return Asked(asked.method, asked.path, asked.query, asked.body, headers, asked.who)

    def _page(self, rnd: Random) -> Asked:
        method = rnd.choice(["GET"] * 6 + METHODS)
        return Asked(method, self._path(rnd), self._query(rnd), who=self._who(rnd, 1))

    def _form(self, rnd: Random) -> Asked:
        path, form = rnd.choice(self.known.forms)
        fields = self._typed(rnd, [*form.fields, *rnd.sample(form.buttons, min(1, len(form.buttons)))])
        if form.files or rnd.random() < 0.1:
            kind, body = MULTIPART, _multipart(fields, [(name, *self._file(rnd)) for name in form.files or ["file"]])
        else:
            kind, body = FORM, _urlencoded(rnd, fields)
        query = self._query(rnd) if rnd.random() < 0.1 else ""
        return Asked("POST", quote(path), query, body, {"Content-Type": kind}, self._who(rnd, 4))

    def _body(self, rnd: Random) -> Asked:
        kind, body = rnd.choice(BODIES)
        kind = rnd.choice([kind, kind, rnd.choice(TYPES)])
        if rnd.random() < 0.3:
            body = json.dumps({name: rnd.choice(hostile.EVERYTHING) for name in self.known.parameters[:20]}).encode()
        method = rnd.choice(["POST", "POST", "POST", *METHODS])
        return Asked(method, self._path(rnd), "", body, {"Content-Type": kind}, self._who(rnd, 2))

    def _who(self, rnd: Random, signed_in: int) -> str:
        return rnd.choice(["anonymous", *["editor", "admin"] * signed_in])

    def _path(self, rnd: Random) -> str:
        address = rnd.choice(rnd.choice([self.known.public, self.known.desk]))
        if rnd.random() < 0.7:
            return quote(self.known.path(address))
        value = rnd.choice([hostile.raw(rnd.choice(hostile.EVERYTHING)[:3000]), rnd.choice(hostile.RAW)])
        holes = {"pk", "slug", "uid", "name", "object_id", "id", "url", "rest", "content_type_id"}
        return address.filled(dict.fromkeys(sorted(holes), value))

    def _query(self, rnd: Random) -> str:
        pairs = []
        for _ in range(rnd.choice([0, 1, 1, 1, 2, 3, 60])):
            value = hostile.raw(rnd.choice(hostile.EVERYTHING)) if rnd.random() < 0.8 else rnd.choice(hostile.RAW)
            pairs.append(f"{rnd.choice(self.known.parameters)}={value[:9000]}")
        return "&".join(pairs)

    def _typed(self, rnd: Random, fields: Fields) -> Fields:
        """``fields`` with hostile values in some, or some of them missing, twice there, or made up."""
        fields = list(fields)
        for _ in range(rnd.choice([1, 1, 2, 3, 8])):
            at = rnd.randrange(len(fields)) if fields else 0
            name = fields[at][0] if fields else "x"
            value = rnd.choice(hostile.EVERYTHING)
            way = rnd.random()
            if way < 0.75 and fields:
                fields[at] = (name, value)
            elif way < 0.85 and fields:
                del fields[at]
            else:
                fields.append((rnd.choice([name, "created_by", "lock", "id", "is_superuser", "status"]), value))
        return fields

    def _file(self, rnd: Random) -> tuple[str, bytes]:
        return rnd.choice(NAMES), rnd.choice(FILES)


def _urlencoded(rnd: Random, fields: Fields) -> bytes:
    """One value in three hundred stands as bytes that are no text."""
    pairs = (
        f"{quote(name)}={rnd.choice(hostile.RAW) if rnd.random() < 1 / 300 else hostile.raw(value)}"
        for name, value in fields
    )
    return "&".join(pairs).encode()


def _multipart(fields: Fields, files: list[tuple[str, str, bytes]]) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{name}"\r\n\r\n{value}\r\n'.encode("utf-8", "surrogatepass") for name, value in fields]
    for name, file, content in files:
        parts.append(f'{head}"{name}"; filename="{file}"\r\n\r\n'.encode() + content + b"\r\n")
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])
