//! Search among voters and addresses, and one voter's record.

use crate::hooks::use_call;
use crate::i18n::t;
use crate::layout::Page;
use crate::pages::History;
use crate::parts::{Empty, Go, Mark, TextField, apart, draw};
use crate::route::OfficeRoute;
use porchlight_model::calls::office::{Hit, Search, VoterHistory};
use porchlight_model::id::VoterId;
use yew::prelude::*;
use yew_router::Routable;

/// The most hits shown.
const LIMIT: u32 = 50;

/// The search.
#[component]
pub(super) fn Voters() -> Html {
    let typed = use_state(String::new);
    let hits = use_call(Search { text: (*typed).clone(), limit: LIMIT, after: None });
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |text: String| typed.set(text))
    };
    html! {
        <Page title={t("place-voters")} class="column">
            <TextField id="search" label={t("voters-search")} hint={Some(t("voters-search-hint"))} value={(*typed).clone()} {oninput} kind="search" has_focus=true />
            if typed.trim().is_empty() {
                <Empty title={t("voters-empty-title")} what_next={t("voters-empty-body")} />
            } else {
                { draw(&hits, |page| if page.hits.is_empty() { html! { <p role="status" class="who">{ t("voters-none") }</p> } } else { html! {
                    <ul class="list">{ for page.hits.iter().map(hit) }</ul>
                } }) }
            }
        </Page>
    }
}

fn hit(hit: &Hit) -> Html {
    html! {
        <li key={hit.voter.to_string()}><Go to={OfficeRoute::Voter { voter: hit.voter }.to_path()} class="li">
            <Mark state={hit.state} />
            <span class="grow"><span class="li-title"><bdi>{ &hit.name }</bdi></span>
                <span class="who cut">{ apart([hit.address.as_str(), hit.turf.as_str()]) }</span></span>
        </Go></li>
    }
}

/// The props of [`Voter`].
#[derive(Properties, PartialEq)]
pub(super) struct VoterProps {
    /// The voter.
    pub(super) voter: VoterId,
}

/// One voter's record.
#[component]
pub(super) fn Voter(props: &VoterProps) -> Html {
    let record = use_call(VoterHistory { voter: props.voter });
    let title = record.value().map_or_else(|| t("place-voters"), |view| view.voter.voter.full_name().into());
    html! {
        <Page {title} back={OfficeRoute::Voters.to_path()} class="column">
            { draw(&record, |view| {
                let voter = &view.voter.voter;
                let answers = view.voter.words.iter().map(|(question, words)| {
                    (words.title.clone(), words.label.clone(), view.voter.in_conflict.contains(question))
                });
                html! {
                    <>
                        <section class="card">
                            <h2 class="addr"><bdi>{ view.door.address() }</bdi></h2>
                            <p class="who">{ apart([view.door.city.as_str(), view.door.zip.as_str(), view.turf.as_str()]) }</p>
                            <p class="who">{ apart([&voter.age.map(|age| age.to_string()).unwrap_or_default(), &voter.party, &voter.phone].map(String::as_str)) }</p>
                            <dl class="kv">{ for answers.map(|(title, label, is_disputed)| html! { <div><dt><bdi>{ title }</bdi></dt><dd><bdi>{ label }</bdi>if is_disputed { { " " }<span class="chip">{ t("voters-disputed") }</span> }</dd></div> }) }</dl>
                        </section>
                        <History items={view.history.clone()} />
                    </>
                }
            }) }
        </Page>
    }
}
