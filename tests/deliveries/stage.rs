//! The collector of development, and the platforms at the other end.

use attribution::lead_id::LeadId;
use attribution::timestamp::{DAY_MS, Timestamp};
use collector::deliver;
use collector::destination_trial::Platforms;
use collector::platform_access::Access;
use collector::reply::Reply;
use collector::request::Request;
use collector::store::Store;
use futures_util::FutureExt;
use serde_json::{Value, json};
use support::failing_database::FailingDatabase;
use support::native_collector::{ADMIN_TOKEN, NativeCollector, ask_json, json_of, post_lead, post_outcomes};
use support::platform_double::{PlatformDouble, access};
use support::sqlite_database::SqliteDatabase;

pub(crate) const ORIGIN: &str = "http://localhost:8787";
pub(crate) const GCLID: &str = "EAIaIQobChMIwK-LrI-CmAMVDHJCGR002_BIEAAYCCAAEgJ1PvD_BwE";
pub(crate) const MINUTE_MS: i64 = 60_000;

pub(crate) fn moment(text: &str) -> Timestamp {
    Timestamp::from_rfc3339(text).expect("a moment")
}

pub(crate) fn start() -> Timestamp {
    moment("2026-11-23T12:00:00Z")
}

/// The collector of development with one destination, and the platform at the other end.
pub(crate) struct Stage {
    pub(crate) database: FailingDatabase,
    pub(crate) platform: PlatformDouble,
    pub(crate) access: Access,
}

impl Stage {
    pub(crate) fn new(platform: &str, seed: u64) -> Self {
        let stage = Self {
            database: FailingDatabase::new(SqliteDatabase::of_development()),
            platform: PlatformDouble::new(start(), seed),
            access: access(),
        };
        let reply = stage.ask("PUT", "v1/destinations/sales", &destination(platform));
        assert_eq!(reply.0, 201, "{}", reply.1);
        // What the platform was asked when its settings were stored is no delivery.
        stage.platform.requests.set(0);
        stage.platform.tokens.set(0);
        stage
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = ask_json(method, path, ADMIN_TOKEN, body);
        let reply = self.answer(&request);
        (reply.status, json_of(&reply))
    }

    pub(crate) fn answer(&self, request: &Request) -> Reply {
        let platforms = Platforms {
            network: &self.platform,
            access: &self.access,
        };
        let collector = NativeCollector::new(&self.database);
        collector.answer_beside(request, &platforms, self.platform.now.get())
    }

    /// A lead with a click of every platform.
    pub(crate) fn lead(&self, number: usize, clicked_at: &str) {
        let lead = lead_body(number, clicked_at);
        let request = post_lead(ORIGIN, lead.to_string().as_bytes());
        let reply = NativeCollector::new(&self.database).answer(&request, self.platform.now.get());
        assert_eq!(reply.status, 201, "{}", String::from_utf8_lossy(&reply.body));
    }

    pub(crate) fn outcomes(&self, numbers: std::ops::Range<usize>, occurred_at: &str) {
        let outcome = |number: usize| {
            json!({"outcome_id": outcome_id(number), "lead_id": lead_id(number), "kind": "won",
                "occurred_at": occurred_at, "value": "1250.00", "currency": "EUR"})
        };
        for start in numbers.clone().step_by(1_000) {
            let part: Vec<Value> = (start..numbers.end.min(start + 1_000)).map(outcome).collect();
            let request = post_outcomes(&json!(part).to_string());
            let reply = NativeCollector::new(&self.database).answer(&request, self.platform.now.get());
            assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
        }
    }

    /// One run of the cron trigger; `false` where it was ended in the middle.
    pub(crate) fn sweep(&self) -> bool {
        let store = Store::new(&self.database);
        let run = deliver::run(&store, &self.platform, &self.access).now_or_never();
        run.is_some_and(|run| run.is_ok())
    }

    /// Runs every five minutes until nothing is left to do.
    pub(crate) fn sweep_for_days(&self, days: i64) {
        let end = self.platform.now.get().plus_ms(days * DAY_MS);
        while self.platform.now.get() < end && self.is_anything_left() {
            let _ = self.sweep();
            self.later(5 * MINUTE_MS);
        }
    }

    pub(crate) fn later(&self, ms: i64) {
        self.platform.now.set(self.platform.now.get().plus_ms(ms));
    }

    pub(crate) fn is_anything_left(&self) -> bool {
        let left = self.texts("SELECT count(*) FROM deliveries WHERE next_at_ms IS NOT NULL");
        left != [["0"]]
    }

    pub(crate) fn texts(&self, sql: &str) -> Vec<Vec<String>> {
        self.database.database().texts(sql)
    }

    /// State, reason and answer of a delivery.
    pub(crate) fn state(&self, number: usize) -> [String; 3] {
        let sql = format!(
            "SELECT state, reason, answer FROM deliveries WHERE outcome_id = '{}'",
            outcome_id(number)
        );
        let rows = self.texts(&sql);
        let [row] = rows.as_slice() else {
            panic!("{} has {} deliveries", outcome_id(number), rows.len())
        };
        row.clone().try_into().expect("three columns")
    }

    pub(crate) fn states(&self) -> Vec<Vec<String>> {
        self.texts("SELECT state, count(*) FROM deliveries GROUP BY state ORDER BY state")
    }

    pub(crate) fn assert_strict(&self) {
        assert_eq!(*self.platform.breaches.borrow(), Vec::<String>::new());
    }
}

pub(crate) fn destination(platform: &str) -> Value {
    let api = match platform {
        "google" => json!({"operating_account": "123-456-7890", "conversion_action_id": "987654321"}),
        "microsoft" => json!({"customer_id": "1", "account_id": "2"}),
        _ => json!({"dataset_id": "3", "action_source": "phone_call"}),
    };
    json!({"site": "default", "platform": platform, "transport": "api", "conversion_action": "Closed deal",
        "outcome_kinds": ["won"], "api": api})
}

pub(crate) fn lead_body(number: usize, clicked_at: &str) -> Value {
    let click = |ids: Value| json!({"at": clicked_at, "landing": "https://www.example.com/lp", "ids": ids});
    json!({"v": 1, "site": "default", "lead_id": lead_id(number), "submitted_at": clicked_at,
            "page": "https://www.example.com/contact",
            "touches": [click(json!({"gclid": GCLID})), click(json!({"msclkid": msclkid(number)})),
                click(json!({"fbclid": format!("IwAR{number}")}))],
            "consent": {"ad_storage": "granted", "ad_user_data": "granted", "basis": "explicit"}})
}

pub(crate) fn lead_id(number: usize) -> String {
    LeadId::from_random([0, number as u64 + 1]).as_str().to_owned()
}

pub(crate) fn outcome_id(number: usize) -> String {
    format!("deal-{number}")
}

pub(crate) fn msclkid(number: usize) -> String {
    format!("{number:032x}")
}

pub(crate) fn seen(state: &str, reason: &str, answer: &str) -> [String; 3] {
    [state, reason, answer].map(str::to_owned)
}

pub(crate) const CLICK: &str = "2026-11-20T09:00:00Z";
pub(crate) const OUTCOME: &str = "2026-11-22T12:00:00Z";
