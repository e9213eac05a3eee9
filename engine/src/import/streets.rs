//! Reads streets and areas from GeoJSON features with OpenStreetMap tags.

use super::At;
use super::staged::Staged;
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::message::Message;
use porchlight_model::place::{Area, AreaKind, LonLat, Street, StreetClass};
use serde_json::Value;

/// Whether a feature's tags make it a street or an area, whatever its geometry.
pub(crate) fn is_street_or_area(feature: &Value) -> bool {
    let tags = &feature["properties"];
    street_class(tags).is_some() || area_kind(tags).is_some()
}

/// Reads a feature with a line or an area into `staged`. Points are skipped; missing coordinates are a problem.
pub(crate) fn read_feature(file: &ChosenFile, (number, column): At, feature: &Value, staged: &mut Staged) {
    let (tags, geometry) = (&feature["properties"], &feature["geometry"]);
    if geometry["type"].is_null() {
        return staged.problem(file, number, (column, "geometry"), Message::new("import-line-missing"), true);
    }
    let lines = match geometry["type"].as_str() {
        Some("LineString") => vec![&geometry["coordinates"]],
        Some("MultiLineString" | "Polygon") => geometry["coordinates"].as_array().into_iter().flatten().collect(),
        Some("MultiPolygon") => {
            geometry["coordinates"].as_array().into_iter().flatten().filter_map(|polygon| polygon.get(0)).collect()
        }
        _ => {
            staged.n_passed_over += 1;
            return;
        }
    };
    let area = area_kind(tags);
    let class = street_class(tags);
    if area.is_none() && class.is_none() {
        return;
    }
    for line in lines {
        let Some(points) = points(line) else {
            return staged.problem(file, number, (column, "geometry"), Message::new("import-line-wrong"), true);
        };
        match (class, area) {
            (Some(class), _) if points.len() >= 2 => {
                let name = tags["name"].as_str().unwrap_or_default().to_owned();
                staged.streets.push(Street { name, class, line: points });
            }
            (None, Some(kind)) if points.len() >= 4 => staged.areas.push(Area { kind, ring: points }),
            _ => staged.problem(file, number, (column, "geometry"), Message::new("import-line-wrong"), true),
        }
        if class.is_none() {
            // The first ring is the outline; holes are not drawn.
            break;
        }
    }
}

/// The points of a line, if all are valid coordinates and none is at 0,0.
fn points(line: &Value) -> Option<Vec<LonLat>> {
    line.as_array()?
        .iter()
        .map(|at| {
            let (lon, lat) = (at[0].as_f64()?, at[1].as_f64()?);
            super::open_addresses::wrong_point(lon, lat).is_none().then_some(LonLat { lon, lat })
        })
        .collect()
}

/// The class of a highway for walkers; source: OpenStreetMap wiki, "Key:highway".
fn street_class(tags: &Value) -> Option<StreetClass> {
    match tags["highway"].as_str()? {
        "motorway" | "motorway_link" | "trunk" | "trunk_link" => Some(StreetClass::Major),
        "primary" | "primary_link" | "secondary" | "secondary_link" | "tertiary" | "tertiary_link" => {
            Some(StreetClass::Through)
        }
        "residential" | "living_street" | "unclassified" | "service" | "road" => Some(StreetClass::Local),
        "footway" | "path" | "pedestrian" | "steps" | "track" | "cycleway" => Some(StreetClass::Path),
        _ => None,
    }
}

fn area_kind(tags: &Value) -> Option<AreaKind> {
    let is = |key: &str, values: &[&str]| tags[key].as_str().is_some_and(|value| values.contains(&value));
    if is("natural", &["water"]) || is("waterway", &["riverbank"]) || is("landuse", &["reservoir", "basin"]) {
        Some(AreaKind::Water)
    } else if is("leisure", &["park", "garden", "playground", "pitch"])
        || is("landuse", &["grass", "forest", "cemetery"])
    {
        Some(AreaKind::Park)
    } else if tags["building"].as_str().is_some_and(|value| value != "no") {
        Some(AreaKind::Building)
    } else {
        None
    }
}
