//! Waiting for a condition, never for a time.

use std::time::{Duration, Instant};

/// How long anything may take before a test says that it does not happen. Two cores that also compile are slow.
const WAIT_S_MAX: u64 = 20;

/// How often a condition that nobody announces is looked at again.
const LOOK_AGAIN_MS: u64 = 15;

/// The moment after which a wait has failed.
pub(super) struct Deadline {
    at: Instant,
}

impl Default for Deadline {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests run natively, where the clock exists"
    )]
    fn default() -> Deadline {
        Deadline {
            at: Instant::now() + Duration::from_secs(WAIT_S_MAX),
        }
    }
}

impl Deadline {
    /// What is left of the wait; zero when it is over.
    #[expect(
        clippy::disallowed_methods,
        reason = "tests run natively, where the clock exists"
    )]
    pub(super) fn left(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// Lets the other side move on before the condition is looked at again.
    ///
    /// # Panics
    /// When the wait is over; `awaited` says what did not happen.
    pub(super) fn pause_or_panic(&self, awaited: &str) {
        assert!(
            !self.left().is_zero(),
            "waited {WAIT_S_MAX} s in vain for {awaited}"
        );
        std::thread::sleep(Duration::from_millis(LOOK_AGAIN_MS));
    }
}
