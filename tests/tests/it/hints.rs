//! A device that syncs by itself, with a timer whose waits end only when the test says so.

use crate::story::{World, world};
use porchlight_engine::sync::driver::Sleep;
use porchlight_engine::sync::{self, Timer};
use porchlight_model::calls::door::OpenDoor;
use porchlight_model::calls::invite::TakeBack;
use porchlight_model::calls::office::OpenTurf;
use porchlight_model::calls::walk::MyTurf;
use porchlight_tests::campaign::{houses, not_home};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Far longer than any of this takes.
const LONG: Duration = Duration::from_secs(30);

/// A pending wait: its duration in milliseconds, and the sender that ends it.
type Wait = (u64, oneshot::Sender<()>);

/// A timer that reports each wait.
struct HeldTimer(mpsc::UnboundedSender<Wait>);

impl Timer for HeldTimer {
    fn sleep(&self, ms: u64) -> Sleep {
        let (end, ended) = oneshot::channel();
        let is_told = self.0.send((ms, end)).is_ok();
        Box::pin(async move {
            if !is_told || ended.await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_between_a_round_and_the_opening_of_the_stream_of_hints_is_fetched_at_once() {
    let World { relay: _relay, office, mut ana, ben, turf, folder: _folder } = world().await;
    let door = houses(&ben, turf).await.unwrap()[0];
    ana.kill_and_restart().unwrap();
    let (told, mut waits) = mpsc::unbounded_channel();
    let syncing = tokio::spawn(sync::run(ana.handle().clone(), Arc::new(HeldTimer(told))));
    let mut next = async || tokio::time::timeout(LONG, waits.recv()).await.expect("a wait begins in time").unwrap();
    // A round is running, and the stream is not open yet. Then the round has ended.
    let (_, open) = next().await;
    let (until_next_round, _round) = next().await;
    assert!(until_next_round > 20_000, "nothing is left to do: {until_next_round} ms");
    not_home(&ben, door).await.unwrap();
    ben.sync().await.unwrap();
    open.send(()).unwrap();
    let (_, _round) = next().await;
    assert_eq!(ana.ask(OpenDoor { door }).await.unwrap().history.len(), 1);
    // From then on hints arrive.
    ben.clock.advance_ms(3_000);
    not_home(&ben, door).await.unwrap();
    ben.sync().await.unwrap();
    let (_, _round) = next().await;
    assert_eq!(ana.ask(OpenDoor { door }).await.unwrap().history.len(), 2);
    syncing.abort();
    drop(office);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turf_that_is_taken_back_leaves_a_device_that_listens_at_once() {
    let World { relay: _relay, office, mut ana, ben: _ben, turf, folder: _folder } = world().await;
    ana.kill_and_restart().unwrap();
    let (told, mut waits) = mpsc::unbounded_channel();
    let syncing = tokio::spawn(sync::run(ana.handle().clone(), Arc::new(HeldTimer(told))));
    let mut next = async || tokio::time::timeout(LONG, waits.recv()).await.expect("a wait begins in time").unwrap();
    let (_, open) = next().await;
    let (_, _round) = next().await;
    open.send(()).unwrap();
    // The round that follows the opening of the stream.
    let (_, _round) = next().await;
    assert_eq!(ana.ask(MyTurf {}).await.unwrap().len(), 1);
    office.sync().await.unwrap();
    let holders = office.ask(OpenTurf { turf }).await.unwrap().holders;
    let device = holders.iter().find(|holder| holder.name == "Ana").unwrap().device;
    office.ask(TakeBack { turf, device }).await.unwrap();
    let (_, _round) = next().await;
    assert!(ana.ask(MyTurf {}).await.unwrap().is_empty());
    syncing.abort();
}
