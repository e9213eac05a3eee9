//! A database of an older version comes up to date with all that is in it, and every database keeps its statements.

use super::docs::{self, DocRow};
use super::{MIGRATIONS, changes, migrate, packs, settings, turfs, waves};
use crate::sync::trouble::Trouble;
use porchlight_model::id::{DocId, Sha256, TurfId, WaveId};
use porchlight_model::turf::TurfEntry;
use porchlight_model::wire::{Access, DocKind, HeadsDigest};
use rusqlite::{Connection, StatementStatus, params};

#[test]
fn turf_that_was_cut_before_there_were_waves_is_of_the_first_one() -> Result<(), Box<dyn std::error::Error>> {
    let mut conn = Connection::open_in_memory()?;
    for sql in &MIGRATIONS[..3] {
        conn.execute_batch(sql)?;
    }
    conn.pragma_update(None, "user_version", 3)?;
    let (id, doc, pack) = (TurfId::new(7, [1; 10]), DocId::new(8, [2; 10]), Sha256([3; 32]));
    let entry = TurfEntry {
        id,
        doc,
        name: "\"doc\":\"not this\"".to_owned(),
        pack,
        n_doors: 40,
        n_voters: 80,
        n_buildings: 0,
        minutes: 120,
        outline: Vec::new(),
    };
    let campaign = DocId::new(1, [4; 10]);
    conn.execute(
        "INSERT INTO turf (id, doc, entry) VALUES (?1, ?2, ?3)",
        params![id.to_bytes(), campaign.to_bytes(), serde_json::to_string(&entry)?],
    )?;
    conn.execute(
        "INSERT INTO pack (hash, doc, bytes, is_sent) VALUES (?1, ?2, x'0102', 1)",
        params![pack.0, doc.to_bytes()],
    )?;
    migrate(&mut conn)?;
    assert_eq!(waves::docs(&conn, WaveId::FIRST)?, [(id, doc)]);
    assert_eq!(waves::open_docs(&conn, id)?, [doc]);
    assert_eq!(turfs::all(&conn)?, [entry]);
    assert_eq!((packs::get(&conn, pack)?, packs::unsent(&conn)?), (Some(vec![1, 2]), Vec::new()));
    // Of what the list names, a coordinator's device keeps the pack, and others do not.
    packs::remove(&conn, doc, true)?;
    assert!(packs::has(&conn, pack)?);
    packs::purge(&conn, false)?;
    assert!(!packs::has(&conn, pack)?);
    Ok(())
}

#[test]
fn a_statement_that_was_kept_is_not_prepared_again() -> Result<(), Box<dyn std::error::Error>> {
    let conn = super::open(":memory:")?;
    for (doc, limit) in (0..3).zip(10..) {
        changes::held(&conn, DocId::new(doc, [1; 10]), limit)?;
    }
    let kept = conn.prepare_cached(changes::HELD)?;
    assert_eq!((kept.get_status(StatementStatus::Run), kept.get_status(StatementStatus::RePrepare)), (3, 0));
    Ok(())
}

#[test]
fn what_a_row_says_already_is_not_written_again() -> Result<(), Box<dyn std::error::Error>> {
    let conn = super::open(":memory:")?;
    let row = DocRow::new(DocId::new(1, [1; 10]), DocKind::Turf, Access::Write, false);
    docs::put(&conn, &row)?;
    let others = [
        DocRow { kind: DocKind::Campaign, ..row.clone() },
        DocRow { access: Access::Read, ..row.clone() },
        DocRow { is_born: true, ..row.clone() },
        DocRow { epoch: 1, ..row.clone() },
        DocRow { cursor: 1, ..row.clone() },
        DocRow { relay_last: 1, ..row.clone() },
        DocRow { seen: 1, ..row.clone() },
        DocRow { told: 1, ..row.clone() },
        DocRow { heads: HeadsDigest(1), ..row.clone() },
        DocRow { trouble: Trouble::Resync, ..row.clone() },
        DocRow { trouble: Trouble::None, ..row },
    ];
    for other in others {
        docs::put(&conn, &other)?;
        assert_eq!(docs::get(&conn, other.id)?.as_ref(), Some(&other));
        let before = conn.total_changes();
        docs::put(&conn, &other)?;
        assert_eq!(conn.total_changes(), before, "{other:?} is written again");
    }
    for value in [7, 8] {
        settings::put(&conn, "feed", &value)?;
        assert_eq!(settings::get(&conn, "feed")?, Some(value));
        let before = conn.total_changes();
        settings::put(&conn, "feed", &value)?;
        assert_eq!(conn.total_changes(), before, "a setting is written again");
    }
    Ok(())
}
