use thiserror::Error;

/// Text that is none of the names that may stand there. The text is not repeated.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("must be {}", Listed(names))]
pub struct ParseNamedError {
    /// What may stand there.
    pub(super) names: &'static [&'static str],
}

struct Listed<'a>(&'a [&'static str]);

impl std::fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, name) in self.0.iter().enumerate() {
            let before = match at {
                0 => "",
                at if at + 1 == self.0.len() => " or ",
                _ => ", ",
            };
            write!(f, "{before}{name}")?;
        }
        Ok(())
    }
}

/// An enumeration whose variants are names that travel.
macro_rules! named {
    (
        $(#[$doc:meta])*
        $name:ident { $($(#[$inner:meta])* $variant:ident = $text:literal,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum $name {
            $($(#[$inner])* $variant,)*
        }

        impl $name {
            /// Every one, for tables and tests.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// As it travels.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::key::ParseNamedError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    _ => Err(crate::key::ParseNamedError { names: &[$($text,)*] }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(super) use named;
