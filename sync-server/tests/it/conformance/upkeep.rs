//! Snapshots, forgetting, and a store that was put back from a copy.

use crate::author::Author;
use crate::carry::a_captain_carries_for_canvassers_and_never_in_a_coordinators_name;
use crate::forget::{
    only_coordinators_forget_turf_of_their_own, what_is_forgotten_leaves_nothing_but_its_id,
    what_is_forgotten_under_way_stays_forgotten,
};
use crate::placeholders::{
    what_unknown_devices_wrote_comes_back_while_the_store_recovers,
    who_had_a_turf_that_the_store_has_forgotten_to_have_handed_out_hands_in,
};
use crate::stores::{EPOCH, NOW, Whole, doc_pull, found};

on_both_stores![
    a_captain_carries_for_canvassers_and_never_in_a_coordinators_name,
    snapshots_stand_for_the_beginning_of_a_log,
    a_new_epoch_is_told,
    what_unknown_devices_wrote_comes_back_while_the_store_recovers,
    who_had_a_turf_that_the_store_has_forgotten_to_have_handed_out_hands_in,
    what_is_forgotten_leaves_nothing_but_its_id,
    only_coordinators_forget_turf_of_their_own,
    what_is_forgotten_under_way_stays_forgotten,
];

async fn snapshots_stand_for_the_beginning_of_a_log(store: &dyn Whole) {
    let office = found(store).await;
    let mut author = Author::new();
    let written: Vec<_> = (0..10).map(|_| author.write()).collect();
    let turf = office.bear(&written).await;
    office.bear(&[]).await;
    let n_bytes: usize = written.iter().map(Vec::len).sum();
    for (max_bytes, n_told) in [(n_bytes, 10), (n_bytes - 1, 9), (written[0].len(), 1), (written[0].len() - 1, 0)] {
        let log = store.log(turf, max_bytes).await.unwrap();
        assert_eq!((log.last, log.changes.as_slice(), log.is_whole()), (10, &written[..n_told], n_told == 10));
    }
    assert!(store.to_snapshot(11, 9).await.unwrap().is_empty());
    assert_eq!(store.to_snapshot(10, 9).await.unwrap(), [turf]);
    store.put_snapshot(turf, 8, vec![8; 100]).await.unwrap();
    store.put_snapshot(turf, 7, vec![7; 100]).await.unwrap();
    store.put_snapshot(turf, 11, vec![11; 100]).await.unwrap();
    assert!(store.to_snapshot(3, 9).await.unwrap().is_empty());
    assert_eq!(store.to_snapshot(2, 9).await.unwrap(), [turf]);
    let told = office.pull(turf, 0).await;
    assert_eq!((told.snapshot, told.changes.len(), told.cursor), (Some(vec![8; 100]), 2, 10));
    assert_eq!(office.pull(turf, 1).await.snapshot, None);
    let tight = office.pull_all(0, vec![doc_pull(turf, 0)], 99).await.docs.remove(0);
    assert_eq!(tight.snapshot, None, "one that does not fit is told change by change");
    store.put_snapshot(turf, 10, vec![10; 50]).await.unwrap();
    assert_eq!(office.pull(turf, 0).await.snapshot, Some(vec![10; 50]));
    // It has grown beyond what can be folded: that is known, and it is told change by change.
    office.push(turf, &[author.write()]).await;
    store.put_snapshot(turf, 11, Vec::new()).await.unwrap();
    assert!(store.to_snapshot(1, 9).await.unwrap().is_empty());
    let told = office.pull(turf, 0).await;
    assert_eq!((told.snapshot, told.changes.len(), told.cursor), (None, 11, 11));
    // A longer log is folded again once it has grown by a tenth.
    let more: Vec<_> = (0..29).map(|_| author.write()).collect();
    office.push(turf, &more).await;
    for (n, is_due) in [(36, true), (37, false)] {
        store.put_snapshot(turf, n, vec![1; 50]).await.unwrap();
        assert_eq!(!store.to_snapshot(1, 9).await.unwrap().is_empty(), is_due, "{n} of 40");
    }
}

async fn a_new_epoch_is_told(store: &dyn Whole) {
    let office = found(store).await;
    assert_eq!(office.pull_all(0, Vec::new(), 0).await.epoch, EPOCH);
    for n in 0..3 {
        let before = (office.feed().await, store.grants(office.id).await.unwrap().number);
        store.new_epoch(u64::MAX - n, NOW).await.unwrap();
        let after = (office.feed().await, store.grants(office.id).await.unwrap().number);
        assert!(after.0 > before.0 && after.1 > before.1, "nothing that was told before is told again");
        assert!(after.0.min(after.1) >= NOW.0.cast_unsigned(), "nor what was told after a copy was made");
        assert_eq!(office.pull_all(0, Vec::new(), 0).await.epoch, u64::MAX - n);
    }
}
