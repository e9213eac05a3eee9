//! The table of places: where a person can go from everywhere, what it takes to open each, and how it is shown. The bar and the rail, the
//! way home, which address is closed to whom, and the names of windows are read from it. Pure.

#[cfg(test)]
mod tests;

use porchlight_model::grant::Act;
use porchlight_model::member::Role;

/// The shape of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One column, a bar at the bottom, one thumb.
    Phone,
    /// A rail at the left, room for a side panel, a keyboard.
    Desk,
}

/// A place to go to from everywhere: a row of [`PLACES`].
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    /// Its address; addresses below it belong to it.
    pub path: &'static str,
    /// The id of its name.
    pub label: &'static str,
    /// The id of a line that says what it is for.
    pub hint: &'static str,
    /// The name of its icon.
    pub icon: &'static str,
    /// What a person must be allowed to do to open it.
    pub act: Act,
    /// Who is offered it where.
    pub group: Group,
    /// What is counted beside its name.
    pub count: Option<Count>,
    /// What its window is called.
    pub window: Window,
    /// Further addresses that belong to it, themselves or below, and what their windows are called.
    pub below: &'static [(&'static str, Window)],
}

/// Who is offered a place where, apart from what it takes to open it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Places of the person at the door; people of the office, who walk at times, are offered it [behind](Place::behind) their own.
    Field {
        /// On which shapes of screen the office is offered it.
        office: &'static [Shape],
    },
    /// Places of the office.
    Office {
        /// Of the places that a person may open, those with the lowest stand in a phone's bar.
        bar: u8,
        /// Under which heading of the rail it stands; places of one section are adjacent.
        section: Section,
    },
    /// The place on a phone that leads to those which have no room in its bar.
    More,
}

/// A part of the office's rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// What waits now, without a heading.
    Now,
    /// Turf and what is asked there.
    Field,
    /// The people of the campaign.
    People,
    /// Files in and out.
    Data,
}

impl Section {
    /// The id of its heading, if it has one.
    #[must_use]
    pub const fn heading(self) -> Option<&'static str> {
        match self {
            Self::Now => None,
            Self::Field => Some("places-field"),
            Self::People => Some("places-people"),
            Self::Data => Some("places-data"),
        }
    }
}

/// What is counted beside a place's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Conflicts that wait.
    Conflicts,
}

/// What a window is called. A browser's history keeps titles, and a shared computer shows them: a page about one door, person or turf does not
/// tell there which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// As the page's heading.
    Heading,
    /// By this id of a name.
    Named(&'static str),
}

const NOWHERE: &[Shape] = &[];
const ON_A_PHONE: &[Shape] = &[Shape::Phone];
const EVERYWHERE: &[Shape] = &[Shape::Phone, Shape::Desk];

/// How many places of the office a phone's bar has room for, beside "More".
const BAR: usize = 3;

/// What most places have in common.
const PLAIN: Place = Place {
    path: "",
    label: "",
    hint: "",
    icon: "",
    act: Act::Oversee,
    group: Group::More,
    count: None,
    window: Window::Heading,
    below: &[],
};

/// Every place. The order is that of the rail; whoever may open none of the office's starts at the first that they may open.
pub static PLACES: [Place; 12] = [
    Place {
        path: "/office",
        label: "place-today",
        hint: "place-today-hint",
        icon: "gauge",
        act: Act::Oversee,
        group: Group::Office { bar: 1, section: Section::Now },
        ..PLAIN
    },
    Place {
        path: "/office/settle",
        label: "place-settle",
        hint: "place-settle-hint",
        icon: "scale",
        act: Act::Settle,
        group: Group::Office { bar: 3, section: Section::Now },
        count: Some(Count::Conflicts),
        ..PLAIN
    },
    Place {
        path: "/office/turf",
        label: "place-turf",
        hint: "place-cut-hint",
        icon: "lasso-select",
        act: Act::Oversee,
        group: Group::Office { bar: 2, section: Section::Field },
        ..PLAIN
    },
    Place {
        path: "/office/voters",
        label: "place-voters",
        hint: "place-voters-hint",
        icon: "search",
        act: Act::Oversee,
        group: Group::Office { bar: 5, section: Section::Field },
        window: Window::Named("place-voters"),
        ..PLAIN
    },
    Place {
        path: "/office/script",
        label: "place-script",
        hint: "place-script-hint",
        icon: "list-checks",
        act: Act::WriteScript,
        group: Group::Office { bar: 6, section: Section::Field },
        ..PLAIN
    },
    Place {
        path: "/office/team",
        label: "place-team",
        hint: "place-team-hint",
        icon: "users",
        act: Act::HandOut,
        group: Group::Office { bar: 4, section: Section::People },
        ..PLAIN
    },
    Place {
        path: "/office/data",
        label: "place-data",
        hint: "place-data-hint",
        icon: "database",
        act: Act::Import,
        group: Group::Office { bar: 7, section: Section::Data },
        ..PLAIN
    },
    Place {
        path: "/walk",
        label: "place-walk",
        hint: "place-walk-hint",
        icon: "footprints",
        act: Act::Walk,
        group: Group::Field { office: EVERYWHERE },
        window: Window::Named("place-walk"),
        below: &[
            ("/door", Window::Named("page-door")),
            ("/talk", Window::Named("page-talk")),
            ("/building", Window::Named("page-building")),
        ],
        ..PLAIN
    },
    Place {
        path: "/map",
        label: "place-map",
        hint: "place-map-hint",
        icon: "map",
        act: Act::Walk,
        group: Group::Field { office: ON_A_PHONE },
        window: Window::Named("place-map"),
        ..PLAIN
    },
    Place {
        path: "/turf",
        label: "place-lists",
        hint: "place-turf-hint",
        icon: "clipboard-list",
        act: Act::Walk,
        group: Group::Field { office: NOWHERE },
        ..PLAIN
    },
    Place {
        path: "/me",
        label: "place-me",
        hint: "place-me-hint",
        icon: "circle-user-round",
        act: Act::Sync,
        group: Group::Field { office: EVERYWHERE },
        below: &[("/shift", Window::Heading), ("/hub", Window::Heading)],
        ..PLAIN
    },
    Place {
        path: "/more",
        label: "place-more",
        hint: "place-more-hint",
        icon: "ellipsis",
        act: Act::Oversee,
        group: Group::More,
        ..PLAIN
    },
];

/// Whether an address is this one, or one below it.
fn is_within(path: &str, root: &str) -> bool {
    path == root || path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
}

/// The places of the office that this role may open, in order.
fn of_office(role: Role) -> impl Iterator<Item = &'static Place> {
    PLACES.iter().filter(move |place| matches!(place.group, Group::Office { .. }) && role.may(place.act))
}

impl Place {
    /// The place that an address belongs to, where it is one that this role may not open.
    #[must_use]
    pub fn closed(role: Role, path: &str) -> Option<&'static Self> {
        Self::of_path(path).filter(|place| !role.may(place.act))
    }

    /// The place that an address belongs to.
    #[must_use]
    pub fn of_path(path: &str) -> Option<&'static Self> {
        Self::and_window(path).map(|(place, _)| place)
    }

    /// What the window of an address is called.
    #[must_use]
    pub fn window(path: &str) -> Window {
        Self::and_window(path).map_or(Window::Heading, |(_, window)| window)
    }

    fn and_window(path: &str) -> Option<(&'static Self, Window)> {
        PLACES.iter().find_map(|place| {
            let is_own = match place.group {
                // Every address of the office is below its first page.
                Group::Office { .. } if place.path == "/office" => path == place.path,
                Group::Office { .. } | Group::Field { .. } | Group::More => is_within(path, place.path),
            };
            let below = place.below.iter().find(|(root, _)| is_within(path, root)).map(|(_, window)| *window);
            is_own.then_some(place.window).or(below).map(|window| (place, window))
        })
    }

    /// The places always in sight, in order: on a phone at most four.
    #[must_use]
    pub fn in_sight(role: Role, shape: Shape) -> Vec<&'static Self> {
        if !role.may(Act::Oversee) {
            let is_field = |place: &&Self| matches!(place.group, Group::Field { .. });
            return PLACES.iter().filter(|place| is_field(place) && role.may(place.act)).collect();
        }
        match shape {
            Shape::Desk => of_office(role).collect(),
            Shape::Phone => {
                let mut ranks: Vec<u8> = of_office(role).filter_map(Self::bar).collect();
                ranks.sort_unstable();
                ranks.truncate(BAR);
                let more = PLACES.iter().filter(|place| place.group == Group::More);
                of_office(role)
                    .filter(|place| place.bar().is_some_and(|bar| ranks.contains(&bar)))
                    .chain(more)
                    .collect()
            }
        }
    }

    /// The places of an office role behind the ones in sight: on a phone under "More", on a desk at the rail's foot.
    #[must_use]
    pub fn behind(role: Role, shape: Shape) -> Vec<&'static Self> {
        if !role.may(Act::Oversee) {
            return Vec::new();
        }
        let in_sight = Self::in_sight(role, shape);
        let field = PLACES.iter().filter(|place| match place.group {
            Group::Field { office } => office.contains(&shape) && role.may(place.act),
            Group::Office { .. } | Group::More => false,
        });
        of_office(role).filter(|place| !in_sight.contains(place)).chain(field).collect()
    }

    /// Where a person of this role starts.
    #[must_use]
    pub fn home(role: Role) -> Option<&'static Self> {
        Self::in_sight(role, Shape::Desk).into_iter().next()
    }

    /// The places of the office that this role may open, by section of the rail.
    #[must_use]
    pub fn sections(role: Role) -> Vec<(Section, Vec<&'static Self>)> {
        let mut sections: Vec<(Section, Vec<&'static Self>)> = Vec::new();
        for place in of_office(role) {
            let Group::Office { section, .. } = place.group else { continue };
            match sections.last_mut() {
                Some((last, places)) if *last == section => places.push(place),
                _ => sections.push((section, vec![place])),
            }
        }
        sections
    }

    const fn bar(&self) -> Option<u8> {
        match self.group {
            Group::Office { bar, .. } => Some(bar),
            Group::Field { .. } | Group::More => None,
        }
    }
}
