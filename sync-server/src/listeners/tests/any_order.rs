//! In whatever order streams open, read and close, things change and hints arrive: nobody is told without a grant, and everyone with one is told,
//! or told to sync.

use super::{CAMPAIGN, N_DEVICES, N_DOCS, OFFICE, device, doc};
use crate::limits::GAP_SPREAD;
use crate::listeners::{Behind, Campaign, Inbox, Listeners, StreamEvent, StreamId};
use crate::meters::Meters;
use crate::store::{Hearing, Hears, Hint, Whose};
use porchlight_model::id::{DeviceId, DocId};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::time::Instant;

/// What happens next.
#[derive(Debug, Clone, Copy)]
enum Act {
    Enrol {
        device: u8,
        sees_all: bool,
    },
    HandOut {
        device: u8,
        doc: u8,
    },
    TakeBack {
        device: u8,
        doc: u8,
    },
    ShutOut {
        device: u8,
        has_hint: bool,
    },
    Forget {
        doc: u8,
    },
    Bear,
    Push {
        by: u8,
        doc: u8,
    },
    Open {
        device: u8,
    },
    /// One more device enrols, and its stream opens, reads and begins before anything else happens.
    Join,
    /// A stream that was opened reads what its device hears of, then begins.
    GoOn {
        stream: usize,
    },
    Close {
        stream: usize,
    },
    /// A stream is lost, and its device opens another.
    Reopen {
        stream: usize,
    },
    /// The next step with a hint: it is taken up, what it needs is read (or cannot be), those whom it concerns are told.
    Tell {
        which: usize,
        fails: bool,
    },
    /// What could not be read is read again.
    CatchUp {
        fails: bool,
    },
    Gap,
}

fn act() -> impl Strategy<Value = Act> {
    let (devices, docs) = (|| 0..N_DEVICES, || 0..N_DOCS);
    prop_oneof![
        2 => (devices(), any::<bool>()).prop_map(|(device, sees_all)| Act::Enrol { device, sees_all }),
        3 => (devices(), docs()).prop_map(|(device, doc)| Act::HandOut { device, doc }),
        2 => (devices(), docs()).prop_map(|(device, doc)| Act::TakeBack { device, doc }),
        1 => (devices(), any::<bool>()).prop_map(|(device, has_hint)| Act::ShutOut { device, has_hint }),
        1 => docs().prop_map(|doc| Act::Forget { doc }),
        1 => Just(Act::Bear),
        4 => (0..=N_DEVICES, docs()).prop_map(|(by, doc)| Act::Push { by, doc }),
        5 => devices().prop_map(|device| Act::Open { device }),
        12 => any::<usize>().prop_map(|stream| Act::GoOn { stream }),
        3 => any::<usize>().prop_map(|stream| Act::Close { stream }),
        6 => any::<usize>().prop_map(|stream| Act::Reopen { stream }),
        2 => Just(Act::Join),
        14 => (0..2_usize, prop::bool::weighted(0.1)).prop_map(|(which, fails)| Act::Tell { which, fails }),
        2 => any::<bool>().prop_map(|fails| Act::CatchUp { fails }),
        1 => Just(Act::Gap),
    ]
}

struct Stream {
    id: StreamId,
    inbox: Arc<Inbox>,
    read: Option<Hearing>,
    has_begun: bool,
}

/// A hint that is being passed on, with the place in history of what caused it.
struct UnderWay {
    hint: Hint,
    since: usize,
    behind: Behind,
    read: Option<Hearing>,
}

struct World {
    listeners: Listeners,
    meters: Meters,
    /// All states of the store, the last one is what it holds.
    history: Vec<Hearing>,
    last: u64,
    n_joined: u8,
    hints: Vec<(Hint, usize)>,
    under_way: Option<UnderWay>,
    streams: Vec<Stream>,
}

impl World {
    fn new() -> Self {
        Self {
            listeners: Listeners::new(),
            meters: Meters::new(),
            history: vec![Hearing { grants: 1, ..Hearing::default() }],
            last: 0,
            n_joined: 0,
            hints: Vec::new(),
            under_way: None,
            streams: Vec::new(),
        }
    }

    fn store(&self) -> &Hearing {
        self.history.last().unwrap()
    }

    fn commit(&mut self, change: impl FnOnce(&mut BTreeMap<DeviceId, Hears>), raises: bool) {
        let mut next = self.store().clone();
        change(&mut next.devices);
        next.grants += u64::from(raises);
        self.history.push(next);
    }

    fn hint(&mut self, by: DeviceId, whose: Whose) {
        let grants = self.store().grants;
        let hint = Hint::of_grants(CAMPAIGN, grants - 1..grants, by, whose);
        self.hints.push((hint, self.history.len() - 1));
    }

    fn push(&mut self, by: DeviceId, doc: DocId) {
        self.last += 1;
        let grants = self.store().grants;
        let hint =
            Hint { campaign: CAMPAIGN, grants, since: grants, by, doc: Some((doc, self.last)), whose: Whose::Nobody };
        self.hints.push((hint, self.history.len() - 1));
    }

    fn change_docs(&mut self, n: u8, change: impl FnOnce(&mut BTreeSet<DocId>) -> bool) {
        let mut is_other = false;
        let mut next = self.store().devices.clone();
        if let Some(Hears::Docs(docs)) = next.get_mut(&device(n)) {
            is_other = change(docs);
        }
        if is_other {
            self.commit(|devices| *devices = next, true);
            self.hint(OFFICE, Whose::Device(device(n)));
        }
    }

    fn is_out(&self, n: u8) -> bool {
        self.history.iter().any(|state| state.devices.contains_key(&device(n)))
            && !self.store().devices.contains_key(&device(n))
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Enrol { device: n, sees_all } => {
                if self.store().devices.contains_key(&device(n)) || self.is_out(n) {
                    return;
                }
                let hears = if sees_all { Hears::Everything } else { Hears::Docs(BTreeSet::new()) };
                self.commit(|devices| drop(devices.insert(device(n), hears)), false);
            }
            Act::HandOut { device, doc: n } => self.change_docs(device, |docs| docs.insert(doc(n))),
            Act::TakeBack { device, doc: n } => self.change_docs(device, |docs| docs.remove(&doc(n))),
            Act::ShutOut { device: n, has_hint } => {
                if self.store().devices.contains_key(&device(n)) {
                    self.commit(|devices| drop(devices.remove(&device(n))), true);
                    if has_hint {
                        self.hint(OFFICE, Whose::Device(device(n)));
                    }
                }
            }
            Act::Forget { doc: n } => {
                let forget = |devices: &mut BTreeMap<DeviceId, Hears>| {
                    for hears in devices.values_mut() {
                        if let Hears::Docs(docs) = hears {
                            docs.remove(&doc(n));
                        }
                    }
                };
                self.commit(forget, true);
                self.hint(OFFICE, Whose::All);
            }
            Act::Bear => {
                self.commit(|_| {}, true);
                self.hint(OFFICE, Whose::Nobody);
            }
            Act::Push { by, doc: n } => self.push(device(by), doc(n)),
            Act::Open { device: n } => self.open(device(n)),
            Act::Join => {
                let joined = device(N_DEVICES + self.n_joined);
                self.n_joined += 1;
                self.commit(|devices| drop(devices.insert(joined, Hears::Docs(BTreeSet::from([doc(0)])))), false);
                self.open(joined);
                let last = self.streams.iter().filter(|stream| !stream.has_begun).count() - 1;
                self.go_on(last);
                self.go_on(last);
            }
            Act::GoOn { stream } => self.go_on(stream),
            Act::Close { stream } => {
                if !self.streams.is_empty() {
                    let stream = self.streams.remove(stream % self.streams.len());
                    self.listeners.close(CAMPAIGN, stream.id);
                }
            }
            Act::Reopen { stream } => {
                if !self.streams.is_empty() {
                    let stream = self.streams.remove(stream % self.streams.len());
                    self.listeners.close(CAMPAIGN, stream.id);
                    self.open(stream.id.0);
                }
            }
            Act::Tell { which, fails } => self.tell(which, fails),
            Act::CatchUp { fails } => {
                if self.under_way.is_none() && !fails && !self.listeners.owing().is_empty() {
                    let read = self.store().clone();
                    self.listeners.with(CAMPAIGN, |campaign| campaign.learn_all(&read, &self.meters));
                    self.check(None, true);
                }
            }
            Act::Gap => {
                self.listeners.sync_all(&self.meters);
                self.check(None, true);
            }
        }
    }

    fn open(&mut self, device: DeviceId) {
        if self.store().devices.contains_key(&device) {
            let (id, inbox) = self.listeners.open(CAMPAIGN, device);
            self.streams.push(Stream { id, inbox, read: None, has_begun: false });
        }
    }

    fn go_on(&mut self, at: usize) {
        let waiting: Vec<_> = (0..self.streams.len()).filter(|at| !self.streams[*at].has_begun).collect();
        let Some(at) = waiting.get(at % waiting.len().max(1)).copied() else { return };
        let store = self.store().clone();
        let stream = &mut self.streams[at];
        let Some(read) = &stream.read else {
            stream.read = Some(store);
            return;
        };
        stream.has_begun = self.listeners.begin(CAMPAIGN, stream.id, read);
        if !stream.has_begun {
            assert!(!store.devices.contains_key(&stream.id.0), "one that is served is refused");
            let stream = self.streams.remove(at);
            self.listeners.close(CAMPAIGN, stream.id);
        }
    }

    fn tell(&mut self, which: usize, fails: bool) {
        let Some(mut under_way) = self.under_way.take() else {
            if self.hints.is_empty() {
                return;
            }
            // Hints of other nodes may come in another order.
            let (hint, since) = self.hints.remove(which.min(self.hints.len() - 1));
            let behind = self.listeners.behind(&hint);
            if behind == Behind::Nobody {
                self.listeners.with(CAMPAIGN, |campaign| campaign.wake(&hint, &self.meters));
                return self.check(Some((hint, since)), false);
            }
            self.under_way = Some(UnderWay { hint, since, behind, read: None });
            return;
        };
        let Some(read) = &under_way.read else {
            if fails {
                self.listeners.with(CAMPAIGN, Campaign::lose);
                return self.check(None, false);
            }
            let mut read = self.store().clone();
            if let Behind::Device(device) = under_way.behind {
                read.devices.retain(|one, _| *one == device);
            }
            under_way.read = Some(read);
            self.under_way = Some(under_way);
            return;
        };
        let UnderWay { hint, since, behind, .. } = under_way;
        self.listeners.with(CAMPAIGN, |campaign| {
            match behind {
                Behind::Device(device) => campaign.learn_of(device, &hint, read, &self.meters),
                Behind::Nobody | Behind::All => campaign.learn_all(read, &self.meters),
            }
            campaign.wake(&hint, &self.meters);
        });
        self.check(Some((hint, since)), false);
    }

    /// Empties all inboxes, and holds what was in them against the law.
    fn check(&self, told: Option<(Hint, usize)>, all_sync: bool) {
        let owes = !self.listeners.owing().is_empty();
        for stream in &self.streams {
            let device = stream.id.0;
            let mut events = Vec::new();
            while let (Some(event), _) = stream.inbox.take(Instant::now() + 2 * GAP_SPREAD) {
                events.push(event);
                if event == StreamEvent::Over {
                    break;
                }
            }
            let hears = |state: &Hearing, doc: DocId| match state.devices.get(&device) {
                Some(Hears::Everything) => true,
                Some(Hears::Docs(docs)) => docs.contains(&doc),
                None => false,
            };
            let is_over = events.contains(&StreamEvent::Over);
            assert!(!is_over || !self.store().devices.contains_key(&device), "one that is served is ended");
            if all_sync && stream.has_begun {
                assert!(is_over || events.contains(&StreamEvent::Sync), "hints were lost");
            }
            for event in &events {
                if let StreamEvent::Changed(changed, _) = event {
                    let (hint, since) = told.unwrap();
                    assert_eq!(hint.doc.map(|(doc, _)| doc), Some(*changed));
                    assert!(stream.has_begun && device != hint.by);
                    assert!(self.history[since..].iter().any(|state| hears(state, *changed)), "told without a grant");
                }
            }
            let Some((Hint { doc: Some((doc, _)), by, .. }, since)) = told else { continue };
            let is_meant = stream.has_begun && device != by && self.history[since..].iter().all(|one| hears(one, doc));
            let is_told = events.iter().any(|event| match event {
                StreamEvent::Changed(changed, _) => *changed == doc,
                StreamEvent::Sync => true,
                StreamEvent::Over => false,
            });
            assert!(!is_meant || is_told || owes, "one with a grant is told nothing");
        }
    }

    /// Lets everything arrive; then whoever is shut out is ended, and exactly those with a grant are told.
    fn settle(mut self) {
        for at in (0..self.streams.len()).rev() {
            self.go_on(at);
        }
        while self.streams.iter().any(|stream| !stream.has_begun) {
            self.go_on(0);
        }
        self.commit(|_| {}, true);
        self.hint(OFFICE, Whose::All);
        while !self.hints.is_empty() || self.under_way.is_some() {
            self.tell(0, false);
        }
        for n in 0..N_DOCS {
            self.push(OFFICE, doc(n));
            let (hint, since) = self.hints.remove(0);
            assert_eq!(self.listeners.behind(&hint), Behind::Nobody);
            self.listeners.with(CAMPAIGN, |campaign| campaign.wake(&hint, &self.meters));
            self.check(Some((hint, since)), false);
        }
        for stream in &self.streams {
            let is_over = stream.inbox.take(Instant::now()).0 == Some(StreamEvent::Over);
            assert_eq!(is_over, !self.store().devices.contains_key(&stream.id.0));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_told_without_a_grant_and_everyone_with_one_is_told(acts in prop::collection::vec(act(), 1..120)) {
        let mut world = World::new();
        world.act(Act::Enrol { device: 0, sees_all: false });
        world.act(Act::HandOut { device: 0, doc: 0 });
        acts.into_iter().for_each(|act| world.act(act));
        world.settle();
    }
}
