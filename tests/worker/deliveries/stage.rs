//! The built Worker with a destination at each platform, and the platforms' doubles behind a socket.

use std::collections::BTreeMap;
use std::fs::{OpenOptions, read_to_string, write};
use std::ops::Range;
use std::path::Path;
use std::process::Stdio;
use std::time::SystemTime;

use attribution::lead_id::LeadId;
use attribution::timestamp::{HOUR_MS, Timestamp};
use serde_json::{Value, json};
use support::platform_double::{
    META_TOKEN, Mishap, PlatformDouble, refresh_secret, service_account, token_url,
};
use support::platform_server::PlatformServer;
use support::rsa_key::RsaKey;
use support::runtime::{Answer, Runtime};
use tempfile::TempDir;

use crate::sender::{FROM_CRM, send_lead, send_outcomes};

/// The ids of the destinations, in the order in which a sweep walks them.
pub(crate) const PLATFORMS: [&str; 3] = ["google", "meta", "microsoft"];

/// A platform that says nothing is given up after so many milliseconds here.
const ANSWER_MS: u32 = 2_000;

/// The stage.
pub(crate) struct Stage {
    pub(crate) platforms: PlatformServer,
    pub(crate) runtime: Runtime,
    /// Of Google's service account.
    pub(crate) key: RsaKey,
    folder: TempDir,
}

impl Stage {
    /// Starts the runtime, and sets a destination at each of these platforms.
    pub(crate) fn new(platforms: &[&str]) -> Self {
        let key = RsaKey::make();
        let server = PlatformServer::start(&key);
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path().join("env"), variables(server.url(), &key)).expect("a file");
        let stage = Self {
            runtime: start(folder.path()),
            platforms: server,
            key,
            folder,
        };
        for platform in platforms {
            let answer = stage.put(platform, &destination(platform));
            assert_eq!(answer.status, 201, "{}", answer.text());
        }
        stage.look(|double| {
            double.requests.set(0);
            double.tokens.set(0);
        });
        stage
    }

    pub(crate) fn put(&self, id: &str, destination: &Value) -> Answer {
        let path = format!("v1/destinations/{id}");
        let body = destination.to_string();
        self.runtime.ask("PUT", &path, &FROM_CRM, body.as_bytes())
    }

    /// The same store under a new runtime.
    pub(crate) fn restart(self) -> Self {
        let Self {
            platforms,
            runtime,
            key,
            folder,
        } = self;
        runtime.kill();
        Self {
            runtime: start(folder.path()),
            platforms,
            key,
            folder,
        }
    }

    /// What the Worker has logged, without the runtime's own list of what it is given.
    pub(crate) fn log(&self) -> String {
        let log = read_to_string(self.folder.path().join("log")).expect("the log");
        let lines = log.lines().filter(|line| !line.contains("env."));
        lines.map(|line| format!("{line}\n")).collect()
    }

    /// The next request to each platform meets with this.
    pub(crate) fn script(&self, mishap: Mishap) {
        let each = PLATFORMS.map(|platform| (platform, mishap));
        self.look(|double| double.script.borrow_mut().extend(each));
    }

    pub(crate) fn look<T>(&self, look: impl FnOnce(&PlatformDouble) -> T) -> T {
        self.platforms.look(look)
    }

    /// A lead with a click of every platform, and its outcome, for each number.
    pub(crate) fn close_deals(&self, numbers: Range<usize>) {
        let click =
            |ids: Value| json!({"at": hours_ago(20), "landing": "https://www.example.com/lp", "ids": ids});
        for number in numbers.clone() {
            let lead = json!({"v": 1, "site": "default", "lead_id": lead_id(number), "submitted_at": hours_ago(19),
                "page": "https://www.example.com/contact",
                "touches": [
                    click(json!({"gclid": "EAIaIQobChMIwK-LrI-CmAMVDHJCGR002_BIEAAYCCAAEgJ1PvD_BwE"})),
                    click(json!({"msclkid": msclkid(number)})),
                    click(json!({"fbclid": format!("IwAR{number}")}))],
                "consent": {"ad_storage": "granted", "ad_user_data": "granted", "basis": "explicit"}});
            let answer = send_lead(&self.runtime, &lead);
            assert_eq!(answer.status, 201, "{}", answer.text());
        }
        let outcome = |number: usize| {
            json!({"outcome_id": outcome_id(number), "lead_id": lead_id(number),
            "kind": "won", "value": "1250.00", "currency": "EUR", "occurred_at": hours_ago(8)})
        };
        let answer = send_outcomes(&self.runtime, &numbers.map(outcome).collect());
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    /// How many deliveries stand in which state at each destination, as the collector tells it.
    pub(crate) fn states(&self) -> Vec<String> {
        let answer = self.runtime.ask("GET", "v1/deliveries?limit=1", &FROM_CRM, &[]);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let page = answer.json();
        let counts = page["counts"].as_array().expect("counts").iter();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let line = |count: &Value| {
            let line = format!(
                "{} {} {} {}",
                text(&count["destination"]),
                text(&count["state"]),
                count["count"],
                text(&count["code"])
            );
            line.trim_end().to_owned()
        };
        let mut lines: Vec<String> = counts.map(line).collect();
        lines.sort();
        lines
    }

    /// The same without the codes: what the platform had already is confirmed in its own words.
    pub(crate) fn totals(&self) -> Vec<String> {
        let mut totals = BTreeMap::new();
        for line in self.states() {
            let mut words = line.split(' ');
            let mut word = || words.next().unwrap_or_default().to_owned();
            let (destination, state, count) = (word(), word(), word());
            *totals.entry((destination, state)).or_insert(0) += count.parse::<u32>().expect("a number");
        }
        let line = |((destination, state), count)| format!("{destination} {state} {count}");
        totals.into_iter().map(line).collect()
    }

    /// The ledger's moments come nearer, which is all that a sweep knows of time.
    pub(crate) fn let_time_pass(&self, ms: i64) {
        self.runtime.execute(&format!(
            "UPDATE deliveries SET next_at_ms = next_at_ms - {ms} WHERE next_at_ms IS NOT NULL"
        ));
    }

    /// Lets hours pass and the clock strike until nothing is left to do; gives how often it struck.
    pub(crate) fn sweep_to_the_end(&self) -> usize {
        let left = "SELECT CAST(count(*) AS TEXT) FROM deliveries WHERE next_at_ms IS NOT NULL";
        for strokes in 0..100 {
            if self.runtime.row(left) == ["0"] {
                return strokes;
            }
            self.let_time_pass(6 * HOUR_MS);
            self.runtime.strike_clock();
        }
        panic!("it never ends: {:?}", self.states());
    }

    /// Every conversion was taken by the rules, and the same bytes each time.
    pub(crate) fn assert_strict(&self) {
        self.look(|double| {
            assert_eq!(*double.breaches.borrow(), Vec::<String>::new());
            for (id, payloads) in double.conversions.borrow().iter() {
                let first = &payloads[0];
                assert!(
                    payloads.iter().all(|payload| payload == first),
                    "{id} was changed"
                );
            }
        });
    }

    /// How many conversions each platform counts.
    pub(crate) fn counted(&self) -> [usize; 3] {
        PLATFORMS.map(|platform| self.look(|double| double.count_of(platform)))
    }
}

fn start(folder: &Path) -> Runtime {
    let file = folder.join("env");
    let file = file.to_str().expect("a path");
    let log = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("log"));
    let options = ["--log", "--env-file", file];
    Runtime::start_with(&folder.join("state"), &options, Stdio::from(log.expect("a file")))
}

/// As `wrangler secret` would set them, and the addresses that only tests change.
fn variables(url: &str, key: &RsaKey) -> String {
    let account = service_account(Some(&key.private_key));
    [
        ("GOOGLE_CREDENTIALS", account),
        ("GOOGLE_API_URL", url.to_owned()),
        ("GOOGLE_TOKEN_URL", token_url(url, "google")),
        ("MICROSOFT_CREDENTIALS", refresh_secret()),
        ("MICROSOFT_API_URL", url.to_owned()),
        ("MICROSOFT_TOKEN_URL", token_url(url, "microsoft")),
        ("META_CREDENTIALS", META_TOKEN.to_owned()),
        ("META_API_URL", url.to_owned()),
        ("PLATFORM_ANSWER_MS", ANSWER_MS.to_string()),
    ]
    .map(|(name, value)| format!("{name}='{value}'\n"))
    .concat()
}

pub(crate) fn destination(platform: &str) -> Value {
    let api = match platform {
        "google" => json!({"operating_account": "123-456-7890", "conversion_action_id": "987654321"}),
        "microsoft" => json!({"customer_id": "1", "account_id": "2"}),
        _ => json!({"dataset_id": "3", "action_source": "phone_call"}),
    };
    json!({"site": "default", "platform": platform, "transport": "api", "conversion_action": "Closed deal",
        "outcome_kinds": ["won"], "click_wait_hours": 0, "api": api})
}

pub(crate) fn outcome_id(number: usize) -> String {
    format!("deal-{number}")
}

pub(crate) fn msclkid(number: usize) -> String {
    format!("{number:032x}")
}

fn lead_id(number: usize) -> String {
    LeadId::from_random([0, number as u64 + 1]).as_str().to_owned()
}

fn hours_ago(hours: i64) -> String {
    now().plus_ms(-hours * HOUR_MS).to_rfc3339()
}

pub(crate) fn now() -> Timestamp {
    let since = SystemTime::UNIX_EPOCH.elapsed().expect("a clock after 1970");
    Timestamp::from_ms(i64::try_from(since.as_millis()).expect("a moment"))
}
