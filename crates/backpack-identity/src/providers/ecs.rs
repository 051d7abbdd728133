use std::time::Duration;

use serde_json::Value;
use tracing::warn;

use crate::http::{self, Http, Request, text};
use crate::{Details, Provider, ProviderError, Search, timestamp};

const ENDPOINT: &str = "ECS_CONTAINER_METADATA_URI_V4";
const FILE: &str = "ECS_CONTAINER_METADATA_FILE";

/// Amazon ECS, on EC2, on Fargate and, with ECS Anywhere, on hardware of your own, by its [task metadata endpoint, version 4].
///
/// | field | from |
/// |---|---|
/// | instance id | `TaskARN` |
/// | application name | `Family` and `Revision`, such as `counter:7` |
/// | status | `KnownStatus` |
/// | created | the first `CreatedAt` among the containers of the task |
/// | tags | `TaskTags` |
/// | device id | `ContainerInstanceARN` of the [container metadata file], if the agent runs with `ECS_ENABLE_CONTAINER_METADATA=true` |
///
/// For the tags the agent asks ECS with the role of the container instance, which has to allow it; without, there are none:
///
/// ```json
/// {
///     "Version": "2012-10-17",
///     "Statement": [{"Effect": "Allow", "Action": "ecs:ListTagsForResource", "Resource": "arn:aws:ecs:*:*:task/*"}]
/// }
/// ```
///
/// All else needs no permissions.
///
/// [task metadata endpoint, version 4]: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
/// [container metadata file]: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-metadata.html
#[derive(Debug, Clone)]
pub struct Ecs {
    deadline: Duration,
}

impl Ecs {
    /// The provider.
    pub fn new() -> Self {
        Self { deadline: http::DEADLINE }
    }

    /// Gives all of its requests so much time together, instead of two seconds.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }
}

impl Default for Ecs {
    fn default() -> Self {
        Self::new()
    }
}

impl Provider for Ecs {
    fn name(&self) -> &str {
        "ecs"
    }

    fn identify(&self, search: &Search) -> Result<Details, ProviderError> {
        let Some(endpoint) = search.host().variable(ENDPOINT)? else {
            return Err(ProviderError::not_here(format!("{ENDPOINT} is not set")));
        };
        let http = Http::new(search, self.deadline);
        // Agents that cannot give tags may not know this path either.
        let task = match http.json(&Request::get(&format!("{endpoint}/taskWithTags"))) {
            Err(error @ ProviderError::Failed { .. }) => {
                http.json(&Request::get(&format!("{endpoint}/task"))).map_err(|_| error)?
            }
            other => other?,
        };
        let details = of_task(&task)?;
        Ok(match container_instance(search)? {
            Some(arn) => details.device_id(arn, format!("ContainerInstanceARN of ${FILE}")),
            None => details,
        })
    }
}

fn of_task(task: &Value) -> Result<Details, ProviderError> {
    let Some(arn) = text(task, "TaskARN") else {
        return Err(ProviderError::failed("the task metadata endpoint did not tell the TaskARN"));
    };
    let origin = |name: &str| format!("{name} of the task metadata");
    let mut details = Details::new().instance_id(arn, origin("TaskARN"));
    if let (Some(family), Some(revision)) = (text(task, "Family"), text(task, "Revision")) {
        details = details.application_name(format!("{family}:{revision}"), origin("Family and Revision"));
    }
    if let Some(status) = text(task, "KnownStatus") {
        details = details.status(status, origin("KnownStatus"));
    }
    let containers = task.get("Containers").and_then(Value::as_array).into_iter().flatten();
    let created = containers.filter_map(|container| timestamp::parse(text(container, "CreatedAt")?)).min();
    if let Some(created) = created {
        details = details.created(created, origin("the first CreatedAt"));
    }
    if let Some(errors) = task.get("Errors").filter(|errors| !errors.is_null()) {
        warn!(%errors, "ECS does not tell the tags of the task; may its container instance call ecs:ListTagsForResource?");
    }
    for (key, value) in task.get("TaskTags").and_then(Value::as_object).into_iter().flatten() {
        details = details.tag(key, value.as_str().unwrap_or_default(), origin("TaskTags"));
    }
    Ok(details)
}

/// The machine, which only the file knows, and only where the agent was told to write it.
fn container_instance(search: &Search) -> Result<Option<String>, ProviderError> {
    let Some(path) = search.host().variable(FILE)? else { return Ok(None) };
    let Some(file) = search.host().read(&path)? else { return Ok(None) };
    let broken = || ProviderError::failed(format!("{path} is broken JSON"));
    let file: Value = serde_json::from_str(&file).map_err(|error| broken().caused_by(error))?;
    Ok(text(&file, "ContainerInstanceARN").map(str::to_owned))
}
