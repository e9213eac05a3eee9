//! Budgets: what a change, a push, a device and a document may cost.

use super::{numbers, why};
use crate::author::{Author, hash};
use crate::stores::{Whole, found};
use automerge::ExpandedChange;
use automerge::transaction::Transactable;
use automerge::{Change, ObjType, ROOT, ReadDoc};
use porchlight_model::budget::{BYTES_PER_OP, Budget};
use porchlight_model::member::Role;
use porchlight_model::wire::RejectReason;

on_both_stores![
    a_change_has_so_many_operations_and_not_one_more,
    what_is_over_the_budget_of_one_push_waits_for_the_next,
    nobody_uses_up_what_others_need,
    entries_stay_as_they_were_made,
];

/// Changes that an actor writes, each about a hundred bytes, whatever it costs.
struct Heavy {
    last: ExpandedChange,
}

impl Heavy {
    /// Begins after `birth`, with one operation.
    fn new(birth: &[Vec<u8>]) -> (Self, Vec<u8>) {
        let mut author = Author::new();
        author.read(birth);
        let map = author.doc.get(ROOT, "visits").unwrap().unwrap().1;
        author.doc.put(&map, "k", true).unwrap();
        author.doc.commit();
        let first = author.doc.get_last_local_change().unwrap();
        (Self { last: first.decode() }, first.raw_bytes().to_vec())
    }

    /// One that costs as much as so many operations.
    fn next(&mut self, cost: u64) -> Vec<u8> {
        // Its key is a byte of text for each operation.
        let n_ops = (cost * BYTES_PER_OP).div_ceil(BYTES_PER_OP + 1);
        let before = Change::from(self.last.clone());
        let op = self.last.operations[0].clone();
        self.last.seq += 1;
        self.last.deps = vec![before.hash()];
        self.last.start_op = std::num::NonZeroU64::new(before.max_op() + 1).unwrap();
        self.last.operations = vec![op; usize::try_from(n_ops).unwrap()];
        self.last.extra_bytes = Vec::new();
        Change::from(self.last.clone()).raw_bytes().to_vec()
    }
}

async fn a_change_has_so_many_operations_and_not_one_more(store: &dyn Whole) {
    let office = found(store).await;
    let birth = [Author::new().born()];
    let turf = office.bear(&birth).await;
    let most = Budget::TURF.ops_per_change;
    let (mut heavy, first) = Heavy::new(&birth);
    assert_eq!(numbers(&office.push(turf, &[first, heavy.next(most)]).await), [2, 3]);
    let too_much = heavy.next(most + 1);
    assert!(too_much.len() < 300, "{} bytes", too_much.len());
    let pushed = office.push(turf, &[too_much.clone(), Author::new().write()]).await;
    assert_eq!((why(&pushed), pushed.rejected[0].hash), (vec![RejectReason::TooCostly], hash(&too_much)));
    assert_eq!(numbers(&pushed), [4], "what does not stand on it goes through");
}

async fn what_is_over_the_budget_of_one_push_waits_for_the_next(store: &dyn Whole) {
    let office = found(store).await;
    let birth = [Author::new().born()];
    let turf = office.bear(&birth).await;
    let (mut heavy, first) = Heavy::new(&birth);
    let n_each = Budget::TURF.ops_per_change;
    let n_fit = usize::try_from(Budget::TURF.ops_per_push / n_each).unwrap();
    assert_eq!(numbers(&office.push(turf, &[first]).await), [2]);
    let mut changes: Vec<_> = (0..n_fit).map(|_| heavy.next(n_each)).collect();
    changes.push(heavy.next(1));
    let pushed = office.push(turf, &changes).await;
    assert_eq!((pushed.acked.len(), pushed.rejected.len()), (n_fit, 0), "the last is neither taken nor refused");
    let pushed = office.push(turf, &changes).await;
    assert_eq!((pushed.acked.len(), pushed.rejected.len()), (n_fit + 1, 0));
}

async fn nobody_uses_up_what_others_need(store: &dyn Whole) {
    let office = found(store).await;
    let birth = [Author::new().born()];
    let turf = office.bear(&birth).await;
    let (eve, ana) = (office.join(Role::Canvasser, &[turf]).await, office.join(Role::Canvasser, &[turf]).await);
    let turf_budget = Budget::TURF;
    let n_each = turf_budget.ops_per_change;
    let mut n_left = turf_budget.ops_per_device;
    // A program that starts anew for each part writes with many actors.
    while n_left > 0 {
        let (mut heavy, first) = Heavy::new(&birth);
        n_left -= 1;
        let mut changes = vec![first];
        for _ in 0..5 {
            let n_ops = n_each.min(n_left);
            n_left -= n_ops;
            changes.extend((n_ops > 0).then(|| heavy.next(n_ops)));
        }
        assert_eq!(eve.push(turf, &changes).await.acked.len(), changes.len());
    }
    assert_eq!(why(&eve.push(turf, &[Heavy::new(&birth).1]).await), [RejectReason::TooCostly]);
    assert_eq!(ana.push(turf, &[Heavy::new(&birth).1]).await.acked.len(), 1, "others go on");
    // All of them together have the document's budget; what it holds stays.
    let mut n_taken = 0;
    for _ in 0..2 {
        let other = office.join(Role::Canvasser, &[turf]).await;
        for _ in 0..4 {
            let (mut heavy, first) = Heavy::new(&birth);
            let changes: Vec<_> = std::iter::once(first).chain((0..5).map(|_| heavy.next(n_each))).collect();
            n_taken += other.push(turf, &changes).await.acked.len();
        }
    }
    let most = (turf_budget.ops_per_doc - turf_budget.ops_per_device) / n_each;
    assert!((15..=usize::try_from(most).unwrap() + 8).contains(&n_taken), "{n_taken}");
    assert!(store.log(turf, usize::MAX).await.unwrap().is_whole());
}

async fn entries_stay_as_they_were_made(store: &dyn Whole) {
    let office = found(store).await;
    let mut author = Author::new();
    // As a turf document is born.
    for map in ["about", "visits", "answers", "asked", "retracted", "notes", "flags", "people", "walkers"] {
        author.doc.put_object(ROOT, map, ObjType::Map).unwrap();
    }
    let birth = author.written();
    let turf = office.bear(std::slice::from_ref(&birth)).await;
    let map = |author: &Author, name: &str| author.doc.get(ROOT, name).unwrap().unwrap().1;
    let visit = {
        let visits = map(&author, "visits");
        let visit = author.doc.put_object(&visits, "one", ObjType::Map).unwrap();
        author.doc.put(&visit, "result", "refused").unwrap();
        visit
    };
    let answers = map(&author, "answers");
    author.doc.put(&answers, "question", "yes").unwrap();
    assert_eq!(office.push(turf, &[author.written()]).await.acked.len(), 1);
    let eve = office.join(Role::Canvasser, &[turf]).await;
    type Act<'a> = &'a dyn Fn(&mut Author);
    let acts: [(&str, bool, Act<'_>); 6] = [
        ("a field", false, &|eve| eve.doc.put(&visit, "result", "moved").unwrap()),
        ("one more field", false, &|eve| eve.doc.put(&visit, "more", 1).unwrap()),
        ("a field removed", false, &|eve| eve.doc.delete(&visit, "result").unwrap()),
        ("a visit replaced", false, &|eve| drop(eve.doc.put_object(map(eve, "visits"), "one", ObjType::Map).unwrap())),
        ("a visit removed", false, &|eve| eve.doc.delete(map(eve, "visits"), "one").unwrap()),
        ("another answer", true, &|eve| eve.doc.put(map(eve, "answers"), "question", "no").unwrap()),
    ];
    for (what, is_taken, act) in acts {
        let mut hand = author.fork();
        act(&mut hand);
        let pushed = eve.push(turf, &[hand.written()]).await;
        let expected = if is_taken { vec![] } else { vec![RejectReason::AltersEntry] };
        assert_eq!((pushed.acked.len(), why(&pushed)), (usize::from(is_taken), expected), "{what}");
    }
}
