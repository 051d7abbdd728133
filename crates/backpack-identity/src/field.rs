use std::fmt;

/// What can be known of an application and its device, tags aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Field {
    /// When the application was deployed, or its device started.
    CreatedTime,
    /// What the application is for, in its owner's words.
    Description,
    /// Which of the running copies of the application this is.
    InstanceId,
    /// What the application is called.
    ApplicationName,
    /// How the platform thinks the application is doing, in its own words.
    Status,
    /// Which device this is; two devices have never the same, unless one is a clone of the other.
    DeviceId,
    /// What the device is called.
    DeviceName,
}

impl Field {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::CreatedTime,
        Self::Description,
        Self::InstanceId,
        Self::ApplicationName,
        Self::Status,
        Self::DeviceId,
        Self::DeviceName,
    ];

    /// Its name where an identity is printed or serialised, such as `device_id`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CreatedTime => "application_created_time",
            Self::Description => "application_description",
            Self::InstanceId => "application_instance_id",
            Self::ApplicationName => "application_name",
            Self::Status => "application_status",
            Self::DeviceId => "device_id",
            Self::DeviceName => "device_name",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
