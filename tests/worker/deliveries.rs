//! The whole way with the built Worker: its clock, its `fetch`, its WebCrypto, its D1, and the platforms' doubles over
//! HTTP. Nothing but the clock wakes a delivery.

use attribution::timestamp::{MINUTE_MS, SECOND_MS, Timestamp};
use serde_json::{Value, json};
use support::platform_double::{Faults, META_TOKEN, Mishap, PlatformDouble, refresh_secret, service_account};
use support::runtime::Client;

use crate::sender::FROM_CRM;

mod stage;

use stage::{PLATFORMS, Stage, destination, msclkid, now, outcome_id};

pub(crate) fn the_built_worker_signs_for_itself_and_tells_the_platforms() {
    let stage = Stage::new(&PLATFORMS);
    // The refresh token of the secret has ended: Microsoft knows only the newer one that it gave out for the trial.
    stage.look(|double| double.secret_token_ends.set(Timestamp::EPOCH));
    check_kept_token(&stage);
    stage.close_deals(0..1);
    assert_eq!(stage.states(), ["google due 1", "meta due 1", "microsoft due 1"]);
    stage.runtime.strike_clock();
    assert_eq!(
        stage.states(),
        ["google sent 1", "meta confirmed 1", "microsoft confirmed 1"],
        "{:?}",
        stage.look(|double| double.breaches.borrow().clone())
    );
    // One token of Google for the service account, one of Microsoft for the refresh token; Meta has only its own.
    let asked = |double: &PlatformDouble| (double.requests.get(), double.tokens.get());
    assert_eq!(stage.look(asked), (3, 2));
    // Google says that it is still at work, and then that it has it.
    for state in ["google sent 1", "google confirmed 1"] {
        stage.runtime.strike_clock();
        stage.let_time_pass(60 * MINUTE_MS);
        stage.runtime.strike_clock();
        assert_eq!(stage.states()[0], state);
    }
    assert_eq!(stage.look(PlatformDouble::times_taken), [1, 1, 1]);
    stage.assert_strict();
    // Nothing is left: the next stroke asks nobody.
    let before = stage.look(asked);
    stage.runtime.strike_clock();
    assert_eq!(stage.look(asked), before);
    check_log(&stage);
}

/// The store has a refresh token, and nobody can read it there.
fn check_kept_token(stage: &Stage) {
    let kept = "SELECT refresh_token_sealed FROM destinations WHERE destination = 'microsoft'";
    let kept = stage.runtime.row(kept).concat();
    assert!(kept.len() > 40 && !kept.contains("newer"), "{kept:?}");
}

/// The log says what a run did, and holds neither a secret nor anything of a visitor.
fn check_log(stage: &Stage) {
    let log = stage.log();
    assert!(log.contains("delivery_run"), "{log}");
    let (google, microsoft) = (service_account(None), refresh_secret());
    let texts_of = |secret: &str| -> Vec<String> {
        let secret: Value = serde_json::from_str(secret).expect("JSON");
        let fields = secret.as_object().expect("an object").values();
        let texts = fields.filter_map(Value::as_str).map(str::to_owned);
        texts.filter(|text| text.len() > 4).collect()
    };
    let mut words = texts_of(&microsoft);
    words.extend(texts_of(&google).into_iter().filter(|text| text.contains('@')));
    words.extend(stage.key.private_key.lines().map(str::to_owned));
    words.extend(
        [
            "Bearer ",
            META_TOKEN,
            "token-google-",
            "token-microsoft-",
            "newer-microsoft-",
        ]
        .map(str::to_owned),
    );
    words.extend(["EAIaIQobChMI", "IwAR0", &msclkid(0), &outcome_id(0)].map(str::to_owned));
    let found: Vec<&String> = words.iter().filter(|word| log.contains(word.as_str())).collect();
    assert!(words.len() > 30 && found.is_empty(), "{found:?}");
}

/// What the platforms say of the settings when they are set.
pub(crate) fn settings_are_tried_at_the_platform_and_stored_whatever_it_says() {
    let stage = Stage::new(&[]);
    let wrong = |setting: &str, value: &str| {
        let mut settings = destination("google");
        settings["api"][setting] = json!(value);
        settings
    };
    let mut tested = destination("meta");
    tested["api"]["test_event_code"] = json!("TEST123");
    for (settings, told) in [
        (destination("google"), ["passed", ""]),
        (
            wrong("conversion_action_id", "1"),
            ["refused", "INVALID_CONVERSION_ACTION_ID"],
        ),
        (wrong("operating_account", "1"), ["refused", "PERMISSION_DENIED"]),
        (destination("microsoft"), ["not_checked", "no_trial"]),
        (destination("meta"), ["not_checked", "no_trial"]),
        (tested, ["passed", ""]),
    ] {
        check_trial(&stage, &settings, told);
    }
    for mishap in [Mishap::RequestLost, Mishap::Silent, Mishap::Html, Mishap::Failing] {
        stage.script(mishap);
        check_trial(&stage, &destination("google"), ["not_checked", "no_answer"]);
    }
    stage.look(|double| double.refuses_secrets.set(true));
    check_trial(&stage, &destination("google"), ["refused", "secret_refused"]);
    assert_eq!(stage.counted(), [0; 3]);
    stage.assert_strict();
}

fn check_trial(stage: &Stage, settings: &Value, [result, code]: [&str; 2]) {
    let answer = stage.put("tried", settings);
    assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
    let trial = &answer.json()["trial"];
    let text = |name: &str| trial[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        [text("result"), text("code")],
        [result, code],
        "{settings}: {trial}"
    );
    let stored = stage.runtime.ask("GET", "v1/destinations/tried", &FROM_CRM, &[]);
    assert_eq!(stored.json()["api"], settings["api"]);
}

/// What each mishap leaves behind at Google, Meta and Microsoft. All but the redirect, which a person has to look at,
/// end in one conversion at each.
pub(crate) fn whatever_goes_wrong_on_the_way_counts_once() {
    let stage = Stage::new(&PLATFORMS);
    let waiting = |code: &str| {
        PLATFORMS
            .map(|platform| format!("{platform} waiting 1 {code}"))
            .to_vec()
    };
    let due = || PLATFORMS.map(|platform| format!("{platform} due 1")).to_vec();
    let table = [
        (Mishap::RequestLost, due()),
        (Mishap::AnswerLost, due()),
        (Mishap::AnswerCut, due()),
        (Mishap::Silent, due()),
        (Mishap::Html, due()),
        (Mishap::Failing, waiting("HTTP_500")),
        (
            Mishap::Busy,
            vec![
                "google waiting 1 RESOURCE_EXHAUSTED".to_owned(),
                "meta waiting 1 429".to_owned(),
                "microsoft waiting 1 HTTP_429".to_owned(),
            ],
        ),
    ];
    let count = table.len();
    for (number, (mishap, expected)) in table.into_iter().enumerate() {
        stage.close_deals(number..number + 1);
        stage.script(mishap);
        let begin = now();
        stage.runtime.strike_clock();
        println!("{mishap:?}: {} ms", now().ms_since(begin));
        let states: Vec<String> = stage
            .states()
            .into_iter()
            .filter(|line| !line.contains(" confirmed "))
            .collect();
        assert_eq!(states, expected, "{mishap:?}");
        if mishap == Mishap::Busy {
            check_retry_after(&stage);
        }
        stage.sweep_to_the_end();
        assert_eq!(stage.counted(), [number + 1; 3], "{mishap:?}");
        stage.assert_strict();
    }
    // Google's first token of this run is too old already, and the next is not; Meta's is too old and stays so.
    stage.close_deals(count..count + 1);
    let asked = |double: &PlatformDouble| (double.requests.get(), double.tokens.get());
    let before = stage.look(asked);
    stage.look(|double| double.oldest_token.set(double.tokens.get() + 2));
    stage.runtime.strike_clock();
    let after = stage.look(asked);
    assert_eq!((after.0 - before.0, after.1 - before.1), (5, 3));
    assert_eq!(held(&stage), ["meta held 1 190"]);
    // Where no token is good, each is renewed once and nobody knocks for ever.
    stage.close_deals(count + 1..count + 2);
    let before = stage.look(asked);
    stage.look(|double| double.oldest_token.set(u32::MAX));
    stage.runtime.strike_clock();
    let after = stage.look(asked);
    assert_eq!((after.0 - before.0, after.1 - before.1), (6, 4));
    assert_eq!(
        held(&stage),
        [
            "google held 1 UNAUTHENTICATED",
            "meta held 2 190",
            "microsoft held 1 AuthenticationTokenExpired"
        ]
    );
    stage.look(|double| double.oldest_token.set(0));
    release(&stage);
    stage.sweep_to_the_end();
    assert_eq!(stage.counted(), [count + 2; 3]);
    // A redirect is an answer to look at, and no token follows it.
    stage.close_deals(count + 2..count + 3);
    stage.script(Mishap::Redirected);
    stage.runtime.strike_clock();
    assert_eq!(
        held(&stage),
        PLATFORMS.map(|platform| format!("{platform} held 1 HTTP_302"))
    );
    release(&stage);
    stage.sweep_to_the_end();
    assert_eq!(stage.counted(), [count + 3; 3]);
    stage.assert_strict();
}

/// Whoever sets a destination again has what was held there sent again.
fn release(stage: &Stage) {
    for platform in PLATFORMS {
        assert_eq!(stage.put(platform, &destination(platform)).status, 200);
    }
}

fn held(stage: &Stage) -> Vec<String> {
    let states = stage.states().into_iter();
    states.filter(|line| line.contains(" held ")).collect()
}

/// The double asks for two minutes.
fn check_retry_after(stage: &Stage) {
    let next = "SELECT CAST(min(next_at_ms) AS TEXT) FROM deliveries WHERE state = 'waiting'";
    let next: i64 = stage.runtime.row(next)[0].parse().expect("a moment");
    let left_ms = next - now().ms();
    assert!((60 * SECOND_MS..=120 * SECOND_MS).contains(&left_ms), "{left_ms}");
}

pub(crate) fn one_poisoned_row_in_a_hundred_leaves_ninety_nine_at_each_platform() {
    let stage = Stage::new(&PLATFORMS);
    stage.look(|double| double.poisoned.borrow_mut().extend([outcome_id(37), msclkid(37)]));
    stage.close_deals(0..100);
    stage.runtime.strike_clock();
    stage.sweep_to_the_end();
    assert_eq!(
        stage.states(),
        [
            "google confirmed 99",
            "google refused 1 EVENT_TIME_INVALID",
            "meta confirmed 99",
            "meta refused 1 100.2804003",
            "microsoft confirmed 99",
            "microsoft refused 1 OfflineConversionTimeOutOfWindow",
        ]
    );
    assert_eq!(stage.counted(), [99; 3]);
    assert_eq!(stage.look(PlatformDouble::times_taken), vec![1; 3 * 99]);
    stage.assert_strict();
}

/// The runtime is killed while a platform has the request, before and after it took it, at each of the three.
pub(crate) fn a_sweep_that_is_killed_sends_nothing_twice_and_loses_nothing() {
    let mut stage = Stage::new(&PLATFORMS);
    for (round, killed_at) in PLATFORMS.iter().enumerate() {
        stage.close_deals(round * 20..(round + 1) * 20);
        // The platforms before it answer; this one takes the request and says nothing, so the sweep hangs.
        stage.look(|double| double.script.borrow_mut().push((killed_at, Mishap::Silent)));
        let client = Client::of_port(stage.runtime.port());
        let sweep = std::thread::spawn(move || client.strike_clock());
        stage
            .platforms
            .wait_until(|double| double.script.borrow().is_empty());
        stage = stage.restart();
        assert!(
            sweep.join().expect("a sweep").is_err(),
            "the sweep ended before the kill"
        );
        let sending = format!("{killed_at} sending 20");
        assert!(stage.states().contains(&sending), "{:?}", stage.states());
        // The lease holds: nobody sends what may be there.
        let taken = stage.look(|double| double.count_of(killed_at));
        assert_eq!(taken, (round + 1) * 20);
        stage.runtime.strike_clock();
        assert!(stage.states().contains(&sending), "{:?}", stage.states());
        stage.sweep_to_the_end();
        assert_eq!(stage.counted(), [(round + 1) * 20; 3]);
    }
    assert_eq!(
        stage.totals(),
        PLATFORMS.map(|platform| format!("{platform} confirmed 60"))
    );
    stage.assert_strict();
    let twice = stage.look(|double| double.times_taken().iter().filter(|times| **times == 2).count());
    assert_eq!(twice, 60, "what was on its way went once more, and counted once");
}

/// 200 outcomes told in parts and told again, while a third of all requests meets with something.
pub(crate) fn two_hundred_outcomes_through_everything_that_goes_wrong() {
    let begin = now();
    let mut stage = Stage::new(&PLATFORMS);
    let faults = Faults {
        shares: vec![
            (70, Mishap::RequestLost),
            (70, Mishap::AnswerLost),
            (40, Mishap::AnswerCut),
            (20, Mishap::Silent),
            (50, Mishap::Busy),
            (50, Mishap::Failing),
            (50, Mishap::Html),
        ],
        sender_dies: 0,
    };
    stage.look(|double| *double.faults.borrow_mut() = faults);
    for part in 0..20 {
        stage.close_deals(part * 10..(part + 1) * 10);
        if part % 5 == 3 {
            stage = kill_in_a_sweep(stage);
        }
        stage.runtime.strike_clock();
        stage.let_time_pass(20 * MINUTE_MS);
    }
    let strokes = stage.sweep_to_the_end();
    assert_eq!(
        stage.totals(),
        PLATFORMS.map(|platform| format!("{platform} confirmed 200"))
    );
    assert_eq!(stage.counted(), [200; 3]);
    stage.assert_strict();
    let (requests, twice) = stage.look(|double| {
        let twice = double.times_taken().iter().filter(|times| **times > 1).count();
        (double.requests.get(), twice)
    });
    assert!(twice > 0, "the faults were not real");
    println!(
        "{requests} requests, {strokes} strokes at the end, {twice} of 600 taken more than once, {} s",
        now().ms_since(begin) / SECOND_MS
    );
}

/// Kills the runtime as soon as a platform hears of the sweep.
fn kill_in_a_sweep(stage: Stage) -> Stage {
    let before = stage.look(|double| double.requests.get());
    let client = Client::of_port(stage.runtime.port());
    let sweep = std::thread::spawn(move || client.strike_clock());
    stage
        .platforms
        .wait_until(|double| double.requests.get() > before);
    let stage = stage.restart();
    // It may have ended just before.
    let _ = sweep.join().expect("a sweep");
    stage
}
