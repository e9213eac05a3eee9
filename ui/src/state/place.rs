//! The places of the bar and the rail: which a role may open, which it sees on which shape of screen, and which is the present one. Pure.

use crate::route::{OfficeRoute, Route};
use porchlight_model::grant::Act;
use porchlight_model::member::Role;
use yew_router::Routable;

/// The shape of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One column, a bar at the bottom, one thumb.
    Phone,
    /// A rail at the left, room for a side panel, a keyboard.
    Desk,
}

/// A place to go to from everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The turf as a list.
    Walk,
    /// The turf as a map.
    Map,
    /// The turf on this device.
    Turf,
    /// This device and its person.
    Me,
    /// How the campaign stands.
    Today,
    /// All turf.
    Cut,
    /// Search among voters.
    Voters,
    /// The script.
    Script,
    /// Conflicts.
    Settle,
    /// Who is enrolled.
    Team,
    /// Files in and out.
    Data,
    /// Everything else, on a phone.
    More,
}

impl Place {
    const ALL: [Self; 12] = [
        Self::Walk,
        Self::Map,
        Self::Turf,
        Self::Me,
        Self::Today,
        Self::Cut,
        Self::Voters,
        Self::Script,
        Self::Settle,
        Self::Team,
        Self::Data,
        Self::More,
    ];

    /// The id of its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Walk => "place-walk",
            Self::Map => "place-map",
            Self::Turf => "place-lists",
            Self::Cut => "place-turf",
            Self::Me => "place-me",
            Self::Today => "place-today",
            Self::Voters => "place-voters",
            Self::Script => "place-script",
            Self::Settle => "place-settle",
            Self::Team => "place-team",
            Self::Data => "place-data",
            Self::More => "place-more",
        }
    }

    /// The name of its icon.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Walk => "footprints",
            Self::Map => "map",
            Self::Turf => "clipboard-list",
            Self::Me => "circle-user-round",
            Self::Today => "gauge",
            Self::Cut => "lasso-select",
            Self::Voters => "search",
            Self::Script => "list-checks",
            Self::Settle => "scale",
            Self::Team => "users",
            Self::Data => "database",
            Self::More => "ellipsis",
        }
    }

    /// The id of a line that says what it is for.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Walk => "place-walk-hint",
            Self::Map => "place-map-hint",
            Self::Turf => "place-turf-hint",
            Self::Me => "place-me-hint",
            Self::Today => "place-today-hint",
            Self::Cut => "place-cut-hint",
            Self::Voters => "place-voters-hint",
            Self::Script => "place-script-hint",
            Self::Settle => "place-settle-hint",
            Self::Team => "place-team-hint",
            Self::Data => "place-data-hint",
            Self::More => "place-more-hint",
        }
    }

    /// Its address.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            Self::Walk => Route::WalkLast.to_path(),
            Self::Map => Route::MapLast.to_path(),
            Self::Turf => Route::Turf.to_path(),
            Self::Me => Route::Me.to_path(),
            Self::More => Route::More.to_path(),
            Self::Today => OfficeRoute::Today.to_path(),
            Self::Cut => OfficeRoute::Turf.to_path(),
            Self::Voters => OfficeRoute::Voters.to_path(),
            Self::Script => OfficeRoute::Script.to_path(),
            Self::Settle => OfficeRoute::Settle.to_path(),
            Self::Team => OfficeRoute::Team.to_path(),
            Self::Data => OfficeRoute::Data.to_path(),
        }
    }

    /// What a person must be allowed to do to open it.
    #[must_use]
    pub const fn act(self) -> Act {
        match self {
            Self::Walk | Self::Map | Self::Turf => Act::Walk,
            Self::Me | Self::More => Act::Sync,
            Self::Today | Self::Cut | Self::Voters => Act::Oversee,
            Self::Team => Act::HandOut,
            Self::Script => Act::WriteScript,
            Self::Settle => Act::Settle,
            Self::Data => Act::Import,
        }
    }

    /// The place that an address belongs to, where it is one that this role may not open.
    #[must_use]
    pub fn closed(role: Role, path: &str) -> Option<Self> {
        Self::of_path(path).filter(|place| !role.may(place.act()))
    }

    /// The place that an address belongs to.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        let within = |root: &str| path == root || path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
        if ["/door", "/talk", "/building"].into_iter().any(within) {
            return Some(Self::Walk);
        }
        if within("/shift") {
            return Some(Self::Me);
        }
        if path == "/office" {
            return Some(Self::Today);
        }
        Self::ALL.into_iter().find(|place| *place != Self::Today && within(&place.path()))
    }

    /// The places always in sight, in order: on a phone at most four.
    #[must_use]
    pub fn in_sight(role: Role, shape: Shape) -> &'static [Self] {
        match (role, shape) {
            // What a role of a newer program is for is not known: there is this device and its results.
            (Role::Unknown(_), Shape::Phone | Shape::Desk) => &[Self::Me],
            (Role::Canvasser, Shape::Phone | Shape::Desk) => &[Self::Walk, Self::Map, Self::Turf, Self::Me],
            (Role::Captain, Shape::Phone) => &[Self::Today, Self::Cut, Self::Team, Self::More],
            (Role::Coordinator, Shape::Phone) => &[Self::Today, Self::Cut, Self::Settle, Self::More],
            (Role::Captain, Shape::Desk) => &[Self::Today, Self::Cut, Self::Voters, Self::Team],
            (Role::Coordinator, Shape::Desk) => {
                &[Self::Today, Self::Cut, Self::Voters, Self::Script, Self::Settle, Self::Team, Self::Data]
            }
        }
    }

    /// The places of an office role behind the ones in sight: on a phone under "More", on a desk at the rail's foot.
    #[must_use]
    pub fn behind(role: Role, shape: Shape) -> &'static [Self] {
        match (role, shape) {
            (Role::Canvasser | Role::Unknown(_), Shape::Phone | Shape::Desk) => &[],
            (Role::Captain, Shape::Phone) => &[Self::Voters, Self::Walk, Self::Map, Self::Me],
            (Role::Coordinator, Shape::Phone) => {
                &[Self::Voters, Self::Script, Self::Team, Self::Data, Self::Walk, Self::Map, Self::Me]
            }
            (Role::Captain | Role::Coordinator, Shape::Desk) => &[Self::Walk, Self::Me],
        }
    }

    /// Where a person of this role starts.
    #[must_use]
    pub const fn home(role: Role) -> Self {
        match role {
            Role::Canvasser => Self::Walk,
            Role::Captain | Role::Coordinator => Self::Today,
            Role::Unknown(_) => Self::Me,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 3] = [Role::Canvasser, Role::Captain, Role::Coordinator];

    #[test]
    fn a_phone_shows_at_most_four_places_and_reaches_all_that_the_desk_does() {
        for role in ROLES {
            assert!(Place::in_sight(role, Shape::Phone).len() <= 4);
            let reached = [Place::in_sight(role, Shape::Phone), Place::behind(role, Shape::Phone)].concat();
            for place in [Place::in_sight(role, Shape::Desk), Place::behind(role, Shape::Desk)].concat() {
                assert!(reached.contains(&place), "{role:?} cannot reach {place:?} on a phone");
            }
        }
    }

    #[test]
    fn a_role_is_offered_what_it_may_open_and_nothing_else() {
        for role in ROLES {
            for shape in [Shape::Phone, Shape::Desk] {
                let offered = [Place::in_sight(role, shape), Place::behind(role, shape)].concat();
                for place in Place::ALL {
                    let may = role.may(place.act());
                    assert!(may || !offered.contains(&place), "{role:?} is offered {place:?} on a {shape:?}");
                    assert_eq!(Place::closed(role, &place.path()), (!may).then_some(place), "{role:?}");
                }
            }
            assert_eq!(Place::closed(role, &Place::home(role).path()), None, "{role:?} may be at home");
        }
    }

    #[test]
    fn an_address_that_was_typed_is_closed_to_who_may_not_open_its_place() {
        fn check(role: Role, path: &str, closed: Option<Place>) {
            assert_eq!(Place::closed(role, path), closed, "{role:?} {path}");
        }
        check(Role::Captain, "/office/script", Some(Place::Script));
        check(Role::Captain, "/office/data", Some(Place::Data));
        check(Role::Captain, "/office/settle/", Some(Place::Settle));
        check(Role::Captain, "/office/turf/0190", None);
        check(Role::Canvasser, "/office", Some(Place::Today));
        check(Role::Canvasser, "/office/voters/0190", Some(Place::Voters));
        check(Role::Canvasser, "/office/nowhere", None);
        check(Role::Canvasser, "/door/0190", None);
        check(Role::Coordinator, "/office/script", None);
    }

    #[test]
    fn every_place_knows_its_own_address() {
        for place in Place::ALL {
            assert_eq!(Place::of_path(&place.path()), Some(place));
        }
    }

    #[test]
    fn pages_below_a_place_light_it_up() {
        fn check(path: &str, place: Option<Place>) {
            assert_eq!(Place::of_path(path), place, "{path}");
        }
        check("/door/0190", Some(Place::Walk));
        check("/shift", Some(Place::Me));
        check("/office/turf/0190", Some(Place::Cut));
        check("/office/voters/0190", Some(Place::Voters));
        check("/turfs", None);
        check("/", None);
    }
}
