//! An ad click of its own for every test, so that what is found in a shared store can only be that test's.

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
    /// A click that is told from all others by `mark`, letters and digits.
    #[must_use]
    pub fn of(mark: &str) -> Click {
        Click {
            gclid: format!(
                "Cj0KCQiA-{mark}_oBhCgARIsAOmxpaN-9vPz_QYd0w7HcXkBq4r2tGmJ1sLwEeVfUaZy8TnDb5CAaAkE7EALw_wcB"
            ),
            gbraid: format!("0AAAAAD_{mark}-qF7wYc2XkZ9mPtLs4VbNh"),
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
