//! Builders and harness shared by the tests.
