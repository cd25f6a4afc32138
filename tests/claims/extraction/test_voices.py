"""Who says it: names, pronouns, descriptions, titles, institutions, documents, unnamed and joint voices."""

import pytest

from claims.extraction import VoiceKind
from tests.claims.extraction.reading import chain, name, only

DUARTE = "Ana Duarte, the Dutch foreign minister, met Bo Lind, a farmer, on Monday. "


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Duarte said the talks had failed.", "Ana Duarte"),
        ("Ms. Duarte said the talks had failed.", "Ana Duarte"),
        ("Foreign Minister Duarte said the talks had failed.", "Ana Duarte"),
        ("The foreign minister said the talks had failed.", "Ana Duarte"),
        ("The talks had failed, Lind said.", "Bo Lind"),
        ("The farmer said the talks had failed.", "Bo Lind"),
        ("Duarte smiled. “The talks have failed,” she said.", "Ana Duarte"),
        ("Duarte said the talks had failed. She said she would leave.", "Ana Duarte"),
    ],
)
def test_surnames_titles_roles_and_pronouns_lead_to_the_name(text, named):
    assert name(DUARTE + text) == named


def test_a_former_title_is_whom_the_article_has_just_named():
    text = (
        "The alliance met. Secretary-General Jan Visser is urging members to prepare.\n\n"
        "During a speech in Berlin on Thursday, the former Dutch prime minister said that time was short."
    )

    assert name(text) == "Jan Visser"


def test_whom_the_article_calls_she_is_not_he():
    text = "Mayor Ana Duarte hugged Sheriff Tom Bell, who lost his house. “We are here,” she said."

    assert name(text) == "Ana Duarte"


@pytest.mark.parametrize(
    ("text", "as_named", "named"),
    [
        ("Ana Duarte, 45, of Cardiff, said it was late.", "Ana Duarte", "Ana Duarte"),
        ("Ana Duarte, a spokeswoman for the port, said it was late.", "Ana Duarte", "Ana Duarte"),
        ("Ana Duarte, who runs the port, said it was late.", "Ana Duarte", "Ana Duarte"),
        ("The port’s director, Ana Duarte, said it was late.", "The port’s director", "Ana Duarte"),
        ("Harbour economist Ana Duarte said it was late.", "Harbour economist Ana Duarte", "Ana Duarte"),
        ("“It is late,” said Sen. Ana Duarte (R-Warren).", "Sen. Ana Duarte (R-Warren)", "Ana Duarte"),
        ("Ana Duarte – who joined in May – said it was late.", "Ana Duarte", "Ana Duarte"),
        ("His spokeswoman, Ana Duarte: “It is late by now.”", "His spokeswoman", "Ana Duarte"),
        ("Sen. Ana Duarte, R-S.D., said it was late.", "Sen. Ana Duarte", "Ana Duarte"),
        ("Ana Duarte on Friday said it was late.", "Ana Duarte", "Ana Duarte"),
        ("Ana Duarte, the Vermont independent, who said it was late, left.", "Ana Duarte", "Ana Duarte"),
        ("Ana Duarte puts it bluntly: “It is late by now.”", "Ana Duarte", "Ana Duarte"),
    ],
)
def test_what_stands_beside_a_name_is_no_part_of_it(text, as_named, named):
    (voice,) = only(text).chain[0].voices

    assert (voice.as_named, voice.name) == (as_named, named)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Foreign Minister Ana Duarte said it was late.", "Foreign Minister"),
        ("Ana Duarte, a spokeswoman for the port, said it was late.", "spokeswoman for the port"),
        ("The port’s director, Ana Duarte, said it was late.", "port’s director"),
    ],
)
def test_the_role_is_kept(text, role):
    (voice,) = only(text).chain[0].voices

    assert voice.role == role


@pytest.mark.parametrize(
    ("text", "as_named", "kind"),
    [
        ("The report says that the dam leaks.", "The report", VoiceKind.DOCUMENT),
        ("A poll by Norlund showed that most voters would stay.", "A poll by Norlund", VoiceKind.DATASET),
        ("The Dutch defence ministry said it had seen drones.", "The Dutch defence ministry", VoiceKind.ORGANISATION),
        ("Researchers found that the lake was warming.", "Researchers", VoiceKind.GROUP),
        ("One Baltic diplomat said the alliance was slow.", "One Baltic diplomat", VoiceKind.PERSON),
        ("The Lark Herald reported that the dam leaked.", "The Lark Herald", VoiceKind.OUTLET),
    ],
)
def test_documents_polls_institutions_and_unnamed_voices(text, as_named, kind):
    (voice,) = only(text).chain[0].voices

    assert (voice.as_named, voice.kind) == (as_named, kind)


@pytest.mark.parametrize("text", ["Among Republicans, 45% said they opposed it.", "His father said it was late."])
def test_a_share_is_no_name_and_kinship_no_role(text):
    (voice,) = only(text).chain[0].voices

    assert (voice.name, voice.role) == ("", "")


def test_whom_a_quotation_names_is_known_after_it():
    text = "The club wrote: “We have today parted with head coach Rui Costa.” Costa said that he was proud."

    assert name(text) == "Rui Costa"


def test_an_unnamed_voice_has_no_name():
    assert name("One Baltic diplomat said the alliance was slow.") == ""


def test_joint_speakers_are_voices_of_one_hop():
    quotation = only("Britain and France declared that the treaty was void.")

    assert [voice.name for voice in quotation.chain[0].voices] == ["Britain", "France"]
    assert len(quotation.chain) == 1


def test_a_short_name_leads_to_the_long_one():
    text = "Financial Times editors met the World Health Organization. The WHO said that the virus had spread."

    assert name(text) == "World Health Organization"


def test_whom_it_was_told_is_no_speaker():
    quotation = only("Ana Duarte told reporters that the dam leaked.")

    assert quotation.chain[0].addressee == "reporters"
    assert chain("Ana Duarte told reporters that the dam leaked.") == "Ana Duarte"


def test_the_day_is_kept_as_the_text_gives_it():
    assert only("Ana Duarte said on Tuesday that the dam leaked.").chain[0].when == "on Tuesday"


def test_it_is_the_body_that_spoke():
    text = "The Dutch defence ministry said it had seen drones. It said they had left."

    assert name(text) == "Dutch defence ministry"
