use std::time::Duration;

use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::connector::Connector;
use crate::http::{Whole, fetch};
use crate::signer::Signer;
use crate::url::Url;
use crate::{ConnectionError, CreateStream, Event, ServiceError, ServiceErrorKind};

/// How often a stream that is being created is looked at, and how many times.
const LOOK: Duration = Duration::from_millis(500);
const LOOKS: usize = 40;

/// The requests that come before a connection.
pub(crate) struct ControlPlane {
    pub(crate) connector: Connector,
    pub(crate) address: Url,
    pub(crate) stream: String,
    pub(crate) media_type: &'static str,
    pub(crate) create: Option<CreateStream>,
    /// Where fragments go, once that is known.
    data: Option<Url>,
    is_active: bool,
}

impl ControlPlane {
    pub(crate) fn new(
        connector: Connector,
        address: Url,
        stream: String,
        create: Option<CreateStream>,
    ) -> Self {
        let media_type = "video/h264";
        Self { connector, address, stream, media_type, create, data: None, is_active: false }
    }

    /// Where fragments go. Asked for once, and again after [`forget`](Self::forget).
    pub(crate) async fn data_address(
        &mut self,
        signer: &Signer<'_>,
        events: &crate::events::Events,
    ) -> Result<Url, ConnectionError> {
        if let Some(data) = &self.data {
            return Ok(data.clone());
        }
        if !self.is_active {
            self.ensure_active(signer, events).await?;
            self.is_active = true;
        }
        let asked = json!({ "StreamName": self.stream, "APIName": "PUT_MEDIA" });
        let answer = self.call("GetDataEndpoint", "/getDataEndpoint", &asked, signer).await?;
        let wrong = |error: String| ConnectionError::Answer { action: "GetDataEndpoint", error };
        let text = answer["DataEndpoint"].as_str().ok_or_else(|| wrong("it holds no DataEndpoint".into()))?;
        let data = Url::parse(text).map_err(|error| wrong(error.to_string()))?;
        if self.address.is_tls && !data.is_tls {
            return Err(wrong("the endpoint is not encrypted".into()));
        }
        self.data = Some(data.clone());
        Ok(data)
    }

    /// The address may have changed.
    pub(crate) fn forget(&mut self) {
        self.data = None;
    }

    /// The stream itself may have changed.
    pub(crate) fn forget_stream(&mut self) {
        self.data = None;
        self.is_active = false;
    }

    async fn ensure_active(
        &self,
        signer: &Signer<'_>,
        events: &crate::events::Events,
    ) -> Result<(), ConnectionError> {
        let mut status = String::new();
        for _ in 0..LOOKS {
            match self.describe(signer).await {
                Ok(found) if found == "ACTIVE" || found == "UPDATING" => return Ok(()),
                Ok(found) => status = found,
                Err(ConnectionError::Service(error)) => match (error.kind, &self.create) {
                    (ServiceErrorKind::ResourceNotFound, Some(create)) => {
                        self.create(create, signer).await?;
                        events.publish(Event::StreamCreated);
                    }
                    // Who may not look can send all the same.
                    (ServiceErrorKind::NotAuthorized, None) if error.status != 401 => {
                        tracing::debug!(%error, "the stream's status is not known");
                        return Ok(());
                    }
                    _ => return Err(error.into()),
                },
                Err(error) => return Err(error),
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(ConnectionError::NotActive(status))
    }

    async fn describe(&self, signer: &Signer<'_>) -> Result<String, ConnectionError> {
        let asked = json!({ "StreamName": self.stream });
        let answer = self.call("DescribeStream", "/describeStream", &asked, signer).await?;
        Ok(answer["StreamInfo"]["Status"].as_str().unwrap_or("in an unknown state").to_owned())
    }

    async fn create(&self, create: &CreateStream, signer: &Signer<'_>) -> Result<(), ConnectionError> {
        let asked = create.request(&self.stream, self.media_type);
        match self.call("CreateStream", "/createStream", &asked, signer).await {
            // Another producer was faster.
            Err(ConnectionError::Service(error)) if error.kind == ServiceErrorKind::ResourceInUse => Ok(()),
            other => other.map(drop),
        }
    }

    async fn call(
        &self,
        action: &'static str,
        path: &str,
        body: &Value,
        signer: &Signer<'_>,
    ) -> Result<Value, ConnectionError> {
        let body = body.to_string();
        let path = self.address.path(path);
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&path)
            .header(HOST, self.address.authority())
            .header(CONTENT_TYPE, "application/json")
            .body(Whole::new(body.clone()))
            .map_err(|error| ConnectionError::Signature(error.to_string()))?;
        let scheme = if self.address.is_tls { "https" } else { "http" };
        let address = format!("{scheme}://{}{path}", self.address.authority());
        signer.sign(&mut request, &address, body.as_bytes())?;
        let answer = fetch(&self.connector, &self.address, request).await?;
        if answer.status != StatusCode::OK {
            let credentials = signer.credentials;
            let secrets = [
                credentials.access_key_id(),
                credentials.secret_access_key(),
                credentials.session_token().unwrap_or_default(),
            ];
            return Err(ServiceError::read(action, &answer, &secrets).into());
        }
        if answer.body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&answer.body)
            .map_err(|error| ConnectionError::Answer { action, error: error.to_string() })
    }
}
