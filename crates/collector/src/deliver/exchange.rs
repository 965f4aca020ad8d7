//! One exchange of a run with its platform, and what lets it in.

use attribution::api_action::ApiRequest;

use super::Run;
use crate::admission::let_in;
use crate::network::{Inbound, Network, Outbound};
use crate::platform_access::{Headers, NoAccess};
use crate::store::database::Database;

impl<D: Database, N: Network> Run<'_, D, N> {
    pub(super) async fn let_in(&self) -> Result<Headers, NoAccess> {
        let platform = self.action.platform();
        let_in(self.store, self.access, platform, self.destination, self.network).await
    }

    /// Where nothing was sent for long, the token that lets it in would end. Without a newer one the older is still good.
    pub(super) async fn renew_token(&self) {
        if self.headers.is_empty() {
            let _ = self.let_in().await;
        }
    }

    pub(super) async fn post(&mut self, request: &ApiRequest) -> Option<Inbound> {
        self.exchange("POST", &request.path, &request.headers, &request.body)
            .await
    }

    /// One exchange with the platform. Where it does not know the token any more, one more with a fresh one.
    pub(super) async fn exchange(
        &mut self,
        method: &'static str,
        path: &str,
        headers: &[(&'static str, String)],
        body: &str,
    ) -> Option<Inbound> {
        let answer = self.once(method, path, headers, body).await;
        if answer.as_ref().is_none_or(|answer| answer.status != 401) {
            return answer;
        }
        match self.let_in().await {
            Ok(fresh) => {
                self.headers = fresh;
                self.once(method, path, headers, body).await
            }
            Err(_) => answer,
        }
    }

    async fn once(
        &mut self,
        method: &'static str,
        path: &str,
        headers: &[(&'static str, String)],
        body: &str,
    ) -> Option<Inbound> {
        let mut all = self.headers.clone();
        all.extend_from_slice(headers);
        if !body.is_empty() {
            all.push(("Content-Type", "application/json".to_owned()));
        }
        self.delivered.requests += 1;
        let request = Outbound {
            method,
            url: format!("{}{path}", self.access.api_url),
            headers: all,
            body: body.to_owned(),
        };
        self.network.send(&request).await
    }
}
