//! Archives: creates them, and opens one to read.

mod make;

pub(super) use make::MakeArchive;
use make::MakeArchives;

use super::exports::table_name;
use crate::files::take_chosen;
use crate::hooks::use_form_action;
use crate::i18n::{t, t_args};
use crate::parts::{Select, Trouble, wave_name};
use crate::when;
use porchlight_model::calls::archive::{ARCHIVE_PAGE, ArchivePage, ArchiveTable, OpenArchive};
use porchlight_model::calls::export::ExportKind;
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::message::ApiError;
use std::rc::Rc;
use yew::prelude::*;

/// What is open: the table, its first row, and the page of rows.
type Open = (u32, u64, Rc<ArchivePage>);

/// The page of archives: creating them, and browsing the tables of one.
#[component]
pub(super) fn Archive() -> Html {
    let file = use_state(|| None::<ChosenFile>);
    let open = use_state(|| None::<Open>);
    let lost = use_state(|| None::<ApiError>);
    let action = use_form_action();
    let look = {
        let (open, action) = (open.clone(), action.clone());
        Callback::from(move |(file, table, from): (ChosenFile, u32, u64)| {
            let open = open.clone();
            action.run(OpenArchive { file, table, from }, move |page| open.set(Some((table, from, Rc::new(page)))));
        })
    };
    let onchange = {
        let (file, open, lost, look) = (file.clone(), open.clone(), lost.clone(), look.clone());
        Callback::from(move |event: Event| {
            open.set(None);
            lost.set(None);
            let (file, lost, look) = (file.clone(), lost.clone(), look.clone());
            take_chosen(&event, move |staged| match staged {
                Ok(staged) => {
                    file.set(Some(staged.clone()));
                    look.emit((staged, 0, 0));
                }
                Err(error) => lost.set(Some(error)),
            });
        })
    };
    let go = {
        let file = (*file).clone();
        Callback::from(move |(table, from): (u32, u64)| {
            if let Some(file) = file.clone() {
                look.emit((file, table, from));
            }
        })
    };
    html! {
        <>
        <MakeArchives />
        <section class="card stack">
            <h2 class="eyebrow">{ t("archive-title") }</h2>
            <p class="who">{ t("archive-hint") }</p>
            <label class="label" for="archive-file">{ t("archive-choose") }</label>
            <input id="archive-file" type="file" accept=".zip" {onchange} disabled={action.is_busy} />
            if let Some(error) = (*lost).as_ref().or(action.failed.as_ref()) { <Trouble error={error.clone()} is_inline=true /> }
            if let Some(open) = &*open { { shown(open, &go) } }
        </section>
        </>
    }
}

fn shown((table, from, page): &Open, go: &Callback<(u32, u64)>) -> Html {
    let (table, from) = (*table, *from);
    let wave = wave_name(&page.wave);
    let about = [
        ("campaign", page.campaign.as_str().into()),
        ("wave", wave.as_str().into()),
        ("time", when::moment(page.made_at).to_string().into()),
        ("name", page.made_by.as_str().into()),
    ];
    let n_rows = page.tables.get(table as usize).map_or(0, |table| table.n_rows);
    let onchange = go.reform(|chosen: String| (chosen.parse().unwrap_or_default(), 0));
    let step = ARCHIVE_PAGE as u64;
    let turn = |to: u64| go.reform(move |_: MouseEvent| (table, to));
    html! {
        <>
            <p role="status">{ t_args("archive-about", &about) }</p>
            <div class="field">
                <label for="archive-table">{ t("archive-table") }</label>
                <Select id="archive-table" value={table.to_string()} {onchange}>{ for (0_u32..).zip(&page.tables).map(|(n, one)| html! {
                    <option value={n.to_string()}>{ named(one) }</option>
                }) }</Select>
            </div>
            if page.rows.is_empty() { <p class="who">{ t("archive-no-rows") }</p> } else {
                <div class="table-box" tabindex="0" role="region" aria-label={t("archive-table")}>
                    <table>
                        <thead><tr>{ for page.header.iter().map(|cell| html! { <th scope="col">{ cell }</th> }) }</tr></thead>
                        <tbody>{ for page.rows.iter().map(|row| html! {
                            <tr>{ for row.iter().map(|cell| html! { <td><bdi>{ cell }</bdi></td> }) }</tr>
                        }) }</tbody>
                    </table>
                </div>
            }
            if n_rows > step {
                <div class="row">
                    <button type="button" class="btn" disabled={from == 0} onclick={turn(from.saturating_sub(step))}>{ t("data-earlier") }</button>
                    <button type="button" class="btn" disabled={from + step >= n_rows} onclick={turn(from + step)}>{ t("data-later") }</button>
                </div>
            }
        </>
    }
}

/// A table's name and its rows.
fn named(table: &ArchiveTable) -> AttrValue {
    let known = ExportKind::ALL.into_iter().find(|kind| kind.as_str() == table.name);
    let name = known.map_or_else(|| AttrValue::from(table.name.clone()), table_name);
    #[expect(clippy::cast_precision_loss, reason = "shown to people")]
    let n_rows = table.n_rows as f64;
    t_args("archive-table-rows", &[("name", name.as_str().into()), ("n", n_rows.into())])
}
