//! Stories of a script that is reworded while people walk: recorded answers keep their words.

use crate::story::{World, world};
use porchlight_model::calls::door::{HistoryKind, OpenDoor};
use porchlight_model::calls::draft::{Act, FinishDraft};
use porchlight_model::calls::export::{ExportKind, ExportResults};
use porchlight_model::calls::office::{Dashboard, VoterHistory};
use porchlight_model::calls::script::{GetScript, SaveScript};
use porchlight_model::calls::settle::Conflicts;
use porchlight_model::calls::visit::RecordVisit;
use porchlight_model::id::QuestionId;
use porchlight_model::script::Script;
use porchlight_model::visit::{How, ResultCode};
use porchlight_tests::campaign::{first_voter, houses, talk};
use porchlight_tests::person::Person;
use std::collections::BTreeMap;

const SUPPORT: QuestionId = QuestionId::from_bytes([1; 16]);

/// Puts a changed script in force.
async fn reword(office: &Person, change: impl FnOnce(&mut Script)) {
    let mut script = office.ask(GetScript {}).await.unwrap().unwrap();
    change(&mut script);
    office.ask(SaveScript { script }).await.unwrap();
    office.sync().await.unwrap();
}

fn label<'a>(script: &'a mut Script, value: &str) -> &'a mut String {
    let options = &mut script.questions[0].options;
    &mut options.iter_mut().find(|option| option.value == value).unwrap().label
}

/// A table's rows by its header.
pub(crate) fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut lines = records(csv).into_iter();
    let header = lines.next().unwrap();
    assert_eq!(header.iter().collect::<std::collections::BTreeSet<_>>().len(), header.len(), "{header:?}");
    lines
        .map(|line| {
            assert_eq!(line.len(), header.len(), "{line:?}");
            header.iter().cloned().zip(line).collect()
        })
        .collect()
}

/// The cells of each record.
fn records(csv: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut cell, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = csv.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => record.push(std::mem::take(&mut cell)),
            '\r' if !is_quoted && letters.next_if_eq(&'\n').is_some() => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            other => cell.push(other),
        }
    }
    records
}

async fn table(office: &Person, what: ExportKind) -> Vec<BTreeMap<String, String>> {
    rows(&office.ask(ExportResults { what }).await.unwrap().text)
}

/// The answers in a door's history, newest visit first.
async fn told(person: &Person, door: porchlight_model::id::DoorId) -> Vec<Vec<(String, String)>> {
    let history = person.ask(OpenDoor { door }).await.unwrap().history;
    let said = history.into_iter().filter_map(|item| match item.what {
        HistoryKind::Visit { said, .. } => Some(said),
        _ => None,
    });
    said.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rewording_an_answer_does_not_reword_what_was_said() {
    let World { office, ana, ben, turf, relay: _relay, .. } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    let voters = [first_voter(&ana, doors[0]).await.unwrap(), first_voter(&ana, doors[1]).await.unwrap()];
    talk(&ana, doors[0], voters[0], &[(1, "lean_yes")], "").await.unwrap();
    ana.sync().await.unwrap();
    // From here on the answer says the opposite, and no longer counts as support.
    reword(&office, |script| {
        *label(script, "lean_yes") = "Strongly no, indeed".to_owned();
        script.questions[0].options[1].is_support = false;
    })
    .await;
    ben.sync().await.unwrap();
    talk(&ben, doors[1], voters[1], &[(1, "lean_yes")], "").await.unwrap();
    for person in [&ben, &ana, &office] {
        person.sync().await.unwrap();
    }
    let expected = ["Leaning yes", "Strongly no, indeed"];
    let visits = table(&office, ExportKind::Visits).await;
    assert_eq!(visits.iter().map(|row| row["Library measure"].as_str()).collect::<Vec<_>>(), expected);
    let said = table(&office, ExportKind::Said).await;
    assert_eq!(said.iter().map(|row| row["answer"].as_str()).collect::<Vec<_>>(), expected);
    assert!(said.iter().all(|row| row["value"] == "lean_yes" && row["question"] == "Library measure"));
    let answers = table(&office, ExportKind::Answers).await;
    for (n, words) in expected.into_iter().enumerate() {
        let row = answers.iter().find(|row| row["person"] == voters[n].to_string()).unwrap();
        assert_eq!(row["Library measure"], words);
        // On every screen, at the door and in the office.
        for person in [&office, &ana, &ben] {
            assert_eq!(told(person, doors[n]).await, [[("Library measure".to_owned(), words.to_owned())]]);
            let view = person.ask(OpenDoor { door: doors[n] }).await.unwrap();
            let voter = view.voters.iter().find(|view| view.voter.id == voters[n]).unwrap();
            assert_eq!(voter.words[&SUPPORT].label, words, "{}", person.name);
        }
        let record = office.ask(VoterHistory { voter: voters[n] }).await.unwrap();
        assert_eq!(record.voter.words[&SUPPORT].label, words);
    }
    let board = office.ask(Dashboard {}).await.unwrap();
    assert_eq!(board.totals.n_supporters, 1, "who leaned to yes still does; who says no does not");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_talk_that_was_begun_before_the_script_was_reworded_is_told_in_the_words_that_were_on_the_screen() {
    let World { office, ana, turf, relay: _relay, .. } = world().await;
    let door = houses(&ana, turf).await.unwrap()[0];
    let voter = first_voter(&ana, door).await.unwrap();
    let shown = ana.ask(OpenDoor { door }).await.unwrap().script.unwrap().id;
    // During the talk the phone receives a version with the same questions and values, but other words.
    reword(&office, |script| {
        script.questions[0].title = "Library closure".to_owned();
        *label(script, "lean_yes") = "Strongly no, indeed".to_owned();
    })
    .await;
    ana.sync().await.unwrap();
    assert_ne!(ana.ask(OpenDoor { door }).await.unwrap().script.unwrap().id, shown);
    let visit = RecordVisit {
        doors: vec![door],
        voter: Some(voter),
        how: How::Door,
        result: ResultCode::Canvassed,
        answers: [(SUPPORT, "lean_yes".to_owned())].into(),
        note: String::new(),
        script: Some(shown),
    };
    ana.ask(FinishDraft { key: "talk".to_owned(), act: Act::Visit(visit), makes: None }).await.unwrap();
    assert_eq!(told(&ana, door).await, [[("Library measure".to_owned(), "Leaning yes".to_owned())]]);
    ana.sync().await.unwrap();
    office.sync().await.unwrap();
    let said = table(&office, ExportKind::Said).await;
    assert_eq!((said[0]["question"].as_str(), said[0]["answer"].as_str()), ("Library measure", "Leaning yes"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_with_another_title_has_another_column_and_one_that_is_gone_keeps_its_own() {
    let World { office, ana, ben, turf, relay: _relay, .. } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    let mut voters = Vec::new();
    for door in &doors[..3] {
        voters.push(first_voter(&ana, *door).await.unwrap());
    }
    talk(&ana, doors[0], voters[0], &[(1, "strong_yes"), (2, "yes")], "").await.unwrap();
    ana.sync().await.unwrap();
    // The same question asks something else, and another is removed.
    reword(&office, |script| {
        script.questions[0].title = "School bond".to_owned();
        script.questions[0].text = "Would you support the school bond?".to_owned();
        script.questions.remove(1);
    })
    .await;
    ana.sync().await.unwrap();
    talk(&ana, doors[1], voters[1], &[(1, "strong_yes")], "").await.unwrap();
    ana.sync().await.unwrap();
    // A new question has the old title.
    reword(&office, |script| {
        let mut again = script.questions[0].clone();
        again.id = QuestionId::from_bytes([9; 16]);
        again.title = "Yard sign".to_owned();
        again.options.retain(|option| option.value == "strong_no");
        again.options[0].then = porchlight_model::script::Then::End;
        script.questions.push(again);
    })
    .await;
    ana.sync().await.unwrap();
    talk(&ana, doors[2], voters[2], &[(9, "strong_no")], "").await.unwrap();
    ana.sync().await.unwrap();
    office.sync().await.unwrap();
    let visits = table(&office, ExportKind::Visits).await;
    let columns = ["School bond", "Way to vote", "Yard sign", "Library measure", "Yard sign (2)"];
    let told: Vec<_> = visits.iter().map(|row| columns.map(|column| row[column].as_str())).collect();
    assert_eq!(
        told,
        [["", "", "", "Strongly yes", "Yes"], ["Strongly yes", "", "", "", ""], ["", "", "Strongly no", "", ""],]
    );
    let said = table(&office, ExportKind::Said).await;
    let asked: Vec<_> = said.iter().map(|row| (row["question"].as_str(), row["asked"].as_str())).collect();
    assert_eq!(asked[0], ("Library measure", "If the vote were today, would you support the library measure?"));
    assert_eq!(asked[2], ("School bond", "Would you support the school bond?"));
    // The two sides were asked different things: each shows its question.
    ben.sync().await.unwrap();
    talk(&ben, doors[0], voters[0], &[(1, "undecided")], "").await.unwrap();
    talk(&ana, doors[0], voters[0], &[(1, "strong_no")], "").await.unwrap();
    for person in [&ana, &ben, &office] {
        person.sync().await.unwrap();
    }
    let conflicts = office.ask(Conflicts {}).await.unwrap();
    assert_eq!(conflicts.len(), 1);
    let labels: std::collections::BTreeSet<_> = conflicts[0].sides.iter().map(|side| side.label.as_str()).collect();
    assert_eq!(labels, ["Strongly no", "Undecided"].into());
    assert!(conflicts[0].sides.iter().all(|side| side.text == "Would you support the school bond?"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_with_a_title_or_an_answer_twice_is_refused_with_the_place() {
    let World { office, relay: _relay, .. } = world().await;
    let script = office.ask(GetScript {}).await.unwrap().unwrap();
    let mut twice = script.clone();
    twice.questions[2].title = "library  MEASURE ".to_owned();
    let refused = office.call(SaveScript { script: twice }).await.unwrap_err().message;
    assert_eq!(
        (refused.id.as_str(), refused.args["n"].as_str(), refused.args["earlier"].as_str()),
        ("script-title-doubled", "3", "1")
    );
    let mut twice = script.clone();
    *label(&mut twice, "undecided") = "leaning YES".to_owned();
    let refused = office.call(SaveScript { script: twice }).await.unwrap_err().message;
    let place = ["n", "place", "earlier"].map(|name| refused.args[name].as_str());
    assert_eq!((refused.id.as_str(), place), ("script-option-doubled", ["1", "3", "2"]));
    assert_eq!(office.ask(GetScript {}).await.unwrap().unwrap(), script, "what was in force still is");
}
