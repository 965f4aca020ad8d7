//! Microsoft's offline conversions: bad rows are named, the others are taken.

use attribution::timestamp::{DAY_MS, Timestamp};
use collector::network::{Inbound, Outbound};
use serde_json::{Value, json};

use super::tokens::DEVELOPER_TOKEN;
use super::{PlatformDouble, header, reply};

impl PlatformDouble {
    pub(super) fn apply(&self, request: &Outbound, body: &Value, list: &str) -> Inbound {
        self.check("microsoft", Some(list), body);
        let is_number = |name: &str| header(request, name).parse::<u64>().is_ok();
        if header(request, "DeveloperToken") != DEVELOPER_TOKEN
            || !is_number("CustomerId")
            || !is_number("CustomerAccountId")
        {
            self.breach("microsoft is not told who asks".to_owned());
            return reply(
                401,
                &json!({"Errors": [{"Code": 105, "ErrorCode": "InvalidCredentials"}]}),
            );
        }
        let rows = body[list].as_array().cloned().unwrap_or_default();
        if rows.is_empty() || rows.len() > 1_000 {
            self.breach(format!("microsoft is sent {} rows", rows.len()));
        }
        let mut errors = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            let word = match list {
                "OfflineConversions" => self.take_row(row),
                _ => self.take_adjustment(row),
            };
            if let Some(word) = word {
                errors.push(json!({"Index": place, "Code": 1, "ErrorCode": word, "Message": "…"}));
            }
        }
        reply(200, &json!({"PartialErrors": errors}))
    }

    fn take_row(&self, row: &Value) -> Option<&'static str> {
        let click_id = text(row, "MicrosoftClickId");
        let at = Timestamp::from_rfc3339(&text(row, "ConversionTime"));
        let now = self.now.get();
        if self.is_poisoned(&click_id) || at.is_none_or(|at| at < now.plus_ms(-90 * DAY_MS)) {
            return Some("OfflineConversionTimeOutOfWindow");
        }
        if at.is_some_and(|at| at > now) {
            return Some("FutureConversionTimeCannotBeSet");
        }
        let before = self.take("microsoft", &key(row), row);
        (!before.is_empty()).then_some("DuplicateConversionKey")
    }

    /// A change needs its conversion, and nothing comes after a retraction.
    fn take_adjustment(&self, row: &Value) -> Option<&'static str> {
        let key = key(row);
        let of_key = self
            .conversions
            .borrow()
            .get(&format!("microsoft {key}"))
            .cloned();
        let Some(before) = of_key else {
            return Some("AdjustmentOriginalNotFound");
        };
        if before.iter().any(|payload| payload.contains("\"Retract\"")) {
            return Some("ConversionAlreadyRetracted");
        }
        self.take("microsoft", &key, row);
        None
    }
}

/// By what Microsoft tells conversions apart.
fn key(row: &Value) -> String {
    let parts = [
        "MicrosoftClickId",
        "ConversionName",
        "ConversionTime",
        "HashedEmailAddress",
        "HashedPhoneNumber",
    ];
    parts.map(|name| text(row, name)).join(" ")
}

fn text(row: &Value, name: &str) -> String {
    row[name].as_str().unwrap_or_default().to_owned()
}
