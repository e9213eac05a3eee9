//! Permissions: every call by every role, on real devices of a real campaign.

mod invented;

use crate::story::{World, world};
use porchlight_engine::dispatch;
use porchlight_model::calls::AnyCall;
use porchlight_model::calls::export::{ExportKind, ExportResults};
use porchlight_model::calls::invite::{Invite, InviteCall};
use porchlight_model::calls::join::Session;
use porchlight_model::calls::office::Dashboard;
use porchlight_model::calls::script::SaveScript;
use porchlight_model::grant::Act;
use porchlight_model::member::Role;
use porchlight_model::message::ErrorCode;
use porchlight_tests::campaign::{invite, script};
use porchlight_tests::person::Person;
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread")]
async fn every_call_is_answered_for_the_roles_in_the_table_and_refused_to_all_others() {
    let World { relay: _relay, office, ana, folder, .. } = world().await;
    let cleo = Person::new("Cleo", folder.path()).unwrap();
    invite(&office, &cleo, Role::Captain).await.unwrap();
    let nobody = Person::new("Nobody", folder.path()).unwrap();

    let mut calls = invented::all::<AnyCall>().unwrap();
    let names: BTreeSet<_> = calls.iter().map(AnyCall::name).collect();
    assert_eq!(
        names,
        AnyCall::GROUPS.iter().copied().flatten().map(|(name, _)| *name).collect(),
        "every call is asked"
    );
    // An invented role stands for one that only a newer version knows.
    for call in &mut calls {
        if let AnyCall::Invite(InviteCall::Invite(invite)) = call {
            invite.role = Role::Canvasser;
        }
    }
    // The call that removes the device from the campaign comes last.
    calls.sort_by_key(|call| call.name() == "CleanUp");

    for (person, role) in [(&ana, Role::Canvasser), (&cleo, Role::Captain), (&office, Role::Coordinator)] {
        assert_eq!(person.ask(Session {}).await.unwrap().identity.unwrap().role, role);
        for call in &calls {
            let (name, may) = (call.name(), role.may(call.act()));
            let answer = dispatch(person.handle(), call.clone()).await;
            let code = answer.as_ref().err().map(|error| error.code);
            assert_eq!(code == Some(ErrorCode::NotAllowed), !may, "{role:?} asks {name}: {answer:?}");
            if let (false, Err(error)) = (may, answer) {
                assert_eq!(error.message.id, call.act().refusal(), "{role:?} asks {name}");
            }
        }
    }
    for call in &calls {
        let code = dispatch(nobody.handle(), call.clone()).await.err().map(|error| error.code);
        let may = call.act().is_before_joining();
        assert_eq!(code == Some(ErrorCode::NotEnrolled), !may, "before joining: {}", call.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captain_takes_no_results_out_and_changes_no_script() {
    let World { relay: _relay, office, ana, folder, .. } = world().await;
    let cleo = Person::new("Cleo", folder.path()).unwrap();
    invite(&office, &cleo, Role::Captain).await.unwrap();
    for what in [ExportKind::Visits, ExportKind::Answers] {
        let refused = cleo.call(ExportResults { what }).await.unwrap_err();
        assert_eq!(refused.message.id, "error-only-coordinator");
    }
    let refused = cleo.call(SaveScript { script: script() }).await.unwrap_err();
    assert_eq!(refused.message.id, "error-only-coordinator");
    assert_eq!(ana.call(Dashboard {}).await.unwrap_err().message.id, "error-only-office");
    // Whom one may invite is in the same table.
    for (person, role) in [(&cleo, Role::Captain), (&office, Role::Coordinator), (&ana, Role::Canvasser)] {
        for invited in [Role::Canvasser, Role::Captain, Role::Coordinator] {
            let answer = person.call(Invite { role: invited, minutes: 5 }).await;
            assert_eq!(answer.is_ok(), role.may_invite(invited), "{role:?} invites {invited:?}");
        }
    }
    assert!(cleo.ask(Dashboard {}).await.is_ok());
    assert!(!Role::Captain.may(Act::Export) && Role::Coordinator.may(Act::Export));
}
