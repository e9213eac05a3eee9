//! Stories of results that arrive after their wave was ended and before it is erased.

use crate::story::{World, world};
use porchlight_model::calls::archive::ArchiveWave;
use porchlight_model::calls::door::OpenDoor;
use porchlight_model::calls::office::OpenTurf;
use porchlight_model::calls::visit::{RecordVisit, ReportDanger, SetFlag};
use porchlight_model::calls::wave::{EndWave, EraseWave, StartWave};
use porchlight_model::id::WaveId;
use porchlight_model::visit::{About, Flag, Gone, PersonState, ResultCode};
use porchlight_tests::campaign::{first_voter, houses, nobody_home};

#[tokio::test(flavor = "multi_thread")]
async fn what_outlives_a_wave_is_kept_also_where_it_came_in_after_the_end() {
    let World { office, ana, turf, relay: _relay, .. } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    let voters = [first_voter(&ana, doors[0]).await.unwrap(), first_voter(&ana, doors[1]).await.unwrap()];
    ana.sync().await.unwrap();
    office.ask(StartWave { name: "Second look".to_owned() }).await.unwrap();
    office.sync().await.unwrap();
    office.ask(EndWave { wave: WaveId::FIRST }).await.unwrap();
    office.sync().await.unwrap();
    let before = office.ask(ArchiveWave { wave: WaveId::FIRST }).await.unwrap();

    // Ana does not know it yet.
    let no_contact = SetFlag { about: About::Voter(voters[0]), flag: Flag::DoNotContact, is_set: true };
    ana.ask(no_contact).await.unwrap();
    let moved = RecordVisit { voter: Some(voters[1]), result: ResultCode::Moved, ..nobody_home(doors[1], "") };
    ana.ask(moved).await.unwrap();
    ana.ask(ReportDanger { about: About::Door(doors[2]), reason: "Loose dog".to_owned() }).await.unwrap();
    ana.sync().await.unwrap();
    office.sync().await.unwrap();
    let late = office.ask(ArchiveWave { wave: WaveId::FIRST }).await.unwrap();
    assert_ne!(before.record, late.record, "until it is erased its archive takes in what came late");
    assert!(late.file.n_rows > before.file.n_rows);
    let doc = office.ask(OpenTurf { turf }).await.unwrap().entry.doc;
    office.ask(EraseWave { wave: WaveId::FIRST }).await.unwrap();
    office.sync().await.unwrap();
    office.sync().await.unwrap();
    assert_eq!(office.call(ArchiveWave { wave: WaveId::FIRST }).await.unwrap_err().message.id, "error-wave-gone");

    let view = |n: usize| office.ask(OpenDoor { door: doors[n] });
    let person = |view: &porchlight_model::calls::door::DoorView, voter| {
        view.voters.iter().find(|view| view.voter.id == voter).unwrap().clone()
    };
    assert_eq!(person(&view(0).await.unwrap(), voters[0]).flags, [Flag::DoNotContact]);
    assert_eq!(person(&view(1).await.unwrap(), voters[1]).state, PersonState::Gone(Gone::Moved));
    assert_eq!(view(2).await.unwrap().danger.unwrap().reason, "Loose dog");
    // Once is enough: further syncs write nothing.
    let n_changes = || office.handle().with(|engine| engine.document(doc).unwrap().get_changes(&[]).len());
    let n_before = n_changes();
    office.sync().await.unwrap();
    assert_eq!(n_changes(), n_before);
}
