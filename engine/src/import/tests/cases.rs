//! Files like those that people have complained about in public, from `tests/cases/`, with the results to be expected.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod again;
mod places;
mod rows;

use crate::handle::Files;
use crate::import::job::{ImportJob, Step};
use crate::store;
use crate::store::import as store_rows;
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::calls::import::{Absent, FileReport, Overview};
use porchlight_model::id::CampaignId;
use porchlight_model::message::ApiError;
use porchlight_model::place::LonLat;
use porchlight_model::time::At;
use porchlight_model::voter::Door;
use rusqlite::Connection;
use std::sync::Arc;

const NOW: At = At(1_793_440_800_000);
pub(super) const CAMPAIGN: CampaignId = CampaignId::from_bytes([1; 16]);

struct Bytes(Vec<u8>);

impl Files for Bytes {
    fn read_at(&self, _: &str, offset: u64, into: &mut [u8]) -> std::io::Result<usize> {
        let rest = &self.0[usize::try_from(offset).unwrap().min(self.0.len())..];
        let n = rest.len().min(into.len());
        into[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }
}

/// A campaign's database.
struct Town {
    _folder: tempfile::TempDir,
    conn: Connection,
}

impl Town {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let conn = store::open(folder.path().join("town.db").to_str().unwrap()).unwrap();
        Self { _folder: folder, conn }
    }

    /// Imports files of a folder of `tests/cases/`.
    #[track_caller]
    fn of(case: &str, files: &[&str]) -> Self {
        let town = Self::new();
        for file in files {
            let path = format!("{}/../tests/cases/{case}/{file}", env!("CARGO_MANIFEST_DIR"));
            town.import(&std::fs::read(path).unwrap()).unwrap();
        }
        town
    }

    fn import(&self, bytes: &[u8]) -> Result<FileReport, ApiError> {
        let file = ChosenFile { key: "k".into(), name: "chosen.txt".into(), bytes: bytes.len() as u64 };
        let mut job = ImportJob::start(CAMPAIGN, file, Arc::new(Bytes(bytes.to_vec())), NOW)?;
        while !matches!(job.step()?, Step::Finished) {}
        Ok(job.commit(&self.conn, NOW, Absent::Keep)?)
    }

    fn overview(&self) -> Overview {
        store_rows::overview(&self.conn).unwrap()
    }

    fn doors(&self) -> Vec<Door> {
        store_rows::doors(&self.conn).unwrap()
    }

    /// The only door with an address, as a list shows it.
    #[track_caller]
    fn door(&self, address: &str) -> Door {
        let here: Vec<Door> = self.doors().into_iter().filter(|door| door.address() == address).collect();
        assert_eq!(here.len(), 1, "{address} among {:?}", self.addresses());
        here[0].clone()
    }

    fn addresses(&self) -> Vec<String> {
        let mut addresses: Vec<String> = self.doors().iter().map(Door::address).collect();
        addresses.sort();
        addresses
    }

    /// The names of voters with the addresses of their doors, sorted.
    fn people(&self) -> Vec<(String, String)> {
        let mut select = self
            .conn
            .prepare("SELECT trim(v.first || ' ' || v.last), v.door FROM voter v ORDER BY v.source_id")
            .unwrap();
        let rows = select.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, [u8; 16]>(1)?))).unwrap();
        let doors = self.doors();
        let address = |id: [u8; 16]| doors.iter().find(|door| door.id.to_bytes() == id).unwrap().address();
        rows.map(|row| row.unwrap()).map(|(name, door)| (name, address(door))).collect()
    }

    fn names(&self) -> Vec<String> {
        self.people().into_iter().map(|(name, _)| name).collect()
    }

    #[track_caller]
    fn door_of(&self, name: &str) -> Door {
        let (_, address) = self.people().into_iter().find(|(other, _)| other == name).unwrap();
        self.door(&address)
    }

    /// The numbers of doors: all, those with coordinates, and those with estimated ones.
    fn n_doors(&self) -> (u64, u64, u64) {
        let overview = self.overview();
        (overview.n_doors, overview.n_located, overview.n_guessed)
    }
}

/// A voter file with these rows of number, name and address.
fn voters(rows: &[(&str, &str, &str, &str, &str)]) -> Vec<u8> {
    let mut text =
        "ncid\tlast_name\tfirst_name\tstatus_cd\tres_street_address\tres_city_desc\tzip_code\tconfidential_ind\n"
            .to_owned();
    for (id, first, address, city, zip) in rows {
        text.push_str(&format!("{id}\tLANTERN\t{first}\tA\t{address}\t{city}\t{zip}\tN\n"));
    }
    text.into_bytes()
}

/// A row of an address file: coordinates, number, street, town and postal code.
type Point<'a> = (f64, f64, &'a str, &'a str, &'a str, &'a str);

/// An address file.
fn points(rows: &[Point<'_>]) -> Vec<u8> {
    let mut text = "LON,LAT,NUMBER,STREET,CITY,POSTCODE\n".to_owned();
    for (lon, lat, number, street, city, zip) in rows {
        text.push_str(&format!("{lon},{lat},{number},{street},{city},{zip}\n"));
    }
    text.into_bytes()
}

fn is_at(door: &Door, lon: f64, lat: f64) -> bool {
    door.at.is_some_and(|at| at.distance_m(LonLat { lon, lat }) < 1.0) && !door.is_at_guessed
}
