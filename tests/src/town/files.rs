//! Writes the town in the layouts of real towns: a North Carolina voter file, OpenAddresses, GeoJSON with OpenStreetMap tags.

use super::people::Resident;
use super::{Home, Town};
use porchlight_model::place::{Area, AreaKind, LonLat, Street, StreetClass};
use serde_json::{Value, json};

/// The town's name in the files.
const CITY: &str = "LANTERN FALLS";

/// The columns of the state's voter file, in the order of 2024.
const COLUMNS: [&str; 67] = [
    "county_id",
    "county_desc",
    "voter_reg_num",
    "ncid",
    "last_name",
    "first_name",
    "middle_name",
    "name_suffix_lbl",
    "status_cd",
    "voter_status_desc",
    "reason_cd",
    "voter_status_reason_desc",
    "res_street_address",
    "res_city_desc",
    "state_cd",
    "zip_code",
    "mail_addr1",
    "mail_addr2",
    "mail_addr3",
    "mail_addr4",
    "mail_city",
    "mail_state",
    "mail_zipcode",
    "full_phone_number",
    "confidential_ind",
    "registr_dt",
    "race_code",
    "ethnic_code",
    "party_cd",
    "gender_code",
    "birth_year",
    "birth_age",
    "birth_state",
    "drivers_lic",
    "precinct_abbrv",
    "precinct_desc",
    "municipality_abbrv",
    "municipality_desc",
    "ward_abbrv",
    "ward_desc",
    "cong_dist_abbrv",
    "super_court_abbrv",
    "judic_dist_abbrv",
    "nc_senate_abbrv",
    "nc_house_abbrv",
    "county_commiss_abbrv",
    "county_commiss_desc",
    "township_abbrv",
    "township_desc",
    "school_dist_abbrv",
    "school_dist_desc",
    "fire_dist_abbrv",
    "fire_dist_desc",
    "water_dist_abbrv",
    "water_dist_desc",
    "sewer_dist_abbrv",
    "sewer_dist_desc",
    "sanit_dist_abbrv",
    "sanit_dist_desc",
    "rescue_dist_abbrv",
    "rescue_dist_desc",
    "munic_dist_abbrv",
    "munic_dist_desc",
    "dist_1_abbrv",
    "dist_1_desc",
    "vtd_abbrv",
    "vtd_desc",
];

/// The voter file: tab-separated, quoted, Latin-1, with a header.
pub(super) fn voters(town: &Town) -> Vec<u8> {
    let mut bytes = Vec::new();
    push_row(&mut bytes, &COLUMNS.map(str::to_owned));
    for (index, resident) in town.residents.iter().enumerate() {
        push_row(&mut bytes, &row(index, resident, &town.homes[resident.home]));
    }
    bytes
}

fn row(index: usize, resident: &Resident, home: &Home) -> [String; COLUMNS.len()] {
    let (status, reason) = match resident.status {
        'A' => ("ACTIVE", "VERIFIED"),
        'I' => ("INACTIVE", "CONFIRMATION NOT RETURNED"),
        'R' => ("REMOVED", "MOVED FROM COUNTY"),
        _ => ("DENIED", "VERIFICATION RETURNED UNDELIVERABLE"),
    };
    let address = if resident.has_typo { misspell(&home.address()) } else { home.address() };
    let birth_year = 2026 - i32::from(resident.age);
    COLUMNS.map(|column| match column {
        "county_id" => "101".to_owned(),
        "county_desc" | "municipality_desc" => CITY.to_owned(),
        "voter_reg_num" => format!("{:012}", index + 1),
        "ncid" => format!("ZZ{:06}", index + 1),
        "last_name" => resident.last.to_uppercase(),
        "first_name" => resident.first.to_uppercase(),
        "middle_name" => resident.middle.to_uppercase(),
        "status_cd" => resident.status.to_string(),
        "voter_status_desc" => status.to_owned(),
        "voter_status_reason_desc" => reason.to_owned(),
        "res_street_address" => address.clone(),
        "res_city_desc" => CITY.to_owned(),
        "state_cd" => "NC".to_owned(),
        "zip_code" => home.zip.clone(),
        "full_phone_number" => resident.phone.clone(),
        "confidential_ind" => if resident.is_confidential { "Y" } else { "N" }.to_owned(),
        "registr_dt" => format!("{:02}/{:02}/{}", index % 12 + 1, index % 28 + 1, (birth_year + 18).max(1990)),
        "race_code" | "ethnic_code" => "U".to_owned(),
        "party_cd" => resident.party.to_owned(),
        "gender_code" => resident.gender.to_owned(),
        "birth_year" => birth_year.to_string(),
        "birth_age" => resident.age.to_string(),
        "drivers_lic" => "N".to_owned(),
        "precinct_abbrv" | "vtd_abbrv" => home.precinct.clone(),
        "precinct_desc" | "vtd_desc" => format!("PRECINCT {}", home.precinct),
        _ => String::new(),
    })
}

/// Swaps two letters of the street's name, as a typing error.
fn misspell(address: &str) -> String {
    let mut letters: Vec<char> = address.chars().collect();
    if let Some(start) = letters.iter().position(char::is_ascii_alphabetic)
        && start + 3 < letters.len()
    {
        letters.swap(start + 1, start + 2);
    }
    letters.into_iter().collect()
}

fn push_row(bytes: &mut Vec<u8>, cells: &[String]) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            bytes.push(b'\t');
        }
        bytes.push(b'"');
        // All letters of the town are in Latin-1.
        bytes.extend(cell.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')));
        bytes.push(b'"');
    }
    bytes.extend(b"\r\n");
}

/// The address file.
pub(super) fn addresses(town: &Town) -> String {
    let mut text = "LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH\n".to_owned();
    for (index, home) in town.homes.iter().enumerate().filter(|(_, home)| home.is_in_address_file) {
        let LonLat { lon, lat } = home.at;
        let street = super::names::abbreviate(&home.street);
        text.push_str(&format!(
            "{lon:.7},{lat:.7},{},{street},{},Lantern Falls,,NC,{},{},{:016x}\n",
            home.number,
            home.unit,
            home.zip,
            index + 1,
            (index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15),
        ));
    }
    text
}

/// Streets and areas, one feature per line.
pub(super) fn streets(town: &Town) -> String {
    let features: Vec<String> = town
        .streets
        .iter()
        .map(street_feature)
        .chain(town.areas.iter().map(area_feature))
        .map(|feature| feature.to_string())
        .collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", features.join(",\n"))
}

fn street_feature(street: &Street) -> Value {
    let highway = match street.class {
        StreetClass::Major => "motorway",
        StreetClass::Through => "tertiary",
        StreetClass::Local => "residential",
        StreetClass::Path | StreetClass::Unknown(_) => "footway",
    };
    json!({
        "type": "Feature",
        "properties": { "highway": highway, "name": street.name },
        "geometry": { "type": "LineString", "coordinates": street.line },
    })
}

fn area_feature(area: &Area) -> Value {
    let properties = match area.kind {
        AreaKind::Water => json!({ "natural": "water", "name": "Lantern River" }),
        AreaKind::Park => json!({ "leisure": "park" }),
        AreaKind::Building | AreaKind::Unknown(_) => json!({ "building": "yes" }),
    };
    json!({
        "type": "Feature",
        "properties": properties,
        "geometry": { "type": "Polygon", "coordinates": [area.ring] },
    })
}
