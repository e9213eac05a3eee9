//! Who finds which place where.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::route::{OfficeRoute, Route};
use yew_router::Routable;

const ROLES: [Role; 3] = [Role::Canvasser, Role::Captain, Role::Coordinator];

fn paths(places: &[&Place]) -> String {
    places.iter().map(|place| place.path.trim_start_matches("/office/")).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_role_finds_its_places_on_either_shape() {
    fn check(role: Role, shape: Shape, in_sight: &str, behind: &str) {
        assert_eq!(paths(&Place::in_sight(role, shape)), in_sight, "{role:?} {shape:?}");
        assert_eq!(paths(&Place::behind(role, shape)), behind, "{role:?} {shape:?}");
    }
    let newer = Role::parse("treasurer");
    for shape in [Shape::Phone, Shape::Desk] {
        check(Role::Canvasser, shape, "/walk /map /turf /me", "");
        // What a role of a newer program is for is not known: there is this device and its results.
        check(newer, shape, "/me", "");
    }
    check(Role::Captain, Shape::Phone, "/office turf team /more", "voters /walk /map /me");
    check(Role::Coordinator, Shape::Phone, "/office settle turf /more", "voters script team data /walk /map /me");
    check(Role::Captain, Shape::Desk, "/office turf voters team", "/walk /me");
    check(Role::Coordinator, Shape::Desk, "/office settle turf voters script team data", "/walk /me");
}

#[test]
fn the_rail_has_each_section_once_and_only_what_the_role_may_open() {
    let told = |role: Role| {
        let sections = Place::sections(role).into_iter().map(|(section, places)| (section, paths(&places)));
        sections.collect::<Vec<_>>()
    };
    let expected = |all: &[(Section, &str)]| {
        all.iter().map(|(section, places)| (*section, (*places).to_owned())).collect::<Vec<_>>()
    };
    use Section::{Data, Field, Now, People};
    assert_eq!(
        told(Role::Coordinator),
        expected(&[(Now, "/office settle"), (Field, "turf voters script"), (People, "team"), (Data, "data")])
    );
    assert_eq!(told(Role::Captain), expected(&[(Now, "/office"), (Field, "turf voters"), (People, "team")]));
    assert_eq!(told(Role::Canvasser), []);
}

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
            for place in &PLACES {
                let may = role.may(place.act);
                assert!(may || !offered.contains(&place), "{role:?} is offered {place:?} on a {shape:?}");
                assert_eq!(Place::closed(role, place.path), (!may).then_some(place), "{role:?}");
            }
        }
        let home = Place::home(role).unwrap();
        assert_eq!(Place::closed(role, home.path), None, "{role:?} may be at home");
    }
}

#[test]
fn an_address_that_was_typed_is_closed_to_who_may_not_open_its_place() {
    fn check(role: Role, path: &str, closed: Option<&str>) {
        assert_eq!(Place::closed(role, path).map(|place| place.path), closed, "{role:?} {path}");
    }
    check(Role::Captain, "/office/script", Some("/office/script"));
    check(Role::Captain, "/office/data", Some("/office/data"));
    check(Role::Captain, "/office/settle/", Some("/office/settle"));
    check(Role::Captain, "/office/turf/0190", None);
    check(Role::Canvasser, "/office", Some("/office"));
    check(Role::Canvasser, "/office/voters/0190", Some("/office/voters"));
    check(Role::Canvasser, "/office/nowhere", None);
    check(Role::Canvasser, "/door/0190", None);
    check(Role::Coordinator, "/office/script", None);
    check(Role::parse("treasurer"), "/door/0190", Some("/walk"));
    check(Role::parse("treasurer"), "/shift", None);
}

#[test]
fn every_place_has_a_page_at_its_address() {
    for place in &PLACES {
        assert_eq!(Place::of_path(place.path), Some(place));
        let route = Route::recognize(place.path).unwrap();
        assert!(!matches!(route, Route::NotFound), "{place:?}");
        if matches!(place.group, Group::Office { .. }) {
            assert!(!matches!(OfficeRoute::recognize(place.path), None | Some(OfficeRoute::NotFound)), "{place:?}");
        }
    }
}

#[test]
fn pages_below_a_place_light_it_up() {
    fn check(path: &str, place: Option<&str>) {
        assert_eq!(Place::of_path(path).map(|place| place.path), place, "{path}");
    }
    check("/door/0190", Some("/walk"));
    check("/shift", Some("/me"));
    check("/hub", Some("/me"));
    check("/office/turf/0190", Some("/office/turf"));
    check("/office/voters/0190", Some("/office/voters"));
    check("/turfs", None);
    check("/", None);
}

#[test]
fn no_window_tells_whose_door_or_which_turf_it_shows() {
    fn check(path: &str, window: Window) {
        assert_eq!(Place::window(path), window, "{path}");
    }
    for (path, name) in [
        ("/walk/0190", "place-walk"),
        ("/map/0190", "place-map"),
        ("/door/0190", "page-door"),
        ("/talk/0190/0191", "page-talk"),
        ("/building/0190", "page-building"),
        ("/office/voters/0190", "place-voters"),
    ] {
        check(path, Window::Named(name));
    }
    for path in ["/", "/join", "/me", "/office", "/office/turf/0190", "/office/nowhere"] {
        check(path, Window::Heading);
    }
}
