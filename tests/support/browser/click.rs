//! An ad click of its own for every test, so that what is found in a shared store can only be that test's.

use std::hash::{DefaultHasher, Hash, Hasher};

/// The parameters that Google puts on a landing URL, with ids that no other click carries.
///
/// The shapes are those of real ids: `gclid` of mixed case with `_` and `-`, so that folding case, trimming or decoding
/// twice anywhere on the way changes it.
pub struct Click {
    /// The click id.
    pub gclid: String,
    /// The id of clicks from iOS, which stands beside `gclid` on today's landing URLs.
    pub gbraid: String,
}

impl Click {
    /// The click of the test of this name. Always the same ids for the same name, so that a failure can be repeated.
    #[must_use]
    pub fn of_test(name: &str) -> Click {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        let mark = format!("{:016x}", hasher.finish());
        Click {
            gclid: format!(
                "Cj0KCQiA-9vPzQYQ{mark}-wIsAOmxpaN_QYd0w7HcXkBq4r2tGmJ1sLwEeVfUaZy8TnDb5CAaAkE7EALw_wcB"
            ),
            gbraid: format!("0AAAAAD_{mark}-qF7wYc"),
        }
    }

    /// The whole query, with the leading question mark.
    #[must_use]
    pub fn query(&self) -> String {
        format!(
            "?utm_source=google&utm_medium=cpc&utm_campaign=spring%20sale&gad_source=1&gad_campaignid=21890163799\
             &gbraid={}&gclid={}",
            self.gbraid, self.gclid
        )
    }
}
