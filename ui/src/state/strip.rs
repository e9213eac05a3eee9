//! The state and text of the undo strip: the last act, the one before it, what was undone, and whether two acts came too soon. Pure.

use crate::i18n::{t, t_args};
use porchlight_model::calls::visit::{OwnAct, OwnActsView, OwnWhat};
use porchlight_model::time::At;
use porchlight_model::visit::{Flag, Mark, ResultCode};

/// How long an act is fresh, in milliseconds.
pub const FRESH_MS: i64 = 8_000;

/// Two doors recorded within this time, in milliseconds, cause a question.
pub const TOO_SOON_MS: i64 = 3_000;

/// How long that question is shown, in milliseconds, if nobody answers it.
const ASK_MS: i64 = 60 * 60 * 1000;

/// The look of the strip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// The last act is some time ago.
    #[default]
    Quiet,
    /// The last act was just now.
    Fresh,
    /// Two doors were recorded within three seconds; asks whether both were meant.
    Ask,
}

/// The content of the strip.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Strip {
    /// Its look.
    pub kind: Kind,
    /// The last standing act, which Undo takes back.
    pub last: Option<OwnAct>,
    /// The one before.
    pub before: Option<OwnAct>,
    /// The act that Redo records again.
    pub redo: Option<OwnAct>,
    /// How many acts were taken back.
    pub n_back: usize,
}

/// The strip at a time; `kept` is the time of the act that the person confirmed.
#[must_use]
pub fn of(view: &OwnActsView, now: At, kept: Option<At>) -> Strip {
    let (last, before) = (view.standing.first().cloned(), view.standing.get(1).cloned());
    let kind = match (&last, &before) {
        (Some(last), Some(before))
            if view.taken_back.is_empty() && is_too_soon(last, before) && kept != Some(last.at) =>
        {
            if now.since_ms(last.at) < ASK_MS { Kind::Ask } else { Kind::Quiet }
        }
        (Some(last), _) if now.since_ms(last.at) < FRESH_MS => Kind::Fresh,
        _ => Kind::Quiet,
    };
    Strip { kind, last, before, redo: view.taken_back.first().cloned(), n_back: view.taken_back.len() }
}

/// A key for the strip's content, which rests when the key changes.
#[must_use]
pub fn key(strip: &Strip) -> String {
    let at = |act: &Option<OwnAct>| act.as_ref().map_or(0, |act| act.at.0);
    format!("{}/{}/{}", at(&strip.last), at(&strip.redo), strip.n_back)
}

/// Whether two visits at two addresses came faster than anyone walks.
fn is_too_soon(last: &OwnAct, before: &OwnAct) -> bool {
    let is_visit = |act: &OwnAct| matches!(act.what, OwnWhat::Visits { .. });
    let address = |act: &OwnAct| (act.street.clone(), act.number.clone(), act.unit.clone());
    is_visit(last) && is_visit(before) && last.at.since_ms(before.at) <= TOO_SOON_MS && address(last) != address(before)
}

/// The place or person of an act: `25 Maple`, `3B`, `Marta Ruiz`.
#[must_use]
pub fn place(act: &OwnAct) -> String {
    let is_floor = matches!(&act.what, OwnWhat::Visits { visits, .. } if visits.len() > 1);
    match (act.voter_name.is_empty(), act.unit.is_empty() || is_floor) {
        (false, _) if !is_talk(act) => act.voter_name.clone(),
        (_, false) => format!("{} {}, {}", act.number, short(&act.street), act.unit),
        (_, true) => format!("{} {}", act.number, short(&act.street)).trim().to_owned(),
    }
}

/// A shorter form: `25`, `Marta Ruiz`.
#[must_use]
pub fn short_place(act: &OwnAct) -> String {
    if act.voter_name.is_empty() || is_talk(act) { plate(act) } else { act.voter_name.clone() }
}

/// Its number alone: `25`, `3B`.
#[must_use]
pub fn plate(act: &OwnAct) -> String {
    if act.unit.is_empty() { act.number.clone() } else { act.unit.clone() }
}

/// The place or person of an act in words that begin with its number, as the button shows it: `25 Maple`, `3B, 12 Maple, 3B`,
/// `25, Marta Ruiz`.
#[must_use]
pub fn place_and_plate(act: &OwnAct) -> String {
    let (place, plate) = (place(act), plate(act));
    if place.starts_with(&plate) { place } else { format!("{plate}, {place}") }
}

/// What was recorded: `not home`, `12 doors not home`, `talked with Yusuf Demir`.
#[must_use]
pub fn did(act: &OwnAct) -> String {
    match &act.what {
        OwnWhat::Flag(set) => t(match set.flag {
            Flag::Danger => "did-danger",
            Flag::DoNotContact => "did-do-not-contact",
            Flag::Unknown(_) => "result-newer",
        })
        .to_string(),
        OwnWhat::Person(_) => t("did-person").to_string(),
        OwnWhat::Visits { visits, .. } if visits.len() > 1 => {
            t_args("did-doors-not-home", &[("n", visits.len().into())]).to_string()
        }
        OwnWhat::Visits { .. } if is_talk(act) && !act.voter_name.is_empty() => {
            t_args("did-talk-with", &[("name", act.voter_name.as_str().into())]).to_string()
        }
        OwnWhat::Visits { result, .. } => t(did_of(*result)).to_string(),
    }
}

/// The mark of what was recorded.
#[must_use]
pub const fn sign(act: &OwnAct) -> Mark {
    match &act.what {
        OwnWhat::Flag(set) => match set.flag {
            Flag::Danger => Mark::Danger,
            Flag::DoNotContact => Mark::Refused,
            Flag::Unknown(_) => Mark::Todo,
        },
        OwnWhat::Person(_) => Mark::Todo,
        OwnWhat::Visits { result, .. } => Mark::of_result(*result),
    }
}

fn is_talk(act: &OwnAct) -> bool {
    matches!(act.what, OwnWhat::Visits { result: ResultCode::Canvassed, .. })
}

const fn did_of(result: ResultCode) -> &'static str {
    match result {
        ResultCode::NotHome => "did-not-home",
        ResultCode::Canvassed => "did-talk",
        ResultCode::Refused => "did-refused",
        ResultCode::ComeBack => "did-come-back",
        ResultCode::Moved => "did-moved",
        ResultCode::Deceased => "did-died",
        ResultCode::Inaccessible => "did-shut",
        ResultCode::LanguageBarrier => "did-language",
        ResultCode::FlyerLeft => "did-flyer",
        ResultCode::Unknown(_) => "result-newer",
    }
}

/// Drops the kind of a street: `Maple` for `Maple Street`.
fn short(street: &str) -> &str {
    const KINDS: [&str; 14] = [
        "street",
        "st",
        "road",
        "rd",
        "avenue",
        "ave",
        "lane",
        "ln",
        "drive",
        "dr",
        "court",
        "ct",
        "boulevard",
        "blvd",
    ];
    match street.rsplit_once(' ') {
        Some((name, kind)) if KINDS.contains(&kind.trim_end_matches('.').to_lowercase().as_str()) => name,
        _ => street,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use porchlight_model::id::VisitId;

    fn act(at: i64, number: &str, result: ResultCode) -> OwnAct {
        OwnAct {
            at: At(at),
            what: OwnWhat::Visits { visits: vec![VisitId::from_bytes([7; 16])], result },
            door: None,
            number: number.to_owned(),
            street: "Maple Street".to_owned(),
            unit: String::new(),
            voter_name: String::new(),
        }
    }

    fn view(standing: &[OwnAct], taken_back: &[OwnAct]) -> OwnActsView {
        OwnActsView { standing: standing.to_vec(), n_standing: 9, taken_back: taken_back.to_vec() }
    }

    #[test]
    fn an_act_is_fresh_for_eight_seconds_and_stays() {
        let shown = |now: i64| of(&view(&[act(1000, "25", ResultCode::NotHome)], &[]), At(now), None);
        assert_eq!((shown(2000).kind, shown(9100).kind), (Kind::Fresh, Kind::Quiet));
        assert!(shown(9_999_999).last.is_some(), "no clock takes it away");
    }

    #[test]
    fn two_doors_in_three_seconds_are_asked_about_until_answered() {
        let two = view(&[act(13_000, "29", ResultCode::NotHome), act(10_500, "27", ResultCode::NotHome)], &[]);
        assert_eq!(of(&two, At(14_000), None).kind, Kind::Ask);
        assert_eq!(of(&two, At(600_000), None).kind, Kind::Ask);
        assert_eq!(of(&two, At(600_000), Some(At(13_000))).kind, Kind::Quiet);
        let walked = view(&[act(14_000, "29", ResultCode::NotHome), act(10_500, "27", ResultCode::NotHome)], &[]);
        assert_eq!(of(&walked, At(14_100), None).kind, Kind::Fresh);
        let same = view(&[act(13_000, "27", ResultCode::Refused), act(10_500, "27", ResultCode::NotHome)], &[]);
        assert_eq!(of(&same, At(13_100), None).kind, Kind::Fresh, "one door twice is no second door");
    }

    #[test]
    fn each_act_is_named_where_it_was_and_what_it_was() {
        fn check(act: &OwnAct, text: &str) {
            assert_eq!(format!("{}: {}", place(act), did(act)), text);
        }
        check(&act(0, "25", ResultCode::NotHome), "25 Maple: not home");
        let talked = OwnAct { voter_name: "Noor Aziz".to_owned(), ..act(0, "88", ResultCode::Canvassed) };
        check(&talked, "88 Maple: talked with Noor Aziz");
        let moved = OwnAct { voter_name: "Marta Ruiz".to_owned(), ..act(0, "27", ResultCode::Moved) };
        check(&moved, "Marta Ruiz: moved away");
        let unit = OwnAct { unit: "3B".to_owned(), ..act(0, "31", ResultCode::Refused) };
        check(&unit, "31 Maple, 3B: refused");
        let visits = vec![VisitId::from_bytes([7; 16]); 120];
        let floor = OwnAct { what: OwnWhat::Visits { visits, result: ResultCode::NotHome }, ..unit };
        check(&floor, "31 Maple: 120 doors not home");
    }
}
