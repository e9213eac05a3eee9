//! The routes from addresses to pages. Addresses contain only ids, and never a voter's name.

use porchlight_model::id::{BuildingId, DoorId, TurfId, VoterId};
use yew_router::Routable;

/// Every address outside the office.
#[derive(Debug, Clone, PartialEq, Eq, Routable)]
pub enum Route {
    /// The start page for the member's role.
    #[at("/")]
    Home,
    /// An invite, its secret in the fragment.
    #[at("/join")]
    Join,
    /// The turf walked last.
    #[at("/walk")]
    WalkLast,
    /// A turf as a list.
    #[at("/walk/:turf")]
    Walk {
        /// The turf.
        turf: TurfId,
    },
    /// One door.
    #[at("/door/:door")]
    Door {
        /// The door.
        door: DoorId,
    },
    /// The script with one voter.
    #[at("/talk/:door/:voter")]
    Talk {
        /// The door.
        door: DoorId,
        /// The voter.
        voter: VoterId,
    },
    /// A building's units.
    #[at("/building/:building")]
    Building {
        /// The building.
        building: BuildingId,
    },
    /// The map of the turf walked last.
    #[at("/map")]
    MapLast,
    /// A turf as a map.
    #[at("/map/:turf")]
    Map {
        /// The turf.
        turf: TurfId,
    },
    /// The turf on this device.
    #[at("/turf")]
    Turf,
    /// This device and its member.
    #[at("/me")]
    Me,
    /// The hub in use; a hub's link with its fragment leads here.
    #[at("/hub")]
    Hub,
    /// The end of a shift.
    #[at("/shift")]
    Shift,
    /// The places that do not fit in a phone's bar.
    #[at("/more")]
    More,
    /// The office's first page.
    #[at("/office")]
    OfficeFirst,
    /// The office's pages: see [`OfficeRoute`].
    #[at("/office/*")]
    Office,
    /// Anything else.
    #[not_found]
    #[at("/not-found")]
    NotFound,
}

/// Every address of the office.
#[derive(Debug, Clone, PartialEq, Eq, Routable)]
pub enum OfficeRoute {
    /// The dashboard.
    #[at("/office")]
    Today,
    /// All turf: map and table.
    #[at("/office/turf")]
    Turf,
    /// One turf beside them.
    #[at("/office/turf/:turf")]
    TurfOne {
        /// The turf.
        turf: TurfId,
    },
    /// Search among voters.
    #[at("/office/voters")]
    Voters,
    /// One voter's record beside the hits.
    #[at("/office/voters/:voter")]
    Voter {
        /// The voter.
        voter: VoterId,
    },
    /// The script.
    #[at("/office/script")]
    Script,
    /// The unsettled conflicts.
    #[at("/office/settle")]
    Settle,
    /// The enrolled devices and invites.
    #[at("/office/team")]
    Team,
    /// Imports and exports.
    #[at("/office/data")]
    Data,
    /// Anything else under `/office`.
    #[not_found]
    #[at("/office/not-found")]
    NotFound,
}
