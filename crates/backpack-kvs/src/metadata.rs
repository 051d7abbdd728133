use std::collections::BTreeMap;

use bytes::Bytes;

use crate::{MetadataError, Notice, mkv};

/// How many tags a fragment may have.
const TAGS: usize = 10;
const NAME_BYTES: usize = 128;
const VALUE_BYTES: usize = 256;

const IMAGE_GENERATION: &str = "AWS_KINESISVIDEO_IMAGE_GENERATION";
const IMAGE_PREFIX: &str = "AWS_KINESISVIDEO_IMAGE_PREFIX";
const NOTIFICATION: &str = "AWS_KINESISVIDEO_NOTIFICATION";

/// How long a tag stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Persistence {
    /// It is on the fragment that is being made, and on no other.
    Fragment,
    /// It is on that fragment and all after it.
    Stream,
}

/// The tags of the fragment that is being made.
#[derive(Debug, Default)]
pub(crate) struct Metadata {
    lasting: BTreeMap<String, String>,
    once: BTreeMap<String, String>,
    notices: Vec<Notice>,
}

impl Metadata {
    pub(crate) fn set(
        &mut self,
        name: &str,
        value: &str,
        persistence: Persistence,
    ) -> Result<(), MetadataError> {
        check(name, value)?;
        let is_new = !self.lasting.contains_key(name) && !self.once.contains_key(name);
        if is_new && self.count() >= TAGS {
            return Err(MetadataError::TooMany);
        }
        let tags = match persistence {
            Persistence::Fragment => &mut self.once,
            Persistence::Stream => &mut self.lasting,
        };
        tags.insert(name.to_owned(), value.to_owned());
        Ok(())
    }

    /// Forgets a tag that would have stayed.
    pub(crate) fn remove(&mut self, name: &str) {
        self.lasting.remove(name);
    }

    pub(crate) fn notice(&mut self, notice: Notice) -> Result<(), MetadataError> {
        if let Notice::Image { prefix: Some(prefix) } = &notice
            && prefix.len() > VALUE_BYTES
        {
            return Err(MetadataError::ValueTooLong { name: IMAGE_PREFIX.into(), bytes: prefix.len() });
        }
        self.notices.retain(|other| std::mem::discriminant(other) != std::mem::discriminant(&notice));
        self.notices.push(notice);
        Ok(())
    }

    fn count(&self) -> usize {
        self.lasting.keys().filter(|&name| !self.once.contains_key(name)).count() + self.once.len()
    }

    /// The tags for the fragment that ends here, if it has any.
    pub(crate) fn take(&mut self) -> Option<Bytes> {
        let once = std::mem::take(&mut self.once);
        let notices = std::mem::take(&mut self.notices);
        let events = notices.iter().flat_map(|notice| match notice {
            Notice::Image { prefix } => {
                vec![Some((IMAGE_GENERATION, "")), prefix.as_deref().map(|prefix| (IMAGE_PREFIX, prefix))]
            }
            Notice::Notification => vec![Some((NOTIFICATION, ""))],
        });
        let lasting = self.lasting.iter().filter(|(name, _)| !once.contains_key(*name));
        let own = lasting.chain(&once).map(|(name, value)| (name.as_str(), value.as_str()));
        let pairs: Vec<_> = events.flatten().chain(own).collect();
        (!pairs.is_empty()).then(|| mkv::tags(pairs))
    }
}

fn check(name: &str, value: &str) -> Result<(), MetadataError> {
    if name.is_empty() {
        return Err(MetadataError::NoName);
    }
    if name.len() > NAME_BYTES {
        return Err(MetadataError::NameTooLong { bytes: name.len() });
    }
    // The service reserves them in upper case; in any other they would only confuse.
    if name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("aws")) {
        return Err(MetadataError::Reserved { name: name.to_owned() });
    }
    if value.len() > VALUE_BYTES {
        return Err(MetadataError::ValueTooLong { name: name.to_owned(), bytes: value.len() });
    }
    Ok(())
}
