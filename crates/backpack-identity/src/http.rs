//! Requests to the metadata services of platforms: plain HTTP to addresses on the machine or its link.

use std::time::{Duration, Instant};

use serde_json::Value;
use ureq::Agent;
use ureq::http::StatusCode;

use crate::{ProviderError, Search};

/// How long all the requests of a provider may take together, unless it is told otherwise.
pub const DEADLINE: Duration = Duration::from_secs(2);

/// Every request is tried so often while there is time.
const TRIES: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// No answer that says who somebody is comes near this, in bytes.
const LONGEST_ANSWER: u64 = 1 << 20;

/// Asks, with one deadline for all that it asks.
pub struct Http<'a> {
    search: &'a Search,
    agent: Agent,
    end: Instant,
    /// Half the time, so that one lost packet does not take it all.
    longest_try: Duration,
}

/// What to ask for. Secrets belong into the header, as addresses get into logs and errors.
pub struct Request<'a> {
    pub method: Method,
    pub url: &'a str,
    pub header: Option<(&'a str, &'a str)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Put,
}

pub struct Answer {
    status: StatusCode,
    body: String,
}

impl<'a> Request<'a> {
    pub fn get(url: &'a str) -> Self {
        Self { method: Method::Get, url, header: None }
    }

    fn name(&self) -> String {
        let method = if self.method == Method::Get { "GET" } else { "PUT" };
        format!("{method} {}", self.url)
    }
}

impl<'a> Http<'a> {
    pub fn new(search: &'a Search, deadline: Duration) -> Self {
        let config = Agent::config_builder()
            // These addresses are local; what goes out by a proxy says nothing about this machine.
            .proxy(None)
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent(concat!("backpack-identity/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { search, agent: config.new_agent(), end: Instant::now() + deadline, longest_try: deadline / 2 }
    }

    /// The body of a 200.
    pub fn text(&self, request: &Request<'_>) -> Result<String, ProviderError> {
        let answer = self.ask(request)?;
        match answer.status {
            StatusCode::OK => Ok(answer.body),
            status => Err(refused(request, status)),
        }
    }

    /// The body of a 200; nothing for a 404.
    pub fn optional_text(&self, request: &Request<'_>) -> Result<Option<String>, ProviderError> {
        let answer = self.ask(request)?;
        match answer.status {
            StatusCode::OK => Ok(Some(answer.body)),
            StatusCode::NOT_FOUND => Ok(None),
            status => Err(refused(request, status)),
        }
    }

    /// The JSON of a 200.
    pub fn json(&self, request: &Request<'_>) -> Result<Value, ProviderError> {
        let body = self.text(request)?;
        let broken = || ProviderError::failed(format!("{} was answered with broken JSON", request.name()));
        serde_json::from_str(&body).map_err(|error| broken().caused_by(error))
    }

    /// Asks again where another time may help: if there is no answer, or a 429 or 5xx.
    fn ask(&self, request: &Request<'_>) -> Result<Answer, ProviderError> {
        let mut pause = FIRST_PAUSE;
        let mut tries = 0;
        loop {
            self.search.check()?;
            tries += 1;
            let result = self.try_once(request);
            let may_help = result.as_ref().map_or(true, |answer| {
                answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS
            });
            if !may_help || tries == TRIES || self.left() <= pause {
                return result;
            }
            self.search.wait(pause)?;
            pause *= 2;
        }
    }

    fn try_once(&self, request: &Request<'_>) -> Result<Answer, ProviderError> {
        let timeout = self.left().min(self.longest_try);
        if timeout.is_zero() {
            return Err(ProviderError::failed(format!("no time was left for {}", request.name())));
        }
        // An error of the client may repeat the whole address, so only the kinds that do not are passed on.
        let failed = |error: ureq::Error| {
            let failed = ProviderError::failed(format!("{} had no answer", request.name()));
            match error {
                ureq::Error::Timeout(_) => failed.caused_by("it timed out"),
                ureq::Error::Io(error) => failed.caused_by(error),
                ureq::Error::HostNotFound => failed.caused_by("the host is not known"),
                ureq::Error::ConnectionFailed => failed.caused_by("no connection"),
                ureq::Error::BodyExceedsLimit(_) => failed.caused_by("the answer is longer than 1 MiB"),
                _ => failed.caused_by("neither the address nor what came back is plain HTTP"),
            }
        };
        let mut response = self.send(request, timeout).map_err(failed)?;
        let body =
            response.body_mut().with_config().limit(LONGEST_ANSWER).read_to_string().map_err(failed)?;
        Ok(Answer { status: response.status(), body })
    }

    fn send(
        &self,
        request: &Request<'_>,
        timeout: Duration,
    ) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
        let mut builder = ureq::http::Request::builder()
            .method(if request.method == Method::Get { "GET" } else { "PUT" })
            .uri(request.url);
        if let Some((name, value)) = request.header {
            builder = builder.header(name, value);
        }
        let request = builder.body(())?;
        self.agent.run(self.agent.configure_request(request).timeout_global(Some(timeout)).build())
    }

    fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }
}

fn refused(request: &Request<'_>, status: StatusCode) -> ProviderError {
    ProviderError::failed(format!("{} was answered with {status}", request.name()))
}

/// A text within JSON, if it is one and not empty.
pub fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str().filter(|text| !text.is_empty())
}
