//! Whoever listens hears of what they may, and of nothing else.
#![allow(clippy::unwrap_used)]

mod any_order;

use super::{Behind, Inbox, Listeners, StreamEvent, spread};
use crate::limits::GAP_SPREAD;
use crate::meters::Meters;
use crate::store::{Hearing, Hears, Hint, Whose};
use porchlight_model::id::{CampaignId, DeviceId, DocId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

const CAMPAIGN: CampaignId = CampaignId::from_bytes([1; 16]);

/// A device that never listens.
const OFFICE: DeviceId = DeviceId::from_bytes([200; 16]);

/// How many devices take part from the beginning, and how many documents.
const N_DEVICES: u8 = 3;
const N_DOCS: u8 = 2;

fn device(n: u8) -> DeviceId {
    DeviceId::from_bytes([n + 1; 16])
}

fn doc(n: u8) -> DocId {
    DocId::from_bytes([n + 1; 16])
}
/// What one device hears of: the first document.
fn one(grants: u64, n: u8) -> Hearing {
    Hearing { grants, devices: BTreeMap::from([(device(n), Hears::Docs(BTreeSet::from([doc(0)])))]) }
}

fn taken(inbox: &Inbox) -> Option<StreamEvent> {
    inbox.take(Instant::now()).0
}

#[test]
fn a_stream_that_was_read_for_before_it_began_is_ended_when_its_device_is_shut_out() {
    let (listeners, meters) = (Listeners::new(), Meters::new());
    let (first, _) = listeners.open(CAMPAIGN, device(0));
    assert!(listeners.begin(CAMPAIGN, first, &one(5, 0)));
    let handed_out = Hint::of_grants(CAMPAIGN, 5..6, OFFICE, Whose::Device(device(0)));
    assert_eq!(listeners.behind(&handed_out), Behind::Device(device(0)));
    // While that is read, the only one who listens opens its stream anew.
    listeners.close(CAMPAIGN, first);
    let (second, inbox) = listeners.open(CAMPAIGN, device(0));
    listeners.with(CAMPAIGN, |campaign| campaign.learn_of(device(0), &handed_out, &one(6, 0), &meters));
    assert!(listeners.begin(CAMPAIGN, second, &one(6, 0)));
    let shut_out = Hint::of_grants(CAMPAIGN, 6..7, OFFICE, Whose::Device(device(0)));
    assert_eq!(listeners.behind(&shut_out), Behind::Device(device(0)));
    let nobody = Hearing { grants: 7, ..Hearing::default() };
    listeners.with(CAMPAIGN, |campaign| campaign.learn_of(device(0), &shut_out, &nobody, &meters));
    assert_eq!(taken(&inbox), Some(StreamEvent::Over));
}

/// A stream of the first device, who hears of the first document as of a number.
fn listening(listeners: &Listeners, grants: u64) -> Arc<Inbox> {
    let (stream, inbox) = listeners.open(CAMPAIGN, device(0));
    assert!(listeners.begin(CAMPAIGN, stream, &one(grants, 0)));
    inbox
}

#[test]
fn whoever_is_shut_out_after_the_store_went_back_to_a_lower_number_is_told_nothing_more() {
    let (listeners, meters) = (Listeners::new(), Meters::new());
    let inbox = listening(&listeners, 105);
    // A standby took over that lacked the last commits.
    let shut_out = Hint::of_grants(CAMPAIGN, 101..102, OFFICE, Whose::Device(device(0)));
    assert_eq!(listeners.behind(&shut_out), Behind::All);
    let nobody = Hearing { grants: 102, ..Hearing::default() };
    listeners.with(CAMPAIGN, |campaign| campaign.learn_all(&nobody, &meters));
    assert_eq!(taken(&inbox), Some(StreamEvent::Over));
    // From here on its numbers count.
    let next = Hint::of_grants(CAMPAIGN, 102..103, OFFICE, Whose::All);
    assert_eq!(listeners.behind(&next), Behind::All);
}

#[test]
fn whoever_is_shut_out_while_the_store_is_away_and_comes_back_with_a_lower_number_is_told_nothing_more() {
    let (listeners, meters) = (Listeners::new(), Meters::new());
    let inbox = listening(&listeners, 105);
    let own = Hint::of_grants(CAMPAIGN, 105..106, OFFICE, Whose::Device(device(0)));
    assert_eq!(listeners.behind(&own), Behind::Device(device(0)));
    listeners.with(CAMPAIGN, super::Campaign::lose);
    let nobody = Hearing { grants: 103, ..Hearing::default() };
    listeners.with(CAMPAIGN, |campaign| campaign.learn_all(&nobody, &meters));
    assert_eq!(taken(&inbox), Some(StreamEvent::Over));
}

#[test]
fn what_a_store_lost_is_read_again_where_it_counts_on_beyond_the_number_that_is_known() {
    let (listeners, meters) = (Listeners::new(), Meters::new());
    let inbox = listening(&listeners, 105);
    // A standby took over that lacked the last commits, among them that the first device was enrolled; then somebody else's grants changed.
    let other = Hint::of_grants(CAMPAIGN, 101..900, OFFICE, Whose::Device(device(1)));
    assert_eq!(listeners.behind(&other), Behind::All);
    let nobody = Hearing { grants: 900, ..Hearing::default() };
    listeners.with(CAMPAIGN, |campaign| campaign.learn_all(&nobody, &meters));
    assert_eq!(taken(&inbox), Some(StreamEvent::Over));
}

#[test]
fn whoever_listens_in_a_campaign_that_is_gone_is_told_nothing_more() {
    let (listeners, meters) = (Listeners::new(), Meters::new());
    let inbox = listening(&listeners, 5);
    listeners.with(CAMPAIGN, |campaign| campaign.learn_all(&Hearing::default(), &meters));
    assert_eq!(taken(&inbox), Some(StreamEvent::Over));
}

#[test]
fn a_device_that_joins_while_all_are_read_goes_on_listening() {
    let (listeners, meters) = (Listeners::new(), Meters::new());
    let (old, _) = listeners.open(CAMPAIGN, device(0));
    assert!(listeners.begin(CAMPAIGN, old, &one(5, 0)));
    let all = one(9, 0);
    // It joins after that was read, which raises no number; one stream begins before it is known, one after.
    let ((before, inbox), (after, _)) = (listeners.open(CAMPAIGN, device(1)), listeners.open(CAMPAIGN, device(1)));
    assert!(listeners.begin(CAMPAIGN, before, &one(9, 1)));
    listeners.with(CAMPAIGN, |campaign| campaign.learn_all(&all, &meters));
    assert_eq!(taken(&inbox), None);
    assert!(listeners.begin(CAMPAIGN, after, &one(9, 1)));
}

#[test]
fn streams_that_open_while_grants_change_have_nobody_elses_grants_read() {
    let (listeners, meters) = (Listeners::new(), Meters::new());
    let (first, _) = listeners.open(CAMPAIGN, device(0));
    assert!(listeners.begin(CAMPAIGN, first, &one(5, 0)));
    let (second, _) = listeners.open(CAMPAIGN, device(1));
    // It reads; then turf is handed to the first, and to the first again.
    let read = one(5, 1);
    for grants in [6, 7] {
        let hint = Hint::of_grants(CAMPAIGN, grants - 1..grants, OFFICE, Whose::Device(device(0)));
        assert_eq!(listeners.behind(&hint), Behind::Device(device(0)));
        listeners.with(CAMPAIGN, |campaign| campaign.learn_of(device(0), &hint, &one(grants, 0), &meters));
        if grants == 6 {
            assert!(listeners.begin(CAMPAIGN, second, &read));
        }
    }
}

#[test]
fn where_hints_were_lost_streams_are_told_to_sync_one_after_the_other() {
    const N: u32 = 1000;
    let (listeners, meters) = (Listeners::new(), Meters::new());
    let inboxes: Vec<_> = (0..N).map(|n| listeners.open(CAMPAIGN, device(u8::try_from(n % 200).unwrap())).1).collect();
    let before = Instant::now();
    listeners.sync_all(&meters);
    let due = |inbox: &Arc<Inbox>| inbox.take(before - Duration::from_secs(1)).1.unwrap();
    let mut times: Vec<_> = inboxes.iter().map(due).collect();
    times.sort();
    assert!(times.iter().all(|at| *at >= before && *at <= Instant::now() + GAP_SPREAD));
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == GAP_SPREAD / N));
    // What changes for one of them is told at once, and one that is told meanwhile is not told again.
    inboxes[700].put(StreamEvent::Sync);
    assert_eq!(
        (taken(&inboxes[700]), inboxes[700].take(Instant::now() + GAP_SPREAD)),
        (Some(StreamEvent::Sync), (None, None))
    );
    assert_eq!(spread(before, 1).next(), Some(before));
}
