//! Another system is told of news as soon as there is any: the webhook.

mod news;
mod plan;
mod record;
mod sign;

pub use news::{Happening, News, NewsEvent, NewsRow};
pub use plan::{GIVE_UP_AFTER, NEWS_AGE_MAX, Next, next};
pub use record::{Hook, HookAnswer, HookEvent, HookFacts, HookFault, HookRow, Tries};
pub use sign::{secret_text, sign};
