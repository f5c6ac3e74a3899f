//! What screens show, made once while the service starts, so that nobody waits for the first look.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::app::{App, AppError, FiguresOf};

/// Whether the first making is under way.
#[derive(Debug, Default)]
pub(in crate::app) struct Warming(AtomicBool);

impl App {
    /// Says that the lists are about to be made: from now on until [`App::warm_up`] has ended, a
    /// screen had better say so than wait.
    pub fn will_warm_up(&self) {
        self.warming.0.store(true, Ordering::Release);
    }

    /// Whether the lists of topics and gaps are being made for the first time.
    pub fn is_warming_up(&self) -> bool {
        self.warming.0.load(Ordering::Acquire)
    }

    /// Makes what the screens of editors show, and then the letter of last week. Blocks, seconds
    /// when there are very many topics; logging and the look-up go on beside.
    ///
    /// # Errors
    /// When the view does not come up or cannot be read; the screens try by themselves then.
    pub fn warm_up(&self) -> Result<(), AppError> {
        // Whatever comes of it, nobody is to be sent away for ever.
        let over = Over(&self.warming);
        self.settle()?;
        self.board()?;
        self.figures(FiguresOf::default())?;
        drop(over);
        self.letter_page(self.week().plus(-1))?;
        Ok(())
    }
}

struct Over<'a>(&'a Warming);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.0.store(false, Ordering::Release);
    }
}
