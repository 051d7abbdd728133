use std::fmt;

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::provider_config::ProviderConfig;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use tokio::sync::OnceCell;

use super::{ProvideCredentials, future};

/// The credentials that the AWS SDK finds: environment, profiles, `credential_process`, web identity, containers (ECS, EKS, Greengrass) and EC2.
#[derive(Default)]
pub struct DefaultChain(OnceCell<DefaultCredentialsChain>);

impl DefaultChain {
    /// The chain; nothing is looked at before credentials are needed.
    pub fn new() -> Self {
        Self::default()
    }

    async fn chain(&self) -> &DefaultCredentialsChain {
        self.0
            .get_or_init(|| {
                let client = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
                let config = ProviderConfig::default().with_http_client(client);
                DefaultCredentialsChain::builder().configure(config).build()
            })
            .await
    }
}

impl fmt::Debug for DefaultChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DefaultChain").finish_non_exhaustive()
    }
}

impl ProvideCredentials for DefaultChain {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async { self.chain().await.provide_credentials().await })
    }
}
