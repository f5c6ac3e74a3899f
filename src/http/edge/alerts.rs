//! What is not as it should be, told above every page to whoever it concerns.

use super::caller::Caller;
use super::serve::Standing;
use crate::app::{Condition, Making, PartHealth, Room};
use crate::http::Edge;
use crate::http::routes::To;
use crate::jobs::PostTrouble;
use crate::messages::Lang;
use crate::people::Role;
use crate::week::last_day;

/// From so many tries in vain on, administrators are told that no mail goes.
const POST_TRIES_TOLD: u32 = 3;
/// A proxy that is not trusted is told of after so many requests: one may be anybody's.
const UNHEARD_TOLD: u64 = 20;
/// So many machines whose token ends are named.
const ENDING_TOLD: usize = 5;

impl Edge {
    /// What is not as it should be, for whoever it concerns.
    pub(in crate::http) fn alerts(&self, caller: &Caller) -> Vec<String> {
        let (app, lang) = (&self.app, caller.lang);
        let mut alerts = vec![];
        let progress = app.progress();
        if !progress.is_ready && progress.failed.is_none() {
            let percent = progress.making.map_or(0, Making::percent).to_string();
            alerts.push(lang.fill("frame.starting", &[("percent", &percent)]));
        }
        let is_admin = caller.role() == Some(Role::Admin);
        let mb = || app.free_mb().unwrap_or(0).to_string();
        match app.room() {
            Room::Full => alerts.push(lang.text("frame.disk_full").to_owned()),
            Room::Tight if is_admin => alerts.push(lang.fill("frame.disk_tight", &[("mb", &mb())])),
            Room::Scarce if is_admin => {
                alerts.push(lang.fill("frame.disk_scarce", &[("mb", &mb())]));
            }
            Room::Tight | Room::Scarce | Room::Enough => {}
        }
        // Now and then a server is away for some minutes.
        let is_away = |it: PostTrouble| POST_TRIES_TOLD <= it.tries;
        if is_admin && self.jobs.post_trouble().is_some_and(is_away) {
            alerts.push(lang.text("mail.alert").to_owned());
        }
        if is_admin && caller.path.starts_with(&To::Organisation.link(&[])) {
            alerts.extend(self.ending_tokens(lang));
        }
        if is_admin && !app.stopped_hooks().is_empty() {
            alerts.push(lang.text("hooks.alert").to_owned());
        }
        if is_admin {
            alerts.extend(self.door_alerts(lang));
        } else if self.is_plain_afar && caller.path.starts_with(&To::SignIn.link(&[])) {
            alerts.push(lang.text("door.plain_sign_in").to_owned());
        }
        let is_bad = |it: &PartHealth| matches!(it.condition, Condition::Bad(_));
        let bad = if is_admin { app.parts_health() } else { vec![] };
        for part in bad.iter().filter(|it| is_bad(it)) {
            let key = format!("part.{}", part.part.name());
            let name = lang.text(&key);
            alerts.push(lang.fill("frame.part_bad", &[("part", name)]));
        }
        alerts
    }

    /// The machines that are soon not let in any more.
    fn ending_tokens(&self, lang: Lang) -> Option<String> {
        let ending = self.app.ending_tokens();
        let told = |(name, until): &(String, jiff::Timestamp)| {
            let date = last_day(*until, &self.app.zone);
            let day = crate::http::pages::day(lang, date, self.year());
            lang.fill("tokens.ends_named", &[("name", name), ("day", &day)])
        };
        let mut names: Vec<String> = ending.iter().take(ENDING_TOLD).map(told).collect();
        if ENDING_TOLD < ending.len() {
            names.push("…".to_owned());
        }
        let names = names.join(", ");
        (!ending.is_empty()).then(|| lang.fill("tokens.alert", &[("names", &names)]))
    }

    /// What is not well with the way to the service.
    fn door_alerts(&self, lang: Lang) -> Vec<String> {
        let now = self.app.now();
        let mut alerts = vec![];
        if self.is_plain_afar {
            alerts.push(lang.text("door.plain").to_owned());
        }
        match self.tls.as_ref().map(|it| it.standing(now)) {
            Some(Standing::Ends(until)) => {
                let date = until.to_zoned(self.app.zone.clone()).date();
                let day = crate::http::pages::day(lang, date, self.year());
                alerts.push(lang.fill("door.ends", &[("day", &day)]));
            }
            Some(Standing::Over(_)) => alerts.push(lang.text("door.over").to_owned()),
            Some(Standing::Stuck(_)) => alerts.push(lang.text("door.stuck").to_owned()),
            Some(Standing::Good(_)) | None => {}
        }
        if UNHEARD_TOLD <= self.traffic.unheard_proxies.get() {
            alerts.push(lang.text("door.proxy").to_owned());
        }
        alerts
    }
}
