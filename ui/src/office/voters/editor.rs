//! What is chosen in one condition.

use super::ages::Ages;
use super::chosen::Kind;
use super::words::{Names, mark_label, or_none, party, place_label};
use crate::i18n::{number, t, t_message};
use crate::parts::mark::result_label;
use crate::when;
use js_sys::Date;
use porchlight_model::time::At;
use porchlight_model::universe::{Condition, Filter, Mark, TurfPlace};
use porchlight_model::visit::ResultCode;
use std::str::FromStr;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// From so many values on they can be narrowed by typing.
const MANY: usize = 8;

/// The most values that are drawn at once.
const DRAWN: usize = 60;

/// The props of [`Editor`].
#[derive(Properties, PartialEq)]
pub(super) struct EditorProps {
    /// The condition.
    pub(super) condition: Condition,
    /// What there is to choose from.
    pub(super) names: Names,
    /// Receives the changed condition, also one that makes no sense: it says so.
    pub(super) onchange: Callback<Condition>,
}

/// The fields of a condition.
#[component]
pub(super) fn Editor(props: &EditorProps) -> Html {
    let onchange = &props.onchange;
    let choices = props.names.choices.as_deref();
    let fields = match &props.condition {
        Condition::Party { any } => {
            let all = choices.map(|choices| choices.parties.as_slice()).unwrap_or_default();
            let all = all.iter().map(|(name, n)| (name.clone(), party(name).to_string(), Some(*n)));
            picks(all.collect(), any, onchange.reform(|any| Condition::Party { any }))
        }
        Condition::Precinct { any } => {
            let all = choices.map(|choices| choices.precincts.as_slice()).unwrap_or_default();
            picks(counted(all), any, onchange.reform(|any| Condition::Precinct { any }))
        }
        Condition::Town { any } => {
            let all = choices.map(|choices| choices.towns.as_slice()).unwrap_or_default();
            picks(counted(all), any, onchange.reform(|any| Condition::Town { any }))
        }
        Condition::Zip { any } => {
            let all = choices.map(|choices| choices.zips.as_slice()).unwrap_or_default();
            picks(counted(all), any, onchange.reform(|any| Condition::Zip { any }))
        }
        Condition::Age { from, to } => html! {
            <>
                { seg(&[("filter-between", Condition::Age { from: *from, to: *to }, true), ("filter-unknown", Condition::AgeUnknown {}, false)], onchange) }
                if let Some(choices) = choices { <Ages ages={choices.ages.clone()} from={*from} to={*to} /> }
                { between(*from, *to, 120, onchange.reform(|(from, to)| Condition::Age { from, to })) }
            </>
        },
        Condition::AgeUnknown {} => seg(
            &[
                ("filter-between", Condition::Age { from: None, to: None }, false),
                ("filter-unknown", Condition::AgeUnknown {}, true),
            ],
            onchange,
        ),
        Condition::HasPhone {} => html! { <p class="who">{ t("filter-phone-hint") }</p> },
        Condition::LastResult { any, or_none } => {
            let mut all: Vec<(String, String, Option<u64>)> = ResultCode::ALL
                .iter()
                .map(|result| (result.as_str().to_owned(), t(result_label(*result)).to_string(), None))
                .collect();
            all.insert(0, (String::new(), t("voters-not-yet").to_string(), None));
            let mut chosen: Vec<String> = any.iter().map(|result| result.as_str().to_owned()).collect();
            chosen.extend(or_none.then(String::new));
            picks(
                all,
                &chosen,
                onchange.reform(|any: Vec<String>| Condition::LastResult {
                    or_none: any.iter().any(String::is_empty),
                    any: any.iter().filter(|name| !name.is_empty()).map(|name| ResultCode::parse(name)).collect(),
                }),
            )
        }
        Condition::Attempts { from, to } => {
            between(*from, *to, 999, onchange.reform(|(from, to)| Condition::Attempts { from, to }))
        }
        Condition::ContactedSince { at } => contact(*at, true, onchange),
        Condition::NotReachedSince { at } => contact(*at, false, onchange),
        Condition::Answered { question, any } => {
            let question = *question;
            let questions = choices.map(|choices| choices.questions.as_slice()).unwrap_or_default();
            let pick = {
                let ids: Vec<_> = questions.iter().map(|choice| choice.question).collect();
                onchange.reform(move |event: Event| {
                    let field: HtmlSelectElement = event.target_unchecked_into();
                    let place = usize::try_from(field.selected_index()).unwrap_or_default();
                    Condition::Answered { question: ids.get(place).copied().unwrap_or(question), any: Vec::new() }
                })
            };
            let asked = questions.iter().find(|choice| choice.question == question);
            let options = asked.map(|asked| asked.options.as_slice()).unwrap_or_default();
            let all = options.iter().map(|(value, label)| (value.clone(), label.clone(), None)).collect();
            html! {
                <>
                    <div class="field"><label for="filter-question">{ t("filter-question") }</label><select id="filter-question" onchange={pick}>{ for questions.iter().map(|choice| html! {
                        <option selected={choice.question == question}>{ &choice.title }</option>
                    }) }</select></div>
                    <p class="who">{ t("filter-answer-hint") }</p>
                    { picks(all, any, onchange.reform(move |any| Condition::Answered { question, any })) }
                </>
            }
        }
        Condition::Marked { any } => {
            let name = |mark: &Mark| mark.as_str().to_owned();
            let all = Mark::ALL.iter().map(|mark| (name(mark), t(mark_label(*mark)).to_string(), None));
            let chosen: Vec<String> = any.iter().map(name).collect();
            picks(
                all.collect(),
                &chosen,
                onchange.reform(|any: Vec<String>| Condition::Marked {
                    any: any.iter().map(|name| Mark::parse(name)).collect(),
                }),
            )
        }
        Condition::Turf { place } => {
            let places = TurfPlace::ALL.map(|one| (place_label(one), Condition::Turf { place: one }, one == *place));
            html! { <>{ seg(&places, onchange) }<p class="who">{ t("filter-turf-hint") }</p></> }
        }
        Condition::InTurf { any } => {
            let turfs = props.names.board.iter().flat_map(|board| &board.turfs);
            let all = turfs.map(|row| (row.turf.to_string(), row.name.clone(), None)).collect();
            let chosen: Vec<String> = any.iter().map(ToString::to_string).collect();
            picks(
                all,
                &chosen,
                onchange.reform(|any: Vec<String>| Condition::InTurf {
                    any: any.iter().filter_map(|turf| turf.parse().ok()).collect(),
                }),
            )
        }
        Condition::LivesWith { with } => lives_with(with, &props.names, onchange),
        Condition::Near { at, within_m } => {
            let at = *at;
            let oninput = onchange.reform(move |event: InputEvent| {
                let field: HtmlInputElement = event.target_unchecked_into();
                Condition::Near { at, within_m: field.value().parse().unwrap_or_default() }
            });
            html! {
                <div class="field"><label for="filter-metres">{ t("filter-metres-label") }</label>
                    <input id="filter-metres" type="number" inputmode="numeric" min="1" max="100000" value={within_m.to_string()} {oninput} /></div>
            }
        }
        Condition::Text { .. } => Html::default(),
    };
    let wrong = props.condition.check().err();
    html! {
        <>
            { fields }
            if let Some(wrong) = wrong { <p class="field-error" role="alert">{ t_message(&wrong) }</p> }
        </>
    }
}

fn counted(all: &[(String, u64)]) -> Vec<(String, String, Option<u64>)> {
    all.iter().map(|(name, n)| (name.clone(), or_none(name), Some(*n))).collect()
}

fn picks(all: Vec<(String, String, Option<u64>)>, chosen: &[String], onchange: Callback<Vec<String>>) -> Html {
    html! { <Picks {all} chosen={chosen.to_vec()} {onchange} /> }
}

/// A choice of one of a few forms of a condition.
fn seg(all: &[(&'static str, Condition, bool)], onchange: &Callback<Condition>) -> Html {
    html! {
        <div class="seg" role="group">{ for all.iter().map(|(label, condition, is_on)| {
            let (onchange, condition) = (onchange.clone(), condition.clone());
            let onclick = Callback::from(move |_: MouseEvent| onchange.emit(condition.clone()));
            html! { <button type="button" class={is_on.then_some("on")} aria-pressed={is_on.to_string()} {onclick}>{ t(label) }</button> }
        }) }</div>
    }
}

fn between<N>(from: Option<N>, to: Option<N>, max: u32, onchange: Callback<(Option<N>, Option<N>)>) -> Html
where
    N: Copy + FromStr + ToString + 'static,
{
    let field = |id: &'static str, value: Option<N>, onchange: Callback<Option<N>>| {
        let oninput = Callback::from(move |event: InputEvent| {
            let field: HtmlInputElement = event.target_unchecked_into();
            onchange.emit(field.value().trim().parse().ok());
        });
        let value = value.map(|value| value.to_string());
        html! {
            <div class="field"><label for={id}>{ t(id) }</label>
                <input {id} type="number" inputmode="numeric" min="0" max={max.to_string()} {value} {oninput} /></div>
        }
    };
    html! {
        <div class="two">
            { field("filter-from", from, onchange.reform(move |from| (from, to))) }
            { field("filter-to", to, onchange.reform(move |to| (from, to))) }
        </div>
    }
}

fn contact(at: At, is_contacted: bool, onchange: &Callback<Condition>) -> Html {
    let today = At(crate::clock::now().0 / 86_400_000 * 86_400_000);
    let dated = if at.0 == 0 { today.plus_ms(-14 * 86_400_000) } else { at };
    let forms = [
        ("filter-never", Condition::NotReachedSince { at: At(0) }, !is_contacted && at.0 == 0),
        ("filter-not-since", Condition::NotReachedSince { at: dated }, !is_contacted && at.0 != 0),
        ("filter-since", Condition::ContactedSince { at: dated }, is_contacted && at.0 != 0),
        ("filter-ever", Condition::ContactedSince { at: At(0) }, is_contacted && at.0 == 0),
    ];
    let onday = onchange.reform(move |event: InputEvent| {
        let field: HtmlInputElement = event.target_unchecked_into();
        // The day begins at the person's midnight.
        let ms = Date::parse(&format!("{}T00:00", field.value()));
        #[expect(clippy::cast_possible_truncation, reason = "a date in milliseconds")]
        let at = At(if ms.is_finite() && ms != 0.0 { ms as i64 } else { -1 });
        if is_contacted { Condition::ContactedSince { at } } else { Condition::NotReachedSince { at } }
    });
    html! {
        <>
            { seg(&forms, onchange) }
            if at.0 != 0 {
                <div class="field"><label for="filter-day">{ t("filter-day") }</label>
                    <input id="filter-day" type="date" min="2000-01-01" max="2099-12-31" value={when::iso_day(at)} oninput={onday} /></div>
            }
        </>
    }
}

fn lives_with(with: &Filter, names: &Names, onchange: &Callback<Condition>) -> Html {
    let Filter::Is(inner) = with else { return html! { <p class="who">{ t("filter-several") }</p> } };
    let question = names.choices.as_ref().and_then(|choices| choices.questions.first()).map(|choice| choice.question);
    let kind = Kind::of(inner);
    let outer = onchange.reform(|condition: Condition| Condition::LivesWith { with: Box::new(Filter::Is(condition)) });
    let pick = {
        let outer = outer.clone();
        Callback::from(move |event: Event| {
            let field: HtmlSelectElement = event.target_unchecked_into();
            let place = usize::try_from(field.selected_index()).unwrap_or_default();
            let fresh = Kind::OF_OTHERS.get(place).and_then(|kind| kind.fresh(question));
            fresh.into_iter().for_each(|condition| outer.emit(condition));
        })
    };
    html! {
        <>
            <div class="field"><label for="filter-other">{ t("filter-someone-whose") }</label><select id="filter-other" onchange={pick}>{ for Kind::OF_OTHERS.map(|one| html! {
                <option selected={one == kind}>{ t(one.label()) }</option>
            }) }</select></div>
            <Editor condition={inner.clone()} names={names.clone()} onchange={outer} />
        </>
    }
}

/// The props of [`Picks`].
#[derive(Properties, PartialEq)]
struct PicksProps {
    /// Each value with its words and how many people have it.
    all: Vec<(String, String, Option<u64>)>,
    chosen: Vec<String>,
    onchange: Callback<Vec<String>>,
}

/// Values of which several can be chosen.
#[component]
fn Picks(props: &PicksProps) -> Html {
    let wanted = use_state(String::new);
    let oninput = {
        let wanted = wanted.clone();
        Callback::from(move |event: InputEvent| wanted.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let start = wanted.trim().to_lowercase();
    let fits = |label: &str| start.is_empty() || label.to_lowercase().contains(&start);
    let shown: Vec<_> = props.all.iter().filter(|(_, label, _)| fits(label)).collect();
    let n_more = shown.len().saturating_sub(DRAWN);
    let row = |(value, label, n): &(String, String, Option<u64>)| {
        let is_on = props.chosen.contains(value);
        let (chosen, value, onchange) = (props.chosen.clone(), value.clone(), props.onchange.clone());
        let onclick = Callback::from(move |_: Event| {
            let mut chosen = chosen.clone();
            if is_on {
                chosen.retain(|other| *other != value);
            } else {
                chosen.push(value.clone());
            }
            onchange.emit(chosen);
        });
        #[expect(clippy::cast_precision_loss, reason = "shown to people")]
        let n = n.map(|n| number(n as f64));
        html! {
            <label class="check"><input type="checkbox" checked={is_on} onchange={onclick} /><span class="grow"><bdi>{ label }</bdi></span>
                if let Some(n) = n { <span class="who">{ n }</span> }</label>
        }
    };
    html! {
        <>
            if props.all.len() > MANY {
                <label class="inp">{ crate::parts::icon("search") }<input type="search" aria-label={t("filter-narrow")} placeholder={t("filter-narrow")} value={(*wanted).clone()} {oninput} autocomplete="off" /></label>
            }
            <div class="picks">{ for shown.into_iter().take(DRAWN).map(row) }</div>
            if n_more > 0 { <p class="who">{ crate::i18n::t_args("filter-more", &[("n", n_more.into())]) }</p> }
            if props.all.is_empty() { <p class="who">{ t("filter-nothing") }</p> }
        </>
    }
}
