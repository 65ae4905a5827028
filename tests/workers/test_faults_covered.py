"""Which test covers which fault of a partner's server, and that none of them has gone.

| fault | what happens | where |
|---|---|---|
| F20 | cut at every KB; replies lost after the rename | test_fault_cut, test_sftp_faults |
| F21 | stall, a byte a second, vanished; the others go on | test_fault_cut, test_sftp_faults |
| F22 | growing, sizes that lie, replaced between stat, read and archive | test_fault_lies |
| F23 | a valid prefix that is completed later | test_fault_lies, test_collect, test_completeness |
| F24 | rename fails, is denied, lies; the name is taken | test_fault_lies, test_delivery |
| F25 | a move that is refused for days | test_fault_lies, tests/api/test_breaker |
| F26 | host keys, unknown hosts, SHA-1 and other downgrades | test_fault_trust, test_sftp |
| F27 | refused logins | test_fault_trust, test_breaker |
| F28 | 10,000 entries, hostile names, links, twins | test_fault_names, test_mailbox |
| F36 | answers before, late, never, twice, to nothing | test_fault_answers |
| F37 | the last control number | test_fault_answers, tests/rcm/test_exchange |
| lies | banners, error codes, attributes, listings | test_fault_wire |
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COVERED: dict[str, tuple[str, ...]] = {
    "F20": (
        "tests/workers/test_fault_cut.py::test_an_upload_cut_anywhere_is_one_file_in_the_end",
        "tests/workers/test_fault_cut.py::test_a_download_cut_anywhere_is_received_once_and_whole",
        "tests/workers/test_fault_cut.py::test_cut_at_every_kilobyte",
        "tests/workers/test_fault_cut.py::test_a_reply_that_is_lost_after_the_rename_is_resolved_by_looking",
    ),
    "F21": (
        "tests/workers/test_fault_cut.py::test_no_transfer_lasts_longer_than_its_deadline",
        "tests/workers/test_fault_cut.py::test_a_partner_that_stalls_holds_one_worker_and_no_other_partner",
        "tests/workers/test_fault_cut.py::test_the_others_are_as_fast_while_one_stalls",
    ),
    "F22": (
        "tests/workers/test_fault_lies.py::test_a_size_that_is_not_true_is_not_believed",
        "tests/workers/test_fault_lies.py::test_a_size_that_ends_at_an_interchange_cuts_off_no_other",
        "tests/workers/test_fault_lies.py::test_a_file_that_grows_while_it_is_read_is_taken_when_it_is_at_rest",
        "tests/workers/test_fault_lies.py::test_a_file_that_is_replaced_is_read_too",
    ),
    "F23": (
        "tests/workers/test_fault_lies.py::test_half_a_file_that_is_completed_later_is_posted_once_and_whole",
        "tests/workers/test_collect.py::test_a_file_that_stays_incomplete_is_taken_as_it_is_in_the_end",
    ),
    "F24": (
        "tests/workers/test_fault_lies.py::test_a_rename_that_fails_is_tried_again_and_leaves_one_file",
        "tests/workers/test_fault_lies.py::test_a_rename_that_is_denied_is_a_persons_work_and_then_goes",
        "tests/workers/test_fault_lies.py::test_a_rename_that_only_says_that_it_failed_is_seen_through",
        "tests/workers/test_fault_lies.py::test_what_has_the_name_already_is_ours_or_left_alone",
    ),
    "F25": (
        "tests/workers/test_fault_lies.py::test_a_file_that_may_not_be_moved_for_days_is_posted_once_and_told",
    ),
    "F26": (
        "tests/workers/test_fault_trust.py::test_a_host_that_is_not_the_pinned_one_is_shown_nothing_and_stops_all",
        "tests/workers/test_fault_trust.py::test_a_server_that_was_downgraded_gets_no_login_and_stops_all",
        "tests/workers/test_fault_trust.py::test_a_server_that_signs_with_sha_1_only_gets_no_login",
    ),
    "F27": (
        "tests/workers/test_fault_trust.py::test_a_login_that_is_refused_is_tried_twice_whatever_waits",
        "tests/workers/test_breaker.py::test_a_refused_login_is_tried_twice_by_all_jobs_together",
    ),
    "F28": (
        "tests/workers/test_fault_names.py::test_hostile_names_are_told_and_hide_no_other_file",
        "tests/workers/test_fault_names.py::test_links_and_folders_are_never_followed",
        "tests/workers/test_fault_names.py::test_a_folder_of_ten_thousand_is_visited_and_one_more_is_told",
    ),
    "F36": (
        "tests/workers/test_fault_answers.py::test_an_answer_that_comes_before_the_send_is_noted_is_matched_and_nothing_is_sent_again",
        "tests/workers/test_fault_answers.py::test_the_same_answer_twice_is_one_answer",
        "tests/workers/test_fault_answers.py::test_an_answer_that_does_not_come_is_missed_and_one_that_comes_late_still_counts",
        "tests/workers/test_fault_answers.py::test_an_answer_to_what_we_never_sent_is_kept_and_is_work",
    ),
    "F37": (
        "tests/workers/test_fault_answers.py::test_of_two_who_take_the_last_number_at_once_one_has_it",
        "tests/workers/test_fault_answers.py::test_when_numbers_are_used_up_claims_wait_and_a_person_is_told",
        "tests/rcm/test_exchange.py::test_control_numbers_are_unique_under_eight_threads",
    ),
    "lies": (
        "tests/workers/test_fault_wire.py::test_whatever_answers_at_the_port_is_one_error_in_time",
        "tests/workers/test_fault_wire.py::test_every_error_code_is_an_answer_or_one_error",
        "tests/workers/test_fault_wire.py::test_attributes_of_every_kind_are_rows_or_one_error",
        "tests/workers/test_fault_wire.py::test_names_that_lead_elsewhere_are_never_asked_for",
    ),
}


@pytest.mark.parametrize("fault", COVERED)
def test_every_fault_has_its_tests(fault: str) -> None:
    assert f"| {fault} |" in (__doc__ or "")
    for test in COVERED[fault]:
        path, _, name = test.partition("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert name in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}, test
