//! What a destination says of its platform, in JSON, and the action that it makes.

use serde::Deserialize;

use super::ApiAction;
use crate::google::click_rules::ClickRules;
use crate::google::data_manager::{DataManagerAction, EventSource, GoogleAdsId};
use crate::meta::event_rules::ActionSource;
use crate::meta::events::MetaEvents;
use crate::microsoft::click_rules::GoalRules;
use crate::microsoft::conversion::Goal;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GoogleSettings {
    operating_account: String,
    login_account: Option<String>,
    conversion_action_id: String,
    #[serde(default)]
    event_source: EventSource,
    #[serde(default)]
    once_per_click: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MicrosoftSettings {
    customer_id: String,
    account_id: String,
    #[serde(default)]
    takes_contact: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MetaSettings {
    dataset_id: String,
    action_source: ActionSource,
    crm: Option<String>,
    cookie_domain: Option<String>,
    test_event_code: Option<String>,
}

impl ApiAction {
    /// What is right where [`ApiAction::read_settings`] finds settings that are not.
    pub const ADVICE: &'static str = "api is an object. Google: operating_account, conversion_action_id, and if need be login_account, event_source (WEB, APP, IN_STORE, PHONE, MESSAGE, OTHER), once_per_click. Microsoft: customer_id, account_id, and if need be takes_contact. Meta: dataset_id, action_source, and if need be crm, cookie_domain, test_event_code. Account numbers are texts of digits.";

    /// Reads a destination's settings: its platform, the name of its conversion action, the windows that it has set, and
    /// the JSON of what only this platform asks for. `None` where something is missing, unknown or no number.
    #[must_use]
    pub fn read_settings(
        platform: &str,
        conversion_action: &str,
        look_back_days: Option<u16>,
        wait_hours: Option<u16>,
        api: &str,
    ) -> Option<Self> {
        match platform {
            "google" => {
                let settings: GoogleSettings = serde_json::from_str(api).ok()?;
                settings.action(look_back_days, wait_hours)
            }
            "microsoft" => {
                let settings: MicrosoftSettings = serde_json::from_str(api).ok()?;
                settings.action(conversion_action, look_back_days)
            }
            "meta" => {
                let settings: MetaSettings = serde_json::from_str(api).ok()?;
                settings.action(conversion_action)
            }
            _ => None,
        }
    }
}

impl GoogleSettings {
    fn action(self, look_back_days: Option<u16>, wait_hours: Option<u16>) -> Option<ApiAction> {
        let login_account = match self.login_account {
            Some(id) => Some(GoogleAdsId::parse(&id)?),
            None => None,
        };
        let default = ClickRules::default();
        Some(ApiAction::Google(DataManagerAction {
            operating_account: GoogleAdsId::parse(&self.operating_account)?,
            login_account,
            conversion_action: GoogleAdsId::parse(&self.conversion_action_id)?,
            event_source: self.event_source,
            once_per_click: self.once_per_click,
            created_at: None,
            rules: ClickRules {
                look_back_days: look_back_days.unwrap_or(default.look_back_days),
                wait_hours: wait_hours.unwrap_or(default.wait_hours),
            },
        }))
    }
}

impl MicrosoftSettings {
    fn action(self, conversion_action: &str, look_back_days: Option<u16>) -> Option<ApiAction> {
        let default = GoalRules::default();
        Some(ApiAction::Microsoft {
            goal: Goal {
                name: conversion_action.to_owned(),
                takes_contact: self.takes_contact,
                rules: GoalRules {
                    look_back_days: look_back_days.unwrap_or(default.look_back_days),
                    ..default
                },
            },
            customer_id: number(self.customer_id)?,
            account_id: number(self.account_id)?,
        })
    }
}

impl MetaSettings {
    fn action(self, conversion_action: &str) -> Option<ApiAction> {
        Some(ApiAction::Meta {
            events: MetaEvents {
                event_name: conversion_action.to_owned(),
                action_source: self.action_source,
                crm: self.crm,
                cookie_domain: self.cookie_domain,
            },
            dataset_id: number(self.dataset_id)?,
            test_event_code: self.test_event_code,
        })
    }
}

fn number(text: String) -> Option<String> {
    let is_number = (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(text)
}
