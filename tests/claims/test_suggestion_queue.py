"""The queue of suggested statements, and what is decided on there."""

import pytest

from articles.models import Revision
from claims.models import Source, Statement
from tests import cast, desk
from tests.claims.offers import CLOSE, MISTAKE, OLD, UNSAFE, harbour, offer
from tests.claims.pages import words
from tests.claims.quotations import unnamed, voice

pytestmark = pytest.mark.django_db

URL = "/queue/suggestions/"


def page(client, **query):
    response = client.get(URL, query)
    assert response.status_code == 200
    return response


def shown(response):
    return [
        (group.version.headline, [each.statement.exact for each in group.suggestions])
        for group in response.context["rows"]
    ]


def suggestions(client):
    return [each for group in page(client).context["rows"] for each in group.suggestions]


def decide(client, statement, how="accept", script=False, **typed):
    headers = {"Accept": "application/json"} if script else {}
    return client.post(f"{URL}{statement.pk}/{how}/", {"lock": statement.lock, **typed}, headers=headers)


def state(statement):
    statement.refresh_from_db()
    return statement.state


# What it shows


def test_it_shows_what_waits_article_by_article_the_newest_first(client, editor):
    harbour()
    newer = cast.article("Newer\nPeter Holm said it rains.", on="2025-11-23")
    offer(newer, ("it rains", "Peter Holm", 0.9))
    cast.statement(newer, "it rains")
    [gone] = offer(cast.article("Gone\nPeter Holm said it snows."), ("it snows", "Peter Holm", 0.9))
    gone.withdraw(by=editor, reason="x")
    assert shown(page(client)) == [("Newer", ["it rains"]), ("Harbour to close", [CLOSE, OLD, UNSAFE, MISTAKE])]


def test_it_says_of_every_voice_who_it_is_taken_for(client, editor):
    harbour()
    offer(cast.article("Rain\nHe and Ana Duarte said it rains."), ("it rains", voice("", "He"), 0.9))
    offers = {each.statement.exact: each.offered.voices for each in suggestions(client)}
    [duarte], [she], [diplomat], [merz], [he] = (offers[said] for said in (CLOSE, OLD, UNSAFE, MISTAKE, "it rains"))
    assert (duarte.makes, duarte.about, duarte.unnamed) == ("Ana Duarte", "person, Foreign Minister", False)
    assert (she.as_named, she.makes) == ("she", "Ana Duarte")
    assert (diplomat.makes, diplomat.unnamed) == ("One Baltic diplomat", True)
    assert [source.name for source in merz.candidates] == ["Friedrich Merz", "Joachim Merz"]
    assert [voice.is_clear for voice in (duarte, she, diplomat, merz, he)] == [True, True, True, False, False]
    said = words(client.get(URL).content.decode())
    assert "“Foreign Minister Ana Duarte” new source “Ana Duarte” (person, Foreign Minister)" in said
    assert "“Merz” who is meant? Friedrich Merz (friedrich-merz) or Joachim Merz (joachim-merz)" in said
    assert "93 % sure" in said
    assert "55 % unsure" in said


def test_the_second_suggestion_is_told_of_the_source_that_the_first_made(client, editor):
    first, second, *_ = harbour()
    decide(client, first)
    [she] = next(each.offered.voices for each in suggestions(client) if each.statement == second)
    assert she.source == Source.objects.get(name="Ana Duarte")


def test_the_chain_names_the_voices_that_come_with_accepting(client, editor):
    harbour()
    assert [str(each.chain) for each in suggestions(client)] == [
        "Ana Duarte › Politico",
        "Ana Duarte › Politico",
        "One Baltic diplomat › Politico",
        "Merz › Politico",
    ]
    assert "nobody is named" not in client.get(URL).content.decode()


def test_only_what_is_clear_can_be_accepted(client, editor):
    waiting = harbour()
    html = client.get(URL).content.decode()
    acceptable = [f'action="{URL}{statement.pk}/accept/"' in html for statement in waiting]
    assert acceptable == [True, True, True, False]


def test_a_suggestion_of_another_program_is_shown_too(client, editor):
    cast.statement(state="suggested", method="cue-words", proposed={"words": "?"}, confidence=0.5)
    [suggestion] = suggestions(client)
    assert str(suggestion.chain).startswith("Berlin’s defence ministry")
    assert suggestion.offered.percent == 50


def test_what_stands_in_the_text_is_escaped(client, editor):
    article = cast.article("<b>Bold</b>\nThe <i>cat</i> said it <s>rains</s> & pours.")
    offer(article, ("it <s>rains</s>", voice("<i>cat</i>", "The <i>cat</i>"), 0.9))
    html = client.get(URL).content.decode()
    assert "it &lt;s&gt;rains&lt;/s&gt;" in html
    for tag in ("<b>Bold", "<i>cat", "<s>rains"):
        assert tag not in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"publisher": "politico"}, [CLOSE, OLD, UNSAFE, MISTAKE]),
        ({"publisher": "reuters"}, ["it rains"]),
        ({"confidence": 72}, [CLOSE, OLD]),
        ({"type": "indirect", "confidence": 90}, [CLOSE]),
        ({"type": "block"}, []),
        ({"method": "rules-1", "confidence": 56}, [CLOSE, OLD]),
        ({"method": "rules-0"}, []),
    ],
)
def test_filters_narrow_it(client, editor, query, found):
    harbour()
    offer(cast.article("Rain\nPeter Holm said it rains.", publisher="Reuters"), ("it rains", "Peter Holm", 0.5))
    response = page(client, **query)
    assert [said for _, group in shown(response) for said in group] == found
    assert response.context["chips"]


def test_it_narrows_to_one_article_and_names_it(client, editor):
    harbour()
    [rain] = offer(cast.article("Rain\nPeter Holm said it rains."), ("it rains", "Peter Holm", 0.5))
    article = rain.version.article_id
    assert f'href="?article={article}"' in client.get(URL).content.decode()
    response = page(client, article=article)
    assert shown(response) == [("Rain", ["it rains"])]
    assert [(chip.label, chip.value) for chip in response.context["chips"]] == [("Article", "Rain")]


@pytest.mark.parametrize("query", ["nonsense=1", "confidence=101", "confidence=x", "article=0", "type=own", "after=x"])
def test_what_it_does_not_understand_it_says(client, editor, query):
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert response.context["problems"]


def test_it_says_where_there_is_nothing(client, editor):
    assert "Nothing waits for a decision." in client.get(URL).content.decode()


def test_it_turns_pages_and_leaves_none_out(client, editor):
    text = "Many\n" + "\n".join(f"Peter Holm said number {at:02} is right." for at in range(60))
    offer(cast.article(text), *((f"number {at:02} is right", "Peter Holm", 0.9) for at in range(60)))
    first = page(client)
    second = client.get(first.context["next_url"])
    numbers = [said for response in (first, second) for _, group in shown(response) for said in group]
    assert numbers == [f"number {at:02} is right" for at in range(60)]


def test_its_queries_do_not_grow_with_the_list(client, editor, django_assert_num_queries):
    harbour()
    # session, user, powers · own counts, nobody's, suggestions · how many, which, rows, their hops, texts, sources
    with django_assert_num_queries(12):
        page(client)
    for number in range(4):
        harbour(on=f"2025-11-0{number + 1}")
    with django_assert_num_queries(12):
        page(client)


@pytest.mark.parametrize(("name", "status"), [("outsider", 403), ("reader", 403), ("editor", 200), ("lead", 200)])
def test_it_is_for_those_who_may_change_statements(client, name, status):
    assert client.get(URL).headers["Location"] == f"/login/?next={URL}"
    client.force_login(cast.person(name))
    assert client.get(URL).status_code == status


def test_it_is_a_tab_of_the_queue(client, editor):
    harbour()
    said = words(client.get("/queue/").content.decode())
    assert "Suggestions 4" in said
    assert f'href="{URL}"' in client.get("/queue/").content.decode()


# Accepting


def test_accepting_confirms_it_makes_the_source_and_leads_to_the_next(client, editor):
    first, second, *_ = harbour()
    back = f"{URL}?confidence=50#s{second.pk}"
    response = decide(client, first, back=back)
    assert response.headers["Location"] == back
    assert (state(first), first.decided_by) == ("confirmed", editor)
    assert first.attributions.get().source.name == "Ana Duarte"
    assert desk.messages(client.get(URL)) == [f"Accepted: “{CLOSE}”."]


def test_the_form_brings_back_to_the_page_at_the_next_one(client, editor):
    _, second, *_, last = harbour()
    html = client.get(f"{URL}?confidence=20").content.decode()
    assert f'name="back" value="{URL}?confidence=20#s{second.pk}"' in " ".join(html.split())
    assert f'{URL}{last.pk}/reject/?back=%2Fqueue%2Fsuggestions%2F%3Fconfidence%3D20"' in html


@pytest.mark.parametrize("back", ["https://evil.example.org/", "//evil.example.org", "/\\evil.example.org", "", "x"])
def test_it_leads_nowhere_else(client, editor, back):
    assert decide(client, harbour()[0], back=back).headers["Location"] == URL


def test_it_tells_a_script_and_how_to_undo_it(client, editor):
    first, *_ = harbour()
    told = decide(client, first, script=True).json()
    revision = Revision.objects.latest("pk")
    assert told["over"] is True
    assert told["message"] == f'Accepted: “{CLOSE}”. <a href="/admin/undo/{revision.pk}/">Undo</a>'
    client.post(f"/admin/undo/{revision.pk}/", {"reason": "too quick"})
    assert state(first) == "suggested"


def test_a_stale_row_is_left_and_told_of(client, editor):
    first, *_ = harbour()
    Statement.objects.filter(pk=first.pk).change(commitment="CT+")
    told = decide(client, first, script=True)
    assert (told.status_code, told.json()["over"]) == (409, False)
    assert "Somebody else changed it" in told.json()["message"]
    assert decide(client, first).status_code == 302
    assert "Somebody else changed it" in desk.messages(client.get(URL))[0]
    assert state(first) == "suggested"


def test_what_a_colleague_decided_is_over(client, editor):
    first, *_ = harbour()
    client.force_login(cast.person("lead"))
    decide(client, first, "reject", ready="wrong span")
    client.force_login(editor)
    told = decide(client, first, script=True)
    assert (told.status_code, told.json()["over"]) == (409, True)
    assert "It was rejected already by lead. Nothing of yours was saved." in told.json()["message"]
    assert state(first) == "rejected"


@pytest.mark.parametrize("lock", ["", "x", "-1", "٣", "9" * 30])
def test_a_form_that_does_not_say_what_it_was_based_on_saves_nothing(client, editor, lock):
    first, *_ = harbour()
    assert decide(client, first, lock=lock).status_code == 428
    assert state(first) == "suggested"


def test_who_is_meant_is_not_guessed(client, editor):
    *_, merz = harbour()
    told = decide(client, merz, script=True)
    assert (told.status_code, told.json()["over"]) == (409, False)
    assert "“a mistake” was not accepted: “Merz” may be" in told.json()["message"]
    assert state(merz) == "suggested"


def test_words_in_messages_are_escaped(client, editor):
    [row] = offer(cast.article("Cat\nThe cat said <s>it</s> rains."), ("<s>it</s> rains", unnamed("The cat"), 0.9))
    assert "“&lt;s&gt;it&lt;/s&gt; rains”" in decide(client, row, script=True).json()["message"]


@pytest.mark.parametrize("how", ["accept", "reject"])
@pytest.mark.parametrize("name", ["reader", "outsider"])
def test_deciding_needs_the_power(client, how, name):
    first, *_ = harbour()
    client.force_login(cast.person(name))
    assert decide(client, first, how, ready="a denial").status_code == 403
    assert state(first) == "suggested"


@pytest.mark.parametrize("how", ["accept", "reject"])
def test_what_is_not_there_is_not_found(client, editor, how):
    assert client.post(f"{URL}987654/{how}/", {"lock": 1, "ready": "a denial"}).status_code == 404


# Rejecting


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"ready": "wrong speaker"}, "wrong speaker"),
        ({"ready": "wrong span", "own": "  one  word too many "}, "wrong span: one word too many"),
        ({"ready": "other", "own": "It is a joke."}, "It is a joke."),
    ],
)
def test_rejecting_keeps_the_reason(client, editor, typed, reason):
    first, second, *_ = harbour()
    response = decide(client, first, "reject", back=f"{URL}#s{second.pk}", **typed)
    assert response.headers["Location"] == f"{URL}#s{second.pk}"
    assert (state(first), first.reason, first.decided_by) == ("rejected", reason, editor)
    assert desk.messages(client.get(URL)) == [f"Rejected: “{CLOSE}”."]


@pytest.mark.parametrize("typed", [{}, {"ready": "other"}, {"ready": "other", "own": "  "}, {"ready": "because"}])
def test_it_wants_a_reason(client, editor, typed):
    first, *_ = harbour()
    response = decide(client, first, "reject", **typed)
    assert response.status_code == 400
    assert response.context["form"].errors
    told = decide(client, first, "reject", script=True, **typed)
    assert (told.status_code, told.json()["over"]) == (400, False)
    assert state(first) == "suggested"


def test_without_a_script_the_reason_is_asked_for_on_a_page(client, editor):
    first, second, *_ = harbour()
    response = client.get(f"{URL}{first.pk}/reject/", {"back": f"{URL}#s{second.pk}"})
    said = words(response.content.decode())
    for part in ("Not a statement", "Scare quote or title", CLOSE, "told reporters on Monday"):
        assert part in said
    assert f'value="{URL}#s{second.pk}"' in response.content.decode()


def test_what_is_decided_is_not_asked_about(client, editor):
    statement = cast.statement()
    response = client.get(f"{URL}{statement.pk}/reject/", follow=True)
    assert "was confirmed already." in desk.messages(response)[0]
