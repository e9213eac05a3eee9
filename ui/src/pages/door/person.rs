//! One voter behind a door: who they are, what they said so far, and the way to talk with them.

use crate::i18n::{t, t_args};
use crate::parts::Go;
use crate::route::Route;
use porchlight_model::calls::field::{AnswerWords, VoterView};
use porchlight_model::id::QuestionId;
use porchlight_model::visit::Flag;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::Routable;

/// What [`Person`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct PersonProps {
    /// The voter.
    pub(super) voter: Rc<VoterView>,
    /// The person wants what else can be recorded.
    pub(super) on_more: Callback<MouseEvent>,
}

/// The card of a voter.
#[component]
pub(super) fn Person(props: &PersonProps) -> Html {
    let view = &props.voter;
    let name = view.voter.full_name();
    let is_refused = view.flags.contains(&Flag::DoNotContact);
    let to = Route::Talk { door: view.voter.door, voter: view.voter.id }.to_path();
    html! {
        <section class="card person">
            <div class="row sp">
                <div class="grow">
                    <h2 class="addr">{ &name }</h2>
                    <p class="who">{ facts(view) }</p>
                </div>
                <button type="button" class="btn dots" onclick={props.on_more.clone()}
                    aria-label={t_args("person-more", &[("name", name.as_str().into())])}><span aria-hidden="true">{ "⋯" }</span></button>
                <Go {to} class={classes!("btn", (!is_refused).then_some("main"))}
                    label={t_args("person-talk", &[("name", name.as_str().into())])}>{ t("act-talk") }</Go>
            </div>
            if is_refused { <p><span class="chip refused">{ t("flag-do-not-contact") }</span></p> }
            if !view.answers.is_empty() {
                <dl class="answers">
                    { for view.words.iter().map(|(question, words)| answer(view, *question, words)) }
                </dl>
            }
        </section>
    }
}

fn facts(view: &VoterView) -> String {
    let voter = &view.voter;
    let mut facts: Vec<String> = Vec::new();
    facts.extend(voter.age.map(|age| age.to_string()));
    facts.push(if view.is_added { t("person-added").to_string() } else { t("person-registered").to_string() });
    facts.extend((!voter.party.is_empty()).then(|| voter.party.clone()));
    facts.extend((!voter.phone.is_empty()).then(|| voter.phone.clone()));
    facts.join(" · ")
}

/// An answer in the words that stood on the screen when it was given.
fn answer(view: &VoterView, question: QuestionId, words: &AnswerWords) -> Html {
    let title =
        if words.title.is_empty() { t("person-earlier-question") } else { AttrValue::from(words.title.clone()) };
    html! {
        <div>
            <dt>{ title }</dt>
            <dd>{ &words.label }
                if view.in_conflict.contains(&question) { { " " }<span class="chip">{ t("person-in-conflict") }</span> }
            </dd>
        </div>
    }
}
