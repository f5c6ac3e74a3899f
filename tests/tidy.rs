//! The repository tests itself: what no compiler sees, but every reader relies on.
//!
//! Each rule is a function from files to complaints; beside it stands a test that shows it failing.
//! A complaint says where, what is wrong and what to do.

mod tidy {
    pub(crate) mod asvs;
    pub(crate) mod code;
    pub(crate) mod numbers;
    pub(crate) mod papers;
    pub(crate) mod parts;
    pub(crate) mod shape;
    pub(crate) mod tree;
}

use tidy::tree::{report, tree};
use tidy::{asvs, code, numbers, papers, parts, shape};

#[test]
fn words_stay_in_their_homes() {
    report(code::homes(&tree()));
}

#[test]
fn the_index_crate_knows_texts_keys_and_scores_only() {
    report(code::index_knows_no_app(&tree()));
}

#[test]
fn habits_that_hide_faults_are_not_used() {
    report(code::never(&tree()));
}

#[test]
fn crates_are_from_the_registry_and_none_is_banned() {
    report(parts::crates(&tree()));
}

#[test]
fn every_part_may_be_used_under_a_licence_that_is_allowed() {
    report(parts::licences(&tree()));
}

#[test]
fn parts_were_looked_at_before_this_version() {
    report(parts::looked(&tree()));
}

#[test]
fn what_is_fetched_has_its_digest_beside_it() {
    report(parts::fetched(&tree()));
}

#[test]
fn a_stage_does_not_look_ahead() {
    report(code::look_ahead(&tree()));
}

#[test]
fn every_rust_file_says_first_what_it_is_for() {
    report(shape::opening_sentences(&tree()));
}

#[test]
fn files_are_short_enough_to_read() {
    report(shape::long_files(&tree()));
}

#[test]
fn lines_fit_beside_each_other() {
    report(shape::long_lines(&tree()));
}

#[test]
fn names_say_what_is_inside() {
    report(shape::empty_names(&tree()));
}

#[test]
fn nothing_tells_of_the_machine_it_was_written_on() {
    report(papers::traces(&tree()));
}

#[test]
fn nothing_is_left_for_later_in_a_comment() {
    report(papers::leftovers(&tree()));
}

#[test]
fn papers_name_paths_that_exist() {
    report(papers::missing_paths(&tree()));
}

#[test]
fn every_requirement_of_asvs_has_its_line() {
    report(asvs::lines(&tree()));
}

#[test]
fn the_evidence_for_asvs_is_there() {
    report(asvs::evidence(&tree()));
}

#[test]
fn the_counts_for_asvs_are_those_of_the_table() {
    report(asvs::counts(&tree()));
}

#[test]
fn the_numbers_in_papers_are_those_of_the_code() {
    report(numbers::told(&tree()));
}

#[test]
fn the_example_settings_are_those_of_the_program() {
    report(papers::settings(&tree()));
}

#[test]
fn each_norm_keeps_to_its_own_words() {
    report(papers::mixed_norms(&tree()));
}

#[test]
fn the_top_folder_holds_the_agreed_names_only() {
    report(shape::top_names(&tree()));
}

#[test]
fn folders_can_be_taken_in_at_a_glance() {
    report(shape::large_folders(&tree()));
}

#[test]
fn every_rust_file_is_reached_by_a_mod_line() {
    report(code::unreached(&tree()));
}

#[test]
fn every_script_imports_what_there_is() {
    report(shape::lost_imports(&tree()));
}

#[test]
fn no_file_is_too_large_for_a_repository() {
    report(shape::large_files(&tree()));
}
