//! What counts where nobody has chosen: defaults and assumptions, a visitor who is being asked, sources that fall silent, opt-outs.

use super::check;

#[test]
fn what_nobody_chose_counts_only_outside_of_the_opt_in_countries() {
    for (kind, basis) in [
        ("implied", "implied"),
        ("default", "policy_default"),
        ("not_required", "not_required"),
    ] {
        let statement = format!("tcf,{kind},granted");
        let granted = format!("granted tcf {basis} +??");
        for region in ["US", "US-CA", "br", "CA-QC", "us_ca"] {
            check(&[(&format!("auto region={region}"), &statement, &granted)]);
        }
        for region in [
            "DE", "de", "GB", "UK", "CH", "NO", "IS", "LI", "FR-75", "EL", "RE", "XX", "ZZ", "T1", "U",
            "USA", "-US",
        ] {
            check(&[(&format!("auto region={region}"), &statement, "pending")]);
        }
        check(&[
            ("auto", &statement, "pending"),
            ("auto region=", &statement, "pending"),
        ]);
    }
}

#[test]
fn an_assumption_never_outweighs_a_choice() {
    check(&[
        // A default no is no veto, but nobody assumes a yes against it.
        ("auto", "consent_mode,default,denied", "pending"),
        (
            "auto",
            "consent_mode,default,denied klaro,explicit,granted",
            "granted klaro explicit +??",
        ),
        (
            "auto region=US",
            "consent_mode,default,denied klaro,implied,granted",
            "pending",
        ),
        ("auto region=US", "klaro,implied,denied", "pending"),
        (
            "auto region=US",
            "tcf,not_required klaro,explicit,denied",
            "denied klaro",
        ),
        (
            "auto region=US",
            "klaro,implied,granted tcf,explicit,granted",
            "granted tcf explicit +??",
        ),
        (
            "auto region=US",
            "klaro,explicit,denied klaro,implied,granted",
            "denied klaro",
        ),
        (
            "auto region=US",
            "klaro,explicit,denied klaro,not_required",
            "denied klaro",
        ),
        // Consent Mode: a late or second default changes no choice.
        (
            "auto",
            "consent_mode,explicit,granted consent_mode,default,denied",
            "granted consent_mode explicit +??",
        ),
        (
            "auto",
            "consent_mode,default,denied consent_mode,default,granted",
            "pending",
        ),
        // A tool that speaks of defaults again has lost its visitor's yes.
        ("auto", "klaro,explicit,granted klaro,default,denied", "pending"),
        ("auto", "klaro,explicit,granted klaro,implied,granted", "pending"),
    ]);
}

#[test]
fn while_the_visitor_is_asked_nobody_lesser_answers_and_a_given_answer_stands() {
    check(&[
        ("auto", "tcf,asking", "pending"),
        ("auto", "tcf,asking consent_mode,explicit,granted", "pending"),
        ("auto", "consent_mode,explicit,granted tcf,asking", "pending"),
        (
            "auto",
            "klaro,explicit,granted tcf,asking",
            "granted klaro explicit +??",
        ),
        (
            "auto",
            "tcf,explicit,granted tcf,asking",
            "granted tcf explicit +??",
        ),
        ("auto", "tcf,explicit,denied tcf,asking", "denied tcf"),
        // Frozen as it was, whole: another's word on another question stands too.
        (
            "auto",
            "klaro,explicit,granted tcf,explicit,,granted klaro,asking",
            "granted klaro explicit ++?",
        ),
        (
            "auto",
            "tcf,explicit,granted tcf,asking tcf,explicit,denied",
            "denied tcf",
        ),
        (
            "auto",
            "tcf,asking tcf,explicit,granted",
            "granted tcf explicit +??",
        ),
        (
            "auto",
            "tcf,asking tcf,silent consent_mode,explicit,granted",
            "granted consent_mode explicit +??",
        ),
        (
            "auto region=US",
            "klaro,implied,granted klaro,asking",
            "granted klaro implied +??",
        ),
    ]);
}

#[test]
fn a_silent_source_is_as_if_it_had_never_spoken() {
    check(&[
        ("auto", "klaro,silent", "pending"),
        ("auto", "klaro,explicit,granted klaro,silent", "pending"),
        ("auto", "klaro,explicit,denied klaro,silent", "pending"),
        (
            "auto",
            "klaro,explicit,granted tcf,explicit,granted klaro,silent",
            "granted tcf explicit +??",
        ),
        (
            "auto",
            "klaro,explicit,granted tcf,explicit,denied klaro,silent",
            "denied tcf",
        ),
        (
            "not-required",
            "site,explicit,denied site,silent",
            "granted not_required not_required +??",
        ),
    ]);
}

#[test]
fn an_opt_out_outweighs_every_grant_until_its_source_takes_it_back() {
    check(&[
        ("auto", "gpc,opt_out", "opted_out gpc"),
        (
            "auto",
            "gpc,opt_out site,explicit,granted klaro,explicit,granted",
            "opted_out gpc",
        ),
        ("auto region=US", "gpp,opt_out tcf,not_required", "opted_out gpp"),
        ("auto", "klaro,explicit,denied gpp,opt_out", "opted_out gpp"),
        (
            "auto source=klaro",
            "klaro,explicit,granted gpp,opt_out",
            "opted_out gpp",
        ),
        ("auto", "gpp,opt_out gpp,asking", "opted_out gpp"),
        (
            "auto region=US",
            "gpp,opt_out gpp,default,granted",
            "opted_out gpp",
        ),
        (
            "auto region=US",
            "gpp,opt_out gpp,not_required",
            "granted gpp not_required +??",
        ),
        (
            "auto",
            "gpp,opt_out gpp,explicit,granted",
            "granted gpp explicit +??",
        ),
        (
            "manual",
            "site,explicit,granted gpp,opt_out gpp,silent",
            "granted site explicit +??",
        ),
        ("manual", "gpp,opt_out gpp,explicit,granted", "pending"),
    ]);
}
