//! A property: whatever two coordinators do apart, in any order and with restarts, they have the same lists and goals in the end.

use super::{TODAY, all, check_same, create, filter, goal, hear, meet, set, standing, voters};
use crate::laws::town::{Walker, small_pack, walkers};
use crate::plan::{goals, lists, undo};
use porchlight_model::calls::plan::{ChangeGoal, ChangeList, ListUndo, RemoveGoal, RemoveList, RenameList, UndoList};
use porchlight_model::id::{GoalId, ListId};
use proptest::prelude::*;

/// An act of one of two coordinators.
#[derive(Debug, Clone)]
enum Act {
    Create,
    Rename(u8),
    Change(u8, bool),
    Remove(u8),
    Undo,
    Set,
    Alter(u8, u32),
    End(u8),
    Hear,
    Restart,
}

fn act() -> impl Strategy<Value = (bool, Act)> {
    let act = prop_oneof![
        2 => Just(Act::Create),
        3 => any::<u8>().prop_map(Act::Rename),
        3 => (any::<u8>(), any::<bool>()).prop_map(|(of, is_frozen)| Act::Change(of, is_frozen)),
        1 => any::<u8>().prop_map(Act::Remove),
        2 => Just(Act::Undo),
        2 => Just(Act::Set),
        2 => (any::<u8>(), 1_u32..900).prop_map(|(of, target)| Act::Alter(of, target)),
        1 => any::<u8>().prop_map(Act::End),
        3 => Just(Act::Hear),
        1 => Just(Act::Restart),
    ];
    (any::<bool>(), act)
}

fn one_of<T: Copy>(some: &[T], place: u8) -> Option<T> {
    some.get(usize::from(place) % some.len().max(1)).copied()
}

/// Carries out an act; one that is refused, because the list is gone meanwhile, does nothing.
fn carry_out(two: &mut [Walker], (is_second, act): (bool, Act), n: usize, last: &mut [Option<UndoList>; 2]) {
    let place = usize::from(is_second);
    if matches!(act, Act::Hear) {
        let [one, other] = two.get_disjoint_mut([place, 1 - place]).unwrap();
        return hear(one, other);
    }
    let walker = &mut two[place];
    walker.pass_ms(1000);
    let lists: Vec<ListId> = all(walker).into_iter().map(|list| list.id).collect();
    let goals: Vec<GoalId> = standing(walker).into_iter().map(|named| named.id).collect();
    let undo = |list: ListId, done: Result<ListUndo, crate::EngineError>| done.ok().map(|undo| UndoList { list, undo });
    match act {
        Act::Create => drop(create(walker, &format!("List {n}"))),
        Act::Rename(of) => {
            let Some(list) = one_of(&lists, of) else { return };
            last[place] =
                undo(list, lists::rename(&mut walker.engine, &RenameList { list, name: format!("Name {n}") }));
        }
        Act::Change(of, is_frozen) => {
            let Some(list) = one_of(&lists, of) else { return };
            let call = ChangeList { list, filter: filter(&n.to_string()), voters: is_frozen.then(|| voters(n)) };
            last[place] = undo(list, lists::change(&mut walker.engine, &call));
        }
        Act::Remove(of) => {
            let Some(list) = one_of(&lists, of) else { return };
            last[place] = undo(list, lists::remove(&mut walker.engine, &RemoveList { list }));
        }
        Act::Undo => {
            if let Some(call) = last[place].take() {
                drop(undo::undo(&mut walker.engine, &call));
            }
        }
        Act::Set => drop(set(walker, goal())),
        Act::Alter(of, target) => {
            let Some(goal) = one_of(&goals, of) else { return };
            let call = ChangeGoal { goal, from: TODAY, to: TODAY + i64::from(target % 60), target, offset_ms: 0 };
            goals::change(&mut walker.engine, &call).unwrap();
        }
        Act::End(of) => {
            let Some(goal) = one_of(&goals, of) else { return };
            goals::remove(&mut walker.engine, &RemoveGoal { goal }).unwrap();
        }
        Act::Hear => {}
        Act::Restart => walker.restart(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_two_coordinators_do_apart_they_have_the_same_in_the_end(acts in prop::collection::vec(act(), 1..40)) {
        let mut two = walkers(2, &small_pack());
        let mut last = [None, None];
        for (n, act) in acts.into_iter().enumerate() {
            carry_out(&mut two, act, n, &mut last);
        }
        meet(&mut two);
        check_same(&mut two);
        let [one, other] = [0, 1].map(|place| (all(&mut two[place]), standing(&mut two[place])));
        prop_assert_eq!(one, other);
    }
}
