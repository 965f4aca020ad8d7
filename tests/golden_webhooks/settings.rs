//! Which settings of a webhook are taken, and which field is named otherwise.

use attribution::webhook::settings::WebhookSettings;
use serde_json::{Value, json};

#[test]
fn err_settings_that_cannot_be_used() {
    let good = json!({"site": "default", "provider": "hmac", "secret": "WEBHOOK_CRM", "signature": {"header": "X-Signature"}});
    let read = |settings: &Value| -> Result<(), Option<&'static str>> {
        let settings: WebhookSettings = serde_json::from_value(settings.clone()).map_err(|_| None)?;
        settings
            .webhook()
            .map(|_| ())
            .map_err(|refusal| Some(refusal.field))
    };
    assert_eq!(read(&good), Ok(()));
    let table = [
        ("secret", json!("ADMIN_TOKEN"), Some("secret")),
        ("secret", json!("WEBHOOK_"), Some("secret")),
        ("secret", json!("WEBHOOK_crm"), Some("secret")),
        ("previous_secret", json!("hunter2"), Some("previous_secret")),
        ("provider", json!("zapier"), None),
        ("provider", json!("stripe"), Some("signature")),
        ("signature", Value::Null, Some("signature")),
        ("signature", json!({"header": "X Signature"}), Some("signature")),
        (
            "signature",
            json!({"header": "X-Signature", "algorithm": "md5"}),
            None,
        ),
        ("fields", json!({"lead": "/a"}), Some("fields")),
        ("fields", json!({"lead_id": "a"}), Some("fields")),
        ("constants", json!({"currency": ""}), Some("constants")),
        ("kinds", json!({"a": ""}), Some("kinds")),
        ("colour", json!("blue"), None),
    ];
    for (name, value, expected) in table {
        let mut settings = good.clone();
        settings
            .as_object_mut()
            .expect("an object")
            .insert(name.to_owned(), value.clone());
        assert_eq!(read(&settings), Err(expected), "{name}: {value}");
    }
}
