use std::time::Duration;

use serde_json::Value;
use tracing::warn;

use crate::http::{self, Http, Request, text};
use crate::{Details, Host, Provider, ProviderError, Search};

const SIGN: &str = "BALENA";
const UUID: &str = "BALENA_DEVICE_UUID";
const APP_ID: &str = "BALENA_APP_ID";
const APP_NAME: &str = "BALENA_APP_NAME";
const RELEASE: &str = "BALENA_APP_RELEASE";
const DEVICE_NAME: &str = "BALENA_DEVICE_NAME_AT_INIT";
const ADDRESS: &str = "BALENA_SUPERVISOR_ADDRESS";
const API_KEY: &str = "BALENA_SUPERVISOR_API_KEY";

/// balena, by the [variables of its containers] and, if the service may use it, the [supervisor].
///
/// | field | from |
/// |---|---|
/// | device id | `BALENA_DEVICE_UUID` |
/// | device name | the supervisor's `/v2/device/name`; without it, `BALENA_DEVICE_NAME_AT_INIT` |
/// | application name | `BALENA_APP_NAME` |
/// | instance id | `BALENA_APP_ID`, `BALENA_APP_RELEASE` and `BALENA_DEVICE_UUID`, with slashes between them |
/// | tags | the supervisor's `/v2/device/tags` |
///
/// A service may use the supervisor if it has the label `io.balena.features.supervisor-api: '1'`. The supervisor asks balena's cloud for the tags; while
/// the device is offline there are none, and a warning says why.
///
/// [variables of its containers]: https://docs.balena.io/learn/manage/variables/
/// [supervisor]: https://docs.balena.io/reference/supervisor/supervisor-api/
#[derive(Debug, Clone)]
pub struct Balena {
    deadline: Duration,
}

impl Balena {
    /// The provider.
    pub fn new() -> Self {
        Self { deadline: http::DEADLINE }
    }

    /// Gives all of its requests so much time together, instead of two seconds.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }
}

impl Default for Balena {
    fn default() -> Self {
        Self::new()
    }
}

impl Provider for Balena {
    fn name(&self) -> &str {
        "balena"
    }

    fn identify(&self, search: &Search) -> Result<Details, ProviderError> {
        let host = search.host();
        if host.variable(SIGN)?.as_deref() != Some("1") {
            return Err(ProviderError::not_here(format!("{SIGN} is not 1")));
        }
        let Some(uuid) = host.variable(UUID)? else {
            return Err(ProviderError::failed(format!("{UUID} is not set, as it is in every container")));
        };
        let mut details = of_variables(host, &uuid)?;
        if let (Some(address), Some(key)) = (host.variable(ADDRESS)?, host.variable(API_KEY)?) {
            let http = Http::new(search, self.deadline);
            details = Supervisor {
                http,
                address: address.trim_end_matches('/'),
                authorization: format!("Bearer {key}"),
            }
            .complete(details)?;
        }
        Ok(details)
    }
}

fn of_variables(host: &Host, uuid: &str) -> Result<Details, ProviderError> {
    let mut details = Details::new().device_id(uuid, UUID);
    if let Some(name) = host.variable(DEVICE_NAME)? {
        details = details.device_name(name, DEVICE_NAME);
    }
    if let Some(name) = host.variable(APP_NAME)? {
        details = details.application_name(name, APP_NAME);
    }
    if let (Some(id), Some(release)) = (host.variable(APP_ID)?, host.variable(RELEASE)?) {
        let origin = format!("{APP_ID}, {RELEASE} and {UUID}");
        details = details.instance_id(format!("{id}/{release}/{uuid}"), origin);
    }
    Ok(details)
}

/// The agent on the device.
struct Supervisor<'a> {
    http: Http<'a>,
    address: &'a str,
    authorization: String,
}

impl Supervisor<'_> {
    /// What it does not tell is left out: the device is known by its variables, and edge devices are offline at times.
    fn complete(&self, mut details: Details) -> Result<Details, ProviderError> {
        let path = "/v2/device/name";
        if let Some(answer) = self.get(path)?
            && let Some(name) = text(&answer, "deviceName")
        {
            details = details.device_name(name, format!("the supervisor's {path}"));
        }
        let path = "/v2/device/tags";
        let answer = self.get(path)?.unwrap_or_default();
        for tag in answer.get("tags").and_then(Value::as_array).into_iter().flatten() {
            if let Some(name) = text(tag, "name") {
                let value = text(tag, "value").unwrap_or_default();
                details = details.tag(name, value, format!("the supervisor's {path}"));
            }
        }
        Ok(details)
    }

    fn get(&self, path: &str) -> Result<Option<Value>, ProviderError> {
        let url = format!("{}{path}", self.address);
        let request = Request { header: Some(("Authorization", &self.authorization)), ..Request::get(&url) };
        match self.http.json(&request) {
            Ok(answer) => Ok(Some(answer)),
            Err(ProviderError::Cancelled) => Err(ProviderError::Cancelled),
            Err(error) => {
                warn!(%error, "balena's supervisor does not tell all of the identity");
                Ok(None)
            }
        }
    }
}
