//! What a table of commands is made of.

use kms_wire::Product;

/// A thing, and what can be done with it.
#[derive(Clone, Copy)]
pub(super) struct Noun {
    /// The word on the command line.
    pub(super) name: &'static str,
    /// In a line.
    pub(super) about: &'static str,
    /// Commands to paste.
    pub(super) examples: &'static str,
    /// What can be done.
    pub(super) verbs: &'static [&'static [Verb]],
    /// Things that belong to it.
    pub(super) nouns: &'static [Self],
}

/// One command, which is one call unless its step says otherwise.
#[derive(Clone, Copy)]
pub(super) struct Verb {
    /// The word on the command line.
    pub(super) name: &'static str,
    /// Whose action.
    pub(super) product: Product,
    /// What it is called on the wire.
    pub(super) action: &'static str,
    /// In a line.
    pub(super) about: &'static str,
    /// What may be said.
    pub(super) args: &'static [Arg],
    /// Parameters that are always sent.
    pub(super) fixed: &'static [(&'static str, &'static str)],
    /// How the answer is shown.
    pub(super) show: Show,
    /// What happens around the call.
    pub(super) step: Step,
    /// What a person is asked before, if it takes something away.
    pub(super) question: Option<&'static str>,
    /// Further help: commands to paste, and what to know.
    pub(super) examples: &'static str,
}

/// One thing that may be said.
#[derive(Clone, Copy)]
pub(super) struct Arg {
    /// `--name`, or the name of its place.
    pub(super) name: &'static str,
    /// The parameter.
    pub(super) param: &'static str,
    /// How the one becomes the other.
    pub(super) kind: Kind,
    /// In a line.
    pub(super) about: &'static str,
    /// Whether it must be said.
    pub(super) needed: bool,
    /// Whether it has a place, and no `--name`.
    pub(super) placed: bool,
}

/// How what is said becomes a parameter.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// As it is.
    Text,
    /// As it is; this unless said.
    Default(&'static str),
    /// As it is; `v` and the time unless said.
    Stamp,
    /// A switch that sends this.
    Flag(&'static str),
    /// As it is, and another parameter with it.
    With(&'static str, &'static str),
    /// Text, `@FILE` or `@-`.
    Document,
    /// `@FILE` or `@-`: a secret, never said itself.
    SecretDocument,
    /// Many, as a JSON array.
    List,
    /// Many, with commas between.
    Joined,
    /// Many `NAME=VALUE`, as a JSON object.
    Object,
    /// Many `KEY=VALUE`, as a JSON array of TagKey and TagValue.
    Tags,
    /// Many `KEY=VALUE`, as Tag.1.Key, Tag.1.Value and so on.
    NumberedTags,
    /// Many, as PARAM.1 and so on.
    Numbered,
    /// One condition of a list: this key, one of these values.
    Filter(&'static str),
    /// Many names, as the rules of an access policy.
    NetworkRules,
    /// A secret from standard input, a file or a prompt.
    Value,
    /// Bytes from standard input or a file, as base64.
    Bytes,
    /// Base64 from standard input or a file, as it is.
    Base64,
    /// A message from standard input or a file, of which the digest is sent.
    Digest,
    /// Key material from standard input or a file, for the step to use.
    Material,
    /// For the step to use.
    Local,
    /// A switch for the step to use.
    LocalFlag,
}

/// How an answer is shown.
#[derive(Clone, Copy)]
pub(super) enum Show {
    /// What is at this place of the answer, a line for each field.
    Record(&'static str),
    /// A table.
    List(&'static List),
    /// A table of what ends, with the days that are left until the time in this field.
    Ending(&'static List, &'static str),
    /// One field that is a secret, raw.
    Reveal(&'static str),
    /// One field that is base64 of a secret, decoded.
    Decode(&'static str),
    /// One field, raw, and a line end.
    Text(&'static str),
    /// Lines for a shell: variables, and the fields that go into them.
    Exports(&'static [(&'static str, &'static str)]),
    /// A secret's value, or one field of it.
    Value,
    /// Whether this field is true.
    Verdict(&'static str),
}

/// A list in an answer.
pub(super) struct List {
    /// Where it is.
    pub(super) at: &'static str,
    /// Heads, and the fields below them. The first one names the row.
    pub(super) columns: &'static [(&'static str, &'static str)],
    /// How to ask for the rest.
    pub(super) pages: Pages,
}

/// How the rest of a list is asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Pages {
    /// It comes whole.
    One,
    /// PageNumber and PageSize, TotalCount.
    Numbered,
    /// Marker and MaxItems, IsTruncated.
    Marked,
    /// NextToken.
    Token,
}

/// What happens around a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Step {
    /// Nothing.
    Call,
    /// KeyVersionId is looked up if it was not said.
    KeyVersion,
    /// A password is made, and both files of the ClientKey are written.
    ClientKey,
    /// Key material is encrypted under a key that is asked for first.
    ImportMaterial,
    /// The role by which KMS rotates AccessKeys, with its policy.
    KmsRole,
    /// Until the new value is current, if that was asked for.
    Rotate,
}

// === impl Noun ===

impl Noun {
    pub(super) const fn new(
        name: &'static str,
        about: &'static str,
        verbs: &'static [&'static [Verb]],
    ) -> Self {
        Self {
            name,
            about,
            examples: "",
            verbs,
            nouns: &[],
        }
    }

    pub(super) const fn nouns(self, nouns: &'static [Self]) -> Self {
        Self { nouns, ..self }
    }

    pub(super) const fn examples(self, examples: &'static str) -> Self {
        Self { examples, ..self }
    }
}

// === impl Verb ===

impl Verb {
    pub(super) const fn kms(name: &'static str, action: &'static str, about: &'static str) -> Self {
        Self::of(Product::Kms, name, action, about)
    }

    pub(super) const fn of(
        product: Product,
        name: &'static str,
        action: &'static str,
        about: &'static str,
    ) -> Self {
        Self {
            name,
            product,
            action,
            about,
            args: &[],
            fixed: &[],
            show: Show::Record(""),
            step: Step::Call,
            question: None,
            examples: "",
        }
    }

    pub(super) const fn args(self, args: &'static [Arg]) -> Self {
        Self { args, ..self }
    }

    pub(super) const fn fixed(self, fixed: &'static [(&'static str, &'static str)]) -> Self {
        Self { fixed, ..self }
    }

    pub(super) const fn show(self, show: Show) -> Self {
        Self { show, ..self }
    }

    pub(super) const fn step(self, step: Step) -> Self {
        Self { step, ..self }
    }

    pub(super) const fn asks(self, question: &'static str) -> Self {
        Self {
            question: Some(question),
            ..self
        }
    }

    pub(super) const fn examples(self, examples: &'static str) -> Self {
        Self { examples, ..self }
    }
}

// === impl Arg ===

impl Arg {
    /// Something with a place, that must be said.
    pub(super) const fn at(name: &'static str, param: &'static str, about: &'static str) -> Self {
        Self {
            name,
            param,
            kind: Kind::Text,
            about,
            needed: true,
            placed: true,
        }
    }

    /// Something with a `--name`, that may be said.
    pub(super) const fn opt(name: &'static str, param: &'static str, about: &'static str) -> Self {
        Self {
            needed: false,
            placed: false,
            ..Self::at(name, param, about)
        }
    }

    /// A switch.
    pub(super) const fn flag(
        name: &'static str,
        (param, value): (&'static str, &'static str),
        about: &'static str,
    ) -> Self {
        Self::opt(name, param, about).kind(Kind::Flag(value))
    }

    /// What comes from standard input.
    pub(super) const fn stream(param: &'static str, kind: Kind) -> Self {
        Self::opt("file", param, "").kind(kind)
    }

    pub(super) const fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    pub(super) const fn needed(self) -> Self {
        Self {
            needed: true,
            ..self
        }
    }

    pub(super) const fn optional(self) -> Self {
        Self {
            needed: false,
            ..self
        }
    }
}

// === impl Kind ===

impl Kind {
    pub(super) fn is_streamed(self) -> bool {
        matches!(
            self,
            Self::Value | Self::Bytes | Self::Base64 | Self::Digest | Self::Material
        )
    }

    pub(super) fn is_many(self) -> bool {
        matches!(
            self,
            Self::List
                | Self::Joined
                | Self::Object
                | Self::Tags
                | Self::NumberedTags
                | Self::Numbered
                | Self::Filter(_)
                | Self::NetworkRules
        )
    }
}
