"""Every attack case and who holds it: a test by its name, or a reason why it comes later.

Cases that are tried here stand in ``cases.py``, those that need a browser in ``tests/browser/test_scripts.py``.
"""

HELD: dict[str, tuple[str, str]] = {
    "XSS-01": ("Markup in an article", "browser/test_scripts.py::test_nothing_that_is_stored_runs"),
    "XSS-02": ("Markup in quoted words", "browser/test_scripts.py::test_nothing_that_is_stored_runs"),
    "XSS-03": ("Markup in a note", "claims/test_markup.py::test_hostile_markdown_becomes_harmless_html"),
    "XSS-04": ("Markup in names", "browser/test_scripts.py::test_nothing_that_is_stored_runs"),
    "XSS-05": ("Addresses that run", "claims/test_link_schemes.py::test_the_forms_of_the_desk_refuse_it"),
    "XSS-06": ("Links of Markdown", "claims/test_markup.py::test_it_links_nowhere_else"),
    "XSS-08": ("A search that comes back", "browser/test_scripts.py::test_nothing_that_is_asked_runs"),
    "XSS-09": ("Markup in the history", "browser/test_scripts.py::test_nothing_that_is_stored_runs"),
    "XSS-11": ("An upload that is a page", "articles/test_upload.py::test_bad_input_is_answered_where_it_was_typed"),
    "XSS-12": ("Markup in an account's name", "browser/test_scripts.py::test_nothing_that_is_stored_runs"),
    "CSV-01": ("Formulas in a table", "claims/test_export.py::test_no_cell_of_a_table_is_a_formula"),
    "CSV-04": ("Separators in a cell", "claims/test_export.py::test_any_other_text_is_left_as_it_is"),
    "SIZE-02": ("Too large an upload", "config/test_middleware.py::test_it_refuses_unread_what_is_over_the_limit"),
    "SIZE-05": ("Nested JSON", "claims/test_load_rows.py::test_it_refuses_a_value"),
    "SIZE-06": ("Numbers of JSON", "claims/test_load_rows.py::test_it_refuses_a_value"),
    "PARSE-04": ("Wrong shapes of JSON", "claims/test_load_jsonl.py::test_it_refuses_what_is_no_row"),
    "PARSE-05": ("Every method everywhere", "claims/test_permissions.py::test_every_address_answers_as_the_table_says"),
    "PARSE-07": (
        "A strange host",
        "config/test_headers.py::test_a_host_that_is_not_ours_is_refused_before_anything_else",
    ),
    "PARSE-10": ("A hostile fixture", "claims/test_loaddata.py::test_it_refuses_what_leads_back_to_itself"),
    "REDOS-01": ("Text that slows", "articles/test_digest.py::test_hostile_input_takes_no_more_than_its_length"),
    "SRCH-04": ("A search that tells", "claims/test_leaks.py::test_no_search_of_the_public_tells_of_what_is_kept"),
    "AUTHZ-01": ("Every address and role", "claims/test_permissions.py::test_every_address_answers_as_the_table_says"),
    "AUTHZ-02": (
        "A row by its number",
        "claims/test_leaks.py::test_a_row_that_is_kept_is_answered_as_one_that_is_not_there",
    ),
    "AUTHZ-03": (
        "A row's history",
        "claims/test_leaks.py::test_no_page_shows_what_is_kept_from_its_reader_and_none_writes",
    ),
    "AUTHZ-04": ("Forged choices", "claims/test_admin_bulk.py::test_forged_numbers_choose_nothing"),
    "AUTHZ-05": ("Merging what is not yours", "claims/test_merge_desk.py::test_who_does_not_merge_is_shown_no_way"),
    "AUTHZ-10": (
        "Making oneself an admin",
        "claims/test_permissions.py::test_nobody_is_somebody_else_by_the_name_alone",
    ),
    "AUTHZ-11": (
        "A role that was taken",
        "config/test_sessions.py::test_another_role_ends_the_sessions_under_the_old_one",
    ),
    "AUTHZ-12": (
        "Writing by another method",
        "claims/test_permissions.py::test_every_address_answers_as_the_table_says",
    ),
    "AUTHZ-13": ("Changing history", "claims/test_permissions.py::test_every_address_answers_as_the_table_says"),
    "MASS-01": ("Fields in no form", "soak/test_cases.py::test_fields_that_are_in_no_form_are_not_written"),
    "MASS-02": ("Fields in no form of the desk", "soak/test_cases.py::test_fields_that_are_in_no_form_are_not_written"),
    "CSRF-01": ("A form without its token", "claims/test_permissions.py::test_no_form_is_taken_without_its_token"),
    "CSRF-03": (
        "Writing by looking",
        "claims/test_leaks.py::test_no_page_shows_what_is_kept_from_its_reader_and_none_writes",
    ),
    "CSRF-04": ("A page in a frame", "config/test_headers.py::test_a_view_may_not_be_framed_by_a_slip"),
    "CSRF-05": ("Another site reads", "config/test_headers.py::test_no_other_site_may_read_or_send"),
    "SESS-01": (
        "A session laid ready",
        "config/test_sessions.py::test_signing_in_begins_a_new_session_and_a_new_token",
    ),
    "SESS-02": ("A session that ended", "config/test_sessions.py::test_signing_out_ends_the_session_on_the_server"),
    "SESS-03": ("Cookies", "config/test_sessions.py::test_whoever_only_reads_has_no_session_and_no_cookie"),
    "AUTH-01": ("Guessing passwords", "config/test_door.py::test_a_burst_is_counted_before_any_password_is_looked_at"),
    "AUTH-03": ("Guessing accounts", "config/test_door.py::test_nothing_tells_which_accounts_there_are"),
    "AUTH-04": ("Bad passwords", "config/test_passwords.py::test_it_refuses_what_is_short_endless_or_common"),
    "CONF-02": ("Unsafe settings", "config/test_settings.py::test_debug_is_refused_where_others_could_look"),
    "CONF-04": ("Error pages", "config/test_error_pages.py::test_the_last_resort_needs_none_of_our_machinery"),
    "CONF-05": ("Headers", "config/test_headers.py::test_every_public_page_and_every_refusal_has_them"),
    "CONF-06": ("Files of ours", "config/test_files.py::test_what_the_site_keeps_to_itself_is_no_page"),
    "CONF-08": ("Nobody signs up", "claims/test_permissions.py::test_it_catches_an_address_that_nobody_has_thought_of"),
    "CONF-10": (
        "SQLite's version",
        "config/test_databases.py::test_the_journal_is_wal_only_where_the_library_keeps_it_safe",
    ),
    "LOG-01": ("Secrets in the log", "config/test_audit.py::test_no_secret_reaches_the_log"),
    "LOG-02": ("Forged lines", "config/test_audit.py::test_nothing_that_was_sent_makes_a_line_or_steers_a_terminal"),
    "LOG-03": ("Who did what", "config/test_audit.py::test_a_refusal_is_one_line_with_who_when_what_and_which_request"),
    "PATH-01": ("Names of files", "articles/test_upload.py::test_a_files_name_is_only_a_name"),
    "PATH-02": ("Ways up", "config/test_files.py::test_no_way_leads_up_out_of_the_files"),
    "PAGE-04": (
        "Many exports at once",
        "claims/test_export_limit.py::test_one_more_than_are_given_at_once_is_refused_until_one_has_ended",
    ),
    "CONC-01": ("Lost edits", "soak/test_edits.py::test_no_acknowledged_edit_is_lost"),
    "CONC-02": ("Two forms of one row", "claims/test_admin_conflict.py::test_what_is_picked_is_saved"),
    "CONC-03": (
        "A list that moved",
        "claims/test_admin_bulk.py::test_rows_that_were_changed_withdrawn_or_sorted_anew_meanwhile_take_no_value_of_another",
    ),
    "CONC-05": ("Rows of one page", "claims/test_admin_conflict.py::test_different_rows_are_nobodys_conflict"),
    "CONC-06": (
        "A save without a lock",
        "claims/test_admin_conflict.py::test_a_save_without_the_lock_is_refused_and_kept",
    ),
    "CONC-07": ("A form sent twice", "claims/test_races.py::test_a_form_that_arrives_twice_at_once_makes_one_row"),
    "CONC-08": (
        "One name, two rows",
        "claims/test_races.py::test_two_that_name_a_new_row_alike_get_one_row_and_one_complaint",
    ),
    "CONC-09": (
        "Gone while edited",
        "claims/test_admin_conflict.py::test_a_claim_that_was_withdrawn_meanwhile_stays_withdrawn",
    ),
    "CONC-11": ("Counts under load", "soak/test_edits.py::test_no_acknowledged_edit_is_lost"),
    "CONC-12": ("A locked database", "soak/test_edits.py::test_no_acknowledged_edit_is_lost"),
    "CONC-15": ("Gaps in history", "soak/test_edits.py::test_no_acknowledged_edit_is_lost"),
    "CRASH-01": ("Killed imports", "soak/test_kills.py::test_a_killed_import_leaves_all_or_nothing"),
    "CRASH-07": (
        "A table that is held",
        "config/test_databases.py::test_a_page_whose_table_somebody_holds_is_answered_while_he_holds_it",
    ),
    "BAK-06": ("Undoing a thousand", "claims/test_undo.py::test_a_withdrawal_of_a_thousand_claims_is_undone_as_one"),
    "TIME-03": ("Dates known in part", "articles/test_dates.py::test_it_reads_what_people_type"),
    "STAT-03": ("Accessibility", "browser/test_admin_accessibility.py::"),
}
"""By a test below tests/: what it is about, and which test."""

FETCHING = "nothing is fetched from elsewhere yet"
NO_API = "there is no API yet"
FAULTS = "faults of machine and database are tried with backups"
NO_FORMAT = "no such format is taken or given"
REPLICAS = "there are no replicas yet"
MIGRATIONS = "there is no release to migrate from yet"

LATER: dict[str, tuple[str, str]] = {
    "XSS-13": ("Markup in the API's pages", NO_API),
    "CSV-03": ("Formulas in a workbook", NO_FORMAT),
    **{f"SSRF-{number}": ("Requests to where they do not belong", FETCHING) for number in ("01", "02", "03", "04")},
    **{f"SSRF-{number}": ("Hostile answers", FETCHING) for number in ("06", "08", "10")},
    "SIZE-01": ("Archives that explode", NO_FORMAT),
    "SIZE-04": ("Endless tables", NO_FORMAT),
    "SIZE-08": ("Entities of XML", NO_FORMAT),
    "SIZE-13": ("Pictures", NO_FORMAT),
    "PARSE-08": ("Reviews of other sites", NO_FORMAT),
    "PARSE-09": ("Shapes of tables", NO_FORMAT),
    "REDOS-04": ("Every pattern", "needs a tool that is no dependency of ours; run by hand"),
    "INJ-05": ("A scanner for injections", "needs a tool that is no dependency of ours; run by hand"),
    "AUTHZ-07": ("Exports of others", "an export is made while it is sent: there is no file to take"),
    "AUTH-06": ("Tokens", NO_API),
    "CONF-01": ("Deployment settings", "make check runs check --deploy"),
    "CONF-09": ("Versions of what we use", "the pins of requirements.txt say them"),
    "DES-01": ("Unsafe readers", "make check runs bandit"),
    "STAT-01": ("Static search", "make check runs bandit"),
    "STAT-02": ("Requests elsewhere", "every browser test fails on one"),
    "CONC-14": ("Races for jobs", "there are no jobs"),
    **{f"CRASH-{number}": ("Power, disk and network", FAULTS) for number in ("03", "04", "05", "08", "10", "12", "13")},
    **{f"REPL-{number}": ("Replicas", REPLICAS) for number in ("01", "02", "03", "04")},
    "TIME-01": ("Clocks that jump", FAULTS),
    **{f"MIG-{number}": ("Migrations", MIGRATIONS) for number in ("01", "02", "04", "05")},
    **{f"BAK-{number}": ("Backups", "backups have no command yet") for number in ("01", "03", "04")},
}
"""What is not tried in the suite, and why."""
