use serde_json::{Map, json};

use super::tree::table_at;
use crate::{Description, Value};

impl Description {
    /// The defaults for the recipe of an AWS IoT Greengrass component: its `ComponentConfiguration`.
    ///
    /// Parameters without a default are left out, and so are secrets, which do not belong into a recipe.
    pub fn greengrass(&self) -> Value {
        let mut defaults = Map::new();
        for parameter in self.parameters() {
            if let (Some(default), Some((name, groups))) =
                (parameter.structured_default(), parameter.path().split_last())
            {
                table_at(&mut defaults, groups).insert((*name).to_owned(), default.clone());
            }
        }
        json!({ "ComponentConfiguration": { "DefaultConfiguration": defaults } })
    }
}
