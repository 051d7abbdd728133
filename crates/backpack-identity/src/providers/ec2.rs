use std::time::Duration;

use serde_json::Value;

use crate::http::{self, Http, Method, Request, text};
use crate::{Details, Host, Provider, ProviderError, Search, timestamp};

const ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
const DISABLED: &str = "AWS_EC2_METADATA_DISABLED";
/// What these files begin with on machines of EC2: the first on Nitro, the second on Xen.
const SIGNS: [(&str, &str); 2] =
    [("/sys/class/dmi/id/sys_vendor", "amazon ec2"), ("/sys/hypervisor/uuid", "ec2")];

/// Amazon EC2, by its [instance metadata service] in version 2.
///
/// | field | from |
/// |---|---|
/// | device id | `instanceId` of the [instance identity document] |
/// | device name | the tag `Name`, which is what EC2 shows as the name of an instance; without it, `local-hostname` |
/// | created | `pendingTime` of the document: when the instance was last started |
/// | status | `autoscaling/target-lifecycle-state`, where there is one |
/// | tags | `tags/instance` |
///
/// It is recognised by what its hypervisor says of itself, or by a set `AWS_EC2_METADATA_SERVICE_ENDPOINT`; elsewhere it asks no network. With
/// `AWS_EC2_METADATA_DISABLED=true` it is left out, which a container needs that the service does not answer because of its hop limit.
///
/// It needs no permissions. Tags are told only by instances that have `InstanceMetadataTags` enabled.
///
/// [instance metadata service]: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
/// [instance identity document]: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-identity-documents.html
#[derive(Debug, Clone)]
pub struct Ec2 {
    deadline: Duration,
}

impl Ec2 {
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

impl Default for Ec2 {
    fn default() -> Self {
        Self::new()
    }
}

impl Provider for Ec2 {
    fn name(&self) -> &str {
        "ec2"
    }

    fn identify(&self, search: &Search) -> Result<Details, ProviderError> {
        let endpoint = endpoint(search.host())?;
        let http = Http::new(search, self.deadline);
        let service = Service::open(&http, endpoint.trim_end_matches('/'))?;

        let path = "dynamic/instance-identity/document";
        let document = service.get(path)?.unwrap_or_default();
        let broken = || ProviderError::failed(format!("{path} is broken JSON"));
        let document: Value = serde_json::from_str(&document).map_err(|error| broken().caused_by(error))?;
        let Some(id) = text(&document, "instanceId") else {
            return Err(ProviderError::failed(format!("{path} has no instanceId")));
        };
        let mut details = Details::new().device_id(id, format!("instanceId of {path}"));
        if let Some(created) = text(&document, "pendingTime").and_then(timestamp::parse) {
            details = details.created(created, format!("pendingTime of {path}"));
        }
        let path = "meta-data/autoscaling/target-lifecycle-state";
        if let Some(state) = service.get(path)? {
            details = details.status(state.trim(), path);
        }
        service.name_and_tags(details)
    }
}

/// Where the service is, if this is EC2.
fn endpoint(host: &Host) -> Result<String, ProviderError> {
    if host.variable(DISABLED)?.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Err(ProviderError::not_here(format!("{DISABLED} is true")));
    }
    if let Some(endpoint) = host.variable(ENDPOINT)? {
        return Ok(endpoint);
    }
    // A file that cannot be read is no sign.
    let is_sign = |(path, sign): &(&str, &str)| {
        let found = host.read(path).ok().flatten();
        found.is_some_and(|text| text.to_ascii_lowercase().starts_with(sign))
    };
    if SIGNS.iter().any(is_sign) {
        return Ok("http://169.254.169.254".into());
    }
    Err(ProviderError::not_here("the hypervisor is not Amazon's"))
}

/// The metadata service, with a token for it in hand.
struct Service<'a> {
    http: &'a Http<'a>,
    endpoint: &'a str,
    token: String,
}

impl<'a> Service<'a> {
    fn open(http: &'a Http<'a>, endpoint: &'a str) -> Result<Self, ProviderError> {
        let url = format!("{endpoint}/latest/api/token");
        let token = http.text(&Request {
            method: Method::Put,
            header: Some(("X-aws-ec2-metadata-token-ttl-seconds", "60")),
            ..Request::get(&url)
        });
        let token = token.map_err(|error| match error {
            ProviderError::Failed { what, source } => ProviderError::Failed {
                what: format!(
                    "the metadata service gives no token, as for a container beyond its hop limit; raise that or set {DISABLED}=true: {what}"
                ),
                source,
            },
            other => other,
        })?;
        Ok(Self { http, endpoint, token: token.trim().to_owned() })
    }

    fn get(&self, path: &str) -> Result<Option<String>, ProviderError> {
        let url = format!("{}/latest/{path}", self.endpoint);
        let header = Some(("X-aws-ec2-metadata-token", self.token.as_str()));
        self.http.optional_text(&Request { header, ..Request::get(&url) })
    }

    fn name_and_tags(&self, mut details: Details) -> Result<Details, ProviderError> {
        let keys = self.get("meta-data/tags/instance")?.unwrap_or_default();
        let mut has_name = false;
        for key in keys.lines().map(str::trim).filter(|key| is_key(key)) {
            let path = format!("meta-data/tags/instance/{key}");
            // It may have been deleted since.
            let Some(value) = self.get(&path)? else { continue };
            if key == "Name" && !value.trim().is_empty() {
                has_name = true;
                details = details.device_name(&value, &path);
            }
            details = details.tag(key, value, path);
        }
        let path = "meta-data/local-hostname";
        if !has_name && let Some(name) = self.get(path)? {
            details = details.device_name(name.trim(), path);
        }
        Ok(details)
    }
}

/// What EC2 allows in the keys of tags that the service tells; it goes into an address here.
fn is_key(key: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "+-=.,_:@".contains(c);
    !key.is_empty() && key.chars().all(is_allowed) && !matches!(key, "." | "..")
}
