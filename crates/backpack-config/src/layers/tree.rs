use super::{Found, Layer, Unknown};
use crate::given::Given;
use crate::{Description, Fault, Input, Origin, Problem, Value};

/// Values in tables, one table for each struct.
pub(crate) struct Tree {
    pub(crate) origin: Origin,
    /// The values, or why there are none.
    pub(crate) values: Result<Value, String>,
    pub(crate) unknown: Unknown,
}

impl Layer for Tree {
    fn look(&self, description: &Description, found: &mut Found) {
        match &self.values {
            Ok(values) => self.table(values, &mut Vec::new(), description, found),
            Err(reason) => found.problems.push(Problem {
                fault: Fault::Unreadable,
                parameter: String::new(),
                origin: Some(self.origin.clone()),
                value: None,
                reason: reason.clone(),
                expected: None,
            }),
        }
    }
}

impl Tree {
    fn table(&self, value: &Value, path: &mut Vec<String>, description: &Description, found: &mut Found) {
        let table = match value {
            Value::Object(table) => table,
            // An empty file or section of YAML.
            Value::Null => return,
            other => return found.problems.push(self.no_table(other, path)),
        };
        for (name, value) in table {
            path.push(name.clone());
            self.entry(value, path, description, found);
            path.pop();
        }
    }

    fn entry(&self, value: &Value, path: &mut Vec<String>, description: &Description, found: &mut Found) {
        if description.parameters().iter().any(|parameter| parameter.path() == path) {
            found.add(path.join("."), self.origin.clone(), Given::Typed(value.clone()));
        } else if description.groups().iter().any(|group| group.path == *path) {
            self.table(value, path, description, found);
        } else {
            let names = description.parameters().iter().map(|parameter| parameter.key());
            let groups = description.groups().iter().map(|group| group.path.join("."));
            found.unknown(&path.join("."), self.origin.clone(), names.chain(groups), self.unknown);
        }
    }

    /// The value stays unseen, as it may be anything.
    fn no_table(&self, value: &Value, path: &[String]) -> Problem {
        Problem {
            fault: Fault::WrongType,
            parameter: path.join("."),
            origin: Some(self.origin.clone()),
            value: None,
            reason: Input::Typed(value).wrong_type().to_string(),
            expected: Some("a table of parameters".to_owned()),
        }
    }
}
