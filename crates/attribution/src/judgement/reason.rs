//! Why an outcome is not delivered, each reason with its name for machines and its advice for people.

/// Writes each reason once: its meaning, its name for machines, and what a person can do.
macro_rules! reasons {
    ($($(#[doc = $meaning:literal])+ $name:ident, $code:literal, $advice:literal;)+) => {
        /// Why an outcome is not delivered now. [`Reason::advice`] says what to do about it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $($(#[doc = $meaning])+ $name,)+
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name of the reason, for machines; the ledger keeps it.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What a person can do, in one or two sentences.
            #[must_use]
            pub fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice,)+ }
            }
        }
    };
}

reasons! {
    /// Its lead has not arrived.
    LeadWaiting, "lead_waiting",
    "The lead has not arrived. If it never does, check that the CRM keeps the whole lead_id, and that the tag stands on the page of the form.";

    /// Its lead was stored by rules that this collector does not know any more.
    LeadUnreadable, "lead_unreadable",
    "The lead was stored by an older version and cannot be read. Nothing can be done for this row.";

    /// Its lead does not look like a person's.
    LeadSuspected, "lead_suspected",
    "The lead looks like a robot's, for the reason that stands beside it. It is kept and never delivered.";

    /// The platform does not know the click yet.
    ClickTooRecent, "click_too_recent",
    "The platform does not know so fresh a click yet. It is sent by itself when it does.";

    /// The conversion action was only just made at the platform.
    ActionTooRecent, "conversion_action_too_recent",
    "The conversion action was only just made at the platform. It is sent by itself when the platform takes it.";

    /// The outcome, or what changes it, lies in the future.
    ConversionInFuture, "conversion_in_future",
    "It is dated in the future, and no platform takes it before that moment. If it has happened already, check the clock and the time zone of the system that reported it.";

    /// The outcome is not after the click (`CONVERSION_PRECEDES_EVENT`).
    ConversionBeforeClick, "conversion_before_click",
    "The outcome is dated before the click. Check the time zone, or whether it was reported for the wrong lead.";

    /// The outcome is not after the lead that it is a stage of.
    ConversionBeforeLead, "conversion_before_lead",
    "The outcome is dated before its lead. Check the time zone, or whether it was reported for the wrong lead.";

    /// The click is older than the platform takes.
    ClickWindowClosed, "click_window_closed",
    "The click is older than the platform takes. Report outcomes sooner, or an earlier stage of the deal.";

    /// The outcome came later after the click than the conversion action looks back (`EXPIRED_EVENT`).
    OutsideLookBackOfAction, "outside_lookback_of_action",
    "The outcome came later after the click than the conversion action looks back. Lengthen its click-through window at the platform, up to 90 days, and then here.";

    /// Hashed contact data alone names the person, and the outcome is too old for that.
    UserDataWindowClosed, "user_data_window_closed",
    "Without a click id the platform takes an outcome for 63 days only. Report outcomes sooner.";

    /// The outcome is older than the platform takes.
    ConversionTooOld, "conversion_too_old",
    "The outcome is older than the platform takes. Report outcomes sooner.";

    /// The visitor refused that data goes to the ad platform.
    UserDataDenied, "ad_user_data_denied",
    "The visitor refused that data goes to the ad platform. Nothing is sent, and nothing is to be done.";

    /// The visitor was asked, and has not said whether data may go to the ad platform. No answer is never a yes.
    UserDataUnanswered, "ad_user_data_unanswered",
    "The visitor has not said whether data may go to the ad platform. Check that the consent tool sets ad_user_data.";

    /// The lead came from no Google ad.
    NoGoogleClick, "no_google_click",
    "The lead came from no Google ad. This is normal for other visitors.";

    /// The lead came from no Microsoft ad, and no hash may stand in for the click.
    NoMicrosoftClick, "no_microsoft_click",
    "The lead came from no Microsoft ad. This is normal for other visitors.";

    /// Nothing by which Meta could find the person.
    NoMetaIdentifier, "no_meta_identifier",
    "The lead has neither a Meta click nor hashed contact data. This is normal for other visitors.";

    /// The file names people by hashed contact data, and the lead has none.
    NoUserData, "no_user_data",
    "The lead has no hashed e-mail or telephone. Set data-user-data=\"hash\" on the tag if the site may send them.";

    /// The click has a gbraid or wbraid only, for which this file has no column
    /// (<https://support.google.com/google-ads/answer/7014069>).
    BraidOnly, "braid_only",
    "The click has a gbraid or wbraid, for which this file has no column. Use the Data Manager, by API or by file.";

    /// A gbraid or wbraid, and an action that counts one conversion for each click
    /// (`ONE_PER_CLICK_CONVERSION_ACTION_NOT_PERMITTED_WITH_BRAID`).
    BraidCountedOncePerClick, "braid_counted_once_per_click",
    "The click has a gbraid or wbraid, and the conversion action counts one conversion for each click. Set its counting to Every in Google Ads, and then here.";

    /// The gclid has characters that Google's ids never have, so it was damaged or made up on its way here
    /// (<https://support.google.com/google-ads/answer/7012522>).
    GclidDamaged, "gclid_damaged",
    "The gclid was changed on its way here. Check every system between the page and here for cut, folded or encoded values.";

    /// The msclkid is not the 32 characters that Microsoft writes.
    MsclkidDamaged, "msclkid_damaged",
    "The msclkid was changed on its way here: it has 32 characters, digits and the letters a to f. Check every system between the page and here.";

    /// The outcome_id names a person, and order ids must not (`ORDER_ID_CONTAINS_PII`).
    OrderIdNamesPerson, "order_id_names_person",
    "The outcome_id holds an e-mail address, which the platform refuses. Use the deal's number.";

    /// More than the platform takes, or finer than it counts.
    ValueOutOfRange, "value_out_of_range",
    "The value is larger than the platform takes, or has more than three decimals. Report it rounded.";

    /// The platform asks for a value with this event.
    ValueNeeded, "value_needed",
    "The platform takes a Purchase only with its value and currency. Report them, or choose another event.";

    /// The platform asks for the page of a website event.
    PageNeeded, "page_needed",
    "A website event needs the page of the form, and the lead has none. Choose another action source for this destination.";

    /// The platform asks for the browser of a website event.
    BrowserNeeded, "browser_needed",
    "A website event needs the visitor's browser, and the lead has none. Choose another action source for this destination.";

    /// The outcome that is to be changed is too old to be changed.
    AdjustmentWindowClosed, "adjust_window_closed",
    "The outcome is older than the platform changes. Report changes sooner.";

    /// The change is not after the outcome that it changes.
    AdjustmentBeforeConversion, "adjustment_before_conversion",
    "The change is dated before the outcome that it changes. Check the clock and the time zone of the system that reported it.";

    /// The outcome that is to be changed is not at the platform.
    OriginalNotDelivered, "original_not_delivered",
    "The outcome that is to be changed is not at the platform, so there is nothing to change.";

    /// The outcome was taken back before, and nothing follows on that.
    AlreadyRetracted, "already_retracted",
    "The outcome was taken back before. Report a new one under a new outcome_id.";

    /// The outcome was taken back before it was sent.
    Retracted, "retracted",
    "The outcome was taken back before it was sent. Nothing is to be done.";

    /// A later change of the same outcome is sent instead.
    ChangeOvertaken, "change_overtaken",
    "A later change of the same outcome is sent instead. Nothing is to be done.";

    /// The outcome was sent with this change in it.
    ChangeInConversion, "change_in_conversion",
    "The outcome was sent with this change already. Nothing is to be done.";

    /// This way to the platform is not known to take outcomes back.
    RetractionByOtherTransport, "retraction_by_other_transport",
    "How the Data Manager takes an outcome back is not published. Let Google fetch the file adjustments.csv of this destination, or take it back in Google Ads.";

    /// The platform changes nothing that it was told.
    AdjustmentNotSupported, "adjustment_not_supported",
    "The platform changes nothing that it was told. The first value stays there.";

    /// The destination takes other kinds of outcome.
    KindNotTaken, "kind_not_taken",
    "The destination does not take this kind of outcome. Add it to the destination's outcome_kinds if it should.";

    /// The outcome was told before the destination took outcomes like it, so no sweep knows of it.
    ToldBeforeDestination, "told_before_destination",
    "The outcome was told before this destination took its kind. Set the destination once more with outcomes_since, the moment since when outcomes are to go there, or tell it once more with the same content.";

    /// Another destination has told the same conversion action of it, or will.
    GivenElsewhere, "given_elsewhere",
    "Another destination has told the same conversion action of it, or will. Nothing is to be done.";

    /// The platform lets this deployment in with nothing that it has.
    NoAccess, "no_access",
    "The platform lets nobody in with the stored credentials, or none are stored. Store the platform's secret again; it is tried again every hour.";

    /// An earlier attempt may have arrived, and the platform would not take another for a repetition any more.
    RepetitionWindowClosed, "repetition_window_closed",
    "It was sent, and no answer said that it arrived. It is not sent once more, because by now it could count twice. Look for it at the platform by its outcome_id.";

    /// The platform was asked too often without an end.
    TooManyAttempts, "too_many_attempts",
    "The platform did not take it in many attempts. See its last answer, and send it again when the cause is mended.";
}

impl Reason {
    /// The reason of this name.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_name_of_its_own_and_advice_in_sentences() {
        for reason in Reason::ALL {
            assert_eq!(Reason::named(reason.code()), Some(*reason));
            let advice = reason.advice();
            assert!(advice.ends_with('.') && advice.len() > 30, "{advice}");
        }
        assert_eq!(Reason::named("no_such_reason"), None);
    }
}
