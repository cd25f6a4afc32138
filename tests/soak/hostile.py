"""Values that have broken systems like this one: each is a fact of some engine, parser or library."""

from urllib.parse import quote

SCRIPTS = [
    "<script>window.__xss=1</script>",
    "<img src=x onerror=window.__xss=1>",
    "<svg/onload=window.__xss=1>",
    "<svg><script href=data:,window.__xss=1 />",
    "<details open ontoggle=window.__xss=1>",
    "<iframe srcdoc='<script>parent.__xss=1</script>'>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.__xss=1&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=window.__xss=1>">',
    '"><img src=x onerror=window.__xss=1>',
    "' autofocus onfocus=window.__xss=1 x='",
    "</textarea><script>window.__xss=1</script>",
    "</title><script>window.__xss=1</script>",
    "</script><script>window.__xss=1</script>",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "{% debug %}{{ settings.SECRET_KEY }}",
    '<a href="jav&#x09;ascript:window.__xss=1">x</a>',
    "<form action=javascript:window.__xss=1><button>x",
    "<base href=//evil.test/>",
    "<link rel=stylesheet href=//evil.test/x.css>",
    "<style>@import '//evil.test/x'</style>",
    '<div style="background:url(//evil.test/p)">x</div>',
    "<meta http-equiv=refresh content='0;url=//evil.test'>",
    '<object data="data:text/html,<script>1</script>">',
    "<embed src=javascript:window.__xss=1>",
    "<input onfocus=window.__xss=1 autofocus>",
    "<video><source onerror=window.__xss=1>",
    "<a id=forms name=action><input name=submit>",
    "<template><script>window.__xss=1</script></template>",
    "<b>unclosed <i>nest" + "<b>" * 40,
]
"""Texts that become script, markup or a request elsewhere where they are not escaped."""

SCHEMES = [
    "javascript:window.__xss=1",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>1</script>",
    "vbscript:msgbox(1)",
    "javascript://example.com/%0aalert(1)",
    "blob:https://x/1",
    "file:///etc/passwd",
    "//evil.test",
]
"""Addresses that are no http or https."""

FORMULAS = ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", "＋1", "－1", "＠1", "=cmd|' /C calc'!A0"]
"""Cells that a spreadsheet takes for formulas."""

SEARCHES = [
    *('"', '""', "*", "a*", "*a", "AND", "OR", "NOT", "a AND", "AND a", "NEAR(", "NEAR(a b, 999999999)", "(", "((a)"),
    *("a-b", "-a", "a:b", "title:x", "tag:", "tag:999", "source:", "is:", "-tag:x", "{a b}:c", "^", "^a", "a + b", "'"),
    *("don't", "a OR OR b", "&", "|", "!", "!!a", "<->", "a <5> b", ":*", "a:*Z", "\\", "\\\\", "%", "_", "[x]"),
    *("$prev", "C++", "50%", "#tag", "first_said:1999..", "first_said:..", "year:99999", " ".join(["a"] * 2000)),
    *("“a", "a”", '"a" "b" "c"', "(" * 200, "a" * 600, "- - -", "-(a)", "-“a b”", "\u200b", "\ufeff", "ﬁ", "İ", "ß"),
]

NUMBERS = [
    *(
        "abc",
        "9" * 30,
        "-1",
        "1.5",
        "1e3",
        "1e999",
        "0x10",
        "\u0663",
        "1 or 1=1",
        "",
        "null",
        "1,,2",
        "NaN",
        "Infinity",
    ),
    *(
        "2147483648",
        "-2147483649",
        "9223372036854775807",
        "9223372036854775808",
        "0",
        "00",
        "1" * 5000,
        "-0",
        "+1",
        " 1",
    ),
]

DATES = [
    *("garbage", "99999-01-01", "0000-01-01", "2024-02-30", "2024-12-31T23:59:60Z", "2024-03-31T02:30:00"),
    *("2024-01-01T00:00:00+99:99", "9" * 20, "2024-W01-1", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"),
    *("0001-01-01", "9999-12-31", "2024-00", "2024-13", "2024-1-1", "-2024-01-01", "2024-01-01 00:00", "24:00", "1"),
]

TEXTS = [
    *("", " ", "\t", "\n", "\r\n", "\v", "\f", "\x1b[2J", "\x7f", "\x85", "\u2028", "\ufffe", "\uffff", "\U0010ffff"),
    *("\u202egnp.exe", "\u2066x\u2069", "a\u200bb", "e" + "\u0301" * 1000, "👨‍👩‍👧‍👦", "😀" * 201, "ı", "ẞ", "ﷺ"),
    *("a" * 76, "a" * 256, "a" * 501, "a" * 10_001, "a" * 200_000, "a\x00b", "%00", "%s", "%(x)s", "{0}", "{x!r}"),
    *(
        "'; DROP TABLE claims_claim; --",
        "' OR '1'='1",
        "\\",
        "../../etc/passwd",
        "a\r\nSet-Cookie: x=1",
        "`id`",
        "$(id)",
    ),
    *("null", "true", "[]", "{}", '{"a": [1, {"b": null}]}', "[" * 200 + "]" * 200, '"\\ud800"', "NaN", "1e999", "on"),
]

IDENTIFIERS = ["999999", "00000000-0000-0000-0000-000000000000", "not-a-uid", "__proto__", "no-such-slug"]

EVERYTHING = [*TEXTS, *NUMBERS, *DATES, *SCRIPTS, *SCHEMES, *FORMULAS, *SEARCHES, *IDENTIFIERS]

RAW = [
    *(
        "%00",
        "a%00b",
        "%ED%A0%80",
        "%ED%B0%80",
        "%FF%FE",
        "%C0%AF",
        "%F4%90%80%80",
        "%E2%82",
        "%80",
        "%",
        "%zz",
        "%u0041",
    ),
    *("+", "%2B", "%26", "%3D", "%3B", "%0d%0aX:%201", "%EF%BF%BD", "%F0%9F%98%80", "%C2%A0", "%E2%80%AE"),
]
"""Values as they stand in an address or in a form, percent signs and all."""


def raw(value: str) -> str:
    """``value`` as it stands in an address; half a character becomes the bytes that some encoders make of it."""
    return quote(value.encode("utf-8", "surrogatepass"), safe="")
