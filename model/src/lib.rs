//! The domain types and rules of Porchlight, shared by every part: no IO, no clock, no randomness, no async.
//!
//! Read order: [`id`] and [`time`] are the atoms; [`place`], [`voter`], [`unit`], [`turf`], [`ring`], [`script`], [`visit`] and [`plan`] the domain, [`universe`] whom a campaign wants to talk to;
//! [`wire`] and [`relay`] what travels between client and relay, [`versions`] how the two agree on a version of it, [`open`] how names are kept that only a newer one knows, [`roster`] how the roster is told in a few bytes, [`hub`] how a phone finds a captain's device, [`chunk`] and [`cbor`] what is looked at before it is read; [`born`] how documents come to be, [`admit`] which changes are taken in; [`grant`] what each role may do; [`calls`] what the interface may ask of the engine.

pub mod admit;
pub mod born;
pub mod budget;
pub mod calls;
pub mod cbor;
pub mod chunk;
pub mod grant;
pub mod hub;
pub mod id;
pub mod member;
pub mod message;
pub mod open;
pub mod place;
pub mod plan;
pub mod relay;
pub mod ring;
pub mod roster;
pub mod script;
pub mod time;
pub mod turf;
pub mod unit;
pub mod universe;
pub mod versions;
pub mod visit;
pub mod voter;
pub mod wire;

#[cfg(test)]
mod tests;
