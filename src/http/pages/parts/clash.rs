//! What a form shows when somebody else was first: both texts, side by side.

/// What is stored, what the person wanted, and the three ways on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clash {
    /// What stands now, a sentence each.
    pub theirs: Vec<String>,
    /// The text that is stored in the place of the person's own.
    pub stored: Option<String>,
    /// What the person wanted, in a sentence.
    pub yours: String,
    /// What the person typed.
    pub typed: Option<String>,
    /// Where the form is sent.
    pub action: String,
    /// The form as it was sent, with the version that stands now.
    pub fields: Vec<(&'static str, String)>,
    /// The field to go on writing in; none where there is nothing to write.
    pub edit: Option<&'static str>,
}
