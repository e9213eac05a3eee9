//! The office document: one for each campaign, which only the office has.

use super::{numbers, why};
use crate::author::{Author, hash};
use crate::stores::{Device, NOW, Whole, doc_push, found};
use crate::world::new_doc;
use automerge::transaction::Transactable;
use automerge::{ROOT, ReadDoc};
use porchlight_model::born::{birth, office_doc};
use porchlight_model::id::DocId;
use porchlight_model::member::Role;
use porchlight_model::wire::{Access, DocKind, RejectReason};
use porchlight_relay::store::{DocPush, DocPushed};

on_both_stores![
    coordinators_make_one_office_document_together,
    an_office_document_has_one_birth,
    captains_read_the_office_document_and_canvassers_never_hear_of_it,
    the_id_of_the_office_document_is_for_nothing_else,
    the_office_document_is_not_forgotten_and_not_handed_out,
];

fn the_birth() -> Vec<u8> {
    birth(DocKind::Office).unwrap().to_vec()
}

/// What a device writes into an office document that is just born.
fn written(device: &Device<'_>, key: &str) -> Vec<u8> {
    let mut author = Author::new().by(device.id);
    author.read(&[the_birth()]);
    let (_, settings) = author.doc.get(ROOT, "settings").unwrap().unwrap();
    author.doc.put(&settings, key, 1).unwrap();
    author.doc.commit();
    author.doc.get_last_local_change().unwrap().raw_bytes().to_vec()
}

async fn bear(device: &Device<'_>, doc: DocId, changes: &[Vec<u8>]) -> DocPushed {
    let push = DocPush { born: Some(DocKind::Office), ..doc_push(doc, changes) };
    device.push_all(vec![push]).await.unwrap().remove(0)
}

async fn coordinators_make_one_office_document_together(store: &dyn Whole) {
    let olga = found(store).await;
    let omar = olga.join(Role::Coordinator, &[]).await;
    let doc = office_doc(olga.campaign());
    let (hers, his) = (written(&olga, "hers"), written(&omar, "his"));
    assert_eq!(numbers(&bear(&olga, doc, &[the_birth(), hers.clone()]).await), [1, 2]);
    // He was offline, too, and made what is there already.
    assert_eq!(numbers(&bear(&omar, doc, &[the_birth(), his.clone()]).await), [1, 3]);
    for (device, others) in [(&olga, &his), (&omar, &hers)] {
        let told = device.pull(doc, 0).await;
        assert_eq!((told.access, told.changes.len()), (Some(Access::Write), 3));
        assert!(told.changes.contains(others));
    }
    let mut heads = vec![hash(&hers), hash(&his)];
    heads.sort();
    assert_eq!(store.log(doc, usize::MAX).await.unwrap().heads, heads);
}

async fn an_office_document_has_one_birth(store: &dyn Whole) {
    let olga = found(store).await;
    let doc = office_doc(olga.campaign());
    let other = Author::new().by(olga.id).born();
    assert_eq!(why(&bear(&olga, doc, &[other]).await), [RejectReason::TouchesRoot]);
    assert_eq!(numbers(&bear(&olga, doc, &[the_birth()]).await), [1]);
}

async fn captains_read_the_office_document_and_canvassers_never_hear_of_it(store: &dyn Whole) {
    let olga = found(store).await;
    let turf = olga.bear(&[Author::new().write()]).await;
    let (cleo, ana) = (olga.join(Role::Captain, &[]).await, olga.join(Role::Canvasser, &[turf]).await);
    let doc = office_doc(olga.campaign());
    for device in [&cleo, &ana] {
        let refused = bear(device, doc, &[the_birth()]).await;
        assert_eq!(
            (refused.acked.len(), device.granted().await.contains(&doc)),
            (0, false),
            "only coordinators make it"
        );
    }
    let before = [cleo.feed().await, ana.feed().await];
    bear(&olga, doc, &[the_birth(), written(&olga, "hers")]).await;

    let told = cleo.pull(doc, 0).await;
    assert_eq!((told.access, told.changes.len()), (Some(Access::Read), 2));
    assert!(cleo.granted().await.contains(&doc));
    assert_eq!(why(&cleo.push(doc, &[written(&cleo, "a captain's")]).await), [RejectReason::ReadOnly]);
    assert_eq!(
        cleo.pull_all(before[0], Vec::new(), 0).await.news.iter().map(|news| news.doc).collect::<Vec<_>>(),
        [doc]
    );

    let told = ana.pull(doc, 0).await;
    assert_eq!((told.access, told.changes.len(), told.heads.len()), (None, 0, 0));
    let list = store.grants(ana.id).await.unwrap();
    assert!(!list.is_partial && list.grants.iter().all(|grant| grant.doc != doc), "{list:?}");
    assert_eq!(ana.push(doc, &[written(&ana, "a phone's")]).await, DocPushed::default());
    assert_eq!(ana.pull_all(before[1], Vec::new(), 0).await.news, []);
    // Another campaign's office has nothing of it either.
    let stranger = found(store).await;
    assert_eq!(stranger.pull(doc, 0).await.access, None);
    assert_eq!(bear(&stranger, doc, &[the_birth()]).await, DocPushed::default());
}

async fn the_id_of_the_office_document_is_for_nothing_else(store: &dyn Whole) {
    let olga = found(store).await;
    let cleo = olga.join(Role::Captain, &[]).await;
    let doc = office_doc(olga.campaign());
    let turf = DocPush { born: Some(DocKind::Turf), ..doc_push(doc, &[Author::new().write()]) };
    assert_eq!(cleo.push_all(vec![turf]).await.unwrap(), [DocPushed::default()]);
    assert_eq!(bear(&olga, new_doc(), &[the_birth()]).await, DocPushed::default(), "nor are there two of them");
    assert_eq!(numbers(&bear(&olga, doc, &[the_birth()]).await), [1]);
}

async fn the_office_document_is_not_forgotten_and_not_handed_out(store: &dyn Whole) {
    let olga = found(store).await;
    let doc = office_doc(olga.campaign());
    bear(&olga, doc, &[the_birth()]).await;
    assert!(store.forget(olga.caller().await, vec![doc], NOW).await.is_err());
    assert!(olga.invite(Role::Canvasser, &[doc], 1).await.is_err());
    assert_eq!(olga.pull(doc, 0).await.changes.len(), 1);
}
