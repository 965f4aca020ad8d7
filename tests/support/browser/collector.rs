//! The running collector that all browser tests share.

/// The local runtime with its store.
pub struct Collector;
impl Collector {
    pub(super) fn start() -> Collector {
        Collector
    }
    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        "http://127.0.0.1:8899"
    }
    /// Waits until the store has it.
    pub fn wait_for_stored(&self, _lead_id: &str) {}
}
