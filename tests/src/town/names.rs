//! Names of invented streets and people. Family names are about light and weather, so that nobody mistakes them for real voters.

use rand::Rng;
use rand::seq::SliceRandom;

const STREETS: [&str; 64] = [
    "Maple",
    "Quay",
    "Willow",
    "Lantern",
    "Chestnut",
    "Mill",
    "Harbor",
    "Orchard",
    "Juniper",
    "Ferry",
    "Sycamore",
    "Kiln",
    "Bramble",
    "Cooper",
    "Hazel",
    "Tanner",
    "Larch",
    "Meadow",
    "Foundry",
    "Aspen",
    "Weaver",
    "Rowan",
    "Market",
    "Alder",
    "Chapel",
    "Heron",
    "Linden",
    "Depot",
    "Poplar",
    "Saddler",
    "Thistle",
    "Canal",
    "Magnolia",
    "Potter",
    "Elder",
    "Granary",
    "Hawthorn",
    "Fuller",
    "Dogwood",
    "Station",
    "Laurel",
    "Glover",
    "Cypress",
    "Bell",
    "Spruce",
    "Wheelwright",
    "Clover",
    "Library",
    "Beech",
    "Mason",
    "Heather",
    "Ropewalk",
    "Walnut",
    "Chandler",
    "Sorrel",
    "Bridge",
    "Cedar",
    "Baker",
    "Fern",
    "Smithy",
    "Birch",
    "Miller",
    "Sage",
    "Brewer",
];
const LOCAL_KINDS: [&str; 5] = ["Street", "Lane", "Drive", "Court", "Way"];

/// Given names from many places.
pub(super) const FIRST: [&str; 72] = [
    "Ana", "Leo", "Wen", "Joon", "Ike", "June", "Marta", "Dee", "Sam", "Priya", "Tomas", "Ngozi", "Olga", "Ben",
    "Amara", "Yusuf", "Lena", "Mateo", "Hana", "Omar", "Ruth", "Kofi", "Ines", "Pavel", "Mina", "Abel", "Zora", "Hugo",
    "Leila", "Ezra", "Nadia", "Felix", "Rosa", "Idris", "Greta", "Cyrus", "Alma", "Dario", "Freya", "Jonas", "Kaia",
    "Luis", "Maeve", "Nico", "Opal", "Quinn", "Rafa", "Selma", "Teo", "Uma", "Vera", "Wes", "Xenia", "Yara", "Zeno",
    "Bao", "Chidi", "Dalia", "Emil", "Farid", "Gwen", "Ivo", "Jia", "Kenji", "Lucia", "Milo", "Noor", "Otis", "Petra",
    "Remy", "Siobhan", "Tariq",
];
const LAST_HEAD: [&str; 32] = [
    "Lamp", "Porch", "Lantern", "Ember", "Candle", "Dusk", "Dawn", "Moon", "Star", "Storm", "Rain", "Frost", "Cloud",
    "Mist", "Wind", "Snow", "Thunder", "Sun", "Hail", "Gale", "Spark", "Glow", "Flint", "Beacon", "Tinder", "Wick",
    "Torch", "Amber", "Shade", "Drizzle", "Rime", "Breeze",
];
const LAST_TAIL: [&str; 24] = [
    "wright", "field", "ley", "man", "worth", "ton", "by", "well", "gate", "ford", "hart", "stone", "brook", "more",
    "wood", "ridge", "low", "bury", "keeper", "walker", "son", "dale", "quist", "ova",
];

/// Street names in a random order, each once.
pub(super) struct StreetNames {
    names: Vec<&'static str>,
    n_used: usize,
}

pub(super) fn street_names(rng: &mut impl Rng) -> StreetNames {
    let mut names = STREETS.to_vec();
    names.shuffle(rng);
    StreetNames { names, n_used: 0 }
}

impl StreetNames {
    /// The next name; a through road is an Avenue or a Road.
    pub(super) fn next_name(&mut self, is_through: bool) -> String {
        let n = self.n_used;
        self.n_used += 1;
        let name = self.names[n % self.names.len()];
        let round = n / self.names.len();
        let kind = if is_through { ["Avenue", "Road"][n % 2] } else { LOCAL_KINDS[(n + round) % LOCAL_KINDS.len()] };
        // A large town runs out of names: further ones get a prefix and then a number.
        match round / LOCAL_KINDS.len() {
            0 => format!("{name} {kind}"),
            1 => format!("Old {name} {kind}"),
            2 => format!("New {name} {kind}"),
            more => format!("{name} {more} {kind}"),
        }
    }
}

/// A family name.
pub(super) fn last(rng: &mut impl Rng) -> String {
    format!("{}{}", LAST_HEAD[rng.random_range(0..LAST_HEAD.len())], LAST_TAIL[rng.random_range(0..LAST_TAIL.len())])
}

/// A street's name with the postal service's abbreviation of its kind.
pub(super) fn abbreviate(street: &str) -> String {
    let Some((name, kind)) = street.rsplit_once(' ') else { return street.to_owned() };
    let short = match kind {
        "Street" => "St",
        "Avenue" => "Ave",
        "Road" => "Rd",
        "Lane" => "Ln",
        "Drive" => "Dr",
        "Court" => "Ct",
        "Way" => "Way",
        other => other,
    };
    format!("{name} {short}")
}
