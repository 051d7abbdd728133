use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Either, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, DATE, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::Body;
use super::api_error::ApiError;
use super::{control, page, put_media};
use crate::cutter::Cutter;
use crate::service::Service;
use crate::sigv4::{Verifier, verify};
use crate::{Operation, RequestRecord};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// The most that a call of the control plane may have.
const LARGEST_CALL: usize = 1 << 20;

/// What is known of a request when it is answered.
#[derive(Default)]
pub struct Asked {
    pub operation: Option<Operation>,
    pub stream: Option<String>,
    pub access_key: Option<String>,
}

/// Answers a request. The answer to a good PutMedia comes at once, and its acknowledgements as the body comes in.
pub(crate) async fn respond(
    service: Arc<Service>,
    cutter: Arc<Cutter>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let latency = service.read(|state| state.faults.latency);
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    if service.page && request.method() == Method::GET {
        return Ok(page::show(&service, request.uri().path()));
    }
    let mut asked = Asked::default();
    let mut response = match answer(&service, cutter, request, &mut asked).await {
        Ok(response) => {
            record(&service, asked, response.status(), None);
            response
        }
        Err(error) => {
            tracing::debug!(operation = ?asked.operation, status = error.status.as_u16(), error.error_type, error.message, "refused");
            let response = error_response(&error);
            record(&service, asked, response.status(), Some(error));
            response
        }
    };
    if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(service.now())) {
        response.headers_mut().insert(DATE, date);
    }
    Ok(response)
}

async fn answer(
    service: &Arc<Service>,
    cutter: Arc<Cutter>,
    request: Request<Incoming>,
    asked: &mut Asked,
) -> Result<Response<Body>, ApiError> {
    let (parts, body) = request.into_parts();
    let operation = Operation::of_path(parts.uri.path()).filter(|_| parts.method == Method::POST);
    let operation = operation.ok_or_else(|| ApiError::unknown_operation(parts.uri.path()))?;
    asked.operation = Some(operation);
    asked.stream = header(&parts, "x-amzn-stream-name").map(str::to_owned);
    if let Some(error) = service.write(|state| state.faults.take_refusal(operation)) {
        return Err(ApiError::refused(error.status, &error.error_type));
    }
    if operation == Operation::PutMedia {
        // Its signature covers an empty body, as nobody knows the real one yet.
        asked.access_key = Some(check_signature(service, &parts, &[])?);
        return put_media::start(service, cutter, &parts, body, asked);
    }
    let body =
        Limited::new(body, LARGEST_CALL).collect().await.map_err(|_| ApiError::too_large())?.to_bytes();
    asked.access_key = Some(check_signature(service, &parts, &body)?);
    let (stream, answer) = control::call(service, operation, &body);
    asked.stream = stream;
    Ok(json_response(StatusCode::OK, &answer?))
}

fn check_signature(service: &Service, parts: &Parts, body: &[u8]) -> Result<String, ApiError> {
    let (credentials, skew) = service.read(|state| (state.credentials.clone(), state.limits.clock_skew));
    let verifier = Verifier {
        credentials: &credentials,
        region: service.region.as_deref(),
        service: "kinesisvideo",
        now: service.now(),
        skew,
    };
    Ok(verify(parts, body, &verifier)?)
}

fn record(service: &Service, asked: Asked, status: StatusCode, error: Option<ApiError>) {
    let (error_type, message) = error.map(|error| (error.error_type, error.message)).unzip();
    let Asked { operation, stream, access_key } = asked;
    let time = service.now();
    let record =
        RequestRecord { time, operation, stream, access_key, status: status.as_u16(), error_type, message };
    service.write(|state| state.requests.push(record));
}

fn error_response(error: &ApiError) -> Response<Body> {
    let mut response = json_response(error.status, &json!({ "Message": error.message }));
    if let Ok(error_type) = HeaderValue::from_str(&error.error_type) {
        response.headers_mut().insert("x-amzn-errortype", error_type);
    }
    response
}

fn json_response(status: StatusCode, json: &Value) -> Response<Body> {
    let mut response = Response::new(Either::Left(Full::new(Bytes::from(json.to_string()))));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}

/// The text of a header that is there once.
pub fn header<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts.headers.get(name)?.to_str().ok()
}
