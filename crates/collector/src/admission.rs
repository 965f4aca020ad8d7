//! How a destination is let in by its platform. Microsoft gives out a newer refresh token each time, and the older one ends 90
//! days after it was given out; so the newest is kept, sealed, and the deployment's secret is only where it begins.

use attribution::microsoft::refresh_token::is_worth_keeping;

use crate::network::Network;
use crate::platform_access::{Headers, NoAccess, PlatformAccess};
use crate::store::Store;
use crate::store::database::Database;

/// Gets the headers that let a destination's requests in.
///
/// # Errors
/// As [`PlatformAccess::admit`]. A store that fails changes nothing: what it should have given or kept is asked for again.
pub async fn let_in<D: Database, N: Network>(
    store: &Store<D>,
    access: &PlatformAccess,
    platform: &str,
    destination: &str,
    network: &N,
) -> Result<Headers, NoAccess> {
    let kept = match platform {
        "microsoft" => store.refresh_token(destination).await.ok().flatten(),
        _ => None,
    };
    let sealed = kept.as_ref().map(|kept| kept.sealed.as_str());
    let admission = access.admit(platform, destination, sealed, network).await?;
    let now = network.now();
    let is_kept = |kept: &crate::store::refresh_tokens::KeptToken| {
        admission.is_by_kept_token && !is_worth_keeping(kept.given_at(), now)
    };
    if let Some(newer) = admission
        .newer_token
        .filter(|_| !kept.as_ref().is_some_and(is_kept))
    {
        let _ = store.keep_refresh_token(destination, &newer, now).await;
    }
    Ok(admission.headers)
}
