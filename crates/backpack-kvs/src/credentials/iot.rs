use std::fmt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use hyper::Request;
use hyper::header::HOST;
use serde_json::Value;

use super::{Credentials, CredentialsError, ProvideCredentials, future};
use crate::BuildError;
use crate::connector::{Connector, Identity};
use crate::http::{Whole, fetch};
use crate::proxy::Proxy;
use crate::url::Url;

/// Temporary credentials for a device that AWS IoT knows by its certificate (the IoT credentials endpoint).
///
/// ```no_run
/// use backpack_kvs::credentials::Iot;
///
/// # fn main() -> Result<(), backpack_kvs::BuildError> {
/// let credentials = Iot::builder("c1a2b3.credentials.iot.eu-west-1.amazonaws.com", "camera-role")
///     .certificate("/etc/iot/device.pem.crt", "/etc/iot/private.pem.key")
///     .thing("yard")
///     .build()?;
/// # Ok(())
/// # }
/// ```
pub struct Iot {
    url: Url,
    role: String,
    thing: Option<String>,
    connector: Connector,
}

/// What an [`Iot`] is made of.
#[derive(Debug, Clone)]
#[must_use]
pub struct IotBuilder {
    endpoint: String,
    role: String,
    thing: Option<String>,
    certificate: PathBuf,
    key: PathBuf,
    authorities: Option<PathBuf>,
    proxy: Option<Proxy>,
}

impl Iot {
    /// The account's credentials endpoint (`aws iot describe-endpoint --endpoint-type iot:CredentialProvider`) and the alias of the role that devices
    /// take on.
    pub fn builder(endpoint: impl Into<String>, role_alias: impl Into<String>) -> IotBuilder {
        IotBuilder {
            endpoint: endpoint.into(),
            role: role_alias.into(),
            thing: None,
            certificate: PathBuf::new(),
            key: PathBuf::new(),
            authorities: None,
            proxy: None,
        }
    }

    async fn load(&self) -> Result<Credentials, CredentialsError> {
        let path = self.url.path(&format!("/role-aliases/{}/credentials", self.role));
        let mut request = Request::builder().uri(path).header(HOST, self.url.authority());
        if let Some(thing) = &self.thing {
            request = request.header("x-amzn-iot-thingname", thing);
        }
        let request = request.body(Whole::new("")).map_err(CredentialsError::invalid_configuration)?;
        let answer =
            fetch(&self.connector, &self.url, request).await.map_err(CredentialsError::provider_error)?;
        if !answer.status.is_success() {
            // The body may say why, but may repeat anything as well.
            let text = format!("the credentials endpoint answered {}", answer.status);
            return Err(CredentialsError::provider_error(text));
        }
        read(&answer.body).ok_or_else(|| CredentialsError::provider_error("the answer holds no credentials"))
    }
}

fn read(body: &[u8]) -> Option<Credentials> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let field = |name: &str| Some(body["credentials"][name].as_str()?.to_owned());
    let expiry = DateTime::from_str(&field("expiration")?, Format::DateTime).ok()?;
    let expiry = SystemTime::try_from(expiry).ok()?;
    Some(Credentials::new(
        field("accessKeyId")?,
        field("secretAccessKey")?,
        Some(field("sessionToken")?),
        Some(expiry),
        "IoT",
    ))
}

impl IotBuilder {
    /// The device's certificate and its private key, in PEM files.
    pub fn certificate(mut self, certificate: impl AsRef<Path>, key: impl AsRef<Path>) -> Self {
        (self.certificate, self.key) = (certificate.as_ref().to_owned(), key.as_ref().to_owned());
        self
    }

    /// The name of the device in AWS IoT, for policies that use it.
    pub fn thing(mut self, name: impl Into<String>) -> Self {
        self.thing = Some(name.into());
        self
    }

    /// Trusts the certificate authorities in this PEM file instead of the system's.
    pub fn authorities(mut self, path: impl AsRef<Path>) -> Self {
        self.authorities = Some(path.as_ref().to_owned());
        self
    }

    /// Connects through this HTTP proxy, `http://user:password@host:port`.
    ///
    /// # Errors
    /// If the address is of another form.
    pub fn proxy(mut self, address: &str) -> Result<Self, BuildError> {
        self.proxy = Some(Proxy::parse(address)?);
        Ok(self)
    }

    /// Reads the certificate and the key.
    ///
    /// # Errors
    /// If one cannot be read, or does not fit the other.
    pub fn build(self) -> Result<Iot, BuildError> {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_=,@-.".contains(letter);
        if self.role.is_empty() || !self.role.chars().all(is_plain) {
            return Err(BuildError::Address(format!(
                "a role alias has letters, digits and _=,@-: {:?}",
                self.role
            )));
        }
        let endpoint = self.endpoint.trim_start_matches("https://");
        let url = Url::parse(&format!("https://{endpoint}"))?;
        let identity = Identity { certificate: &self.certificate, key: &self.key };
        let connector = Connector::new(self.authorities.as_deref(), self.proxy, Some(identity))?;
        Ok(Iot { url, role: self.role, thing: self.thing, connector })
    }
}

impl fmt::Debug for Iot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iot")
            .field("endpoint", &self.url.host)
            .field("role_alias", &self.role)
            .field("thing", &self.thing)
            .finish_non_exhaustive()
    }
}

impl ProvideCredentials for Iot {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.load())
    }
}
