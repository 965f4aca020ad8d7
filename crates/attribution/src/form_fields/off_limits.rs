//! Fields that are never written: traps for robots, what proves who sent the form, and what the form needs for itself.

use super::Field;
use crate::pieces::pieces;

/// Parts of the names and classes of honeypots, of their own or around them; one of them in base64.
const HONEYPOTS: &str =
    "honeypot gotcha bot-field extra_field field-hp hpsf fluent_sf frm_verify gform_validation ag9uzxlwb3q";

/// Parts of `autocomplete` values that ask for payments and passwords.
const SECRETS: &str = "cc- password one-time";

/// Parts of names by which frameworks and builders know their own state and who sent the form.
const STATE: &str =
    "csrf token nonce verif viewstate build_id wpcf7 gform_ is_submit state_ hs_context returl hutk";

impl Field<'_> {
    /// Whether nobody at all may write here.
    pub(super) fn is_off_limits(&self) -> bool {
        !self.honeypot.is_empty() && self.honeypot == self.name
            || holds_any(self.autocomplete, SECRETS)
            || holds_any(self.name, HONEYPOTS)
            || holds_any(self.id, HONEYPOTS)
            || holds_any(self.classes, HONEYPOTS)
            || holds_any(self.wrapper_classes, HONEYPOTS)
    }

    /// Whether the field's name says that it is none of ours, unless the owner says that it is.
    pub(super) fn is_state(&self) -> bool {
        self.name.starts_with('_') || holds_any(self.name, STATE)
    }
}

fn holds_any(text: &str, parts: &'static str) -> bool {
    let holds = |part: &str| {
        let mut windows = text.as_bytes().windows(part.len());
        windows.any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
    };
    pieces(parts, b' ').any(holds)
}
