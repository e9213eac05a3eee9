//! The office document: its one birth, and what becomes of what coordinators write into it.

use crate::doc::office_map;
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, ObjType, ROOT};
use porchlight_model::born::birth;
use porchlight_model::wire::DocKind;

#[test]
fn the_birth_of_office_documents_is_the_change_that_makes_their_maps() {
    let mut document = Automerge::new().with_actor(ActorId::from(b"porchlight.birth"));
    let mut tx = document.transaction();
    for map in office_map::ALL {
        tx.put_object(ROOT, map, ObjType::Map).unwrap();
    }
    tx.commit_with(CommitOptions::default().with_time(0));
    let made = document.get_last_local_change().unwrap();
    assert_eq!(Some(made.raw_bytes()), birth(DocKind::Office));
    assert_eq!(made.author(), None, "it is nobody's, so that it is everybody's");
}
