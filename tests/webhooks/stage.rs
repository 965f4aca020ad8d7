//! A collector on SQLite with one lead and one webhook.

use attribution::timestamp::Timestamp;
use collector::reply::Reply;
use collector::request::{Body, Request};
use serde_json::{Value, json};
use support::failing_database::FailingDatabase;
use support::native_collector::{ADMIN_TOKEN, NativeCollector, post_lead};
use support::sqlite_database::SqliteDatabase;

pub(crate) const LEAD_ID: &str = "7K3M9QXA2F4HJK5NR";

/// The collector as its providers know it.
pub(crate) const ORIGIN: &str = "https://www.example.com";

pub(crate) const SECRETS: &[(&str, &str)] = &[
    ("WEBHOOK_ONE", "first secret"),
    ("WEBHOOK_TWO", "second secret"),
    ("WEBHOOK_STANDARD", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"),
    ("WEBHOOK_BASIC", "throughline:first secret"),
    ("WEBHOOK_EMPTY", ""),
    ("ADMIN_TOKEN", ADMIN_TOKEN),
];

/// 2026-11-23T12:00:00Z.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

pub(crate) struct Stage {
    pub(crate) database: FailingDatabase,
}

impl Stage {
    /// With one lead, and this webhook at `v1/webhooks/crm`.
    pub(crate) fn new(settings: &Value) -> Self {
        let stage = Self {
            database: FailingDatabase::new(SqliteDatabase::of_development()),
        };
        let lead = json!({"v": 1, "site": "default", "lead_id": LEAD_ID, "submitted_at": "2026-11-18T09:10:00Z",
            "touches": [{"at": "2026-11-18T09:00:00Z", "ids": {"gclid": "Cj0K-1"}}],
            "consent": {"ad_storage": "granted"}});
        let lead = stage.answer(
            &post_lead("http://localhost:8787", lead.to_string().as_bytes()),
            now(),
        );
        assert_eq!(lead.status, 201);
        assert_eq!(stage.set("crm", settings).status, 201);
        stage
    }

    pub(crate) fn answer(&self, request: &Request, at: Timestamp) -> Reply {
        let mut collector = NativeCollector::new(&self.database);
        collector.secrets = SECRETS;
        collector.answer(request, at)
    }

    pub(crate) fn set(&self, source: &str, settings: &Value) -> Reply {
        let request = Request {
            method: "PUT".to_owned(),
            path: format!("/throughline/v1/webhooks/{source}"),
            content_type: Some("application/json".to_owned()),
            authorization: Some(format!("Bearer {ADMIN_TOKEN}")),
            body: Body::Whole(settings.to_string().into_bytes()),
            ..Request::default()
        };
        self.answer(&request, now())
    }

    pub(crate) fn rows_in(&self, table: &str) -> i64 {
        self.database.database().rows_in(table)
    }

    pub(crate) fn texts(&self, sql: &str) -> Vec<Vec<String>> {
        self.database.database().texts(sql)
    }

    pub(crate) fn counted(&self, code: &str) -> i64 {
        let rows =
            self.texts("SELECT code, CAST(count AS TEXT) FROM refused_counts WHERE route = 'v1/webhooks'");
        let row = rows.iter().find(|row| row[0] == code);
        row.map_or(0, |row| row[1].parse().expect("a number"))
    }
}

pub(crate) fn settings(provider: &str, secret: &str, more: &Value) -> Value {
    let mut settings = json!({"site": "default", "provider": provider, "secret": secret});
    for (name, value) in more.as_object().into_iter().flatten() {
        settings[name] = value.clone();
    }
    settings
}
