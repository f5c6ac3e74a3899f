//! Masking many inquiries at once, for a reason: all of them or none.

use crate::app::keeping::Wish;
use crate::app::{App, DecisionError, Noted};
use crate::id::Id;
use crate::inquiry::redact::hide_likely;
use crate::inquiry::{Inquiry, InquiryEvent};
use crate::journal::{Batch, Expect};
use crate::people::By;
use crate::record::encode;
use crate::topic::Run;

/// What is taken out of the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskHow {
    /// What is likely to be a name or of a person.
    Names,
    /// All words; the count, the week, the channel and the topic stay.
    Text,
}

/// Why words are masked. It stands in the audit; the words do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskWhy {
    /// They tell of the one who asked.
    Caller,
    /// They tell of somebody else.
    Other,
    /// They should not be kept for another reason.
    Secret,
}

impl MaskWhy {
    /// All of them, in the order that forms show.
    pub const ALL: [Self; 3] = [Self::Caller, Self::Other, Self::Secret];

    /// The name in addresses, catalogues and the audit.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Other => "other",
            Self::Secret => "secret",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl App {
    /// Masks the words of inquiries: of all of them or of none. Tells how many had anything to
    /// mask. What they said before goes with the next nightly run. Blocks.
    ///
    /// # Errors
    /// When one of them is not there, or others keep changing them.
    pub fn mask_inquiries(
        &self,
        ids: &[Id<Inquiry>],
        (how, why): (MaskHow, MaskWhy),
        by: By,
    ) -> Result<usize, DecisionError> {
        self.change_chosen(ids, || self.mask_now(ids, (how, why), by))
    }

    fn mask_now(
        &self,
        ids: &[Id<Inquiry>],
        (how, why): (MaskHow, MaskWhy),
        by: By,
    ) -> Result<usize, DecisionError> {
        let (now, allowed) = (self.now(), self.allowed());
        let (mut records, mut expect, mut changed) = (vec![], vec![], vec![]);
        for id in ids {
            let stored = self.state.inquiries.get(*id)?.ok_or(DecisionError::Unknown("inquiry"))?;
            let facts = super::replaced(&stored.row.facts, |text| match how {
                MaskHow::Names => hide_likely(text, &allowed),
                MaskHow::Text => String::new(),
            });
            if facts != stored.row.facts {
                expect.push(Expect { entity: stored.id, version: stored.version });
                records.push(encode(stored.id, &InquiryEvent::Edited(facts)));
                changed.push(*id);
            }
        }
        if records.is_empty() {
            return Ok(0);
        }
        // First: a wish without a change does no harm, a change without its wish leaves the older
        // wording for ever.
        for id in &changed {
            Wish::Mask { id: *id, at: now }.append_for_tonight(&self.data)?;
        }
        let key = Id::<Run>::new(now).uuid();
        let batch = Batch { key, body_hash: 0, at: now, expect, records };
        let action = match how {
            MaskHow::Names => "inquiry.mask_names",
            MaskHow::Text => "inquiry.hide_text",
        };
        let target = format!("{} {}", changed.len(), why.name());
        self.append_noted(batch, Noted { by, action, target })?;
        changed.iter().for_each(|it| self.waits_no_longer(*it));
        Ok(changed.len())
    }
}
