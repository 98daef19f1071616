//! What a pod's annotations ask for.

use std::{fmt::Display, ops::RangeInclusive, str::FromStr};

use super::{
    InjectError, Settings,
    configuration::Configuration,
    identity::Identity,
    pod::Pod,
    settings::Resources,
    values::{Image, MountPath, ObjectName},
};

/// An annotation, by what follows the prefix.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Known {
    /// Its name.
    pub name: &'static str,
    /// Whether people write it; the others are the injector's own.
    pub for_people: bool,
}

/// All annotations that there are.
pub const KNOWN: &[Known] = &[
    by_people("inject"),
    by_people("image"),
    by_people("containers"),
    by_people("mount-path"),
    by_people("env"),
    by_people("config-map"),
    by_people("config"),
    by_people("region"),
    by_people("endpoint"),
    by_people("ca-config-map"),
    by_people("port"),
    by_people("cache-ttl-seconds"),
    by_people("cache-size"),
    by_people("log-level"),
    by_people("role-arn"),
    by_people("role-name"),
    by_people("oidc-provider-arn"),
    by_people("credentials-secret"),
    by_people("client-key-secret"),
    by_people("cpu-request"),
    by_people("cpu-limit"),
    by_people("memory-request"),
    by_people("memory-limit"),
    by_us(STATUS),
    by_us(GENERATED),
];

/// Says that a pod has the agent.
pub(super) const STATUS: &str = "status";

/// Holds the configuration that was made of other annotations.
pub(super) const GENERATED: &str = "generated-config";

/// Whether a pod asks at all.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wish {
    Agent,
    Nothing,
}

/// All that one asks for, settings of the cluster filled in.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) image: Image,
    pub(super) pull_secrets: Vec<ObjectName>,
    pub(super) configuration: Configuration,
    pub(super) identity: Identity,
    /// Certificates to believe, for the agent's eyes.
    pub(super) ca: Option<ObjectName>,
    pub(super) resources: Resources,
    pub(super) place: Place,
    /// The containers that get the token; all without.
    pub(super) containers: Option<Vec<String>>,
    /// Whether these are told where token and agent are.
    pub(super) env: bool,
}

/// Where the application finds the token.
#[derive(Debug)]
pub(super) enum Place {
    /// Where seed 000 looks for it, and nothing else of the folder.
    File,
    /// A folder of its own.
    Folder(MountPath),
}

/// Reads annotations.
#[derive(Clone, Copy, Debug)]
pub(super) struct Annotations<'a>(pub(super) Pod<'a>);

/// Whether it asks. A name that is almost one of ours is a mistake even then: the pod would start without
/// what its author thinks it has.
pub(super) fn wish(pod: &Pod<'_>) -> Result<Wish, InjectError> {
    let wish = match pod.annotation("inject") {
        Some("false") => return Ok(Wish::Nothing),
        Some("true") => Wish::Agent,
        Some(_) => return Err(malformed("inject", "write \"true\" or \"false\"")),
        None => Wish::Nothing,
    };
    match pod
        .ours()
        .find(|(name, _)| !KNOWN.iter().any(|known| known.name == *name))
    {
        None => Ok(wish),
        Some((name, _)) => Err(InjectError::UnknownAnnotation {
            name: name.to_owned(),
            nearest: nearest(name),
        }),
    }
}

// === impl Asked ===

impl Asked {
    pub(super) fn read(pod: &Pod<'_>, settings: &Settings) -> Result<Self, InjectError> {
        let annotations = Annotations(*pod);
        let identity = Identity::read(&annotations, settings)?;
        let configuration = Configuration::read(&annotations, settings, &identity)?;
        Ok(Self {
            image: image(&annotations, settings)?,
            pull_secrets: settings.pull_secrets.clone(),
            ca: configuration.ca(&annotations, settings)?,
            configuration,
            identity,
            resources: resources(&annotations, &settings.resources)?,
            place: annotations
                .parsed("mount-path")?
                .map_or(Place::File, Place::Folder),
            containers: containers(&annotations)?,
            env: annotations.switch("env")?,
        })
    }

    /// Whether a container gets the token.
    pub(super) fn is_for(&self, container: &str) -> bool {
        let named = self.containers.as_ref();
        named.is_none_or(|named| named.iter().any(|name| name == container))
    }
}

// === impl Annotations ===

impl Annotations<'_> {
    pub(super) fn text(&self, name: &'static str) -> Option<&str> {
        self.0.annotation(name)
    }

    /// Something with a form of its own.
    pub(super) fn parsed<T: FromStr<Err: Display>>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, InjectError> {
        self.text(name)
            .map(|text| text.parse().map_err(|error: T::Err| malformed(name, error)))
            .transpose()
    }

    /// A whole number.
    pub(super) fn number(
        &self,
        name: &'static str,
        range: RangeInclusive<u32>,
    ) -> Result<Option<u32>, InjectError> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let number = text
            .parse()
            .ok()
            .filter(|number| digits && range.contains(number));
        number.map(Some).ok_or_else(|| {
            let (from, to) = (range.start(), range.end());
            malformed(name, format_args!("not a number from {from} to {to}"))
        })
    }

    fn switch(&self, name: &'static str) -> Result<bool, InjectError> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(malformed(name, "write \"true\" or \"false\"")),
        }
    }

    /// At most one of these; which it is.
    pub(super) fn one_of(
        &self,
        names: &[&'static str],
    ) -> Result<Option<&'static str>, InjectError> {
        let mut there = names.iter().filter(|name| self.text(name).is_some());
        match (there.next(), there.next()) {
            (Some(one), Some(other)) => Err(InjectError::Both { one, other }),
            (one, _) => Ok(one.copied()),
        }
    }
}

pub(super) fn malformed(name: &'static str, reason: impl Display) -> InjectError {
    InjectError::Malformed {
        name,
        reason: reason.to_string(),
    }
}

fn image(annotations: &Annotations<'_>, settings: &Settings) -> Result<Image, InjectError> {
    match annotations.parsed("image")? {
        Some(_) if !settings.allow_image => Err(InjectError::ImageForbidden),
        Some(image) => Ok(image),
        None => settings.image.clone().ok_or(InjectError::NoImage),
    }
}

fn resources(annotations: &Annotations<'_>, usual: &Resources) -> Result<Resources, InjectError> {
    let or = |name, usual: &_| {
        let said = annotations.parsed(name)?;
        Ok(said.unwrap_or_else(|| Clone::clone(usual)))
    };
    Ok(Resources {
        cpu_request: or("cpu-request", &usual.cpu_request)?,
        cpu_limit: annotations
            .parsed("cpu-limit")?
            .or_else(|| usual.cpu_limit.clone()),
        memory_request: or("memory-request", &usual.memory_request)?,
        memory_limit: or("memory-limit", &usual.memory_limit)?,
    })
}

fn containers(annotations: &Annotations<'_>) -> Result<Option<Vec<String>>, InjectError> {
    let name = "containers";
    let Some(text) = annotations.text(name) else {
        return Ok(None);
    };
    let names: Vec<_> = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    if names.is_empty() {
        return Err(malformed(
            name,
            "name containers, with commas between; without the annotation it is all of them",
        ));
    }
    Ok(Some(names))
}

fn nearest(name: &str) -> Option<&'static str> {
    KNOWN
        .iter()
        .filter(|known| known.for_people)
        .map(|known| (strsim::damerau_levenshtein(name, known.name), known.name))
        .min()
        .filter(|(distance, known)| *distance <= known.len() / 2)
        .map(|(_, known)| known)
}

const fn by_people(name: &'static str) -> Known {
    Known {
        name,
        for_people: true,
    }
}

const fn by_us(name: &'static str) -> Known {
    Known {
        name,
        for_people: false,
    }
}
