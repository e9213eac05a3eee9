//! Splits stops into compact parts with about equal numbers of doors, by halving along the longer axis; pieces of street faces stay whole.

use super::stops::{Stop, runs};
use porchlight_model::place::LonLat;

/// A gap along a face that ends a piece, in metres.
const GAP_M: f64 = 120.0;

/// A piece of a street face, which halving does not divide.
struct Piece {
    stops: Vec<Stop>,
    n_doors: usize,
    middle: LonLat,
}

/// Splits `stops` (in the order of [`super::stops::group`]) into parts of about `doors_per_part` doors.
pub(crate) fn split(stops: Vec<Stop>, doors_per_part: usize) -> Vec<Vec<Stop>> {
    let n_doors: usize = stops.iter().map(|stop| stop.doors.len()).sum();
    if n_doors == 0 {
        return Vec::new();
    }
    let n_parts = ((n_doors + doors_per_part / 2) / doors_per_part).max(1);
    let mut parts = Vec::new();
    halve(pieces(stops, (doors_per_part / 4).max(1)), n_parts, &mut parts);
    parts
}

fn pieces(stops: Vec<Stop>, most_doors: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for run in runs(stops, GAP_M) {
        let n_doors: usize = run.iter().map(|stop| stop.doors.len()).sum();
        let n_pieces = n_doors.div_ceil(most_doors);
        let most = n_doors.div_ceil(n_pieces);
        let mut stops = Vec::new();
        let mut n = 0;
        for stop in run {
            n += stop.doors.len();
            stops.push(stop);
            if n >= most {
                pieces.push(piece(std::mem::take(&mut stops)));
                n = 0;
            }
        }
        if !stops.is_empty() {
            pieces.push(piece(stops));
        }
    }
    pieces
}

fn piece(stops: Vec<Stop>) -> Piece {
    let n = stops.len() as f64;
    let middle = LonLat {
        lon: stops.iter().map(|stop| stop.at.lon).sum::<f64>() / n,
        lat: stops.iter().map(|stop| stop.at.lat).sum::<f64>() / n,
    };
    Piece { n_doors: stops.iter().map(|stop| stop.doors.len()).sum(), stops, middle }
}

fn halve(mut pieces: Vec<Piece>, n_parts: usize, parts: &mut Vec<Vec<Stop>>) {
    if n_parts <= 1 || pieces.len() <= 1 {
        if !pieces.is_empty() {
            parts.push(pieces.into_iter().flat_map(|piece| piece.stops).collect());
        }
        return;
    }
    let low = |of: fn(&LonLat) -> f64| pieces.iter().map(|piece| of(&piece.middle)).fold(f64::INFINITY, f64::min);
    let high = |of: fn(&LonLat) -> f64| pieces.iter().map(|piece| of(&piece.middle)).fold(f64::NEG_INFINITY, f64::max);
    let corner = LonLat { lon: low(|at| at.lon), lat: low(|at| at.lat) };
    let width_m = corner.distance_m(LonLat { lon: high(|at| at.lon), lat: corner.lat });
    let height_m = corner.distance_m(LonLat { lon: corner.lon, lat: high(|at| at.lat) });
    // A stable sort, so that equal positions keep the order of their faces.
    if width_m > height_m {
        pieces.sort_by(|a, b| a.middle.lon.total_cmp(&b.middle.lon));
    } else {
        pieces.sort_by(|a, b| b.middle.lat.total_cmp(&a.middle.lat));
    }
    let n_first = n_parts / 2;
    let n_doors: usize = pieces.iter().map(|piece| piece.n_doors).sum();
    let wanted = n_doors * n_first / n_parts;
    let mut sum = 0;
    let mut at = 0;
    // The split nearest to the wanted number of doors, with at least one piece on each side.
    while at < pieces.len() - 1 && (at == 0 || sum + pieces[at].n_doors / 2 < wanted) {
        sum += pieces[at].n_doors;
        at += 1;
    }
    let second = pieces.split_off(at);
    halve(pieces, n_first, parts);
    halve(second, n_parts - n_first, parts);
}
