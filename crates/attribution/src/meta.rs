//! Meta: which outcomes its Conversions API takes, and how it is told of them.

pub mod event_rules; // how old an event may be, and which go together
pub mod fbc; // the click id as Meta's own cookie would hold it
pub mod events; // the API
