//! Who has to do something about a reason.

use super::Reason;

/// What it takes until an outcome like this is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// Nothing: it comes by itself, or it is right as it is.
    None,
    /// Somebody can mend what leads to such outcomes; the others are not concerned.
    Row,
    /// Somebody has to mend the destination before anything goes there.
    Destination,
}

impl Reason {
    /// Who has to do something about it.
    #[must_use]
    pub fn remedy(self) -> Remedy {
        match self {
            Self::LeadWaiting
            | Self::LeadSuspected
            | Self::ClickTooRecent
            | Self::ActionTooRecent
            | Self::UserDataDenied
            | Self::NoGoogleClick
            | Self::NoMicrosoftClick
            | Self::NoMetaIdentifier
            | Self::OriginalNotDelivered
            | Self::AlreadyRetracted
            | Self::Retracted
            | Self::ChangeOvertaken
            | Self::ChangeInConversion
            | Self::GivenElsewhere
            | Self::KindNotTaken => Remedy::None,
            Self::LeadUnreadable
            | Self::ConversionInFuture
            | Self::ConversionBeforeClick
            | Self::ConversionBeforeLead
            | Self::ClickWindowClosed
            | Self::OutsideLookBackOfAction
            | Self::UserDataWindowClosed
            | Self::ConversionTooOld
            | Self::UserDataUnanswered
            | Self::NoUserData
            | Self::BraidOnly
            | Self::BraidCountedOncePerClick
            | Self::GclidDamaged
            | Self::MsclkidDamaged
            | Self::OrderIdNamesPerson
            | Self::ValueOutOfRange
            | Self::ValueNeeded
            | Self::PageNeeded
            | Self::BrowserNeeded
            | Self::AdjustmentWindowClosed
            | Self::AdjustmentBeforeConversion
            | Self::RetractionByOtherTransport
            | Self::AdjustmentNotSupported
            | Self::RepetitionWindowClosed
            | Self::ToldBeforeDestination => Remedy::Row,
            Self::NoAccess | Self::TooManyAttempts => Remedy::Destination,
        }
    }
}
