use tokio::sync::watch;

use crate::CutHow;

/// Through which a request cuts the connection that it came over.
#[derive(Debug)]
pub(crate) struct Cutter(watch::Sender<Option<CutHow>>);

impl Cutter {
    pub fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    pub fn cut(&self, how: CutHow) {
        self.0.send_replace(Some(how));
    }

    /// Until it is cut, which may be never.
    pub async fn wait(&self) -> CutHow {
        let mut receiver = self.0.subscribe();
        loop {
            if let Some(how) = *receiver.borrow_and_update() {
                return how;
            }
            if receiver.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}
