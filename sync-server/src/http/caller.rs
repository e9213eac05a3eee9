//! The caller: the device behind the bearer token, checked against the store on every request, or an address without a token.

use super::refuse::{Limit, Refused};
use crate::at_once::Turn;
use crate::rates::counted_as;
use crate::relay::Relay;
use crate::secret::{SecretHash, token_hash};
use crate::store::{Caller, check_knows};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use porchlight_model::relay::RefusalCode;
use porchlight_model::turf::MAX_PACK_BYTES;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// A device that is enrolled, not revoked, within its lease and its limits; with its slot, which is released with the request.
pub(super) struct Known(pub(super) Caller, pub(super) Turn<SecretHash>);

impl FromRequestParts<Relay> for Known {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, relay: &Relay) -> Result<Self, Refused> {
        let unknown = || {
            take_address(parts, relay)?;
            Err(Refused::new(RefusalCode::TokenUnknown, "a device's bearer token is needed"))
        };
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix("Bearer ")).and_then(|token| token_hash(token.trim()));
        let Some(token) = token else { return unknown() };
        // A device over its limits is refused before the store is queried.
        if let Some(seconds) = relay.device_rates.must_wait(&token, relay.now()) {
            return Err(Refused::slow_down(Limit::DeviceRate, seconds));
        }
        if let Some(seconds) = relay.device_told.must_wait(&token, relay.now()) {
            return Err(Refused::slow_down(Limit::DeviceTold, seconds));
        }
        let Some(turn) = relay.under_way.take(token) else { return Err(Refused::slow_down(Limit::DeviceAtOnce, 1)) };
        let Some(caller) = relay.store.caller(token).await? else { return unknown() };
        let now = relay.now();
        let wait = |limit| move |seconds| Refused::slow_down(limit, seconds);
        relay.device_rates.take(token, 1, now).map_err(wait(Limit::DeviceRate))?;
        if caller.is_revoked {
            return Err(Refused::new(RefusalCode::Revoked, "the device was revoked"));
        }
        check_knows(caller.role)?;
        if now >= caller.lease_until {
            return Err(Refused::new(RefusalCode::LeaseEnded, "the lease has run out: enrol anew"));
        }
        relay.device_bytes.take(caller.device, n_bytes(&parts.headers), now).map_err(wait(Limit::DeviceBytes))?;
        Ok(Self(caller, turn))
    }
}

/// How many bytes a request's body is counted as: what it says, or the most there may be where it does not say. What says more than
/// that is refused unread, and costs no more.
fn n_bytes(headers: &HeaderMap) -> u64 {
    const MOST: u64 = MAX_PACK_BYTES as u64;
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return MOST;
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or(0).min(MOST)
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
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let address = relay.live().proxies.client(peer, &parts.headers);
    let taken = relay.address_rates.take(counted_as(address), 1, relay.now());
    taken.map_err(|seconds| Refused::slow_down(Limit::AddressRate, seconds))
}
