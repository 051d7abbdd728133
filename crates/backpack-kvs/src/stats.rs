use std::time::Duration;

/// Counters of a producer since its start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ProducerStats {
    /// What the connection is doing.
    pub connection: ConnectionState,
    /// The fragments, by how far they have come.
    pub fragments: Fragments,
    /// The bytes of all fragments that are not persisted yet.
    pub backlog_bytes: u64,
    /// Bytes that were given to connections, those that were sent again included.
    pub sent_bytes: u64,
    /// How often a fragment had to be sent again, whole.
    pub resent: u64,
    /// How far the service is behind the newest picture: what would be missing there if all else were lost now.
    pub lag: Duration,
    /// Units that were taken.
    pub units: u64,
    /// Units that were refused, each with an error.
    pub refused_units: u64,
    /// How often timestamps went back, so that the stream's time was counted anew.
    pub time_restarts: u64,
    /// Connections that the service accepted.
    pub connections: u64,
    /// Of these, how many came after a failure.
    pub reconnects: u64,
    /// Connections, and attempts at one, that failed.
    pub failures: u64,
    /// The last thing that went wrong.
    pub last_error: Option<String>,
}

/// Fragments by how far they have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Fragments {
    /// It is being made; 0 or 1.
    pub open: u64,
    /// Not given to a connection.
    pub waiting: u64,
    /// Given to a connection, whole or in part.
    pub sent: u64,
    /// The service receives it.
    pub buffering: u64,
    /// The service has received it.
    pub received: u64,
    /// The service has stored it.
    pub persisted: u64,
    /// Dropped to make room.
    pub dropped: u64,
    /// Refused by the service twice, or unreadable.
    pub set_aside: u64,
}

/// What the connection to the service is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ConnectionState {
    /// There is nothing to send.
    #[default]
    Idle,
    /// It is being made.
    Connecting,
    /// The service has accepted it.
    Connected,
    /// It failed, and is made again after a while.
    Failed,
    /// The producer has ended.
    Ended,
}
