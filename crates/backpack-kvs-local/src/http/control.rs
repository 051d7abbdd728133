//! The control plane: JSON in, JSON out.

use std::collections::BTreeMap;
use std::time::SystemTime;

use serde::Deserialize;
use serde_json::{Value, json};

use super::api_error::ApiError;
use crate::service::Service;
use crate::stream_info::is_name;
use crate::{Operation, StreamInfo};

/// What a call without `MaxResults` lists at most.
const PAGE: usize = 10_000;

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Request {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    #[serde(rename = "APIName")]
    api_name: Option<String>,
    device_name: Option<String>,
    media_type: Option<String>,
    kms_key_id: Option<String>,
    data_retention_in_hours: Option<u32>,
    tags: Option<BTreeMap<String, String>>,
    current_version: Option<String>,
    max_results: Option<usize>,
    next_token: Option<String>,
    stream_name_condition: Option<Condition>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Condition {
    comparison_value: Option<String>,
}

/// The answer to a call, and the stream that it was about.
pub fn call(
    service: &Service,
    operation: Operation,
    body: &[u8],
) -> (Option<String>, Result<Value, ApiError>) {
    let request: Request = match serde_json::from_slice(if body.is_empty() { b"{}" } else { body }) {
        Ok(request) => request,
        Err(error) => {
            return (None, Err(ApiError::invalid_argument(format!("not the JSON of a request: {error}"))));
        }
    };
    let name = request
        .stream_name
        .clone()
        .or_else(|| service.read(|state| state.stream_name(None, request.stream_arn.as_deref())));
    let limited = name.clone().unwrap_or_default();
    if !service.write(|state| state.admits(operation, &limited)) {
        return (name, Err(ApiError::client_limit()));
    }
    let answer = match operation {
        Operation::DescribeStream => describe(service, &request),
        Operation::CreateStream => create(service, request),
        Operation::GetDataEndpoint => data_endpoint(service, &request),
        Operation::DeleteStream => delete(service, &request),
        Operation::ListStreams => list(service, &request),
        Operation::PutMedia => Err(ApiError::invalid_argument("PutMedia takes no JSON")),
    };
    (name, answer)
}

fn describe(service: &Service, request: &Request) -> Result<Value, ApiError> {
    find(service, request).map(|info| json!({ "StreamInfo": json_of(&info) }))
}

fn create(service: &Service, request: Request) -> Result<Value, ApiError> {
    let name = request.stream_name.ok_or_else(|| ApiError::invalid_argument("StreamName is missing"))?;
    if !is_name(&name) {
        return Err(ApiError::invalid_argument(format!(
            "{name:?} is no StreamName: [a-zA-Z0-9_.-]+, up to 256"
        )));
    }
    let retention_hours = request.data_retention_in_hours.unwrap_or(0);
    if retention_hours > 87_600 {
        return Err(ApiError::invalid_argument("DataRetentionInHours is over 87600"));
    }
    let tags = request.tags.unwrap_or_default();
    if tags.len() > 50 {
        return Err(ApiError::invalid_argument("a stream has 50 tags at most"));
    }
    let info = StreamInfo {
        device_name: request.device_name,
        media_type: request.media_type,
        kms_key_id: request.kms_key_id,
        retention_hours,
        tags,
        ..service.stream_info(&name)
    };
    let arn = info.arn.clone();
    // The service has one thread, so nobody else makes the same stream meanwhile.
    if service.read(|state| state.streams.contains_key(&name)) {
        return Err(ApiError::in_use(&name));
    }
    service.create(info).map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(json!({ "StreamARN": arn }))
}

fn data_endpoint(service: &Service, request: &Request) -> Result<Value, ApiError> {
    match request.api_name.as_deref() {
        Some("PUT_MEDIA") => {}
        Some(other) => {
            return Err(ApiError::invalid_argument(format!("APIName {other:?}: here is only PUT_MEDIA")));
        }
        None => return Err(ApiError::invalid_argument("APIName is missing")),
    }
    find(service, request)?;
    Ok(json!({ "DataEndpoint": service.read(|state| state.endpoint.clone()) }))
}

fn delete(service: &Service, request: &Request) -> Result<Value, ApiError> {
    let info = find(service, request)?;
    if request.current_version.as_ref().is_some_and(|version| *version != info.version) {
        return Err(ApiError::version_mismatch(&info.version));
    }
    if let Some(folder) = &service.folder {
        folder.remove(&info.name).map_err(|error| ApiError::internal(error.to_string()))?;
    }
    service.write(|state| state.streams.remove(&info.name));
    Ok(json!({}))
}

fn list(service: &Service, request: &Request) -> Result<Value, ApiError> {
    let prefix =
        request.stream_name_condition.as_ref().and_then(|condition| condition.comparison_value.as_deref());
    let after = request.next_token.as_deref().unwrap_or_default();
    let limit = request.max_results.unwrap_or(PAGE).clamp(1, PAGE);
    let mut found: Vec<StreamInfo> = service.read(|state| {
        let streams = state.streams.values().map(|stream| &stream.info);
        let fitting = streams.filter(|info| info.name.starts_with(prefix.unwrap_or_default()));
        fitting.filter(|info| info.name.as_str() > after).take(limit + 1).cloned().collect()
    });
    let is_more = found.len() > limit;
    found.truncate(limit);
    let mut answer = json!({ "StreamInfoList": found.iter().map(json_of).collect::<Vec<_>>() });
    if let Some(last) = found.last().filter(|_| is_more) {
        answer["NextToken"] = json!(last.name);
    }
    Ok(answer)
}

fn find(service: &Service, request: &Request) -> Result<StreamInfo, ApiError> {
    let (name, arn) = (request.stream_name.as_deref(), request.stream_arn.as_deref());
    let Some(asked) = name.or(arn) else {
        return Err(ApiError::invalid_argument("neither StreamName nor StreamARN is there"));
    };
    let info = service.read(|state| {
        state
            .stream_name(name, arn)
            .and_then(|name| state.streams.get(&name))
            .map(|stream| stream.info.clone())
    });
    info.ok_or_else(|| ApiError::not_found(asked))
}

fn json_of(info: &StreamInfo) -> Value {
    let since = info.created.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let mut json = json!({
        "StreamName": info.name,
        "StreamARN": info.arn,
        "Version": info.version,
        "Status": "ACTIVE",
        "CreationTime": since.as_secs_f64(),
        "DataRetentionInHours": info.retention_hours,
    });
    let optional =
        [("DeviceName", &info.device_name), ("MediaType", &info.media_type), ("KmsKeyId", &info.kms_key_id)];
    for (name, value) in optional {
        if let Some(value) = value {
            json[name] = json!(value);
        }
    }
    json
}
