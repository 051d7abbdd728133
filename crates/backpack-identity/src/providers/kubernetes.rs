use std::collections::BTreeMap;
use std::path::PathBuf;

use super::go_quoted;
use super::linux::host_name;
use crate::{Details, Host, Provider, ProviderError, Search};

const SIGN: &str = "KUBERNETES_SERVICE_HOST";
const NAME_LABEL: &str = "app.kubernetes.io/name";
const DESCRIPTION_ANNOTATION: &str = "kubernetes.io/description";

/// Kubernetes, by its [downward API]: what the pod's manifest hands down in variables or files.
///
/// | field | from |
/// |---|---|
/// | instance id | the pod's uid; without it, the pod's name |
/// | application name | the label `app.kubernetes.io/name` |
/// | description | the annotation `kubernetes.io/description` |
/// | device id, device name | the node's name |
/// | tags | the labels |
///
/// The manifest decides what is handed down. This hands down all that is looked for:
///
/// ```yaml
/// containers:
///   - name: counter
///     env:
///       - {name: POD_UID, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}
///       - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
///       - {name: NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
///     volumeMounts:
///       - {name: podinfo, mountPath: /etc/podinfo}
/// volumes:
///   - name: podinfo
///     downwardAPI:
///       items:
///         - {path: labels, fieldRef: {fieldPath: metadata.labels}}
///         - {path: annotations, fieldRef: {fieldPath: metadata.annotations}}
/// ```
///
/// Uid and name may be files there too (`uid`, `name`), and the label a variable (`APP_NAME`). Without any of it the name of the pod is the host name.
/// It asks nothing of the cluster and needs no permissions.
///
/// [downward API]: https://kubernetes.io/docs/concepts/workloads/pods/downward-api/
#[derive(Debug, Clone)]
pub struct Kubernetes {
    variables: BTreeMap<Downward, String>,
    folder: PathBuf,
}

/// What a manifest can hand down in a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Downward {
    /// `metadata.uid`, by default in `POD_UID`.
    PodUid,
    /// `metadata.name`, by default in `POD_NAME`.
    PodName,
    /// `spec.nodeName`, by default in `NODE_NAME`.
    NodeName,
    /// `metadata.labels['app.kubernetes.io/name']`, by default in `APP_NAME`.
    AppName,
}

impl Downward {
    const fn default_variable(self) -> &'static str {
        match self {
            Self::PodUid => "POD_UID",
            Self::PodName => "POD_NAME",
            Self::NodeName => "NODE_NAME",
            Self::AppName => "APP_NAME",
        }
    }
}

impl Kubernetes {
    /// The provider.
    pub fn new() -> Self {
        Self { variables: BTreeMap::new(), folder: "/etc/podinfo".into() }
    }

    /// Takes this from another variable, such as `MY_POD_UID`.
    #[must_use]
    pub fn variable(mut self, what: Downward, name: impl Into<String>) -> Self {
        self.variables.insert(what, name.into());
        self
    }

    /// Looks for files in another folder than `/etc/podinfo`.
    #[must_use]
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = folder.into();
        self
    }

    /// The value handed down in a variable or else in a file, and which of them it was.
    fn handed_down(
        &self,
        host: &Host,
        what: Downward,
        file: Option<&str>,
    ) -> Result<Option<(String, String)>, ProviderError> {
        let name = self.variables.get(&what).map_or(what.default_variable(), String::as_str);
        if let Some(value) = host.variable(name)? {
            return Ok(Some((value, name.to_owned())));
        }
        let Some(file) = file else { return Ok(None) };
        let path = self.folder.join(file);
        let value = host.read(&path)?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(value.map(|value| (value, path.display().to_string())))
    }

    /// Labels or annotations, and the path of their file.
    fn pairs(&self, host: &Host, file: &str) -> Result<(Vec<(String, String)>, String), ProviderError> {
        let path = self.folder.join(file);
        let shown = path.display().to_string();
        let text = host.read(path)?.unwrap_or_default();
        match go_quoted::pairs(&text) {
            Ok(pairs) => Ok((pairs, shown)),
            Err(wrong) => Err(ProviderError::failed(format!("{shown}: {wrong}"))),
        }
    }
}

impl Default for Kubernetes {
    fn default() -> Self {
        Self::new()
    }
}

impl Provider for Kubernetes {
    fn name(&self) -> &str {
        "kubernetes"
    }

    fn identify(&self, search: &Search) -> Result<Details, ProviderError> {
        let host = search.host();
        if host.variable(SIGN)?.is_none() {
            return Err(ProviderError::not_here(format!("{SIGN} is not set")));
        }
        let mut details = Details::new();
        if let Some((name, origin)) = self.instance(host)? {
            details = details.instance_id(name, origin);
        }
        if let Some((node, origin)) = self.handed_down(host, Downward::NodeName, None)? {
            details = details.device_id(&node, &origin).device_name(node, origin);
        }
        let (annotations, path) = self.pairs(host, "annotations")?;
        if let Some((_, description)) = annotations.into_iter().find(|(key, _)| key == DESCRIPTION_ANNOTATION)
        {
            details = details.description(description, format!("{DESCRIPTION_ANNOTATION} in {path}"));
        }
        let (labels, path) = self.pairs(host, "labels")?;
        for (key, value) in labels {
            if key == NAME_LABEL {
                details = details.application_name(&value, format!("{NAME_LABEL} in {path}"));
            }
            details = details.tag(key, value, &path);
        }
        if let Some((name, origin)) = self.handed_down(host, Downward::AppName, None)? {
            details = details.application_name(name, origin);
        }
        Ok(details)
    }
}

impl Kubernetes {
    fn instance(&self, host: &Host) -> Result<Option<(String, String)>, ProviderError> {
        if let Some(uid) = self.handed_down(host, Downward::PodUid, Some("uid"))? {
            return Ok(Some(uid));
        }
        if let Some(name) = self.handed_down(host, Downward::PodName, Some("name"))? {
            return Ok(Some(name));
        }
        let name = host_name(host)?;
        Ok(name.map(|(name, path)| {
            (name, format!("{path}, which is the pod's name unless its manifest says otherwise"))
        }))
    }
}
