//! Help: the list of its pages, one of them, and the way to it from each screen.

use askama::Template;

use super::{Document, Frame};

/// The list of all pages, and what a question found.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/help.html")]
pub struct HelpPage {
    /// What is around it.
    pub f: Frame,
    /// The pages by whose work they are about, with the key of the heading.
    pub groups: Vec<(&'static str, Vec<HelpEntry>)>,
    /// What was asked; empty when nothing was.
    pub query: String,
    /// What was found for it.
    pub found: Option<Vec<HelpEntry>>,
}

/// A page of help, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpEntry {
    /// Where it is.
    pub href: String,
    /// What it is called.
    pub title: String,
    /// How it begins.
    pub says: String,
    /// The page that it is a part of.
    pub part: Option<String>,
}

/// A page of help.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/help_topic.html")]
pub struct HelpTopicPage {
    /// What is around it.
    pub f: Frame,
    /// Its name in addresses.
    pub name: &'static str,
    /// What it says.
    pub text: Document,
    /// The page before: address and title.
    pub before: Option<(String, String)>,
    /// The page after.
    pub after: Option<(String, String)>,
}

impl HelpTopicPage {
    /// The verdicts, in the order of how much there is to do.
    pub fn verdicts(&self) -> [&'static str; 6] {
        ["missing", "partly", "hard_to_find", "other_norm", "outdated", "answered"]
    }
}

/// Which part of the help is about a screen, by the beginning of its address; the longest first.
const HELP_OF: [(&str, &str); 30] = [
    ("/help", ""),
    ("/account/second-step", "sign-in#second-step"),
    ("/account", "sign-in#own"),
    ("/forgotten", "sign-in#forgotten"),
    ("/welcome", "sign-in#passphrase"),
    ("/sign-in/code", "sign-in#lost"),
    ("/locked", "sign-in#lock"),
    ("/sign-in", "sign-in"),
    ("/gaps/", "mend"),
    ("/gaps", "gaps"),
    ("/topics", "topics"),
    ("/inquiries", "topics#find"),
    ("/words", "words"),
    ("/figures", "figures"),
    ("/digest", "letter"),
    ("/today", "repeats#batch"),
    ("/admin/site", "setup#sites"),
    ("/admin/look", "setup#sites"),
    ("/admin/people", "setup#people"),
    ("/admin/tokens", "setup#machines"),
    ("/admin/jobs", "setup#jobs"),
    ("/admin/retention", "privacy#retention"),
    ("/admin/personal-data", "privacy#nightly"),
    ("/admin/audit", "privacy#audit"),
    ("/admin/papers", "privacy#papers"),
    ("/admin/inspection", "privacy#papers"),
    ("/admin/mail", "letter#sending"),
    ("/admin/system", "backup#system"),
    ("/admin/timing", "figures#timing"),
    ("/admin", "setup#desks"),
];

impl Frame {
    /// The address of the help about this screen.
    pub fn help(&self) -> String {
        let path = self.path.split('?').next().unwrap_or("/");
        let topic = HELP_OF.iter().find(|it| path.starts_with(it.0)).map(|it| it.1);
        match (topic, path) {
            (Some(""), _) => "/help".to_owned(),
            (Some(topic), _) => format!("/help/{topic}"),
            (None, "/setup") => "/help/setup#first".to_owned(),
            (None, _) => "/help/log".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::frame;
    use crate::http::routes::{Output, ROUTES, Verb};
    use crate::messages::Lang;

    fn help(path: &str) -> String {
        frame(Lang::Nn, "help.title", path).help()
    }

    #[test]
    fn each_screen_leads_to_the_help_about_it() {
        assert_eq!(help("/"), "/help/log");
        assert_eq!(help("/gaps?state=open"), "/help/gaps");
        assert_eq!(help("/gaps/T4"), "/help/mend");
        assert_eq!(help("/admin"), "/help/setup#desks");
        assert_eq!(help("/admin/audit?who=x"), "/help/privacy#audit");
        assert_eq!(help("/help/log"), "/help");
    }

    #[test]
    fn no_screen_leads_to_help_that_does_not_exist() {
        use crate::http::help_exists;
        for route in ROUTES.iter().filter(|it| it.verb == Verb::Get && it.output == Output::Page) {
            let address = help(route.path);
            assert!(address == "/help" || help_exists(&address), "{}: {address}", route.path);
        }
    }
}
