//! Deleting a large campaign: in parts that keep nobody of another one waiting.

use crate::author::Author;
use crate::hints::Stream;
use crate::stores::{self, Device, EPOCH, NOW, Whole, doc_pull, found};
use crate::world::{World, ask, refused};
use porchlight_model::id::CampaignId;
use porchlight_model::relay::RefusalCode;
use porchlight_model::time::At;
use porchlight_relay::operate;
use porchlight_relay::relay::Relay;
use porchlight_relay::store::postgres::Address;
use porchlight_relay::store::sqlite::SqliteStore;
use porchlight_relay::{Clock, Config};
use porchlight_tests::servers::{Postgres, client};
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// How many people with a device each a large campaign has.
const N_PEOPLE: u64 = 3000;

/// How many turf.
const N_TURF: u64 = 400;

/// The most of either that may go at once.
const MOST: u64 = 256;

/// Makes a campaign large: people who came by one link, each with a device and a turf, and turf with packs and authors.
const FILL: &str = "
    INSERT INTO member (id, campaign, name, role)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
        SELECT ID, campaign.key, 'Cem', 'canvasser' FROM n CROSS JOIN campaign WHERE campaign.id = CAMPAIGN;
    INSERT INTO device (id, campaign, member, token_hash, lease_until)
        SELECT ID, campaign, key, HASH, 0 FROM member WHERE name = 'Cem';
    INSERT INTO invite (id, secret_hash, campaign, role, label, uses, expires_at)
        SELECT ID, HASH, key, 'canvasser', '', 3000, 9000000000000 FROM campaign WHERE id = CAMPAIGN;
    INSERT INTO invite_use (invite, device)
        SELECT invite.key, device.key FROM invite JOIN device ON device.campaign = invite.campaign
        JOIN member ON member.key = device.member WHERE member.name = 'Cem';
    INSERT INTO doc (id, campaign, kind, made_at)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
        SELECT ID, campaign.key, 'turf', 7 FROM n CROSS JOIN campaign WHERE campaign.id = CAMPAIGN;
    INSERT INTO pack (hash, n_bytes, bytes) SELECT OF_KEY, 100000, BYTES FROM doc WHERE made_at = 7;
    INSERT INTO pack_doc (hash, doc) SELECT OF_KEY, key FROM doc WHERE made_at = 7;
    INSERT INTO handed_out (device, doc, access)
        SELECT device.key, doc.key, 'write' FROM doc JOIN device ON device.key % 400 = doc.key % 400
        JOIN member ON member.key = device.member WHERE doc.made_at = 7 AND member.name = 'Cem';
    INSERT INTO actor (doc, actor, device, last_seq, last_hash) SELECT doc, ID, device, 1, HASH FROM handed_out;";

/// [`FILL`] in the words of a database.
fn fill(campaign: &str, [id, hash, of_key, bytes]: [&str; 4]) -> String {
    let words = [("OF_KEY", of_key), ("BYTES", bytes), ("CAMPAIGN", campaign), ("HASH", hash), ("ID", id)];
    words.into_iter().fold(FILL.to_owned(), |sql, (word, meaning)| sql.replace(word, meaning))
}

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> At {
        NOW
    }
}

fn config(folder: &Path) -> Config {
    Config::new(folder, Arc::new(Stopped), [7; 32])
}

/// A store as the relay has it and as another process has it, which deletes.
struct Both {
    relay: Arc<dyn Whole>,
    operator: Relay,
    url: String,
    folder: TempDir,
    _server: Option<Arc<Postgres>>,
}

impl Both {
    fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        let operator = Relay::open(&config(folder.path())).unwrap();
        let relay = Arc::new(SqliteStore::open(folder.path(), EPOCH, NOW).unwrap());
        Self { relay, operator, url: String::new(), folder, _server: None }
    }

    async fn postgres() -> Self {
        let (server, folder) = (Postgres::shared().unwrap(), TempDir::new().unwrap());
        let url = server.database().await.unwrap();
        let relay = stores::node(&url).await;
        let address = Address { url: url.clone(), ca: None, n_connections: 4 };
        let operator = Relay::connect(&config(folder.path()), &address).await.unwrap();
        Self { relay, operator, url, folder, _server: Some(server) }
    }

    /// Does what either database understands.
    async fn execute(&self, sql: &str) {
        if self.url.is_empty() {
            Connection::open(self.folder.path().join("relay.db")).unwrap().execute_batch(sql).unwrap();
        } else {
            client(&self.url).await.unwrap().batch_execute(sql).await.unwrap();
        }
    }

    /// Founds a campaign and makes it large.
    async fn found_large(&self) -> CampaignId {
        let campaign = found(&*self.relay).await.campaign();
        let id = hex::encode(campaign.to_bytes());
        let sql = if self.url.is_empty() {
            let of_key = "unhex(printf('%064d', key))";
            fill(&format!("x'{id}'"), ["randomblob(16)", "randomblob(32)", of_key, "randomblob(100000)"])
        } else {
            let uuid = "uuid_send(gen_random_uuid())";
            let (hash, bytes) = (format!("sha256({uuid})"), "decode(repeat(md5(key::text), 6250), 'hex')");
            fill(&format!("'\\x{id}'::bytea"), [uuid, &hash, "decode(lpad(key::text, 64, '0'), 'hex')", bytes])
        };
        self.execute(&sql).await;
        let kept = self.relay.holdings(campaign).await.unwrap().unwrap();
        assert_eq!((kept.n_devices, kept.n_docs, kept.n_packs), (N_PEOPLE + 1, N_TURF + 1, N_TURF));
        campaign
    }
}

/// Each part is small, whatever it is of.
async fn assert_goes_in_parts(both: Both) {
    let (campaign, store) = (both.found_large().await, both.operator.upkeep().unwrap());
    let of = async || {
        let kept = both.relay.holdings(campaign).await.unwrap();
        kept.map_or([0; 4], |kept| [kept.n_members, kept.n_devices, kept.n_docs, kept.n_packs])
    };
    let (mut before, mut is_more) = (of().await, true);
    while is_more {
        is_more = store.delete_part(campaign).await.unwrap();
        let after = of().await;
        for (before, after) in before.iter().zip(after) {
            assert!(before - after <= MOST, "{before} {after}");
        }
        // A pack has 100 000 bytes.
        assert!(before[3] - after[3] <= 8 * 1024 * 1024 / 100_000, "{before:?} {after:?}");
        before = after;
    }
    assert_eq!(before, [0; 4]);
    assert_eq!(store.campaigns().await.unwrap(), []);
}

/// What one document has in changes or packs goes in parts where it is more than a part takes, and at once where it is not.
async fn assert_one_document_goes_in_parts(both: Both) {
    let store = both.operator.upkeep().unwrap();
    let bytes = |n: u64| {
        if both.url.is_empty() { format!("zeroblob({n})") } else { format!("decode(repeat('00', {n}), 'hex')") }
    };
    // Packs of 4 MiB, and changes of 64 KiB: just as many as may go at once, and one more. A slow disk makes parts smaller.
    for (n_packs, n_changes, n_parts) in [(2, 0, 1), (3, 0, 2), (0, 128, 1), (0, 129, 2), (5, 300, 5), (1, 64, 1)] {
        let office = found(&*both.relay).await;
        let campaign = office.campaign();
        let id = hex::encode(campaign.to_bytes());
        let (open, close) = if both.url.is_empty() { ("x'", "'") } else { ("'\\x", "'::bytea") };
        let doc =
            format!("(SELECT key FROM doc WHERE campaign = (SELECT key FROM campaign WHERE id = {open}{id}{close}))");
        let hash = |kind: u8, n: u64| format!("{open}{kind:02x}{n:030x}{id}{close}");
        for n in 0..n_packs {
            let (hash, bytes) = (hash(1, n), bytes(4 << 20));
            let pack = format!("INSERT INTO pack (hash, n_bytes, bytes) VALUES ({hash}, {}, {bytes});", 4 << 20);
            both.execute(&format!("{pack} INSERT INTO pack_doc (hash, doc) VALUES ({hash}, {doc})")).await;
        }
        let row = |n: u64| format!("({doc}, {}, {}, {})", n + 1, hash(2, n), bytes(64 << 10));
        let rows: Vec<_> = (0..n_changes).map(row).collect();
        if !rows.is_empty() {
            let changes = format!("INSERT INTO change (doc, n, hash, bytes) VALUES {};", rows.join(", "));
            both.execute(&format!("{changes} UPDATE doc SET last = {n_changes} WHERE key = {doc}")).await;
        }
        // The first part revokes the device.
        assert!(store.delete_part(campaign).await.unwrap());
        let mut n = 0;
        while both.relay.holdings(campaign).await.unwrap().is_some_and(|kept| kept.n_docs > 0) {
            assert!(store.delete_part(campaign).await.unwrap());
            n += 1;
        }
        assert!(n >= n_parts && n <= 32 * n_parts, "{n_packs} packs and {n_changes} changes in {n} parts");
        while store.delete_part(campaign).await.unwrap() {}
    }
}

/// Whoever syncs with another campaign of the store is never told to come again.
async fn assert_keeps_nobody_waiting(both: Both) {
    let campaign = both.found_large().await;
    let other: Device<'_> = found(&*both.relay).await;
    let (doc, mut author, mut n_pushed) = (other.reply.campaign_doc, Author::new(), 0);
    let operator = both.operator.clone();
    let deleting = tokio::spawn(async move { operate::delete_campaign(&operator, Some(campaign), "Library").await });
    while !deleting.is_finished() {
        assert_eq!(other.push(doc, &[author.write()]).await.acked.len(), 1);
        n_pushed += 1;
    }
    assert_eq!(deleting.await.unwrap().unwrap().n_devices, N_PEOPLE + 1);
    assert_eq!(both.relay.campaigns().await.unwrap(), [other.campaign()]);
    // A fast disk takes more meanwhile than an answer to a phone holds.
    let heard = other.pull_all(0, vec![doc_pull(doc, 0)], 1 << 30).await.docs.remove(0);
    assert_eq!((heard.cursor, heard.heads), (n_pushed, author.heads()));
    assert!(n_pushed > 10, "{n_pushed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_campaign_goes_in_small_parts_from_a_file() {
    assert_goes_in_parts(Both::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_campaign_goes_in_small_parts_from_a_database() {
    assert_goes_in_parts(Both::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_with_more_than_a_part_takes_goes_in_parts_from_a_file() {
    assert_one_document_goes_in_parts(Both::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_with_more_than_a_part_takes_goes_in_parts_from_a_database() {
    assert_one_document_goes_in_parts(Both::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_large_campaign_is_deleted_from_a_file_another_one_syncs() {
    assert_keeps_nobody_waiting(Both::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_large_campaign_is_deleted_from_a_database_another_one_syncs() {
    assert_keeps_nobody_waiting(Both::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_database_takes_too_long_to_delete_is_halved_until_it_does_not() {
    let both = Both::postgres().await;
    let campaign = both.found_large().await;
    // As on a slow disk: the time for a statement ends before more than forty are gone.
    both.execute(
        "CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF (SELECT count(*) FROM gone) > 40 THEN RAISE 'too slow' USING ERRCODE = 'query_canceled'; END IF;
             RETURN NULL;
         END $$;
         CREATE TRIGGER slow_disk AFTER DELETE ON doc REFERENCING OLD TABLE AS gone
         FOR EACH STATEMENT EXECUTE FUNCTION be_slow();",
    )
    .await;
    assert!(operate::delete_campaign(&both.operator, Some(campaign), "Library").await.is_ok());
    assert_eq!(both.relay.campaigns().await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_rows_name_others_are_found_without_reading_all_of_them() {
    let sqlite = Both::sqlite();
    let conn = Connection::open(sqlite.folder.path().join("relay.db")).unwrap();
    let sql = "SELECT s.name || '.' || f.\"from\" FROM sqlite_schema s, pragma_foreign_key_list(s.name) f
        WHERE s.type = 'table'
        AND NOT EXISTS (SELECT 1 FROM pragma_table_info(s.name) t WHERE t.name = f.\"from\" AND t.pk = 1)
        AND NOT EXISTS (SELECT 1 FROM pragma_index_list(s.name) i, pragma_index_info(i.name) c
                        WHERE c.seqno = 0 AND c.name = f.\"from\" AND NOT i.partial)";
    let read: Vec<String> =
        conn.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(read, [""; 0], "in a file");
    let postgres = Both::postgres().await;
    let sql = "SELECT conrelid::regclass || '.' || conname FROM pg_constraint
        WHERE contype = 'f' AND NOT EXISTS (
            SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1] AND indpred IS NULL)";
    let rows = client(&postgres.url).await.unwrap().query(sql, &[]).await.unwrap();
    let read: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(read, [""; 0], "in a database");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_listens_in_a_campaign_that_is_deleted_is_told_that_it_is_over() {
    for is_gone in [false, true] {
        let world = World::start().await;
        let ana = world.found().await;
        let mut by_ana = Stream::open(&ana).await;
        // As at the command line, which no relay hears of.
        let delete = async || world.relay.upkeep().unwrap().delete_part(ana.enrolled.campaign).await.unwrap();
        assert!(delete().await);
        while is_gone && delete().await {}
        world.relay.look_for_grants().await.unwrap();
        assert_eq!(by_ana.next().await, None);
        let code = if is_gone { RefusalCode::TokenUnknown } else { RefusalCode::Revoked };
        let status = if is_gone { 401 } else { 403 };
        assert_eq!(ana.sync(&ask(&[])).await.err(), Some(refused(status, code)));
    }
}
