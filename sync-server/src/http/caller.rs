//! Who asks: the device behind the bearer token, checked against the store on every request; or an address without one.

use super::refuse::Refused;
use crate::relay::Relay;
use crate::secret::token_hash;
use crate::store::Caller;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use porchlight_model::relay::RefusalCode;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// A device that is known, not revoked, within its lease and within its rate.
pub(super) struct Known(pub(super) Caller);

impl FromRequestParts<Relay> for Known {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, relay: &Relay) -> Result<Self, Refused> {
        let unknown = || Refused::new(RefusalCode::TokenUnknown, "a device's bearer token is needed");
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix("Bearer ")).and_then(|token| token_hash(token.trim()));
        let caller = match token {
            Some(token) => relay.store.caller(token).await?,
            None => None,
        };
        let Some(caller) = caller else {
            take_address(parts, relay)?;
            return Err(unknown());
        };
        let now = relay.now();
        relay.device_rates.take(caller.device, now).map_err(Refused::slow_down)?;
        if caller.is_revoked {
            return Err(Refused::new(RefusalCode::Revoked, "the device was revoked"));
        }
        if now >= caller.lease_until {
            return Err(Refused::new(RefusalCode::LeaseEnded, "the lease has run out: enrol anew"));
        }
        Ok(Self(caller))
    }
}

/// An address that asks without a token, within its rate.
pub(super) struct Address;

impl FromRequestParts<Relay> for Address {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, relay: &Relay) -> Result<Self, Refused> {
        take_address(parts, relay)?;
        Ok(Self)
    }
}

fn take_address(parts: &Parts, relay: &Relay) -> Result<(), Refused> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let address = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    relay.address_rates.take(address, relay.now()).map_err(Refused::slow_down)
}
