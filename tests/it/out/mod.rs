//! What leaves the service: files, links, the feed, the webhook.

mod files;
mod office;
