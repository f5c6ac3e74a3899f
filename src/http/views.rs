//! Saved views: the page where a list's filter gets a name, and where one's own are kept in order.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::fields::{Asking, Fields, Sought};
use super::edge::notice::Told;
use super::pages::{FieldError, SavedViewSeen, ViewForm, ViewLink, ViewsPage};
use super::routes::To;
use super::{Edge, page, stale, wrong};
use crate::app::OutError;
use crate::id::Id;
use crate::people::{Person, SavedView, ViewFacts, ViewOf, ViewRow};
use crate::rows::Stored;

/// So many deleted views can be put back.
const REMOVED_SHOWN: usize = 10;

/// The views of the list that a caller looks at, and where to save what it shows; nothing on other
/// pages.
pub(super) fn around(edge: &Edge, caller: &Caller) -> (Vec<ViewLink>, Option<String>) {
    let (path, query) = caller.path.split_once('?').unwrap_or((&caller.path, ""));
    let of = path.strip_prefix('/').and_then(ViewOf::parse);
    let (Some(of), Some(person)) = (of, caller.by()) else { return (vec![], None) };
    let query = Fields::parse(query.as_bytes()).without("page");
    let link = |it: &Stored<ViewRow>| ViewLink {
        name: it.row.facts.name.clone(),
        href: href(&it.row.facts),
        is_here: it.row.facts.query == query,
        of: Some(it.row.owner).filter(|it| *it != person).and_then(|it| edge.app.person_name(it)),
    };
    let views = edge.app.views_of(of, person);
    let mut to = url::form_urlencoded::Serializer::new(String::new());
    to.append_pair("of", of.name()).append_pair("query", &query);
    let saves = format!("{}?{}", To::Views.link(&[]), to.finish());
    (views.iter().map(|it| link(it)).collect(), Some(saves).filter(|_| !query.is_empty()))
}

/// The address that a view stands for.
fn href(facts: &ViewFacts) -> String {
    let sign = if facts.query.is_empty() { "" } else { "?" };
    format!("/{}{sign}{}", facts.of.name(), facts.query)
}

pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sought(fields): Sought,
) -> Result<Response, HttpError> {
    Ok(page(&build(&edge, &caller, form(&edge, &caller, &fields))?))
}

/// The view that is to be changed, or what the address gives for a new one.
fn form(edge: &Edge, caller: &Caller, fields: &Fields) -> ViewForm {
    let id = fields.get("edit").parse::<Id<SavedView>>().ok();
    let row = id.and_then(|it| edge.app.state.saved_views.get(it.uuid()));
    match row.filter(|it| Some(it.row.owner) == caller.by()) {
        Some(row) => ViewForm {
            id: fields.get("edit"),
            version: row.version,
            name: row.row.facts.name.clone(),
            of: row.row.facts.of.name(),
            query: row.row.facts.query.clone(),
            is_shared: row.row.facts.is_shared,
            errors: vec![],
        },
        None => typed(fields),
    }
}

fn typed(fields: &Fields) -> ViewForm {
    ViewForm {
        id: fields.get("id"),
        version: fields.get("version").parse().unwrap_or(0),
        name: fields.get("name"),
        of: ViewOf::parse(&fields.get("of")).map_or("", ViewOf::name),
        query: fields.get("query"),
        is_shared: fields.get("shared") == "yes",
        errors: vec![],
    }
}

fn build(edge: &Edge, caller: &Caller, form: ViewForm) -> Result<ViewsPage, HttpError> {
    let person = caller.by().ok_or(HttpError::SignIn)?;
    let all = edge.app.own_views(person);
    let (removed, mut own): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| it.row.removed);
    own.sort_by_key(|it| (it.row.facts.of.name(), it.row.facts.name.to_lowercase()));
    let seen = |it: &Stored<ViewRow>| SavedViewSeen {
        id: Id::<SavedView>::from_uuid(it.id).to_string(),
        version: it.version,
        name: it.row.facts.name.clone(),
        of: it.row.facts.of.name(),
        href: href(&it.row.facts),
        is_shared: it.row.facts.is_shared,
    };
    Ok(ViewsPage {
        f: edge.frame(caller, "views.title"),
        form,
        own: own.iter().map(|it| seen(it)).collect(),
        removed: removed.iter().take(REMOVED_SHOWN).map(|it| seen(it)).collect(),
    })
}

pub(super) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let person = caller.by().ok_or(HttpError::SignIn)?;
    match take(&edge, person, &fields).await? {
        Ok(key) => {
            edge.see_writes().await;
            Ok(edge.onward(To::Views, &[]).saying(&Told::new(key)).into_response())
        }
        Err(error) => back(&edge, &caller, &fields, error).await,
    }
}

async fn take(
    edge: &Edge,
    person: Id<Person>,
    fields: &Fields,
) -> Result<Result<&'static str, OutError>, HttpError> {
    let id = || fields.get("id").parse::<Id<SavedView>>().map_err(|_| HttpError::NotFound);
    match fields.get("change").as_str() {
        "put" => {
            let of = ViewOf::parse(&fields.get("of")).ok_or(HttpError::Invalid)?;
            let form = typed(fields);
            let ViewForm { name, query, is_shared, version, .. } = form;
            let id = if fields.get("id").is_empty() { None } else { Some((id()?, version)) };
            let facts = ViewFacts { name, of, query, is_shared };
            let put = edge.off_thread(move |app| app.put_view(id, facts, person)).await?;
            Ok(put.map(|_| "views.saved"))
        }
        change @ ("remove" | "restore") => {
            let (seen, out) = ((id()?, fields.version()?), change == "remove");
            let set = edge.off_thread(move |app| app.set_view_removed(seen, out, person)).await?;
            Ok(set.map(|()| if out { "views.removed" } else { "views.restored" }))
        }
        _ => Err(HttpError::Invalid),
    }
}

/// Gives the form back with what is wrong.
async fn back(
    edge: &Edge,
    caller: &Caller,
    fields: &Fields,
    error: OutError,
) -> Result<Response, HttpError> {
    let key = match &error {
        OutError::Name => "views.wrong_name",
        OutError::Query => "views.wrong_query",
        OutError::TooMany => "views.too_many",
        OutError::Conflict => "frame.conflict",
        _ => return Err(error.into()),
    };
    if matches!(error, OutError::Conflict) {
        edge.see_writes().await;
    }
    let mut filled = typed(fields);
    if let Ok(row) = filled.id.parse::<Id<SavedView>>() {
        // Saving again puts it over what is there.
        let row = edge.app.state.saved_views.get(row.uuid());
        filled.version = row.map_or(filled.version, |it| it.version);
    }
    filled.errors = vec![FieldError { field: "name", text: caller.lang.text(key).to_owned() }];
    let built = build(edge, caller, filled)?;
    Ok(if matches!(error, OutError::Conflict) { stale(&built) } else { wrong(&built) })
}
