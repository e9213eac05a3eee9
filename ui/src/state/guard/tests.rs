//! Taps as a thumb makes them: which are accepted and which are dropped.

use super::*;

const NOT_HOME: Spot = Spot { x: 100.0, y: 740.0 };
const OPEN: Spot = Spot { x: 290.0, y: 740.0 };

fn tap(at: f64, spot: Spot) -> Tap {
    Tap { at, spot, part: Some("dock".to_owned()), rest_ms: REST_MS }
}

/// A tap with a finger, 40 ms from down to up; returns whether it is accepted.
fn finger(guard: &mut Guard, at: f64, spot: Spot) -> bool {
    guard.down(at - 40.0);
    guard.up();
    guard.tap(tap(at, spot), true)
}

/// Records a door: the act takes `took_ms`, and the card shows the next door `drawn_ms` later.
fn record(guard: &mut Guard, at: f64, took_ms: f64, drawn_ms: f64) {
    let act = guard.began(at);
    guard.ended(at + took_ms, act);
    guard.changed(at + took_ms + drawn_ms, "dock", REST_MS);
}

#[test]
fn two_taps_150_to_400_ms_apart_record_one_door() {
    for gap_ms in [15.0, 80.0, 150.0, 250.0, 400.0, 799.0] {
        let mut guard = Guard::default();
        assert!(finger(&mut guard, 1000.0, NOT_HOME));
        record(&mut guard, 1000.0, 10.0, 20.0);
        assert!(!finger(&mut guard, 1000.0 + gap_ms, NOT_HOME), "{gap_ms}");
    }
}

#[test]
fn a_second_tap_while_the_page_is_half_drawn_is_dropped_and_the_next_after_that_is_taken() {
    let mut guard = Guard::default();
    let next = |at| Tap { part: Some("talk".to_owned()), ..tap(at, NOT_HOME) };
    assert!(guard.tap(next(1000.0), false));
    let act = guard.drawing(1001.0);
    assert!(!guard.tap(next(1151.0), false), "the question is new, its dock still that of the one before");
    assert!(guard.tap(Tap { part: None, ..tap(1160.0, Spot { x: 40.0, y: 40.0 }) }, false), "elsewhere taps are taken");
    guard.drawn(1900.0, act);
    assert!(!guard.tap(next(1890.0), false), "heard late, it fell before all was drawn");
    assert!(guard.tap(next(1905.0), false), "nothing changed, so nothing rests");
}

#[test]
fn a_page_that_is_never_drawn_keeps_its_spot_for_three_seconds_at_most() {
    let mut guard = Guard::default();
    assert!(guard.tap(tap(0.0, NOT_HOME), false));
    guard.drawing(1.0);
    assert!(!guard.tap(tap(2999.0, NOT_HOME), false));
    assert!(guard.tap(tap(3002.0, NOT_HOME), false));
}

#[test]
fn what_an_act_changed_rests_from_when_all_of_it_is_drawn() {
    let mut guard = Guard::default();
    assert!(guard.tap(tap(0.0, NOT_HOME), false));
    let act = guard.began(0.0);
    guard.ended(100.0, act);
    guard.drawn(700.0, act);
    assert!(!guard.tap(tap(1400.0, NOT_HOME), false), "it rested 700 ms on the screen");
    guard.drawn(1500.0, act);
    assert!(guard.tap(tap(2300.0, NOT_HOME), false));
}

#[test]
fn ten_taps_a_second_record_one_door_however_long_they_go_on() {
    let mut guard = Guard::default();
    assert!(finger(&mut guard, 0.0, NOT_HOME));
    record(&mut guard, 0.0, 30.0, 60.0);
    for n in 1..100 {
        assert!(!finger(&mut guard, f64::from(n) * 100.0, NOT_HOME), "tap {n}");
    }
    assert!(finger(&mut guard, 9900.0 + REST_MS + 1.0, NOT_HOME), "a rested finger is heard again");
}

#[test]
fn a_slow_phone_rests_from_when_the_new_door_is_seen() {
    let mut guard = Guard::default();
    assert!(finger(&mut guard, 0.0, NOT_HOME));
    record(&mut guard, 0.0, 900.0, 700.0);
    assert!(!finger(&mut guard, 1700.0, NOT_HOME), "100 ms after the card changed");
    assert!(finger(&mut guard, 2600.0, NOT_HOME));
}

#[test]
fn taps_that_a_busy_phone_hears_late_count_as_when_they_fell() {
    let mut guard = Guard::default();
    assert!(finger(&mut guard, 0.0, NOT_HOME));
    let act = guard.began(20.0);
    guard.ended(200.0, act);
    guard.turned(220.0);
    // Drawing takes the next 2 seconds; the taps at 100, 200 and 300 ms are delivered after that, one by one.
    for fell in [100.0, 200.0, 300.0] {
        assert_eq!(guard.next_end(2300.0 + fell), None, "nothing is drawn as resting any more");
        assert!(!finger(&mut guard, fell, NOT_HOME), "{fell}");
    }
    assert!(finger(&mut guard, 2700.0, NOT_HOME), "a tap that fell later is taken");
}

#[test]
fn what_rested_long_ago_is_forgotten() {
    let mut guard = Guard::default();
    for n in 0..100 {
        let at = f64::from(n) * 60_000.0;
        assert!(finger(&mut guard, at, NOT_HOME));
        guard.turned(at);
        guard.next_end(at + 30_000.0);
        assert_eq!(guard.rests, []);
    }
}

#[test]
fn clicks_of_a_program_15_ms_apart_count_once() {
    let mut guard = Guard::default();
    assert!(guard.tap(tap(5.0, NOT_HOME), false));
    let act = guard.began(5.0);
    assert!(!guard.tap(tap(20.0, NOT_HOME), false), "while the first is being recorded");
    guard.ended(25.0, act);
    assert!(!guard.tap(tap(35.0, NOT_HOME), false), "recorded, and the old door still shown");
    guard.changed(60.0, "dock", REST_MS);
    assert!(!guard.tap(tap(75.0, OPEN), false), "nor another act of the card that has changed");
}

#[test]
fn after_a_change_of_screen_the_spot_under_the_finger_rests_and_the_rest_of_the_page_does_not() {
    let mut guard = Guard::default();
    assert!(finger(&mut guard, 0.0, OPEN));
    guard.turned(50.0);
    guard.tap(Tap { part: None, ..tap(200.0, Spot { x: 40.0, y: 40.0 }) }, true);
    let there = |at| Tap { part: None, ..tap(at, OPEN) };
    guard.down(190.0);
    assert!(!guard.tap(there(200.0), true));
    guard.down(1100.0);
    assert!(guard.tap(there(1150.0), true));
}

#[test]
fn a_finger_that_went_down_on_the_door_before_does_not_act_on_the_next() {
    let mut guard = Guard::default();
    guard.down(0.0);
    guard.changed(100.0, "dock", REST_MS);
    guard.up();
    assert!(!guard.tap(tap(2000.0, NOT_HOME), true), "held for two seconds over a change");
}

#[test]
fn a_tap_that_waited_for_a_busy_page_counts_from_when_the_finger_tapped() {
    let mut guard = Guard::default();
    guard.changed(1000.0, "dock", REST_MS);
    assert!(!guard.tap(tap(990.0, NOT_HOME), false), "tapped before the change, handled after it");
}

#[test]
fn taking_back_rests_a_third_of_a_second() {
    let mut guard = Guard::default();
    let undo = |at| Tap { at, spot: Spot { x: 330.0, y: 570.0 }, part: Some("undo".to_owned()), rest_ms: 300.0 };
    assert!(guard.tap(undo(0.0), false));
    let act = guard.began(0.0);
    guard.ended(20.0, act);
    guard.changed(40.0, "undo", 300.0);
    assert!(!guard.tap(undo(200.0), false));
    assert!(guard.tap(undo(520.0), false));
}

#[test]
fn an_act_that_takes_minutes_does_not_keep_its_spot() {
    let mut guard = Guard::default();
    assert!(finger(&mut guard, 0.0, NOT_HOME));
    let act = guard.began(0.0);
    let stop = Tap { part: None, ..tap(4000.0, NOT_HOME) };
    guard.down(3990.0);
    assert!(guard.tap(stop, true));
    guard.ended(60_000.0, act);
    assert_eq!(guard.next_end(70_000.0), None);
}

#[test]
fn what_an_act_of_minutes_changed_rests_when_it_ends() {
    for took_ms in [4_000.0, 14_000.0, 60_000.0] {
        let mut guard = Guard::default();
        assert!(finger(&mut guard, 0.0, NOT_HOME));
        let act = guard.began(0.0);
        guard.next_end(took_ms - 1.0);
        let impatient = |at| Tap { part: None, ..tap(at, NOT_HOME) };
        guard.down(took_ms - 40.0);
        guard.ended(took_ms, act);
        guard.up();
        assert!(!guard.tap(impatient(took_ms + 20.0), true), "{took_ms}: just as the answer came");
        guard.drawn(took_ms + 30.0, act);
        guard.turned(took_ms + 1_500.0);
        guard.next_end(took_ms + 1_501.0);
        assert!(!guard.tap(impatient(took_ms + 2_200.0), false), "{took_ms}: the page came later");
        assert!(guard.tap(impatient(took_ms + 3_100.0), false), "{took_ms}: and rests no longer than others");
    }
}

#[test]
fn what_others_change_rests_too_and_what_nobody_changed_never_does() {
    let mut guard = Guard::default();
    assert!(!guard.is_resting(0.0, "dock"));
    guard.changed(100.0, "dock", REST_MS);
    assert!(guard.is_resting(899.0, "dock") && !guard.is_resting(901.0, "dock"));
    assert!(guard.tap(Tap { part: None, ..tap(150.0, OPEN) }, false), "outside of the card");
    assert_eq!(guard.next_end(150.0), Some(900.0));
}
