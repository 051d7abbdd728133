use super::signature_error::SignatureError;

/// The parts of an authorization header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    /// By which the secret is found.
    pub access_key: String,
    /// The day of the signature, as `YYYYMMDD`.
    pub day: String,
    /// The region it is for.
    pub region: String,
    /// The service it is for.
    pub service: String,
    /// The names of the headers that are signed, as given.
    pub signed_headers: Vec<String>,
    /// In hexadecimal digits.
    pub signature: String,
}

impl Authorization {
    /// Reads `AWS4-HMAC-SHA256 Credential=…/…/…/…/aws4_request, SignedHeaders=…;…, Signature=…`.
    ///
    /// # Errors
    ///
    /// [`SignatureError::Incomplete`] says which part is missing or wrong.
    pub fn parse(header: &str) -> Result<Self, SignatureError> {
        let wrong = |what: &str| SignatureError::Incomplete(what.into());
        let parts =
            header.trim().strip_prefix("AWS4-HMAC-SHA256").ok_or_else(|| wrong("not AWS4-HMAC-SHA256"))?;
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for part in parts.split(',') {
            let (name, value) = part.trim().split_once('=').ok_or_else(|| wrong("a part without '='"))?;
            let place = match name {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => return Err(wrong("a part that is none of Credential, SignedHeaders and Signature")),
            };
            if place.replace(value).is_some() {
                return Err(wrong("a part stands there twice"));
            }
        }
        let credential = credential.ok_or_else(|| wrong("no Credential"))?;
        let signed_headers = signed_headers.ok_or_else(|| wrong("no SignedHeaders"))?;
        let signature = signature.ok_or_else(|| wrong("no Signature"))?;

        // An access key may hold slashes in theory, so the scope is read from its end.
        let mut scope = credential.rsplitn(5, '/');
        let mut next = || scope.next().filter(|part| !part.is_empty());
        let (terminator, service, region, day, access_key) = (next(), next(), next(), next(), next());
        if terminator != Some("aws4_request") {
            return Err(wrong("a Credential that does not end in aws4_request"));
        }
        let (Some(service), Some(region), Some(day), Some(access_key)) = (service, region, day, access_key)
        else {
            return Err(wrong("a Credential without key, day, region and service"));
        };
        let signed_headers: Vec<String> = signed_headers.split(';').map(str::to_owned).collect();
        if signed_headers
            .iter()
            .any(|name| name.is_empty() || name.bytes().any(|byte| byte.is_ascii_uppercase()))
        {
            return Err(wrong("SignedHeaders that are not lower-case names"));
        }
        if !signed_headers.is_sorted() {
            return Err(wrong("SignedHeaders that are not sorted"));
        }
        if signature.len() != 64 || !signature.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(wrong("a Signature that is not 64 hexadecimal digits"));
        }
        Ok(Self {
            access_key: access_key.into(),
            day: day.into(),
            region: region.into(),
            service: service.into(),
            signed_headers,
            signature: signature.into(),
        })
    }

    /// What the key is derived for.
    pub(super) fn scope(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.day, self.region, self.service)
    }
}
