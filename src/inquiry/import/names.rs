//! The names of columns and of what stands in them, in bokmål, nynorsk and English.

use unicode_normalization::UnicodeNormalization;

use crate::inquiry::{Channel, OutcomeName};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// The row's own id. A case number is none: it is somebody's, and it repeats.
    Id,
    /// Date and time together.
    Instant,
    /// The date, with or without a time.
    Date,
    /// The time of day.
    Time,
    /// How it came.
    Channel,
    /// Where it was logged. A column named *skranke* holds which counter, so it is this one.
    Desk,
    /// What happened with it.
    Outcome,
    /// What was answered.
    Note,
    /// How many contacts it stands for.
    Count,
    /// The question.
    Text,
    /// What may be the question, when no column says that it is.
    Subject,
    /// The conversation that a message belongs to.
    Conversation,
    /// Who wrote a message: the visitor or the house.
    Role,
}

impl Column {
    /// What a column can be said to hold, by the names that `skranke import --column` takes.
    pub(super) fn of_field(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "count" => Self::Count,
            "time" => Self::Instant,
            "channel" => Self::Channel,
            "desk" => Self::Desk,
            "outcome" => Self::Outcome,
            "note" => Self::Note,
            "id" => Self::Id,
            _ => return None,
        })
    }
}

/// Reads a column's name in a log of searches or of feedback, where *query* or *comment* is what
/// the visitor wrote. Web statistics name what a row is about its *label*.
pub(super) fn signal_column(channel: Channel, name: &str) -> Option<Column> {
    let name = plain(name.split('(').next().unwrap_or_default());
    Some(match (channel, name.as_str()) {
        (
            Channel::SiteSearch,
            "label" | "keyword" | "keywords" | "searchterm" | "searchkeyword" | "sitesearchkeyword"
            | "søkeord" | "søkjeord" | "søketerm" | "søkefrase" | "søk",
        )
        | (
            Channel::Feedback,
            "comment" | "comments" | "feedback" | "kommentar" | "kommentarar" | "kommentarer"
            | "tilbakemelding" | "tilbakemeldingar" | "tilbakemeldinger",
        ) => Column::Text,
        (
            Channel::SiteSearch,
            "searches" | "nbvisits" | "nbsearches" | "visits" | "hits" | "nbhits" | "antallsøk"
            | "talpåsøk" | "antalsøk",
        ) => Column::Count,
        (Channel::Feedback, "page" | "pageurl" | "url" | "side" | "sida" | "siden" | "adresse") => {
            Column::Note
        }
        _ => return None,
    })
}

/// Reads a column's name; case, spaces, signs and what stands in brackets do not matter.
pub(super) fn column(name: &str) -> Option<Column> {
    Some(match plain(name.split('(').next().unwrap_or_default()).as_str() {
        "text" | "tekst" | "spørsmål" | "sporsmal" | "spørsmal" | "spørsmålet" | "spørsmåla"
        | "spørsmålene" | "spørsmålstekst" | "henvendelse" | "henvendelsen" | "henvendelser"
        | "henvending" | "henvendinga" | "førespurnad" | "førespurnaden" | "førespurnader"
        | "forespørsel" | "forespørselen" | "question" | "questions" | "questiontext"
        | "inquiry" | "inquiries" | "enquiry" | "query" | "melding" | "meldinga" | "meldingen"
        | "message" | "innhold" | "innhald" | "beskrivelse" | "beskriving" | "skildring"
        | "description" | "kvagjelddet" | "hvagjelderdet" | "kvagjeld" | "hvagjelder" => {
            Column::Text
        }
        "conversation" | "conversationid" | "samtaleid" | "chatid" | "threadid" | "trådid"
        | "sessionid" | "dialogid" => Column::Conversation,
        "role" | "rolle" | "author" | "authortype" | "authorrole" | "sender" | "sendertype"
        | "senderrole" | "avsender" | "avsendar" | "avsendartype" | "avsendertype" => Column::Role,
        "emne" | "tema" | "tittel" | "title" | "subject" | "topic" => Column::Subject,
        "id" | "nr" | "no" | "nummer" | "number" | "løpenr" | "løpenummer" | "radnr" | "rad"
        | "inquiryid" | "henvendelsesid" | "key" => Column::Id,
        "loggedat" | "logged" | "logget" | "logga" | "loggført" | "tidspunkt" | "registrert"
        | "registrertdato" | "registrertdatotid" | "opprettet" | "oppretta" | "timestamp"
        | "created" | "createdat" | "datetime" | "dateandtime" | "datotid" | "datoogtid"
        | "mottatt" | "motteke" | "mottatttid" | "received" | "receivedat" => Column::Instant,
        "dato" | "date" | "dag" | "day" => Column::Date,
        "tid" | "klokkeslett" | "klokke" | "klokka" | "klokken" | "kl" | "time" => Column::Time,
        "channel" | "kanal" | "kontaktform" | "kontaktmåte" | "kontaktkanal" | "måte"
        | "medium" => Column::Channel,
        "desk" | "skranke" | "mottak" | "avdeling" | "avd" | "enhet" | "eining" | "sted"
        | "stad" | "kontor" | "department" | "office" | "location" | "unit" => Column::Desk,
        "outcome" | "utfall" | "utfallet" | "resultat" | "result" | "status" => Column::Outcome,
        "note" | "notes" | "notat" | "svar" | "merknad" | "kommentar" | "comment" | "comments"
        | "answer" => Column::Note,
        "count" | "antall" | "antal" | "talpå" | "tal" | "mengde" | "n" | "quantity" => {
            Column::Count
        }
        _ => return None,
    })
}

/// Reads a channel's name; `None` for a word that is none.
pub(in crate::inquiry) fn channel(name: &str) -> Option<Channel> {
    Some(match plain(name).as_str() {
        "phone" | "telefon" | "tlf" | "tel" | "telephone" | "call" | "mobil" | "oppringing"
        | "samtale" => Channel::Phone,
        "desk" | "counter" | "skranke" | "skranken" | "oppmøte" | "frammøte" | "fremmøte"
        | "personlig" | "personleg" | "besøk" | "luke" | "inperson" | "walkin" => Channel::Desk,
        "email" | "epost" | "mail" => Channel::Email,
        "chat" | "nettprat" | "prat" => Channel::Chat,
        "social" | "socialmedia" | "sosiale" | "sosialemedier" | "sosialemedium"
        | "sosialemedia" | "some" | "facebook" | "messenger" | "instagram" => Channel::Social,
        "letter" | "brev" | "post" => Channel::Letter,
        "sitesearch" | "nettsøk" | "nettstadsøk" | "søk" => Channel::SiteSearch,
        "feedback" | "tilbakemelding" | "tilbakemeldinger" | "tilbakemeldingar" => {
            Channel::Feedback
        }
        _ => return None,
    })
}

/// What a column of a switchboard's totals holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::inquiry) enum CallColumn {
    Day,
    Desk,
    Channel,
    Calls,
}

/// Reads the name of a column of a switchboard's totals.
pub(in crate::inquiry) fn call_column(name: &str) -> Option<CallColumn> {
    match plain(name.split('(').next().unwrap_or_default()).as_str() {
        "calls" | "call" | "samtalar" | "samtaler" | "samtale" | "anrop" | "telefonar"
        | "telefoner" | "innringingar" | "innringinger" | "antallanrop" | "antallsamtaler"
        | "talpåsamtalar" | "talpåanrop" | "numberofcalls" | "totalcalls" => {
            Some(CallColumn::Calls)
        }
        _ => match column(name)? {
            Column::Date | Column::Instant => Some(CallColumn::Day),
            Column::Desk => Some(CallColumn::Desk),
            Column::Channel => Some(CallColumn::Channel),
            Column::Count => Some(CallColumn::Calls),
            _ => None,
        },
    }
}

/// Reads an outcome's name; `None` for a word that is none.
pub(super) fn outcome(name: &str) -> Option<OutcomeName> {
    Some(match plain(name).as_str() {
        "page" | "side" | "nettside" | "funnepånettsida" | "funnetpånettsiden" => {
            OutcomeName::Page
        }
        "sameas" | "samesom" | "sammesom" | "samme" | "same" => OutcomeName::SameAs,
        "answered" | "svara" | "svart" | "svarte" | "besvart" => OutcomeName::Answered,
        "notonsite" | "notonthesite" | "ikkjepånett" | "ikkepånett" | "ikkjepånettsida"
        | "ikkepånettsiden" | "manglar" | "mangler" => OutcomeName::NotOnSite,
        "passedon" | "sendtvidare" | "sendtvidere" | "vidaresendt" | "videresendt" | "settover"
        | "sattover" | "overført" | "henvist" => OutcomeName::PassedOn,
        "owncase" | "eigasak" | "eigensak" | "egensak" => OutcomeName::OwnCase,
        "unknown" | "ukjent" | "ukjend" => OutcomeName::Unknown,
        _ => return None,
    })
}

/// Lower case, composed, letters and digits only.
pub(super) fn plain(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).filter(|it| it.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_in_three_languages() {
        for (names, wanted) in [
            (["Tekst", "Førespurnad", "Question"], Column::Text),
            (["Spørsmål (kort)", "Hva gjelder det?", "\u{feff}TEXT "], Column::Text),
            (["Nr.", "Løpenr", "ID"], Column::Id),
            (["Dato og tid", "Tidspunkt:", "logged_at"], Column::Instant),
            (["Klokkeslett", "Kl.", "time"], Column::Time),
            (["Kanal", "Kontaktform", "Channel"], Column::Channel),
            (["Skranke", "Eining", "Enhet"], Column::Desk),
            (["Tal på", "Antall", "count"], Column::Count),
        ] {
            for name in names {
                assert_eq!(column(name), Some(wanted), "{name}");
            }
        }
        assert_eq!(column("Ma\u{30a}te"), Some(Column::Channel));
        assert_eq!(column("Saksnr"), None);
        assert_eq!(column(""), None);
    }

    #[test]
    fn channels_and_outcomes_are_known_in_three_languages() {
        for channel_of in Channel::ALL {
            assert_eq!(channel(channel_of.name()), Some(channel_of));
        }
        for outcome_of in OutcomeName::ALL {
            assert_eq!(outcome(outcome_of.name()), Some(outcome_of));
        }
        assert_eq!(channel("Tlf."), Some(Channel::Phone));
        assert_eq!(channel("E-post"), Some(Channel::Email));
        assert_eq!(channel("Sosiale medium"), Some(Channel::Social));
        assert_eq!(channel("røyksignal"), None);
        assert_eq!(outcome("Ikkje på nett"), Some(OutcomeName::NotOnSite));
        assert_eq!(outcome("Sendt vidare"), Some(OutcomeName::PassedOn));
    }
}
