//! Telling webhooks what there is to tell, one after the other.

use std::sync::Arc;

use super::Jobs;
use crate::app::{App, HookMessage, OutError, Room};
use crate::hook::{Hook, HookAnswer};
use crate::id::Id;

/// So much one webhook is told at a look; the rest with the next.
const MESSAGES_MAX: usize = 50;

impl Jobs {
    /// Notices news and tells webhooks what is due. While that goes on, a second call returns at
    /// once. What came back is written down after each telling, so that an end in the midst tells
    /// the same once more under the same id, and loses nothing.
    pub async fn tell_hooks(&self) {
        let Ok(_turn) = self.telling.try_lock() else { return };
        // What can wait is not written while the disk is nearly full.
        let has_room = matches!(self.app.room(), Room::Enough | Room::Scarce);
        if !self.app.is_ready() || !has_room {
            return;
        }
        let hooks = self.blocking(|app| {
            app.notice_news()?;
            settle(app);
            Ok(app.hooks().iter().map(|it| Id::<Hook>::from_uuid(it.id)).collect::<Vec<_>>())
        });
        for id in hooks.await.unwrap_or_default() {
            self.tell_hook(id).await;
        }
    }

    async fn tell_hook(&self, id: Id<Hook>) {
        for _ in 0..MESSAGES_MAX {
            let base = self.base().clone();
            let message = self.blocking(move |app| app.next_message(id, &base)).await;
            let Some(message) = message.flatten() else { return };
            let (answer, _) = self.app.send_message(&message).await;
            let is_kept = self.blocking(move |app| keep(app, &message, answer)).await;
            // One that takes nothing now is left alone until its pause is over.
            if is_kept.is_none() || !answer.is_taken() {
                return;
            }
        }
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> Result<T, OutError> + Send + 'static,
    ) -> Option<T> {
        let app = Arc::clone(&self.app);
        match tokio::task::spawn_blocking(move || work(&app)).await {
            Ok(Ok(done)) => Some(done),
            Ok(Err(error)) => {
                tracing::error!(error = format!("{error:?}"), "webhooks cannot be told");
                None
            }
            Err(error) => {
                tracing::error!(%error, "telling webhooks ended in a panic");
                None
            }
        }
    }
}

fn keep(app: &App, message: &HookMessage, answer: HookAnswer) -> Result<(), OutError> {
    app.note_try(message, answer)?;
    settle(app);
    Ok(())
}

/// What was just written is to be seen; a follower that stands still is told of elsewhere.
fn settle(app: &App) {
    if let Err(error) = app.settle() {
        tracing::warn!(error = format!("{error:?}"), "the view does not follow");
    }
}
