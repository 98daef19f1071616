//! Tags of users. RAM keeps them behind the API of Ims, whose actions are RAM's in policies.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kms_store::{Mode, Tx, UserRecord};
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    Action, ApiError,
    request::{ImsListTagResources, ImsTagResources, ImsUntagResources, Tag, TaggedUsers},
    response,
};

use super::{profile::Profile, refusal, user_resource};
use crate::{
    Caller, Service,
    authorise::{Facts, Resource},
    documents,
    failure::Failure,
    tags,
};

/// Tags that a user has at most ("Limits" of the tags of RAM users).
const MOST_TAGS: usize = 20;

/// Whom a call names.
enum Whom<'a> {
    Id(&'a str),
    Name(&'a str),
}

impl Service {
    /// TagResources of Ims.
    pub(crate) async fn tag_users(
        &self,
        caller: &Caller,
        call: ImsTagResources,
    ) -> Result<response::Empty, Failure> {
        let (action, call) = (Action::ImsTagResources, &call);
        let account = caller.account_for(action)?;
        let given = &tags::given(&call.tags);
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                for whom in all(&call.users) {
                    let user = self.tagged(tx, (caller, action), &whom, given).await?;
                    let mut profile = Profile::load(tx, &user).await?;
                    for (key, value) in given {
                        profile.body.tags.insert(key.clone(), value.clone());
                    }
                    if profile.body.tags.len() > MOST_TAGS {
                        return Err(too_many());
                    }
                    documents::put(tx, account, &profile).await?;
                }
                Ok::<_, Failure>(())
            })
        })
        .await?;
        self.resources_changed(account).await;
        Ok(response::Empty {})
    }

    /// UntagResources of Ims; keys that are named count, even beside `All`.
    pub(crate) async fn untag_users(
        &self,
        caller: &Caller,
        call: ImsUntagResources,
    ) -> Result<response::Empty, Failure> {
        let (action, call) = (Action::ImsUntagResources, &call);
        let account = caller.account_for(action)?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                for whom in all(&call.users) {
                    let user = self.tagged(tx, (caller, action), &whom, &[]).await?;
                    let mut profile = Profile::load(tx, &user).await?;
                    let keys = &call.tag_keys;
                    let goes = |key: &String| keys.is_empty() || keys.contains(key);
                    profile.body.tags.retain(|key, _| !goes(key));
                    documents::put(tx, account, &profile).await?;
                }
                Ok::<_, Failure>(())
            })
        })
        .await?;
        self.resources_changed(account).await;
        Ok(response::Empty {})
    }

    /// ListTagResources of Ims: of the users named, which must all be there, or of all of the
    /// caller's account that have the tags.
    pub(crate) async fn list_user_tags(
        &self,
        caller: &Caller,
        call: ImsListTagResources,
    ) -> Result<response::ImsListTagResources, Failure> {
        let (action, call) = (Action::ImsListTagResources, &call);
        let account = caller.account_for(action)?;
        let after = parse(call.next_token.as_deref())?;
        let after = after.as_ref();
        let size = usize::try_from(call.page_size).unwrap_or(usize::MAX);
        let mut listed = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut listed = Vec::new();
                    if call.users.is_empty() {
                        self.own(caller, action, Resource::all_in_ram("user"))?;
                        for (user, profile) in Profile::all(tx, account).await? {
                            listed.extend(pairs(&user, &profile.body, &call.tags));
                        }
                    }
                    for whom in all(&call.users) {
                        let user = self.tagged(tx, (caller, action), &whom, &[]).await?;
                        let profile = Profile::load(tx, &user).await?;
                        listed.extend(pairs(&user, &profile.body, &call.tags));
                    }
                    Ok::<_, Failure>(listed)
                })
            })
            .await?;
        listed.sort();
        listed.dedup();
        listed.retain(|(id, key, _)| after.is_none_or(|(last, at)| (id, key) > (last, at)));
        let is_truncated = listed.len() > size;
        listed.truncate(size);
        let last = listed.last().filter(|_last| is_truncated);
        Ok(response::ImsListTagResources {
            is_truncated,
            next_token: last.map(|(id, key, _)| write(id, key)),
            tag_resources: response::TagResources {
                tag_resource: listed.into_iter().map(answer).collect(),
            },
        })
    }

    /// The user, for a call that gives it these tags and that the caller may make of it: who
    /// may not does not learn whether there is one.
    async fn tagged(
        &self,
        tx: &mut dyn Tx,
        (caller, action): (&Caller, Action),
        whom: &Whom<'_>,
        given: &[(String, String)],
    ) -> Result<UserRecord, Failure> {
        let account = caller.account_for(action)?;
        let found = look_up(tx, account, whom).await?;
        let tags: Vec<(String, String)> = match &found {
            Some(user) => Profile::load(tx, user)
                .await?
                .body
                .tags
                .into_iter()
                .collect(),
            None => Vec::new(),
        };
        let facts = Facts {
            request_tags: given,
            tags: &tags,
            ..Facts::default()
        };
        let name = match (&found, whom) {
            (Some(user), _) => &user.name,
            (None, Whom::Id(text) | Whom::Name(text)) => *text,
        };
        self.decide(caller, action, user_resource(name), &facts)?;
        found.ok_or_else(|| refusal(ErrorCode::UserNotFound, "The user does not exist."))
    }
}

fn all(users: &TaggedUsers) -> Vec<Whom<'_>> {
    match users {
        TaggedUsers::Ids(ids) => ids.iter().map(|id| Whom::Id(id)).collect(),
        TaggedUsers::Names(names) => {
            let names = names.iter();
            names.map(|name| Whom::Name(name.as_str())).collect()
        }
    }
}

async fn look_up(
    tx: &mut dyn Tx,
    account: &AccountId,
    whom: &Whom<'_>,
) -> Result<Option<UserRecord>, Failure> {
    Ok(match whom {
        Whom::Id(id) => {
            let found = tx.users().find(id).await?;
            found.filter(|user| user.account == *account)
        }
        Whom::Name(name) => tx.users().find_by_name(account, name).await?,
    })
}

/// The user's tags, if it has all of these: its id, key and value.
fn pairs(user: &UserRecord, profile: &Profile, wanted: &[Tag]) -> Vec<(String, String, String)> {
    let has = |tag: &Tag| {
        let own = profile.tags.get(&tag.tag_key);
        own.is_some_and(|own| tag.tag_value.is_empty() || *own == tag.tag_value)
    };
    if !wanted.iter().all(has) {
        return Vec::new();
    }
    let own = profile.tags.iter();
    own.map(|(key, value)| (user.id.clone(), key.clone(), value.clone()))
        .collect()
}

fn answer((resource_id, tag_key, tag_value): (String, String, String)) -> response::TaggedResource {
    response::TaggedResource {
        resource_id,
        resource_type: "user".to_owned(),
        tag_key,
        tag_value,
    }
}

/// The token for what follows that user's tag of that key.
fn write(id: &str, key: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::json!([id, key]).to_string())
}

fn parse(token: Option<&str>) -> Result<Option<(String, String)>, ApiError> {
    let Some(token) = token else {
        return Ok(None);
    };
    BASE64_URL_SAFE_NO_PAD
        .decode(token)
        .ok()
        .and_then(|place| serde_json::from_slice(&place).ok())
        .map(Some)
        .ok_or_else(|| ApiError::invalid_parameter("NextToken", "is none of this server's"))
}

fn too_many() -> Failure {
    refusal(
        ErrorCode::LimitExceeded,
        &format!("A user has at most {MOST_TAGS} tags."),
    )
}
