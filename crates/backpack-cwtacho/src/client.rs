use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudwatch::Client as Sdk;
use aws_sdk_cloudwatch::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_cloudwatch::config::{ConfigBag, IdentityCache, Intercept, RuntimeComponents, SharedHttpClient};
use aws_sdk_cloudwatch::error::BoxError;
use aws_sdk_cloudwatch::primitives::{DateTime, DateTimeFormat};
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit, StatisticSet};
use aws_smithy_http_client::Builder as HttpClient;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use tokio::sync::OnceCell;

use crate::Credentials;
use crate::outcome::Outcome;
use crate::record::{Data, Record};

/// Temporary credentials are renewed so long before they expire, as renewing them takes its time on a slow link.
const CREDENTIALS_BUFFER: Duration = Duration::from_secs(300);
/// To reach the service takes no longer than this, or it is not there.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Whom to send to, and as whom.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) region: Option<String>,
    pub(crate) endpoint_url: Option<String>,
    pub(crate) credentials: Option<Credentials>,
    /// For a whole request.
    pub(crate) timeout: Duration,
}

/// Sends requests; each is tried once.
pub(crate) struct Client {
    target: Target,
    /// Made for the first request, as finding region and credentials may need a network.
    sdk: OnceCell<Sdk>,
    date: Date,
}

/// What time the service said it was when it last answered.
#[derive(Debug, Clone, Default)]
struct Date(Arc<Mutex<Option<SystemTime>>>);

impl Client {
    pub(crate) fn new(target: Target) -> Self {
        Self { target, sdk: OnceCell::new(), date: Date::default() }
    }

    pub(crate) async fn put(&self, namespace: String, data: Vec<MetricDatum>) -> Outcome {
        let sdk = match self.sdk.get_or_try_init(|| self.connect()).await {
            Ok(sdk) => sdk,
            Err(reason) => return Outcome::Failed(reason),
        };
        match sdk.put_metric_data().namespace(namespace).set_metric_data(Some(data)).send().await {
            Ok(_) => Outcome::Accepted,
            Err(error) => Outcome::of_error(&error),
        }
    }

    /// What time the service said it was, if it has since the last time.
    pub(crate) fn take_date(&self) -> Option<SystemTime> {
        self.date.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    async fn connect(&self) -> Result<Sdk, String> {
        // To read the certificates of the system takes long enough to be in the way of the reports that come meanwhile.
        let http = || HttpClient::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
        let http = tokio::task::spawn_blocking(http).await.map_err(|error| error.to_string())?;
        let loaded = tokio::time::timeout(self.target.timeout, self.load(http)).await;
        let config = loaded.map_err(|_| "finding out the region took too long".to_owned())?;
        if config.region().is_none() {
            return Err(
                "no region is known: name it to the builder, in AWS_REGION or in the profile".to_owned()
            );
        }
        let config = aws_sdk_cloudwatch::config::Builder::from(&config).interceptor(self.date.clone());
        Ok(Sdk::from_conf(config.build()))
    }

    async fn load(&self, http: SharedHttpClient) -> SdkConfig {
        let Target { region, endpoint_url, credentials, timeout } = &self.target;
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_timeout(*timeout);
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts.build())
            .identity_cache(IdentityCache::lazy().buffer_time(CREDENTIALS_BUFFER).build());
        if let Some(region) = region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(url) = endpoint_url {
            loader = loader.endpoint_url(url);
        }
        if let Some(credentials) = credentials {
            loader = loader.credentials_provider(credentials.for_sdk());
        }
        loader.load().await
    }
}

impl Intercept for Date {
    fn name(&self) -> &'static str {
        "Date"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let date = date.and_then(|date| DateTime::from_str(date, DateTimeFormat::HttpDate).ok());
        if let Some(date) = date.and_then(|date| SystemTime::try_from(date).ok()) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(date);
        }
        Ok(())
    }
}

/// A record as it is sent, with the time in milliseconds since 1970.
pub(crate) fn datum(record: &Record, time: i64) -> MetricDatum {
    let metric = &*record.metric;
    let dimension = |(name, value): &(String, String)| Dimension::builder().name(name).value(value).build();
    let dimensions: Vec<_> = metric.dimensions.iter().map(dimension).collect();
    let datum = MetricDatum::builder()
        .metric_name(&metric.name)
        .set_dimensions((!dimensions.is_empty()).then_some(dimensions))
        .timestamp(DateTime::from_millis(time))
        .unit(StandardUnit::from(metric.unit.name()))
        .storage_resolution(metric.resolution.seconds());
    match &record.data {
        Data::Statistics { count, sum, min, max } => {
            let statistics =
                StatisticSet::builder().sample_count(*count).sum(*sum).minimum(*min).maximum(*max);
            datum.statistic_values(statistics.build()).build()
        }
        Data::Values(values) => {
            let (values, counts) = values.iter().copied().unzip();
            datum.set_values(Some(values)).set_counts(Some(counts)).build()
        }
    }
}
