use super::attempt::back_off_ms;
use super::*;
use crate::limits::DELIVERY_ATTEMPTS_MAX;
use crate::money::Money;
use crate::platform_answer::{Class, Mend, Word};
use crate::timestamp::{DAY_MS, HOUR_MS};

const NOW: Timestamp = Timestamp::EPOCH;
const NO_JITTER: u8 = 0;
const MINUTE_MS: i64 = 60_000;

const DONE: Word = word("DUPLICATE", Class::Done);
const INFO: Word = word("NOBODY", Class::Info);
const ROW: Word = word("BAD_ROW", Class::Never(Mend::Row));
const SETTINGS: Word = word("NO_PERMISSION", Class::Never(Mend::Settings));
const LATER: Word = word("TOO_FRESH", Class::Later { hours: 6 });
const ONCE: Word = word("NOT_YET", once(Mend::Row));
const GOAL: Word = word("NO_GOAL", once(Mend::Settings));

const fn once(mend: Mend) -> Class {
    Class::LaterOnce { hours: 2, mend }
}

const fn word(name: &'static str, class: Class) -> Word {
    Word {
        name,
        class,
        advice: "Do something about it.",
    }
}

fn due() -> Delivery {
    Delivery::planned(&Judgement::Deliverable(()), NOW)
}

fn leased() -> Delivery {
    due().lease(NOW).expect("it is due")
}

/// State, code, and the minutes until the next step.
fn seen(delivery: &Delivery) -> (&'static str, String, i64) {
    let (code, next) = match delivery {
        Delivery::Due {
            waits_for,
            not_before,
            ..
        } => (waits_for.as_ref().map(Stop::code), *not_before),
        Delivery::Leased { until, .. } => (None, *until),
        Delivery::Sent {
            request_id, ask_at, ..
        } => (Some(request_id.as_str()), *ask_at),
        Delivery::Fetched { .. } => (None, NOW),
        Delivery::Confirmed { word, .. } => (*word, NOW),
        Delivery::Held { stop, .. } | Delivery::Refused { stop, .. } => (Some(stop.code()), NOW),
    };
    (
        delivery.state(),
        code.unwrap_or_default().to_owned(),
        next.ms_since(NOW) / MINUTE_MS,
    )
}

#[test]
fn a_judgement_plans_a_delivery() {
    let reason = Reason::ClickTooRecent;
    let until = NOW.plus_ms(HOUR_MS);
    for (judgement, (state, code, minutes)) in [
        (Judgement::Deliverable(()), ("due", "", 0)),
        (
            Judgement::Wait { until, reason },
            ("waiting", "click_too_recent", 60),
        ),
        (Judgement::Hold(Reason::LeadWaiting), ("held", "lead_waiting", 0)),
        (
            Judgement::Refuse(Reason::UserDataDenied),
            ("refused", "ad_user_data_denied", 0),
        ),
    ] {
        let delivery = Delivery::planned(&judgement, NOW);
        assert_eq!(seen(&delivery), (state, code.to_owned(), minutes));
    }
}

#[test]
fn every_answer_leads_to_its_state() {
    let unknown = |mend| RowAnswer::SaidUnknown {
        code: "NEW_WORD".to_owned(),
        mend,
    };
    let busy = |hours| RowAnswer::Busy {
        code: "QUOTA".to_owned(),
        not_before: Some(NOW.plus_ms(hours * HOUR_MS)),
    };
    let processing = RowAnswer::Processing {
        request_id: "r1".to_owned(),
    };
    for (answer, (state, code, minutes)) in [
        (RowAnswer::Taken, ("confirmed", "", 0)),
        (processing, ("sent", "r1", 30)),
        (RowAnswer::Said(&DONE), ("confirmed", "DUPLICATE", 0)),
        (RowAnswer::Said(&INFO), ("refused", "NOBODY", 0)),
        (RowAnswer::Said(&ROW), ("refused", "BAD_ROW", 0)),
        (RowAnswer::Said(&SETTINGS), ("held", "NO_PERMISSION", 0)),
        (RowAnswer::Said(&LATER), ("waiting", "TOO_FRESH", 360)),
        (RowAnswer::Said(&ONCE), ("waiting", "NOT_YET", 120)),
        (unknown(Mend::Row), ("refused", "NEW_WORD", 0)),
        (unknown(Mend::Settings), ("held", "NEW_WORD", 0)),
        // The platform's own moment counts, but never sooner than the back-off.
        (busy(2), ("waiting", "QUOTA", 120)),
        (busy(0), ("waiting", "QUOTA", 1)),
        (RowAnswer::NotRead, ("due", "", 0)),
        (RowAnswer::Lost, ("due", "", 1)),
    ] {
        let delivery = leased().answered(&answer, NOW, NO_JITTER);
        assert_eq!(seen(&delivery), (state, code.to_owned(), minutes), "{answer:?}");
    }
}

#[test]
fn two_sweeps_never_hold_the_same_delivery() {
    let first = leased();
    assert_eq!(first.lease(NOW), None);
    assert_eq!(first.lease(NOW.plus_ms(DELIVERY_LEASE_MS - 1)), None);
    // A sweep that died gives it back.
    let second = first
        .lease(NOW.plus_ms(DELIVERY_LEASE_MS))
        .expect("the lease is over");
    assert!(matches!(second, Delivery::Leased { attempts: 2, .. }));
    for ended in [
        leased().answered(&RowAnswer::Taken, NOW, 0),
        leased().answered(&RowAnswer::Said(&ROW), NOW, 0),
        leased().answered(&RowAnswer::Said(&SETTINGS), NOW, 0),
    ] {
        assert_eq!(ended.lease(NOW.plus_ms(400 * DAY_MS)), None, "{ended:?}");
    }
}

#[test]
fn what_has_ended_is_moved_by_no_answer() {
    let confirmed = leased().answered(&RowAnswer::Taken, NOW, 0);
    let refused = leased().answered(&RowAnswer::Said(&ROW), NOW, 0);
    for ended in [confirmed, refused, due()] {
        for answer in [RowAnswer::Lost, RowAnswer::Taken, RowAnswer::Said(&LATER)] {
            assert_eq!(ended.clone().answered(&answer, NOW, 0), ended, "{answer:?}");
        }
    }
}

#[test]
fn a_lost_answer_followed_by_already_there_is_done() {
    let again = leased().answered(&RowAnswer::Lost, NOW, NO_JITTER);
    let second = again.lease(NOW.plus_ms(MINUTE_MS)).expect("due again");
    let ended = second.answered(&RowAnswer::Said(&DONE), NOW, NO_JITTER);
    assert_eq!(seen(&ended), ("confirmed", "DUPLICATE".to_owned(), 0));
}

#[test]
fn later_once_is_for_good_the_second_time() {
    let waiting = leased().answered(&RowAnswer::Said(&ONCE), NOW, NO_JITTER);
    let now = NOW.plus_ms(2 * HOUR_MS);
    let second = waiting.lease(now).expect("the two hours are over");
    let ended = second.answered(&RowAnswer::Said(&ONCE), now, NO_JITTER);
    assert_eq!(seen(&ended), ("refused", "NOT_YET".to_owned(), 0));
}

/// A platform that answers in two steps says the word at the second.
#[test]
fn later_once_is_for_good_also_where_the_platform_tells_it_later() {
    let processing = RowAnswer::Processing {
        request_id: "r1".to_owned(),
    };
    let sent = leased().answered(&processing, NOW, NO_JITTER);
    let waiting = sent.answered(&RowAnswer::Said(&ONCE), NOW, NO_JITTER);
    assert_eq!(seen(&waiting), ("waiting", "NOT_YET".to_owned(), 120));
    let now = NOW.plus_ms(2 * HOUR_MS);
    let sent = waiting.lease(now).expect("the two hours are over");
    let sent = sent.answered(&processing, now, NO_JITTER);
    let ended = sent.answered(&RowAnswer::Said(&ONCE), now, NO_JITTER);
    assert_eq!(seen(&ended), ("refused", "NOT_YET".to_owned(), 0));
}

/// What a person can mend is held, and goes when they have.
#[test]
fn later_once_holds_what_the_settings_are_to_blame_for() {
    let waiting = leased().answered(&RowAnswer::Said(&GOAL), NOW, NO_JITTER);
    let now = NOW.plus_ms(2 * HOUR_MS);
    let second = waiting.lease(now).expect("the two hours are over");
    let ended = second.answered(&RowAnswer::Said(&GOAL), now, NO_JITTER);
    assert_eq!(seen(&ended), ("held", "NO_GOAL".to_owned(), 0));
}

#[test]
fn the_back_off_doubles_to_its_limit_and_ends() {
    let (mut delivery, mut now, mut pauses) = (due(), NOW, Vec::new());
    while let Some(sending) = delivery.lease(now) {
        delivery = sending.answered(&RowAnswer::Lost, now, NO_JITTER);
        if let Delivery::Due { not_before, .. } = delivery {
            pauses.push(not_before.ms_since(now) / MINUTE_MS);
            now = not_before;
        }
    }
    assert_eq!(seen(&delivery).1, "too_many_attempts");
    assert_eq!(pauses.len(), usize::from(DELIVERY_ATTEMPTS_MAX) - 1);
    assert_eq!(pauses.get(..4), Some(&[1, 2, 4, 8][..]));
    assert_eq!(pauses.last(), Some(&360));
    assert!(now.ms_since(NOW) > 3 * DAY_MS);
}

#[test]
fn chance_takes_away_at_most_half_of_a_pause() {
    for attempts in [1, 5, 40] {
        let whole = back_off_ms(attempts, 0);
        assert_eq!(back_off_ms(attempts, u8::MAX), whole - whole / 2);
        assert!(back_off_ms(attempts, 100) < whole);
    }
}

#[test]
fn a_request_is_asked_for_until_the_platform_forgets_it() {
    let processing = RowAnswer::Processing {
        request_id: "r1".to_owned(),
    };
    let mut delivery = leased().answered(&processing, NOW, 0);
    let mut now = NOW;
    assert_eq!(delivery.asks_for(now), None);
    while let Delivery::Sent { ask_at, .. } = delivery {
        now = ask_at;
        assert_eq!(delivery.asks_for(now), Some("r1"));
        delivery = delivery.answered(&processing, now, 0);
    }
    assert_eq!(seen(&delivery), ("held", "too_many_attempts".to_owned(), 0));
    let days = now.ms_since(NOW) / DAY_MS;
    assert!((45..50).contains(&days), "{days} days");
    // It can come round after all.
    let mended = delivery.released(&Judgement::Deliverable(()), now);
    assert_eq!(mended.state(), "due");
}

#[test]
fn what_the_status_says_ends_what_was_sent() {
    let processing = RowAnswer::Processing {
        request_id: "r1".to_owned(),
    };
    let sent = leased().answered(&processing, NOW, 0);
    for (answer, (state, code, minutes)) in [
        (RowAnswer::Taken, ("confirmed", "", 0)),
        (RowAnswer::Said(&DONE), ("confirmed", "DUPLICATE", 0)),
        (RowAnswer::Said(&ROW), ("refused", "BAD_ROW", 0)),
        (RowAnswer::Said(&LATER), ("waiting", "TOO_FRESH", 360)),
        (RowAnswer::Lost, ("sent", "r1", 60)),
        (processing.clone(), ("sent", "r1", 60)),
    ] {
        let delivery = sent.clone().answered(&answer, NOW, NO_JITTER);
        assert_eq!(seen(&delivery), (state, code.to_owned(), minutes), "{answer:?}");
    }
}

#[test]
fn a_change_means_what_the_state_lets_it_mean() {
    let restate = Change::Restate(Money::parse("1.00", "EUR").expect("money"));
    let processing = RowAnswer::Processing {
        request_id: "r1".to_owned(),
    };
    let held = leased().answered(&RowAnswer::Said(&SETTINGS), NOW, 0);
    let lost = leased().answered(&RowAnswer::Lost, NOW, NO_JITTER);
    let held_after_lost =
        lost.lease(NOW.plus_ms(MINUTE_MS))
            .expect("due again")
            .answered(&RowAnswer::Said(&SETTINGS), NOW, 0);
    for (delivery, restated, retracted) in [
        (due(), ChangePlan::JudgeAgain, ChangePlan::Withdraw),
        (held, ChangePlan::JudgeAgain, ChangePlan::Withdraw),
        (leased(), ChangePlan::AfterAnswer, ChangePlan::AfterAnswer),
        // Sent once without an answer: the platform may have the first value.
        (held_after_lost, ChangePlan::AfterAnswer, ChangePlan::AfterAnswer),
        (
            leased().answered(&RowAnswer::Lost, NOW, 0),
            ChangePlan::AfterAnswer,
            ChangePlan::AfterAnswer,
        ),
        (
            leased().answered(&processing, NOW, 0),
            ChangePlan::SendAdjustment,
            ChangePlan::SendAdjustment,
        ),
        (
            leased().answered(&RowAnswer::Taken, NOW, 0),
            ChangePlan::SendAdjustment,
            ChangePlan::SendAdjustment,
        ),
        (
            leased().answered(&RowAnswer::Said(&ROW), NOW, 0),
            ChangePlan::Nothing,
            ChangePlan::Nothing,
        ),
    ] {
        assert_eq!(delivery.on_change(restate), restated, "{delivery:?}");
        assert_eq!(delivery.on_change(Change::Retract), retracted, "{delivery:?}");
    }
}
