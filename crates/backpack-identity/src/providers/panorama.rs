use std::error::Error;
use std::future::Future;
use std::thread;
use std::time::{Duration, SystemTime};

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_panorama::Client;
use aws_sdk_panorama::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_panorama::primitives::DateTime;
use aws_sdk_panorama::types::{ApplicationInstance, ApplicationInstanceHealthStatus, StatusFilter};
use aws_smithy_http_client::tls::Provider::Rustls;
use aws_smithy_http_client::{Builder, tls::rustls_provider::CryptoMode};
use tracing::info;

use crate::{Details, Provider, ProviderError, Search};

const SIGN: &str = "AppGraph_Uid";
/// How long one question may take, with the SDK's own retries.
const PATIENCE: Duration = Duration::from_secs(30);
/// How soon a question that is under way notices that the search was called off.
const GLANCE: Duration = Duration::from_millis(50);

/// AWS Panorama, by its API. **The service ended on 31 May 2026**; this is for accounts that still have it, and for its users on their way elsewhere.
///
/// | field | from `ListApplicationInstances`, for the instance that `AppGraph_Uid` names |
/// |---|---|
/// | instance id | `ApplicationInstanceId` |
/// | application name | `Name` |
/// | description | `Description` |
/// | status | `HealthStatus` |
/// | created | `CreatedTime` |
/// | tags | `Tags` |
/// | device id | `DefaultRuntimeContextDevice` |
/// | device name | `DefaultRuntimeContextDeviceName` |
///
/// After a deployment the status is `NOT_AVAILABLE` for a while. It asks again until that is over, with pauses as [`BackOff`] says, and can be
/// [called off](crate::Cancel) at any time.
///
/// Region and credentials are those of the AWS SDK: environment, profile, web identity, container, instance. The role of the application needs
///
/// ```json
/// {
///     "Version": "2012-10-17",
///     "Statement": [{"Effect": "Allow", "Action": "panorama:ListApplicationInstances", "Resource": "*"}]
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Panorama {
    region: Option<String>,
    config: Option<SdkConfig>,
    back_off: BackOff,
}

/// How often to ask, and how long to wait in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackOff {
    /// The first pause; each is twice the one before.
    pub first: Duration,
    /// No pause is longer.
    pub longest: Duration,
    /// How often it asks at most. There is always one question.
    pub tries: u32,
}

impl Default for BackOff {
    /// From 5 seconds to 5 minutes, 50 times: about four hours.
    fn default() -> Self {
        Self { first: Duration::from_secs(5), longest: Duration::from_secs(300), tries: 50 }
    }
}

impl Panorama {
    /// The provider.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks in this region, where the appliance was registered, instead of the region of the environment.
    #[doc(alias = "device_region")]
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Waits otherwise while the status is `NOT_AVAILABLE`.
    #[must_use]
    pub fn back_off(mut self, back_off: BackOff) -> Self {
        self.back_off = back_off;
        self
    }

    /// Uses this configuration of the AWS SDK instead of loading one.
    #[must_use]
    pub fn sdk_config(mut self, config: SdkConfig) -> Self {
        self.config = Some(config);
        self
    }

    async fn client(&self) -> Result<Client, ProviderError> {
        let loaded = match &self.config {
            Some(config) => config.clone(),
            None => {
                let http_client = Builder::new().tls_provider(Rustls(CryptoMode::Ring)).build_https();
                aws_config::defaults(BehaviorVersion::latest()).http_client(http_client).load().await
            }
        };
        let mut config = aws_sdk_panorama::config::Builder::from(&loaded);
        if let Some(region) = &self.region {
            config = config.region(Region::new(region.clone()));
        } else if loaded.region().is_none() {
            return Err(ProviderError::failed(
                "no AWS region is known: set AWS_REGION, or `Panorama::region` to where the appliance was registered",
            ));
        }
        if loaded.timeout_config().is_none_or(|timeouts| timeouts.operation_timeout().is_none()) {
            config = config.timeout_config(TimeoutConfig::builder().operation_timeout(PATIENCE).build());
        }
        Ok(Client::from_conf(config.build()))
    }

    fn ask(&self, search: &Search, id: &str) -> Result<Details, ProviderError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime =
            runtime.map_err(|error| ProviderError::failed("no runtime for the AWS SDK").caused_by(error))?;
        let client = runtime.block_on(unless_cancelled(search, self.client()))??;
        let mut pause = self.back_off.first.min(self.back_off.longest);
        for attempt in 1.. {
            let instance = runtime.block_on(unless_cancelled(search, find(&client, id)))??;
            if is_available(&instance) {
                return Ok(details(&instance));
            }
            if attempt >= self.back_off.tries {
                break;
            }
            info!(
                attempt,
                ?pause,
                "Panorama does not know yet how the application is doing; it is asked again"
            );
            search.wait(pause)?;
            pause = pause.saturating_mul(2).min(self.back_off.longest);
        }
        let tries = self.back_off.tries.max(1);
        Err(ProviderError::failed(format!("the application {id} is still NOT_AVAILABLE after {tries} tries")))
    }
}

impl Provider for Panorama {
    fn name(&self) -> &str {
        "panorama"
    }

    fn identify(&self, search: &Search) -> Result<Details, ProviderError> {
        let Some(id) = search.host().variable(SIGN)? else {
            return Err(ProviderError::not_here(format!("{SIGN} is not set")));
        };
        // On a thread of its own, as the calling one may have a runtime already.
        let failed = |what: &str| ProviderError::failed(what);
        thread::scope(|scope| {
            let thread = thread::Builder::new().name("panorama".into());
            let asking = thread.spawn_scoped(scope, || self.ask(search, &id));
            let asking = asking.map_err(|error| failed("no thread for the AWS SDK").caused_by(error))?;
            asking.join().unwrap_or_else(|_| Err(failed("the AWS SDK panicked")))
        })
    }
}

async fn find(client: &Client, id: &str) -> Result<ApplicationInstance, ProviderError> {
    let request = client.list_application_instances().status_filter(StatusFilter::DeploymentSucceeded);
    let mut pages = request.into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| {
            ProviderError::failed("ListApplicationInstances failed").caused_by(reason(&error))
        })?;
        let instances = page.application_instances.unwrap_or_default();
        let found = instances.into_iter().find(|instance| instance.application_instance_id() == Some(id));
        if let Some(instance) = found {
            return Ok(instance);
        }
    }
    let region = client.config().region().map_or("", |region| region.as_ref());
    Err(ProviderError::failed(format!(
        "no application {id} is deployed in {region}: {SIGN} or the region is wrong, or its deployment has not succeeded"
    )))
}

/// What AWS says, or else every cause down to the root.
fn reason<E: ProvideErrorMetadata + Error + 'static>(error: &SdkError<E>) -> String {
    let metadata = error.as_service_error().map(|error| (error.code(), error.message()));
    match metadata {
        Some((Some(code @ "AccessDeniedException"), message)) => {
            let message = message.unwrap_or("no message");
            format!("{code}: {message}; the role needs panorama:ListApplicationInstances")
        }
        Some((Some(code), message)) => format!("{code}: {}", message.unwrap_or("no message")),
        _ => {
            let causes = std::iter::successors(Some(error as &dyn Error), |&cause| cause.source());
            causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
        }
    }
}

/// A status that is missing is one that is not known yet.
fn is_available(instance: &ApplicationInstance) -> bool {
    instance.health_status().is_some_and(|status| *status != ApplicationInstanceHealthStatus::NotAvailable)
}

fn details(instance: &ApplicationInstance) -> Details {
    let mut details = Details::new()
        .instance_id(instance.application_instance_id().unwrap_or_default(), "ApplicationInstanceId")
        .application_name(instance.name().unwrap_or_default(), "Name")
        .description(instance.description().unwrap_or_default(), "Description")
        .status(instance.health_status().map_or("", |status| status.as_str()), "HealthStatus")
        .device_id(
            instance.default_runtime_context_device().unwrap_or_default(),
            "DefaultRuntimeContextDevice",
        )
        .device_name(
            instance.default_runtime_context_device_name().unwrap_or_default(),
            "DefaultRuntimeContextDeviceName",
        );
    if let Some(created) = instance.created_time().and_then(to_the_millisecond) {
        details = details.created(created, "CreatedTime");
    }
    for (key, value) in instance.tags().into_iter().flatten() {
        details = details.tag(key, value, "Tags");
    }
    details
}

/// The service tells milliseconds, as a floating-point number of seconds, which misses them by some nanoseconds.
fn to_the_millisecond(time: &DateTime) -> Option<SystemTime> {
    let millis = (time.as_nanos() + 500_000).div_euclid(1_000_000);
    DateTime::from_millis(millis.try_into().ok()?).try_into().ok()
}

/// What `work` comes to, unless the search is called off before.
async fn unless_cancelled<T>(search: &Search, work: impl Future<Output = T>) -> Result<T, ProviderError> {
    let cancelled = async {
        while !search.is_cancelled() {
            tokio::time::sleep(GLANCE).await;
        }
    };
    tokio::select! {
        done = work => Ok(done),
        () = cancelled => Err(ProviderError::Cancelled),
    }
}
