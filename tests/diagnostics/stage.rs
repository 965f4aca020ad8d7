//! The collector under test, and what may be done to it.

use attribution::lead_id::LeadId;
use attribution::timestamp::{DAY_MS, Timestamp};
use collector::deliver;
use collector::platform_access::Access;
use collector::store::Store;
use futures_util::FutureExt;
use serde_json::{Value, json};
use support::failing_database::FailingDatabase;
use support::native_collector::{
    ADMIN_TOKEN, NativeCollector, ask_json, get_feed, json_of, post_lead, post_outcomes,
};
use support::platform_double::{PlatformDouble, access};
use support::sqlite_database::SqliteDatabase;

/// The site is in Berlin, where the day before these had 25 hours.
const START: &str = "2026-10-25T20:00:00Z";

/// The collector of development, with APIs of Google and Microsoft beside the feed, and a clock.
pub(crate) struct Stage {
    pub(crate) database: FailingDatabase,
    pub(crate) platform: PlatformDouble,
    pub(crate) access: Access,
}

pub(crate) fn moment(text: &str) -> Timestamp {
    Timestamp::from_rfc3339(text).expect("a moment")
}

pub(crate) fn lead_id(number: u64) -> String {
    LeadId::from_random([number, 3]).as_str().to_owned()
}

impl Stage {
    pub(crate) fn new() -> Self {
        let stage = Self {
            database: FailingDatabase::new(SqliteDatabase::of_development()),
            platform: PlatformDouble::new(moment(START), 1),
            access: access(),
        };
        let site = json!({"origins": ["http://localhost:*"], "time_zone": "Europe/Berlin"});
        assert_eq!(stage.ask("PUT", "v1/sites/default", &site).0, 200);
        let google = json!({"operating_account": "1234567890", "conversion_action_id": "987654321"});
        for (platform, api) in [
            ("google", google),
            ("microsoft", json!({"customer_id": "1", "account_id": "2"})),
        ] {
            let settings = json!({"site": "default", "platform": platform, "transport": "api",
                "conversion_action": "Closed deal", "outcome_kinds": ["won"], "api": api});
            let path = format!("v1/destinations/{platform}");
            assert_eq!(stage.ask("PUT", &path, &settings).0, 201);
        }
        stage
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = ask_json(method, path, ADMIN_TOKEN, body);
        let reply = NativeCollector::new(&self.database).answer(&request, self.platform.now.get());
        (reply.status, json_of(&reply))
    }

    pub(crate) fn lead(&self, number: u64, touch: &Value, ad_user_data: Option<&str>) {
        let clicked_at = self.platform.now.get().plus_ms(-10 * DAY_MS);
        let mut touch = touch.clone();
        touch["at"] = json!(clicked_at.to_rfc3339());
        let mut consent = json!({"ad_storage": "granted", "basis": "explicit"});
        if let Some(answer) = ad_user_data {
            consent["ad_user_data"] = json!(answer);
        }
        let lead = json!({"v": 1, "site": "default", "lead_id": lead_id(number), "consent": consent,
            "submitted_at": clicked_at.to_rfc3339(), "touches": [touch]});
        let request = post_lead("http://localhost:8787", lead.to_string().as_bytes());
        let reply = NativeCollector::new(&self.database).answer(&request, self.platform.now.get());
        assert!(matches!(reply.status, 200 | 201 | 409), "{}", reply.status);
    }

    pub(crate) fn tell(&self, row: &Value) {
        let request = post_outcomes(&row.to_string());
        let reply = NativeCollector::new(&self.database).answer(&request, self.platform.now.get());
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    }

    pub(crate) fn outcome(&self, number: u64, lead: u64, kind: &str, days_ago: i64) {
        let occurred_at = self.platform.now.get().plus_ms(-days_ago * DAY_MS);
        self.tell(
            &json!({"outcome_id": format!("deal-{number}"), "lead_id": lead_id(lead), "kind": kind,
            "occurred_at": occurred_at.to_rfc3339(), "value": "10", "currency": "EUR"}),
        );
    }

    pub(crate) fn destine(&self, takes_calls: bool) {
        let kinds = if takes_calls {
            json!(["won", "call"])
        } else {
            json!(["won"])
        };
        let settings = json!({"site": "default", "platform": "microsoft", "transport": "api", "conversion_action": "Other",
            "outcome_kinds": kinds, "api": {"customer_id": "1", "account_id": "2"}});
        let (status, answer) = self.ask("PUT", "v1/destinations/late", &settings);
        assert!(matches!(status, 200 | 201), "{answer}");
    }

    pub(crate) fn sweep(&self) {
        let store = Store::new(&self.database);
        let run = deliver::run(&store, &self.platform, &self.access).now_or_never();
        let _ = run.expect("it waits for nothing");
    }

    pub(crate) fn fetch(&self) {
        let reply = NativeCollector::new(&self.database).answer(&get_feed(), self.platform.now.get());
        assert_eq!(reply.status, 200);
    }

    pub(crate) fn later(&self, ms: i64) {
        self.platform.now.set(self.platform.now.get().plus_ms(ms));
    }

    pub(crate) fn diagnostics(&self, query: &str) -> Value {
        let (status, report) = self.ask("GET", &format!("v1/diagnostics?{query}"), &Value::Null);
        assert_eq!(status, 200, "{report}");
        report
    }

    pub(crate) fn status_of(&self, destination: &str) -> (String, String) {
        let report = self.diagnostics("");
        let mut all = report["destinations"].as_array().expect("destinations").iter();
        let of = all
            .find(|of| of["destination"] == destination)
            .expect("the destination");
        let text = |name: &str| of[name].as_str().expect("a text").to_owned();
        (text("status"), text("reason"))
    }
}
