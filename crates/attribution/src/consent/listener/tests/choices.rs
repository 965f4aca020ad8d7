//! Who is heard in which mode, and whose answer counts when several give one.

use super::check;

#[test]
fn every_mode_hears_whom_it_should() {
    check(&[
        ("auto", "", "pending"),
        (
            "auto",
            "consent_mode,explicit,granted",
            "granted consent_mode explicit +??",
        ),
        ("auto", "site,explicit,granted", "granted site explicit +??"),
        ("auto", "gpc,explicit,granted", "pending"),
        ("manual", "klaro,explicit,granted", "pending"),
        (
            "manual",
            "site,explicit,granted klaro,explicit,denied",
            "granted site explicit +??",
        ),
        (
            "manual",
            "site,explicit,granted site,explicit,denied",
            "denied site",
        ),
        ("manual", "site,explicit,granted gpc,opt_out", "opted_out gpc"),
        ("not-required", "", "granted not_required not_required +??"),
        (
            "not-required",
            "klaro,explicit,denied",
            "granted not_required not_required +??",
        ),
        ("not-required", "site,explicit,denied", "denied site"),
        (
            "not-required",
            "site,explicit,granted,denied",
            "granted site explicit +-?",
        ),
        (
            "not-required",
            "site,explicit,,granted,denied",
            "granted not_required not_required ++-",
        ),
        ("not-required", "gpc,opt_out", "opted_out gpc"),
    ]);
}

#[test]
fn a_choice_is_final_until_its_own_source_changes_it() {
    check(&[
        ("auto", "klaro,explicit,granted", "granted klaro explicit +??"),
        (
            "auto",
            "klaro,explicit,granted klaro,explicit,denied",
            "denied klaro",
        ),
        (
            "auto",
            "klaro,explicit,denied klaro,explicit,granted",
            "granted klaro explicit +??",
        ),
        ("auto", "klaro,explicit,granted tcf,explicit,denied", "denied tcf"),
        (
            "auto",
            "klaro,explicit,denied tcf,explicit,granted",
            "denied klaro",
        ),
        (
            "auto",
            "site,explicit,granted consent_mode,explicit,denied",
            "denied consent_mode",
        ),
        // What is no answer changes none.
        (
            "auto",
            "klaro,explicit,granted klaro,explicit,maybe",
            "granted klaro explicit +??",
        ),
        ("auto", "klaro,explicit,denied klaro,explicit", "denied klaro"),
    ]);
}

#[test]
fn partial_updates_change_what_they_name_and_nothing_is_invented() {
    check(&[
        ("auto", "consent_mode,explicit,,granted,granted", "pending"),
        (
            "auto",
            "consent_mode,explicit,granted consent_mode,explicit,,granted,denied",
            "granted consent_mode explicit ++-",
        ),
        (
            "auto",
            "consent_mode,explicit,granted,granted,granted consent_mode,explicit,,denied",
            "granted consent_mode explicit +-+",
        ),
        // Each question is weighed by itself: a refusal of anybody, then the word of the first who gave one.
        (
            "auto",
            "klaro,explicit,granted,granted tcf,explicit,granted,denied,granted",
            "granted klaro explicit +-+",
        ),
        (
            "auto",
            "klaro,explicit,granted,granted,granted site,explicit,,,denied",
            "granted klaro explicit ++-",
        ),
        // A default no is the answer as long as nobody chose.
        (
            "auto",
            "consent_mode,default,denied,denied,denied consent_mode,explicit,granted",
            "granted consent_mode explicit +--",
        ),
    ]);
}

#[test]
fn the_first_in_rank_decides_whoever_came_first() {
    check(&[
        (
            "auto",
            "klaro,explicit,granted site,explicit,granted",
            "granted site explicit +??",
        ),
        (
            "auto",
            "tcf,explicit,granted klaro,explicit,granted",
            "granted klaro explicit +??",
        ),
        (
            "auto",
            "gpp,explicit,granted tcf,explicit,granted",
            "granted tcf explicit +??",
        ),
        (
            "auto",
            "consent_mode,explicit,granted gpp,explicit,granted",
            "granted gpp explicit +??",
        ),
        (
            "auto",
            "wp_consent,explicit,granted consent_mode,explicit,granted",
            "granted consent_mode explicit +??",
        ),
        // A name that nobody knows is a consent tool of the page itself.
        (
            "auto",
            "tcf,explicit,granted own_banner,explicit,granted",
            "granted own_banner explicit +??",
        ),
        (
            "auto",
            "tcf,explicit,granted zaraz,explicit,granted",
            "granted zaraz explicit +??",
        ),
        (
            "auto",
            "osano,explicit,granted klaro,explicit,granted",
            "granted klaro explicit +??",
        ),
    ]);
}

#[test]
fn a_pinned_source_decides_and_others_only_veto() {
    check(&[
        ("auto source=tcf", "klaro,explicit,granted", "pending"),
        (
            "auto source=tcf",
            "klaro,explicit,granted tcf,explicit,granted",
            "granted tcf explicit +??",
        ),
        (
            "auto source=tcf",
            "tcf,explicit,granted klaro,explicit,denied",
            "denied klaro",
        ),
        (
            "auto source=tcf",
            "tcf,explicit,granted klaro,explicit,,granted",
            "granted tcf explicit +??",
        ),
        (
            "auto source=tcf",
            "tcf,explicit,granted,granted klaro,explicit,,denied",
            "granted tcf explicit +-?",
        ),
        (
            "auto source=tcf",
            "site,explicit,granted tcf,asking",
            "granted site explicit +??",
        ),
        ("auto source=nobody", "tcf,explicit,granted", "pending"),
    ]);
}
