//! A store that goes back unnoticed, again and again: whoever syncs has the grants that the store has, whatever number it knew before.

use crate::stores::{Device, EPOCH, NOW, enrolment, found, founding_invite};
use porchlight_model::id::{CampaignId, DeviceId, DocId};
use porchlight_model::member::Role;
use porchlight_model::wire::GrantList;
use porchlight_relay::secret::SecretHash;
use porchlight_relay::store::sqlite::{FILE_NAME, SqliteStore};
use porchlight_relay::store::{Documents, Enrolling, Enrolment, NewInvite, Pull, Store};
use proptest::prelude::*;
use std::path::PathBuf;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// How many phones and how many turfs there are.
const N: usize = 3;

/// What happens next.
#[derive(Debug, Clone, Copy)]
enum Act {
    HandOut { phone: usize, turf: usize },
    TakeBack { phone: usize, turf: usize },
    Copy,
    GoBack,
    Sync { phone: usize },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0..N, 0..N).prop_map(|(phone, turf)| Act::HandOut { phone, turf }),
        3 => (0..N, 0..N).prop_map(|(phone, turf)| Act::TakeBack { phone, turf }),
        1 => Just(Act::Copy),
        2 => Just(Act::GoBack),
        6 => (0..N).prop_map(|phone| Act::Sync { phone }),
    ]
}

/// A device, its token, and the grants that it was last told.
struct Known {
    id: DeviceId,
    token: SecretHash,
    held: GrantList,
}

impl Known {
    fn of(device: &Device<'_>) -> Self {
        let held = GrantList { number: 0, grants: Vec::new(), is_partial: false };
        Self { id: device.id, token: device.token, held }
    }
}

/// A relay's file with its copy, and what each phone knows.
struct World {
    folder: TempDir,
    /// `None` while the file is copied.
    store: Option<SqliteStore>,
    campaign: CampaignId,
    office: Known,
    phones: Vec<Known>,
    turfs: Vec<DocId>,
}

impl World {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let store = SqliteStore::open(folder.path(), EPOCH, NOW).unwrap();
        let founder = found(&store).await;
        let (mut turfs, mut phones) = (Vec::new(), Vec::new());
        for _ in 0..N {
            let turf = founder.bear(&[]).await;
            turfs.push(turf);
            phones.push(Known::of(&founder.join(Role::Canvasser, &[turf]).await));
        }
        let (campaign, office) = (founder.campaign(), Known::of(&founder));
        let mut world = Self { folder, store: Some(store), campaign, office, phones, turfs };
        world.act(Act::Copy).await;
        world
    }

    fn store(&self) -> &SqliteStore {
        self.store.as_ref().unwrap()
    }

    async fn act(&mut self, act: Act) {
        match act {
            Act::HandOut { phone, turf } => {
                let docs = vec![self.turfs[turf]];
                let of = NewInvite { campaign: Some(self.campaign), role: Role::Canvasser, docs, ..founding_invite() };
                let (secret, Known { id, token, .. }) = (of.secret, &self.phones[phone]);
                self.store().invite(of).await.unwrap();
                self.store().enrol(Enrolling { device: *id, token: *token, ..enrolment(secret) }).await.unwrap();
            }
            Act::TakeBack { phone, turf } => {
                let caller = self.store().caller(self.office.token).await.unwrap().unwrap();
                // Refused where the phone never had it.
                let _ = self.store().take_back(caller, self.turfs[turf], self.phones[phone].id).await;
            }
            Act::Copy => self.move_file(|[file, copy]| (file, copy)).await,
            Act::GoBack => self.move_file(|[file, copy]| (copy, file)).await,
            Act::Sync { phone } => self.sync(phone).await,
        }
    }

    /// Copies one file to another while the store is closed.
    async fn move_file(&mut self, which: impl FnOnce([PathBuf; 2]) -> (PathBuf, PathBuf)) {
        self.store.take().unwrap().close().await.unwrap();
        let (from, to) = which([FILE_NAME, "copy.db"].map(|name| self.folder.path().join(name)));
        std::fs::copy(from, to).unwrap();
        self.store = Some(SqliteStore::open(self.folder.path(), EPOCH, NOW).unwrap());
    }

    async fn sync(&mut self, phone: usize) {
        let Known { id, held, .. } = &self.phones[phone];
        let pull = Pull { device: *id, grants_seen: held.number, feed: 0, docs: Vec::new(), budget: 0 };
        let told = self.store().pull(pull).await.unwrap().grants;
        let actual = self.store().grants(*id).await.unwrap();
        let held = told.unwrap_or_else(|| held.clone());
        assert_eq!(held, actual, "the list of a number is one list");
        self.phones[phone].held = held;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_syncs_has_the_grants_of_a_store_that_went_back_unnoticed(acts in prop::collection::vec(act(), 1..60)) {
        Runtime::new().unwrap().block_on(async {
            let mut world = World::new().await;
            for act in acts {
                world.act(act).await;
            }
            for phone in 0..N {
                world.act(Act::Sync { phone }).await;
            }
        });
    }
}
