//! The built Worker on the local runtime, asked over HTTP as browsers, CRMs and Google ask it.
//!
//! All tests but the last share one runtime and run one after another, because they compare what is stored and counted
//! before and after. `cargo xtask test` runs them.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};
use support::runtime::Runtime;

mod consent;
mod canary;
mod deliveries;
mod feed;
mod full_disk;
mod hostile;
mod kill;
mod leads;
mod limits;
mod outcomes;
mod sender;
mod settings;
mod webhooks;

type Test = fn(&Runtime);

const TESTS: &[(&str, Test)] = &[
    (
        "leads::a_new_lead_is_stored_once_however_often_it_is_sent",
        leads::a_new_lead_is_stored_once_however_often_it_is_sent,
    ),
    (
        "leads::another_lead_of_the_same_id_is_refused_and_the_first_stays",
        leads::another_lead_of_the_same_id_is_refused_and_the_first_stays,
    ),
    (
        "leads::a_lead_is_stored_with_its_channels_and_the_browser_that_sent_it",
        leads::a_lead_is_stored_with_its_channels_and_the_browser_that_sent_it,
    ),
    (
        "leads::err_every_bad_lead_has_its_code_stores_nothing_and_is_counted",
        leads::err_every_bad_lead_has_its_code_stores_nothing_and_is_counted,
    ),
    (
        "leads::err_a_body_that_ends_early_stores_nothing",
        leads::err_a_body_that_ends_early_stores_nothing,
    ),
    (
        "leads::pages_of_the_site_may_read_the_answer_and_no_others",
        leads::pages_of_the_site_may_read_the_answer_and_no_others,
    ),
    (
        "leads::a_preflight_is_granted_to_pages_of_a_site_only",
        leads::a_preflight_is_granted_to_pages_of_a_site_only,
    ),
    (
        "consent::a_grant_sets_the_record_as_a_cookie_and_stores_nothing",
        consent::a_grant_sets_the_record_as_a_cookie_and_stores_nothing,
    ),
    (
        "consent::a_withdrawal_and_an_opt_out_expire_the_cookie",
        consent::a_withdrawal_and_an_opt_out_expire_the_cookie,
    ),
    (
        "consent::a_subdomain_withdraws_in_every_scope_each_in_a_header_of_its_own",
        consent::a_subdomain_withdraws_in_every_scope_each_in_a_header_of_its_own,
    ),
    (
        "consent::a_page_fetched_ahead_or_of_another_host_gets_no_cookie",
        consent::a_page_fetched_ahead_or_of_another_host_gets_no_cookie,
    ),
    (
        "consent::err_every_bad_notice_has_its_code_sets_nothing_and_is_counted",
        consent::err_every_bad_notice_has_its_code_sets_nothing_and_is_counted,
    ),
    (
        "outcomes::the_good_rows_of_a_batch_are_stored_and_the_others_refused_with_advice",
        outcomes::the_good_rows_of_a_batch_are_stored_and_the_others_refused_with_advice,
    ),
    (
        "outcomes::an_outcome_before_its_click_is_refused",
        outcomes::an_outcome_before_its_click_is_refused,
    ),
    (
        "outcomes::an_outcome_waits_for_its_lead",
        outcomes::an_outcome_waits_for_its_lead,
    ),
    (
        "outcomes::an_outcome_is_told_once_and_stays_what_it_was",
        outcomes::an_outcome_is_told_once_and_stays_what_it_was,
    ),
    (
        "outcomes::a_thousand_outcomes_go_in_one_request_and_not_one_more",
        outcomes::a_thousand_outcomes_go_in_one_request_and_not_one_more,
    ),
    (
        "outcomes::err_a_batch_that_cannot_be_taken_stores_nothing",
        outcomes::err_a_batch_that_cannot_be_taken_stores_nothing,
    ),
    (
        "settings::a_site_and_its_keys_are_set_by_api_and_open_nothing_else",
        settings::a_site_and_its_keys_are_set_by_api_and_open_nothing_else,
    ),
    (
        "settings::err_a_page_of_another_origin_changes_no_setting",
        settings::err_a_page_of_another_origin_changes_no_setting,
    ),
    (
        "settings::a_person_who_was_forgotten_stays_forgotten",
        settings::a_person_who_was_forgotten_stays_forgotten,
    ),
    (
        "settings::the_clock_sweeps_the_outbox_and_health_says_so",
        settings::the_clock_sweeps_the_outbox_and_health_says_so,
    ),
    (
        "outcomes::a_table_of_a_spreadsheet_finds_its_leads_by_click_id",
        outcomes::a_table_of_a_spreadsheet_finds_its_leads_by_click_id,
    ),
    (
        "outcomes::a_table_of_seven_thousand_rows_goes_in_one_request",
        outcomes::a_table_of_seven_thousand_rows_goes_in_one_request,
    ),
    (
        "outcomes::a_change_comes_before_or_after_its_outcome",
        outcomes::a_change_comes_before_or_after_its_outcome,
    ),
    (
        "webhooks::a_signed_delivery_is_taken_once_and_an_altered_one_never",
        webhooks::a_signed_delivery_is_taken_once_and_an_altered_one_never,
    ),
    (
        "feed::a_click_id_goes_from_the_lead_to_the_file_byte_for_byte",
        feed::a_click_id_goes_from_the_lead_to_the_file_byte_for_byte,
    ),
    (
        "feed::a_change_of_what_was_fetched_goes_to_the_file_of_changes",
        feed::a_change_of_what_was_fetched_goes_to_the_file_of_changes,
    ),
    (
        "feed::the_story_and_the_diagnostics_tell_what_was_fetched",
        feed::the_story_and_the_diagnostics_tell_what_was_fetched,
    ),
    (
        "feed::err_without_the_password_there_is_no_file",
        feed::err_without_the_password_there_is_no_file,
    ),
    ("feed::health_and_unknown_paths", feed::health_and_unknown_paths),
    (
        "hostile::bodies_of_the_json_test_suite_store_nothing",
        hostile::bodies_of_the_json_test_suite_store_nothing,
    ),
    (
        "hostile::naughty_strings_and_probes_stay_values",
        hostile::naughty_strings_and_probes_stay_values,
    ),
    (
        "hostile::bodies_that_are_too_deep_too_wide_or_compressed_store_nothing",
        hostile::bodies_that_are_too_deep_too_wide_or_compressed_store_nothing,
    ),
    (
        "hostile::wrong_lengths_and_broken_headers_store_nothing",
        hostile::wrong_lengths_and_broken_headers_store_nothing,
    ),
    (
        "hostile::a_body_that_does_not_come_is_given_up_and_holds_up_nobody",
        hostile::a_body_that_does_not_come_is_given_up_and_holds_up_nobody,
    ),
    (
        "hostile::twelve_origins_see_exactly_what_is_theirs",
        hostile::twelve_origins_see_exactly_what_is_theirs,
    ),
];

/// Each starts a runtime of its own, beside platforms of its own.
const DELIVERIES: &[(&str, fn())] = &[
    (
        "deliveries::the_built_worker_signs_for_itself_and_tells_the_platforms",
        deliveries::the_built_worker_signs_for_itself_and_tells_the_platforms,
    ),
    (
        "deliveries::settings_are_tried_at_the_platform_and_stored_whatever_it_says",
        deliveries::settings_are_tried_at_the_platform_and_stored_whatever_it_says,
    ),
    (
        "deliveries::whatever_goes_wrong_on_the_way_counts_once",
        deliveries::whatever_goes_wrong_on_the_way_counts_once,
    ),
    (
        "deliveries::one_poisoned_row_in_a_hundred_leaves_ninety_nine_at_each_platform",
        deliveries::one_poisoned_row_in_a_hundred_leaves_ninety_nine_at_each_platform,
    ),
    (
        "deliveries::a_sweep_that_is_killed_sends_nothing_twice_and_loses_nothing",
        deliveries::a_sweep_that_is_killed_sends_nothing_twice_and_loses_nothing,
    ),
    (
        "deliveries::two_hundred_outcomes_through_everything_that_goes_wrong",
        deliveries::two_hundred_outcomes_through_everything_that_goes_wrong,
    ),
];

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    let state = tempfile::tempdir().expect("a folder for the store");
    let only_listed = arguments.list;
    let shared = (!only_listed).then(|| Arc::new(Runtime::start(state.path())));
    let mut trials: Vec<Trial> = TESTS
        .iter()
        .map(|(name, test)| trial(name, *test, shared.clone()))
        .collect();
    trials.extend(DELIVERIES.iter().map(|(name, test)| {
        Trial::test(*name, || {
            test();
            Ok(())
        })
    }));
    trials.push(Trial::test(
        "kill::no_acknowledged_lead_is_lost_or_doubled_over_ten_kills",
        || {
            kill::no_acknowledged_lead_is_lost_or_doubled_over_ten_kills();
            Ok(())
        },
    ));
    trials.push(Trial::test(
        "canary::a_word_in_every_field_and_header_is_in_no_log_and_in_no_error",
        || {
            canary::a_word_in_every_field_and_header_is_in_no_log_and_in_no_error();
            Ok(())
        },
    ));
    trials.push(Trial::test(
        "full_disk::nothing_is_acknowledged_while_the_disk_is_full_and_everything_once_there_is_room",
        || {
            full_disk::nothing_is_acknowledged_while_the_disk_is_full_and_everything_once_there_is_room();
            Ok(())
        },
    ));
    trials.push(Trial::test(
        "limits::a_flood_is_stopped_before_the_store_and_a_budget_at_its_end",
        || {
            limits::a_flood_is_stopped_before_the_store_and_a_budget_at_its_end();
            Ok(())
        },
    ));
    // The runtime ends before this program does, because exiting would leave it behind.
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(shared);
    conclusion.exit_code()
}

fn trial(name: &str, test: Test, runtime: Option<Arc<Runtime>>) -> Trial {
    Trial::test(name, move || {
        test(
            runtime
                .as_deref()
                .expect("a runtime, unless the tests are only listed"),
        );
        Ok(())
    })
}
