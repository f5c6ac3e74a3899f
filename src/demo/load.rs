//! Lives through the demo's weeks: serves the website as it stood, logs what was asked, visits the
//! website, does what the editors did. What comes of it is for the verbs to find.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use jiff::Timestamp;
use jiff::civil::time;
use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;

use super::actions::{self, DemoAction, DemoPerson};
use super::calendar::{Calendar, DESKS, WEEKS};
use super::content::DemoError;
use super::inquiries::{self, DemoInquiry};
use super::site::ServedSite;
use super::work::{self, Staff};
use crate::app::keeping::BackUp;
use crate::app::{
    AccountError, App, AppError, CrawlFault, Decider, DecisionError, GroupError, LetterFault,
    NewPerson, NewReader, OpenOptions,
};
use crate::clock::Clock;
use crate::http::{self, EdgeOptions, edge};
use crate::id::Id;
use crate::inquiry::EntryError;
use crate::jobs::{JobOptions, Jobs};
use crate::journal::JournalError;
use crate::messages::Lang;
use crate::organisation::{Desk, Settings, Site};
use crate::page::Parser;
use crate::people::{Person, Role};
use crate::view::ViewError;
use crate::week::Week;

/// The name of the fictive municipality.
pub const NAME: &str = "Fjordvik kommune";

/// Where and when to fill a demo.
#[derive(Debug)]
pub struct LoadOptions {
    /// The data folder: empty, or not there yet.
    pub data: PathBuf,
    /// Where the website is served meanwhile, and where everything is to be served later.
    pub listener: TcpListener,
    /// The zone of the municipality.
    pub zone: TimeZone,
    /// The clock of the demo when it is filled; its now is the demo's last instant.
    pub clock: Clock,
    /// Reads the pages of the website.
    pub parser: Parser,
    /// Told as it goes.
    pub tell: fn(Progress),
}

/// How far the filling has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// This week is over.
    pub week: u8,
    /// Of so many, the begun one included.
    pub of: u8,
}

/// A demo that is filled.
pub struct Demo {
    /// The application on it.
    pub app: Arc<App>,
    /// Its website.
    pub site: ServedSite,
    /// The listener, free again.
    pub listener: TcpListener,
}

impl Demo {
    /// The jobs; letters go where the demo's own are.
    pub fn jobs(&self, parser: Parser) -> Arc<Jobs> {
        let options = JobOptions {
            parser,
            outbox: work::outbox(&self.app),
            mail: None,
            base: self.site.base(),
            from: work::FROM.to_owned(),
            backup: BackUp::default(),
        };
        Jobs::new(Arc::clone(&self.app), options)
    }

    /// The screens, which tell who may sign in, and the website beside them.
    pub fn router(&self, jobs: Arc<Jobs>) -> Result<Router, DemoError> {
        let options = EdgeOptions { demo_accounts: accounts()?, ..EdgeOptions::default() };
        Ok(http::router(Arc::clone(&self.app), jobs, options).merge(self.site.router()))
    }
}

/// Why a demo could not be filled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The demo's content is not as it should be.
    #[error("could not read the demo's content")]
    Content(#[from] DemoError),
    /// The application cannot be opened.
    #[error("could not open the demo's data folder")]
    App(#[from] AppError),
    /// The data folder is none for a demo.
    #[error("could not use the folder")]
    Folder(#[from] super::folder::FolderError),
    /// The listener cannot be used.
    #[error("could not serve the demo's website")]
    Listener(#[source] std::io::Error),
    /// Somebody cannot be added.
    #[error("could not add {who} to the demo")]
    Person {
        /// The sign-in name.
        who: String,
        /// Why.
        #[source]
        source: AccountError,
    },
    /// A role, scope, channel or outcome that there is not.
    #[error("the demo's content has {0:?}, which means nothing")]
    Word(String),
    /// A question cannot be logged.
    #[error("could not log the demo's question {0:?}")]
    Entry(String, #[source] EntryError),
    /// An editor's action cannot be taken.
    #[error("could not decide about the topic of {about:?}")]
    Decision {
        /// The words of the inquiry that names the topic.
        about: String,
        /// Why.
        #[source]
        source: DecisionError,
    },
    /// The settings cannot be set.
    #[error("could not set the demo's settings")]
    Settings(#[source] DecisionError),
    /// The website cannot be read.
    #[error("could not visit the demo's website")]
    Crawl(#[from] CrawlFault),
    /// The questions cannot be grouped.
    #[error("could not group the demo's questions")]
    Group(#[from] GroupError),
    /// A letter cannot be written, or a reader of it added.
    #[error("could not write the demo's letters")]
    Letter(#[from] LetterFault),
    /// The journal did not take a record.
    #[error("could not write to the demo's journal")]
    Journal(#[from] JournalError),
    /// The view cannot be read.
    #[error("could not read the demo's view")]
    View(#[from] ViewError),
    /// The work was cut off.
    #[error("the filling of the demo was cut off")]
    CutOff,
}

/// Signs in to the demo, and to nothing else: name, role and passphrase of each of the three.
pub fn accounts() -> Result<Vec<(String, String, String)>, DemoError> {
    let people = actions::people()?.into_iter();
    Ok(people.map(|it| (it.sign_in.clone(), it.role.clone(), passphrase(&it))).collect())
}

fn passphrase(person: &DemoPerson) -> String {
    format!("{} syklar i motvind", person.sign_in)
}

/// The address that pages and screens have on a listener; one that listens everywhere is reached
/// by the loopback.
pub fn origin(listener: &TcpListener) -> Result<String, LoadError> {
    let mut address = listener.local_addr().map_err(LoadError::Listener)?;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    Ok(format!("http://{address}"))
}

/// Fills an empty data folder with a demo that ends now.
///
/// The same end fills the same: the numbers hang on nothing else.
pub async fn load(options: LoadOptions) -> Result<Demo, LoadError> {
    let LoadOptions { data, listener, zone, clock, parser, tell } = options;
    let calendar = Calendar::ending(clock.now(), zone.clone());
    let site = ServedSite::new(&calendar, &origin(&listener)?)?;
    let stop = CancellationToken::new();
    let serving = tokio::spawn(edge::serve(own(&listener)?, while_filling(&site), stop.clone()));
    let weeks = Weeks { calendar, site: site.clone(), parser, tell };
    let filled = weeks.fill(data.clone(), zone.clone()).await;
    stop.cancel();
    // The task ends by itself now; that it was cut off changes nothing.
    drop(serving.await);
    filled?;
    let app = blocking(move || Ok(App::open(OpenOptions { data, clock, zone })?)).await?;
    Ok(Demo { app, site, listener })
}

/// A second hand on the same door.
fn own(listener: &TcpListener) -> Result<tokio::net::TcpListener, LoadError> {
    let own = listener.try_clone().map_err(LoadError::Listener)?;
    own.set_nonblocking(true).map_err(LoadError::Listener)?;
    tokio::net::TcpListener::from_std(own).map_err(LoadError::Listener)
}

/// The website; whoever asks for a screen is told to come again.
fn while_filling(site: &ServedSite) -> Router {
    let again = [(header::RETRY_AFTER, "5"), (header::REFRESH, "5")];
    site.router().fallback(move || async move {
        (StatusCode::SERVICE_UNAVAILABLE, again, "Skranke fyller demoen. Vent litt.\n")
    })
}

/// The weeks to live through.
struct Weeks {
    calendar: Calendar,
    site: ServedSite,
    parser: Parser,
    tell: fn(Progress),
}

impl Weeks {
    async fn fill(self, data: PathBuf, zone: TimeZone) -> Result<(), LoadError> {
        let Self { calendar, site, parser, tell } = self;
        let inquiries = inquiries::generate(&calendar)?;
        let actions = actions::actions(&calendar, &inquiries)?;
        let clock = Clock::fixed(calendar.at(1, 1, time(6, 0, 0, 0)));
        site.show_week(1);
        let mut staff = begin(OpenOptions { data, clock: clock.clone(), zone }, &site).await?;
        work::visit(&staff, &parser).await?;
        let mut asked = inquiries.into_iter().peekable();
        let mut decided = actions.into_iter().peekable();
        for week in 1..=WEEKS + 1 {
            site.show_week(week);
            clock.advance_to(calendar.at(week, 1, time(7, 0, 0, 0)).min(calendar.end()));
            if 1 < week {
                staff = tell_of_last_week(staff, calendar.week(week - 1)).await?;
            }
            // The night to Saturday: nobody asks, and the week's letter tells what was found.
            let night = calendar.at(week, 6, time(2, 0, 0, 0)).min(calendar.end());
            let mut happened = vec![];
            while let Some(action) = decided.next_if(|it| it.at < night) {
                happened.push((until(&mut asked, action.at), Some(action)));
            }
            happened.push((until(&mut asked, night), None));
            staff = live(staff, happened).await?;
            clock.advance_to(night);
            work::visit(&staff, &parser).await?;
            tell(Progress { week, of: WEEKS + 1 });
        }
        let closed = move || {
            staff.close();
            Ok(())
        };
        blocking(closed).await
    }
}

/// The first morning.
async fn begin(options: OpenOptions, site: &ServedSite) -> Result<Staff, LoadError> {
    let site = site.clone();
    blocking(move || {
        let app = App::open(options)?;
        let people = set_up(&app, &site)?;
        app.settle()?;
        Ok(Staff::new(app, site, people))
    })
    .await
}

/// Monday's letter about the week before.
async fn tell_of_last_week(staff: Staff, week: Week) -> Result<Staff, LoadError> {
    blocking(move || {
        staff.write_letters(week)?;
        Ok(staff)
    })
    .await
}

/// Questions, and what an editor then did.
type Happened = (Vec<DemoInquiry>, Option<DemoAction>);

async fn live(mut staff: Staff, happened: Vec<Happened>) -> Result<Staff, LoadError> {
    blocking(move || {
        for (inquiries, action) in happened {
            staff.log(&inquiries)?;
            action.iter().try_for_each(|it| staff.decide(it))?;
        }
        Ok(staff)
    })
    .await
}

/// What is asked up to an instant.
fn until(
    asked: &mut std::iter::Peekable<std::vec::IntoIter<DemoInquiry>>,
    at: Timestamp,
) -> Vec<DemoInquiry> {
    std::iter::from_fn(|| asked.next_if(|it| it.at <= at)).collect()
}

/// Does what blocks where it may.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LoadError> + Send + 'static,
) -> Result<T, LoadError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| LoadError::CutOff)?
}

/// Who gets the letter on Mondays.
const READERS: [(&str, &str, Lang); 2] = [
    ("Sigve Brattland", "sigve@fjordvik.example", Lang::Nn),
    ("Tone Halvorsen", "tone@fjordvik.example", Lang::Nb),
];

/// The people by sign-in name.
pub(super) type People = std::collections::BTreeMap<String, Id<Person>>;

/// The first start: the administrator by the code, then the others, then the settings.
fn set_up(app: &App, site: &ServedSite) -> Result<People, LoadError> {
    let mut people = People::new();
    let (admins, others): (Vec<_>, Vec<_>) =
        actions::people()?.into_iter().partition(|it| it.role == Role::Admin.name());
    for person in admins.into_iter().chain(others) {
        let who = person.sign_in.clone();
        let new = NewPerson {
            login: who.clone(),
            name: person.name.clone(),
            role: Role::parse(&person.role).ok_or_else(|| LoadError::Word(person.role.clone()))?,
            lang: Lang::Nn,
            passphrase: passphrase(&person),
        };
        let added = match app.setup_code() {
            Some(code) => app.set_up(&code, new),
            None => app.add_person(new, people.values().next().copied()),
        };
        let id = added.map_err(|source| LoadError::Person { who: who.clone(), source })?;
        people.insert(who, id);
    }
    let settings = Settings {
        name: NAME.to_owned(),
        lang: Lang::Nn,
        // One page at a time, so that pages come in the same order each time.
        sites: vec![Site { allow_private: true, pace_ms: 1, ..Site::new(&site.address("/")) }],
        desks: DESKS.map(Desk::from).to_vec(),
        ..Settings::default()
    };
    let by = people.get("marit").copied();
    app.set_settings(settings, Decider { by, version: None }).map_err(LoadError::Settings)?;
    for (name, mail, lang) in READERS {
        app.add_reader(NewReader::new(name, mail, lang), by)?;
    }
    Ok(people)
}
