use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;

pub const KEY: &str = "AKIDEXAMPLE";
pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

#[derive(Debug, Clone)]
pub struct Signer {
    pub key: String,
    pub secret: String,
    pub token: Option<String>,
    pub region: String,
    pub service: String,
    pub time: SystemTime,
}

impl Default for Signer {
    fn default() -> Self {
        Self {
            key: KEY.into(),
            secret: SECRET.into(),
            token: None,
            region: "eu-west-1".into(),
            service: "kinesisvideo".into(),
            time: SystemTime::now(),
        }
    }
}

impl Signer {
    pub fn seconds_later(self, seconds: u64) -> Self {
        Self { time: self.time + Duration::from_secs(seconds), ..self }
    }

    pub fn seconds_earlier(self, seconds: u64) -> Self {
        Self { time: self.time - Duration::from_secs(seconds), ..self }
    }

    /// The headers that the signature adds.
    pub fn sign(&self, url: &str, headers: &[(String, String)], body: &[u8]) -> Vec<(String, String)> {
        let credentials = Credentials::new(&self.key, &self.secret, self.token.clone(), None, "test");
        let identity = credentials.into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(&self.service)
            .time(self.time)
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let request = SignableRequest::new("POST", url, headers, SignableBody::Bytes(body)).unwrap();
        let (instructions, _) = sign(request, &params).unwrap().into_parts();
        instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}
