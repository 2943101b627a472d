"""The same is said in every language: nothing is missing, and each is said as its people say it."""

import json
import re
from dataclasses import replace
from importlib.resources import files
from typing import get_args

import pytest
from jinja2 import Environment, nodes
from tests.letters.facts import DUE, FACTS, because, brussels, clock, facts, problem

from respondby.calendars.instants import parse_time, people_time, zone
from respondby.desk.case import Actor, Case
from respondby.desk.refusals import DETAILS, SOMEBODY, Code, Condition, Lacking, Refusal, Usage
from respondby.letters.calls import render_call
from respondby.letters.card import render_card
from respondby.letters.comments import render_comment
from respondby.letters.messages import LETTERS, OURS
from respondby.letters.refusals import reason_text
from respondby.letters.samples import letters
from respondby.letters.when import speaking
from respondby.letters.words import languages, our_words
from respondby.policy.model.requests import Argument
from respondby.rules.card_facts import CardField
from respondby.rules.plan import Answer, Because, Call, WriteComment

#: A translation is a folder: each one that is there is held to what English says.
OTHERS = tuple(sorted(languages() - {"en"}))
#: The languages of the tables below.
TABLED = ("nl", "de", "fr")
PLACE = re.compile(r"\{(\w+)\}")


def source(language, name):
    return (files("respondby.letters") / language / name).read_text()


def test_these_languages_are_spoken():
    assert languages() == {"en", *TABLED, "es", "it", "pt"}


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_lacks_no_file_and_no_word(language):
    assert not [
        name for name in (*LETTERS, "words.json") if not (files("respondby.letters") / language / name).is_file()
    ]
    ours, english = keys(our_words(language)), keys(our_words("en"))
    assert not (lacks := english - ours), f"{language}/words.json lacks {sorted(lacks)}"
    assert not (more := ours - english), f"{language}/words.json has what English has not: {sorted(more)}"


def keys(words, at=""):
    """Every key of the words, by its whole path; what only one language has is left out."""
    found = set()
    for key, value in words.items():
        found.add(f"{at}{key}")
        if isinstance(value, dict) and key not in ("names", "days"):
            found |= keys(value, f"{at}{key}.")
    return found


# -- nothing is missing --------------------------------------------------------------------------------------------


def test_every_reason_has_its_details_named():
    assert set(DETAILS) == set(get_args(Code))


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_every_reason_is_said_with_all_that_it_knows(language):
    patterns = our_words(language)["why"]
    assert {code: set(PLACE.findall(pattern)) for code, pattern in patterns.items()} == {
        code: set(names) for code, names in DETAILS.items()
    }


def outline(value):
    """A file's keys, and the places of each of its texts; what is said is left out."""
    if isinstance(value, dict):
        return {key: outline(inner) for key, inner in value.items()}
    return [outline(inner) for inner in value] if isinstance(value, list) else sorted(PLACE.findall(value))


@pytest.mark.parametrize("language", OTHERS)
def test_each_language_has_the_same_words_with_the_same_places(language):
    free = ("names", "days")  # what only one language has
    ours, english = ({k: v for k, v in our_words(one).items() if k not in free} for one in (language, "en"))
    seconds = outline(ours["time-with-seconds"])
    assert outline(ours) == outline(english)
    assert seconds == ["hour", "minute", "second"]


def names_used(language, name):
    """Every name that a template uses: variables, and the items it takes of them."""
    tree = Environment(autoescape=True).parse(source(language, name))
    return {node.name for node in tree.find_all(nodes.Name)}, {node.attr for node in tree.find_all(nodes.Getattr)}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", LETTERS)
def test_each_languages_templates_use_the_same_names(language, name):
    assert names_used(language, name) == names_used("en", name)


@pytest.mark.parametrize("language", OTHERS)
def test_no_word_of_ours_is_left_in_english(language):
    english = "\n".join(letters(OURS, "en"))
    said = "\n".join(letters(OURS, language))
    lines = set(said.splitlines()) & set(english.splitlines())
    data = {
        "| --- | --- |",
        "| --- | --- | --- |",
        "| --- | ---: |",
        "| Who is affected? **High** | 3 × 2 = 6 |",
        "| --- | ---: | ---: | ---: |",
        "| ann | 2 | 1 | 1 |",
        "A text of the policy.",
        "@ann",
        "A draft.",
        "- [ ] Look",
        "| Product **Shop** | 2 |",
        "- The shop is down: https://github.com/acme/support/issues/4",
        "Is it down? Call: Any hour.",
    }
    data |= {"https://github.com/acme/support/issues/7", "### Lead (@ann)"}
    left = {
        line
        for line in lines - data
        if not line.startswith((">", "- /", "- Priority", "- 3", "**", "/escalate", "ann"))
    }
    assert left - {"", "The shop is down", "acme/support#7", "acme/support#7: Problem, High"} <= {
        "Support: acme/support#7, The shop is down",
        "@ann @bob:",
        "@ann:",
        "- **Problem**",
    }


# -- as its people say it ------------------------------------------------------------------------------------------

CARDS = {
    "nl": (
        "**Skyscrapers support** heeft uw aanvraag ontvangen: **Change Request**.\n\n"
        "- Priority: **Normal priority**\n\n"
        "| Wat u mag verwachten | Uiterlijk | Stand van zaken |\n| --- | --- | --- |\n"
        "| Eerste antwoord, voor het einde van de volgende werkdag | ma 28 dec 2026, 17:30 uur (Europe/Brussels)"
        " | op schema |\n\n"
        "<sub>Deze reactie wordt bijgewerkt zodra er iets verandert.</sub>"
    ),
    "de": (
        "**Skyscrapers support** hat Ihre Anfrage erhalten: **Change Request**.\n\n"
        "- Priority: **Normal priority**\n\n"
        "| Was Sie erwarten können | Bis wann | Stand |\n| --- | --- | --- |\n"
        "| Erste Antwort, bis zum Ende des nächsten Arbeitstags | Mo., 28. Dez. 2026, 17:30 Uhr (Europe/Brussels)"
        " | bisher im Zeitplan |\n\n"
        "<sub>Dieser Kommentar wird laufend aktualisiert.</sub>"
    ),
    "fr": (
        "**Skyscrapers support** a bien reçu votre demande\u00a0: **Change Request**.\n\n"
        "- Priority\u00a0: **Normal priority**\n\n"
        "| Ce que vous pouvez attendre | Au plus tard | Où nous en sommes |\n| --- | --- | --- |\n"
        "| Première réponse, avant la fin du jour ouvré suivant | lun. 28 déc. 2026 à 17h30 (Europe/Brussels)"
        " | dans les temps jusqu’ici |\n\n"
        "<sub>Ce commentaire est tenu à jour.</sub>"
    ),
    "es": (
        "**Skyscrapers support** ha recibido su solicitud: **Change Request**.\n\n"
        "- Priority: **Normal priority**\n\n"
        "| Qué puede esperar | Para cuándo | Situación |\n| --- | --- | --- |\n"
        "| Primera respuesta, antes de que acabe el siguiente día laborable | lun, 28 dic 2026, 17:30 (Europe/Brussels)"
        " | en plazo por ahora |\n\n"
        "<sub>Este comentario se mantiene al día.</sub>"
    ),
    "it": (
        "**Skyscrapers support** ha ricevuto la Sua richiesta: **Change Request**.\n\n"
        "- Priority: **Normal priority**\n\n"
        "| Che cosa può aspettarsi | Entro quando | Situazione |\n| --- | --- | --- |\n"
        "| Prima risposta, entro la fine del prossimo giorno lavorativo | lun 28 dic 2026, 17:30 (Europe/Brussels)"
        " | finora nei tempi |\n\n"
        "<sub>Questo commento viene tenuto aggiornato.</sub>"
    ),
    "pt": (
        "**Skyscrapers support** recebeu seu pedido: **Change Request**.\n\n"
        "- Priority: **Normal priority**\n\n"
        "| O que você pode esperar | Até quando | Situação |\n| --- | --- | --- |\n"
        "| Primeira resposta, até o fim do próximo dia útil | seg., 28 de dez. de 2026, 17:30 (Europe/Brussels)"
        " | no prazo até agora |\n\n"
        "<sub>Este comentário é mantido em dia.</sub>"
    ),
}


@pytest.mark.parametrize("language", CARDS)
def test_a_card_speaks_its_customers_language(language):
    assert render_card(facts(language=language), "<!-- m -->") == f"{CARDS[language]}\n\n<!-- m -->"


@pytest.mark.parametrize("language, tag", [("nl", "nl-BE"), ("de", "de-AT"), ("fr", "fr-CA"), ("pt", "pt-BR")])
def test_a_countrys_language_is_its_language(language, tag):
    assert render_card(facts(language=tag), "") == render_card(facts(language=language), "")


@pytest.mark.parametrize(
    "language, shown",
    [
        ("en", "Fri 1 Jan 2027, 09:05 (Europe/Brussels)"),
        ("nl", "vr 1 jan 2027, 09:05 uur (Europe/Brussels)"),
        ("de", "Fr., 1. Jan. 2027, 09:05 Uhr (Europe/Brussels)"),
        ("fr", "ven. 1er janv. 2027 à 09h05 (Europe/Brussels)"),
    ],
)
def test_instants_are_said_as_people_write_them(language, shown):
    assert speaking(language, "Europe/Brussels").at(brussels("2027-01-01T09:05")) == shown


def test_seconds_are_said_where_there_are_any():
    shown = {one: speaking(one, "Europe/Brussels").at(brussels("2026-12-28T17:30:05")) for one in ("nl", "de", "fr")}
    assert shown == {
        "nl": "ma 28 dec 2026, 17:30:05 uur (Europe/Brussels)",
        "de": "Mo., 28. Dez. 2026, 17:30:05 Uhr (Europe/Brussels)",
        "fr": "lun. 28 déc. 2026 à 17:30:05 (Europe/Brussels)",
    }


@pytest.mark.parametrize(
    "where, first, second, said",
    [
        ("Europe/Brussels", "2026-10-25T00:30Z", "2026-10-25T01:30Z", ("02:30 UTC+2", "02:30 UTC+1")),
        ("America/New_York", "2026-11-01T05:30Z", "2026-11-01T06:30Z", ("01:30 UTC-4", "01:30 UTC-5")),
        ("Australia/Lord_Howe", "2026-04-04T14:45Z", "2026-04-04T15:15Z", ("01:45 UTC+11", "01:45 UTC+10:30")),
    ],
)
@pytest.mark.parametrize("language", ["en", "nl", "de", "fr"])
def test_letters_cards_and_terminals_tell_the_two_passes_of_an_hour_apart(language, where, first, second, said):
    """Only in what clocks show twice: an hour or two before and after there is no offset."""
    for text, shown in zip((first, second), said, strict=True):
        offset = shown.split()[1]
        at = parse_time(text, None)
        letter = speaking(language, where).at(at)
        card = render_card(replace(facts(clocks=(clock(due=at),)), timezone=where, language=language), "")
        assert shown in people_time(at, zone(where))
        assert offset in letter
        assert offset in card
        others = [speaking(language, where).at(at + shift) for shift in (-7_200, 7_200)]
        assert not any("UTC" in told for told in others)


def test_the_hour_that_autumn_repeats_says_which_one_is_meant():
    first, second = parse_time("2026-10-25T00:30Z", None), parse_time("2026-10-25T01:30Z", None)
    assert [speaking("en", "Europe/Brussels").at(one) for one in (first, second, second + 1800)] == [
        "Sun 25 Oct 2026, 02:30 UTC+2 (Europe/Brussels)",
        "Sun 25 Oct 2026, 02:30 UTC+1 (Europe/Brussels)",
        "Sun 25 Oct 2026, 03:00 (Europe/Brussels)",
    ]
    assert speaking("de", "Europe/Brussels").moment(first) == "So., 25. Okt. 2026, 02:30 Uhr UTC+2"
    assert speaking("en", "Asia/Tokyo", "Europe/Brussels").everywhere(second) == (
        "Sun 25 Oct 2026, 10:30 (Asia/Tokyo)",
        "Sun 25 Oct 2026, 02:30 UTC+1 (Europe/Brussels)",
    )


@pytest.mark.parametrize(
    "text, dutch, german, french",
    [
        ("30m", "binnen 30 minuten", "innerhalb von 30 Minuten", "sous 30 minutes"),
        ("1h30m", "binnen 1 uur 30 minuten", "innerhalb von 1 Stunde 30 Minuten", "sous 1 heure 30 minutes"),
        ("24h", "binnen 1 dag", "innerhalb von 1 Tag", "sous 1 jour"),
        ("2 days", "binnen 2 dagen", "innerhalb von 2 Tagen", "sous 2 jours"),
        ("1 business hour", "binnen 1 werkuur", "innerhalb von 1 Geschäftsstunde", "sous 1 heure ouvrée"),
        ("4 business hours", "binnen 4 werkuren", "innerhalb von 4 Geschäftsstunden", "sous 4 heures ouvrées"),
        ("2 business days", "binnen 2 werkdagen", "innerhalb von 2 Arbeitstagen", "sous 2 jours ouvrés"),
        (
            "end of next business day",
            "voor het einde van de volgende werkdag",
            "bis zum Ende des nächsten Arbeitstags",
            "avant la fin du jour ouvré suivant",
        ),
        ("End of  week", "voor het einde van de week", "bis zum Ende der Woche", "avant la fin de la semaine"),
        ("handover", "voor de overdracht", "bis zur Übergabe", "avant la passation"),
        ("/agree.until", "zoals afgesproken", "wie vereinbart", "comme convenu"),
        ("2026-12-28T17:30", "", "", ""),
        ("when the moon is full", "when the moon is full", "when the moon is full", "when the moon is full"),
    ],
)
def test_a_promise_is_said_in_the_language_where_its_form_is_known(text, dutch, german, french):
    assert [speaking(language, "UTC").promise(text) for language in TABLED] == [dutch, german, french]


def test_every_end_that_a_policy_can_promise_is_known():
    from respondby.calendars.targets import parse_by

    for language in ("en", *OTHERS):
        ends = our_words(language)["ends"]
        assert all(str(parse_by(text)) == f"by {text}" for text in ends)
        assert len(ends) == 7


@pytest.mark.parametrize(
    "seconds, dutch, german, french",
    [
        (90, "over 1 minuut", "in 1 Minute", "dans 1 minute"),
        (-3 * 3600, "3 uur geleden", "vor 3 Stunden", "il y a 3 heures"),
        (2 * 86_400, "over 2 dagen", "in 2 Tagen", "dans 2 jours"),
        (5, "nu", "jetzt", "maintenant"),
    ],
)
def test_how_long_from_now_is_said_in_the_language(seconds, dutch, german, french):
    said = [speaking(language, "UTC").relative(DUE + seconds, DUE) for language in TABLED]
    assert said == [dutch, german, french]


LACKING = (
    Lacking("/cause", title="Cause", values=("change", "vendor", "unknown")),
    Lacking("/root-cause", takes=(Argument("text", "text"),)),
    Lacking("/resolved", title="Resolved", below=("Since when?", "How?")),
    Lacking("/close", alarm=True),
)
MISSING = (
    "\n- Cause: Write /cause with change, vendor or unknown"
    "\n- Write it like this: /root-cause some words"
    "\n- Resolved: Write /resolved, and below it, each on a line of its own: Since when?: some words; How?: some words"
    "\n- If it was a false alarm, say why instead: /close false-alarm: some words"
)
USAGE = Usage("/agree", (Argument("until", "time"), Argument("why", "text", optional=True)))
SEPARATE = Usage("/workaround", (Argument("what", "text"), Argument("original", "text"), Argument("who", "login")))
#: A reason of each code, as `respondby parse` and a card in English say it.
REASONS = [
    (Refusal.of("unanswered"), "This question needs an answer."),
    (
        Refusal.of("untold"),
        (
            "This answer cannot be told from the text around it: a heading of the form stands there as text, too."
            " Put “>” before the line that is only text, or take it out."
        ),
    ),
    (
        Refusal.of("no-option", said="Huge", options=("Low", "High")),
        "“Huge” is not an option here. The options are “Low” and “High”.",
    ),
    (
        Refusal.of("no-options", said="API, Phone", options=("Web, public", "API")),
        "“API, Phone” holds what is not an option here. The options are “Web, public” and “API”.",
    ),
    (
        Refusal.of("several-readings", said="Web, public"),
        (
            "“Web, public” can be read in more than one way, because options hold commas. "
            "Choose fewer of them, and name the others in a comment."
        ),
    ),
    (
        Refusal.of("other-boxes", options=("One", "Two")),
        "These boxes are not the form’s. Its boxes are “One” and “Two”.",
    ),
    (Refusal.of("not-ticked", missing=("I have read it",)), "This has to be ticked: “I have read it”."),
    (
        Refusal.of("argument-missing", argument="until", kind="time", usage=USAGE),
        "until is missing: a time such as 2026-11-20T16:00. Write it like this: /agree 2026-11-20T16:00 [some words]",
    ),
    (
        Refusal.of("argument-wrong", said="soon", kind="login", usage=SEPARATE),
        (
            "“soon” is not somebody’s login. Write /workaround, and below it, each on a line of its own:"
            " what: some words; original: some words; who: @somebody"
        ),
    ),
    (
        Refusal.of("argument-unread", said="tomorrow", word="/agree", usage=USAGE),
        "“tomorrow” is not what /agree takes. Write it like this: /agree 2026-11-20T16:00 [some words]",
    ),
    (Refusal.of("time-outside", said="0001-01-01T00:00"), "“0001-01-01T00:00” lies outside the years 1 to 9999."),
    (
        Refusal.of("time-past", said="2026-01-01T10:00"),
        "“2026-01-01T10:00” has passed already. Write a time that is still to come.",
    ),
    (
        Refusal.of("not-yours", word="/page", roles=("staff", "lead", SOMEBODY)),
        "/page is for our own staff, “lead” or certain people.",
    ),
    (
        Refusal.of("only-with", word="/close", conditions=(Condition("State", ("Confirmed", "unset")),)),
        "/close works only with State “Confirmed” or not set.",
    ),
    (
        Refusal.of("needs-answers", word="/escalate", missing=("SaaS Name", "Branch")),
        "/escalate needs “SaaS Name” and “Branch”. Write each as “Name: value” on a line of its own below it.",
    ),
    (
        Refusal.of("no-value", word="/priority", values=("high", "normal", "low")),
        "/priority takes high, normal or low.",
    ),
    (
        Refusal.of(
            "value-only-with",
            value="Production down",
            conditions=(Condition("Request type", ("Problem",)), Condition("stage", ("live",), own=True)),
        ),
        "“Production down” is only for requests with Request type “Problem” and the stage “live”.",
    ),
    (
        Refusal.of("value-needs", value="Not ours", missing=("What was it?",)),
        "“Not ours” needs “What was it?”. Write each as “Name: value” on a line of its own below it.",
    ),
    (Refusal.of("nothing-in-place", word="/reverted"), "Nothing is in place that /reverted could undo."),
    (
        Refusal.of("which-in-place", word="/reverted", standing=("1: four workers", "2: no report")),
        (
            "Several temporary changes are in place: “1: four workers” and “2: no report”."
            " Write /reverted with the number of the one that was undone."
        ),
    ),
    (Refusal.of("no-time", said="soon"), "“soon” is not a time. Write one such as 2026-11-20T16:00."),
    (
        Refusal.of("ends-first", start=1_767_607_200, end=1_767_603_600),
        (
            "The window ends before it starts: it starts Mon 5 Jan 2026, 10:00 (UTC)"
            " and ends Mon 5 Jan 2026, 09:00 (UTC)."
        ),
    ),
    (
        Refusal.of("window-past", end=1_767_603_600),
        "The window has passed already: it ended Mon 5 Jan 2026, 09:00 (UTC).",
    ),
    (
        Refusal.of("short-notice", notice="48h", at=1_767_603_600, earliest=1_767_776_400),
        (
            "Maintenance has to be announced 2 days ahead. Counted from Mon 5 Jan 2026, 09:00 (UTC), it starts"
            " Wed 7 Jan 2026, 09:00 (UTC) at the earliest; an edit counts from when it is made."
        ),
    ),
    (
        Refusal.of(
            "short-notice-emergency",
            notice="4 business hours",
            at=1_767_603_600,
            earliest=1_767_618_000,
            question="Emergency?",
            value="Yes",
        ),
        (
            "Maintenance has to be announced 4 business hours ahead. Counted from Mon 5 Jan 2026, 09:00 (UTC),"
            " it starts Mon 5 Jan 2026, 13:00 (UTC) at the earliest; an edit counts from when it is made."
            " In an emergency, answer “Emergency?” with “Yes”."
        ),
    ),
    (
        Refusal.of("not-in-place", said="7", standing=("1: four workers",)),
        "“7” is not a temporary change that is in place. What is in place: “1: four workers”.",
    ),
    (
        Refusal.of("boxes-gone", missing=("Check the alarms",)),
        (
            "The checklist has fewer boxes than it began with. Missing: “Check the alarms”."
            " Put them back, or close this issue when it is done."
        ),
    ),
    (
        Refusal.of("not-assignable", said="nosuchuser"),
        "nosuchuser cannot be assigned here: GitHub knows no such account, or it has no access to this repository.",
    ),
    (
        Refusal.of("no-login", said="Carla Smith"),
        (
            "“Carla Smith” is not a GitHub name, so this stays the request of who opened it. Write a name such as"
            " carla, or leave it empty."
        ),
    ),
    (
        Refusal.of("too-much", most="30"),
        "This and what follows was not read: one comment has at most 30 commands, near its beginning.",
    ),
    (
        Refusal.of("close-needs", lacking=LACKING),
        "This incident cannot be closed yet. Say what is missing, then close it again:\n" + MISSING,
    ),
    (
        Refusal.of("closed-too-soon", lacking=LACKING),
        (
            "This incident is open again, for it was closed before everything was there. Say what is missing,"
            " then close it:\n" + MISSING
        ),
    ),
    (
        Refusal.of("false-alarm-why", word="/close"),
        "A false alarm needs its reason: write /close false-alarm: and why it is none.",
    ),
    (
        Refusal.of("resolved-first", started=1_767_607_200, resolved=1_767_603_600),
        (
            "The incident would be over (Mon 5 Jan 2026, 09:00 (UTC)) before it started (Mon 5 Jan 2026, 10:00 (UTC))."
            " Correct the time, or say first when it started."
        ),
    ),
    (
        Refusal.of("milestone-ahead", time=1_767_603_600),
        "Mon 5 Jan 2026, 09:00 (UTC) is still to come. Write the time at which it was.",
    ),
    (
        Refusal.of("tie-nothing", said="#99"),
        (
            "There is no issue #99 here: it may have been deleted or moved elsewhere, or be a pull request."
            " Name an incident of this repository: `/part-of #12`."
        ),
    ),
    (
        Refusal.of("tie-elsewhere", said="a/b#1"),
        "“a/b#1” is in another repository. A request can be part of an incident of this repository only.",
    ),
    (Refusal.of("tie-itself", said="#2"), "#2 is this issue itself. Name the incident that it is part of."),
    (Refusal.of("tie-circle", said="#2"), "#2 is part of this issue already, so this cannot be part of it in turn."),
    (
        Refusal.of("tie-closed", said="#2"),
        "#2 is closed. Open it again first if it is not over, or name another incident.",
    ),
    (Refusal.of("tie-no-incident", said="#2"), "#2 is not an incident. Name one that is, or make it one first."),
    (
        Refusal.of("update-long", most="5000", long="8000"),
        (
            "An update goes into every request that waits for it, and this one has 8000 characters."
            " Write it in at most 5000."
        ),
    ),
]


def plain(text, most):
    return text[:most]


@pytest.mark.parametrize("reason, english", REASONS, ids=[reason.code for reason, _ in REASONS])
def test_each_reason_is_a_sentence(reason, english):
    assert reason_text(reason, speaking(None, "UTC"), plain) == english


def test_the_table_of_sentences_is_whole():
    assert {reason.code for reason, _ in REASONS} == set(DETAILS)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("reason, english", REASONS, ids=[reason.code for reason, _ in REASONS])
def test_each_reason_is_said_in_each_language_with_what_was_typed(language, reason, english):
    said = reason_text(reason, speaking(language, "UTC"), plain)
    assert said != english
    assert "{" not in said
    for name in ("said", "word", "value", "argument"):
        assert str(reason.details.get(name, "")) in said


@pytest.mark.parametrize(
    "language, said",
    [
        ("nl", "/page is voorbehouden aan onze medewerkers of “lead”."),
        ("de", "/page steht nur unserem Team oder „lead“ zu."),
        ("fr", "/page est réservé à notre équipe ou «\u00a0lead\u00a0»."),
    ],
)
def test_roles_are_said_in_the_language(language, said):
    assert (
        reason_text(Refusal.of("not-yours", word="/page", roles=("staff", "lead")), speaking(language, "UTC"), plain)
        == said
    )


@pytest.mark.parametrize(
    "language, reply",
    [
        ("nl", "Dit is niet uitgevoerd. Na /priority hoort high of low."),
        ("de", "Das wurde nicht ausgeführt. Nach /priority muss high oder low stehen."),
        ("fr", "Cette commande n’a pas été exécutée. Après /priority, il faut écrire high ou low."),
    ],
)
def test_a_reply_speaks_its_speakers_language_and_the_rest_the_readers(language, reply):
    wrong = Answer(
        "/priority huge", Refusal.of("no-value", word="/priority", values=("high", "low")), language=language
    )
    said = WriteComment(
        "key", ("ann",), (because("due"),), ("A text.",), (), answers=(wrong, replace(wrong, language=None))
    )
    assert render_comment(said, FACTS, "m") == (
        "@ann: “First response” was due Mon 28 Dec 2026, 17:30 (Europe/Brussels).\n\nA text.\n\n"
        "> /priority huge\n\nThis was not done. /priority takes high or low.\n\n"
        f"> /priority huge\n\n{reply}\n\nm"
    )


@pytest.mark.parametrize(
    "language, subject, sentence",
    [
        (
            "nl",
            "Eerste antwoord, termijn verstreken",
            "“Eerste antwoord” werd verwacht uiterlijk ma 28 dec 2026, 17:30 uur (Europe/Brussels), 3 uur geleden.",
        ),
        (
            "de",
            "Erste Antwort ist überfällig",
            "„Erste Antwort“ war fällig am Mo., 28. Dez. 2026, 17:30 Uhr (Europe/Brussels), vor 3 Stunden.",
        ),
        (
            "fr",
            "Première réponse, échéance dépassée ",
            (
                "«\u00a0Première réponse\u00a0» était à faire pour le lun. 28 déc. 2026 à 17h30 (Europe/Brussels),"
                " il y a 3 heures."
            ),
        ),
    ],
)
def test_a_call_speaks_the_language_of_the_called(language, subject, sentence):
    case = Case("acme/support", 7, "I_7", "https://x.test/7", "Help", Actor("carla"), 0, True, frozenset(), (), ())
    call = Call("key", "notify", "carla", ("chat",), (because("due"),), (), language=language)
    words = render_call(call, case, FACTS, DUE + 3 * 3600)
    assert words.subject == f"{subject}: acme/support#7, Help"
    assert sentence in words.body


def test_what_everybody_reads_names_no_speaker():
    reason = Because("command", "/escalate", speaker="sana")
    for language in ("en", *OTHERS):
        assert "sana" not in render_comment(
            WriteComment("key", ("ann",), (reason,), (), (), language=language), FACTS, ""
        )


def test_names_of_the_policy_stay_as_they_are_written():
    shown = facts(language="fr", fields=(CardField("Urgency", "First response"),), clocks=(clock(clock="patch-day"),))
    letter = render_card(shown, "")
    assert "- Urgency\u00a0: **First response**" in letter
    assert "| Patch day, " in letter


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_files_of_words_are_read_by_people(language):
    text = source(language, "words.json")
    assert json.loads(text) == our_words(language)
    assert "\\u" not in text


def test_a_question_keeps_its_mark_and_gets_no_colon():
    for language in ("en", *OTHERS):
        assert "**Since when?** " in render_card(facts(language=language, problems=(problem(),)), "")
