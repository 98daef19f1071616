use kms_store::Mode;
use kms_types::AccountId;
use kms_wire::{Action, request::DescribeSystemEventAttribute, response};

use super::{Event, Level};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Named},
    failure::Failure,
};

impl Service {
    /// DescribeSystemEventAttribute: the account's events, newest first.
    pub(crate) async fn list_events(
        &self,
        caller: &Caller,
        call: DescribeSystemEventAttribute,
    ) -> Result<response::DescribeSystemEventAttribute, Failure> {
        let action = Action::DescribeSystemEventAttribute;
        let account = self.own(caller, action, Resource::Account)?;
        let mut events = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { documents::all::<Event>(&mut *tx, account).await })
            })
            .await?;
        events.sort_by(|one, other| {
            let newest_first = other.created.cmp(&one.created);
            newest_first.then_with(|| one.name.cmp(&other.name))
        });
        let (number, size) = (call.page.number, call.page.size);
        let before = usize::try_from(u64::from(number.saturating_sub(1)) * u64::from(size));
        let page = events
            .into_iter()
            .map(|event| self.event(account, event))
            .filter(|event| is_wanted(&call, event))
            .skip(before.unwrap_or(usize::MAX))
            .take(usize::try_from(size).unwrap_or(usize::MAX));
        Ok(response::DescribeSystemEventAttribute {
            success: "true".to_owned(),
            code: "200".to_owned(),
            message: "successful".to_owned(),
            system_events: response::SystemEvents {
                system_event: page.collect(),
            },
        })
    }

    fn event(&self, account: &AccountId, event: Named<Event>) -> response::SystemEvent {
        let Event {
            name,
            level,
            resource,
            content,
        } = event.body;
        let product = if name.starts_with("Config:") {
            "CONFIG"
        } else {
            "KMS"
        };
        let region = self.region();
        let of = resource.split_once('/').map_or("", |(_kind, of)| of);
        response::SystemEvent {
            product: product.to_owned(),
            level: level.as_str().to_owned(),
            status: if level == Level::Info {
                "Normal"
            } else {
                "Failed"
            }
            .to_owned(),
            instance_name: of.to_owned(),
            resource_id: if resource.starts_with("acs:") {
                resource
            } else {
                format!("acs:kms:{region}:{account}:{resource}")
            },
            name,
            region_id: region.to_string(),
            time: event.created.as_millisecond(),
            content: content.to_string(),
        }
    }
}

fn is_wanted(call: &DescribeSystemEventAttribute, event: &response::SystemEvent) -> bool {
    let is = |wanted: &Option<String>, own: &str| {
        wanted
            .as_ref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(own))
    };
    is(&call.product, &event.product)
        && is(&call.name, &event.name)
        && is(&call.level, &event.level)
        && call.start_time.is_none_or(|from| event.time >= from.0)
        && call.end_time.is_none_or(|before| event.time < before.0)
        && call.search_keywords.as_ref().is_none_or(|word| {
            event.resource_id.contains(word.as_str()) || event.content.contains(word.as_str())
        })
}
