use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use hyper::Request;

use crate::ConnectionError;

/// Signs requests to the service (AWS Signature Version 4).
pub(crate) struct Signer<'a> {
    pub(crate) credentials: &'a Credentials,
    pub(crate) region: &'a str,
    /// What the service's clock shows, as far as that is known.
    pub(crate) time: SystemTime,
}

impl Signer<'_> {
    /// Adds the signature to a request to this address, all of whose header fields but `host` are signed.
    pub(crate) fn sign<B>(
        &self,
        request: &mut Request<B>,
        address: &str,
        body: &[u8],
    ) -> Result<(), ConnectionError> {
        // None of these texts holds a secret.
        let failed = |error: &dyn std::error::Error| ConnectionError::Signature(error.to_string());
        let identity = self.credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name("kinesisvideo")
            .time(self.time)
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| failed(&error))?
            .into();
        let fields = request.headers().iter().filter_map(|(name, value)| {
            let is_signed = name != "transfer-encoding" && name != "user-agent";
            is_signed.then_some((name.as_str(), value.to_str().ok()?))
        });
        let signable =
            SignableRequest::new(request.method().as_str(), address, fields, SignableBody::Bytes(body))
                .map_err(|error| failed(&error))?;
        let (instructions, _) = sign(signable, &params).map_err(|error| failed(&error))?.into_parts();
        instructions.apply_to_request_http1x(request);
        Ok(())
    }
}
