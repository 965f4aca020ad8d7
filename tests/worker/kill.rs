//! 2xx means stored: also when the machine loses its power the moment after.

use serde_json::json;
use support::runtime::{Runtime, integrity, rows_in};

use crate::sender::{deal, lead, lead_id, send_lead, send_outcomes};

pub(crate) fn a_lead_that_was_answered_for_survives_a_kill() {
    let state = tempfile::tempdir().expect("a folder for the store");
    let mut answered_for = Vec::new();
    for round in 0..3 {
        let runtime = Runtime::start(state.path());
        let id = lead_id(&format!("kill-{round}"));
        assert_eq!(send_lead(&runtime, &lead(&id)).status, 201);
        runtime.kill();
        answered_for.push(id);
        assert_eq!(integrity(state.path()), "ok");
        assert_eq!(rows_in(state.path(), "leads"), round + 1);
    }
    let runtime = Runtime::start(state.path());
    for id in answered_for {
        let report = send_outcomes(&runtime, &deal(&format!("deal-{id}"), &id)).json();
        assert_eq!(report["rows"][0]["match"], "matched", "{report}");
        let again = send_lead(&runtime, &lead(&id));
        assert_eq!((again.status, &again.json()["result"]), (200, &json!("repeated")));
    }
}
