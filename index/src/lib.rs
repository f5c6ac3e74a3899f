//! Short texts in; scores, groups and evidence out.
