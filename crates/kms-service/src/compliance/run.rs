//! Rules are asked, and what they say is written down.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use kms_store::{Mode, Tx};
use kms_types::AccountId;

use super::{
    answers::{answers, news},
    finding, group,
    inventory::{Inventory, Wish},
    kind::Kind,
    reading::Needs,
    results::{self, Results, Why},
    rule::Rule,
};
use crate::{
    Service, SetupError,
    documents::{self, Named},
    failure::Failure,
};

/// What this server's periodic work is called where several servers share a database.
const LEASE: &str = "compliance";
/// How long one of them has it: longer than the pause between two looks.
const HELD: SignedDuration = SignedDuration::from_mins(15);

impl Service {
    /// Asks the rules whose time has come, and those whose resources changed and nobody
    /// noticed; how many. For a task that runs now and then on each server: one at a time
    /// does it.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn evaluate_rules(&self, owner: &str) -> Result<usize, SetupError> {
        let now = self.now();
        let rules = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    if tx
                        .leases()
                        .acquire(LEASE, owner, now, HELD)
                        .await?
                        .is_none()
                    {
                        return Ok(Vec::new());
                    }
                    documents::everywhere::<Rule>(tx, None).await
                })
            })
            .await?;
        let mut asked = 0;
        for (account, rule) in &rules {
            asked += self.ask_where_due(account, rule).await?;
        }
        Ok(asked)
    }

    /// Asks the rules that are about the account's resources, if something they are about
    /// changed. What fails is logged, and made up for by the periodic work: who changed a
    /// key is not kept from it.
    pub(crate) async fn resources_changed(&self, account: &AccountId) {
        if let Err(failure) = self.ask_about(account, false).await {
            tracing::warn!(%account, error = %failure, "rules are asked later");
        }
    }

    /// The same, and also where nothing changed if that is wanted.
    pub(super) async fn ask_about(
        &self,
        account: &AccountId,
        in_any_case: bool,
    ) -> Result<(), Failure> {
        let rules = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { documents::everywhere::<Rule>(&mut *tx, None).await })
            })
            .await?;
        for (owner, rule) in &rules {
            if !rule.body.is_active() || !self.is_about(owner, rule, account).await? {
                continue;
            }
            if in_any_case {
                self.ask_again(owner, rule, account, Why::Change).await?;
            } else {
                self.ask_if(owner, rule, account, false).await?;
            }
        }
        Ok(())
    }

    /// For each account that the rule is for.
    async fn ask_where_due(
        &self,
        account: &AccountId,
        rule: &Named<Rule>,
    ) -> Result<usize, Failure> {
        if !rule.body.is_active() {
            return Ok(0);
        }
        let members = self.accounts_of(account, rule).await?;
        let mut asked = 0;
        for member in &members {
            asked += usize::from(self.ask_if(account, rule, member, true).await?);
        }
        self.forget_others(account, rule, &members).await?;
        Ok(asked)
    }

    /// Of whoever is not in its account group any more the rule says nothing.
    async fn forget_others(
        &self,
        account: &AccountId,
        rule: &Named<Rule>,
        members: &BTreeSet<AccountId>,
    ) -> Result<(), Failure> {
        if rule.body.aggregator.is_none() {
            return Ok(());
        }
        let mut left = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { results::of_rule(&mut *tx, account, &rule.name).await })
            })
            .await?;
        left.retain(|results| {
            results::member(results).is_ok_and(|member| !members.contains(&member))
        });
        for Named { name, .. } in &left {
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    if documents::look_up::<Results>(tx, account, name)
                        .await?
                        .is_some()
                    {
                        documents::remove::<Results>(tx, account, name).await?;
                    }
                    Ok::<_, Failure>(())
                })
            })
            .await?;
        }
        Ok(())
    }

    /// Whose resources the rule is about now.
    pub(super) async fn accounts_of(
        &self,
        account: &AccountId,
        rule: &Named<Rule>,
    ) -> Result<BTreeSet<AccountId>, Failure> {
        if rule.body.aggregator.is_none() {
            return Ok(BTreeSet::from([account.clone()]));
        }
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move { group::accounts_of(&mut *tx, account, &rule.body).await })
        })
        .await
    }

    async fn is_about(
        &self,
        account: &AccountId,
        rule: &Named<Rule>,
        member: &AccountId,
    ) -> Result<bool, Failure> {
        Ok(self.accounts_of(account, rule).await?.contains(member))
    }

    /// Asks the rule if something changed or, if that counts, its time has come; whether it
    /// was asked. It is looked before anything is written: mostly there is nothing to do.
    async fn ask_if(
        &self,
        account: &AccountId,
        rule: &Named<Rule>,
        member: &AccountId,
        by_time: bool,
    ) -> Result<bool, Failure> {
        let Some(kind) = rule.body.kind() else {
            return Ok(false);
        };
        let now = self.now();
        let why = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let of = (kind, &rule.body);
                    let inventory = self.inventory(tx, member, of, now).await?;
                    let last = last(tx, account, rule, member).await?;
                    Ok::<_, Failure>(reason(rule, last.as_ref(), &inventory, by_time, now))
                })
            })
            .await?;
        match why {
            Some(why) => self.ask_again(account, rule, member, why).await,
            None => Ok(false),
        }
    }

    /// Asks the rule as it is now, unless it is gone or stopped by now.
    async fn ask_again(
        &self,
        account: &AccountId,
        rule: &Named<Rule>,
        member: &AccountId,
        why: Why,
    ) -> Result<bool, Failure> {
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let rule = documents::look_up::<Rule>(tx, account, &rule.name).await?;
                match rule {
                    Some(rule) if rule.body.is_active() => self
                        .ask(tx, account, &rule, member, why)
                        .await
                        .map(|()| true),
                    _ => Ok(false),
                }
            })
        })
        .await
    }

    /// Asks the rule, whatever its state, for each account that it is for.
    pub(super) async fn ask_all(
        &self,
        tx: &mut dyn Tx,
        account: &AccountId,
        rule: &Named<Rule>,
        why: Why,
    ) -> Result<(), Failure> {
        for member in &group::accounts_of(tx, account, &rule.body).await? {
            self.want_ram(member);
            self.ask(tx, account, rule, member, why).await?;
        }
        Ok(())
    }

    /// Asks the rule about an account's resources and writes down what it says.
    async fn ask(
        &self,
        tx: &mut dyn Tx,
        account: &AccountId,
        rule: &Named<Rule>,
        member: &AccountId,
        why: Why,
    ) -> Result<(), Failure> {
        let Some(kind) = rule.body.kind() else {
            return Ok(());
        };
        let now = self.now();
        let inventory = self.inventory(tx, member, (kind, &rule.body), now).await?;
        let before = last(tx, account, rule, member).await?;
        let before = before.as_ref().map(|before| &before.body);
        let moment = now.as_millisecond();
        let found = answers(&rule.body, kind, &inventory, before, now);
        for one in news(&found, before) {
            let of = inventory.resources.iter().find(|of| of.id == one.id);
            if let Some(of) = of {
                finding::raise(tx, account, rule, member, (one, of), why, now).await?;
            }
        }
        let scheduled = match (why, before) {
            (Why::Change, Some(before)) => before.scheduled,
            _ => moment,
        };
        let results = Named {
            name: results::name(&rule.name, member),
            body: Results {
                digest: inventory.digest(),
                scheduled,
                invoked: moment,
                trigger: why,
                question: rule.body.question(),
                is_unknown: inventory.is_unknown,
                found,
            },
            created: now,
        };
        documents::put(tx, account, &results).await
    }

    async fn inventory(
        &self,
        tx: &mut dyn Tx,
        member: &AccountId,
        (kind, rule): (Kind, &Rule),
        now: Timestamp,
    ) -> Result<Inventory, Failure> {
        let wish = Wish {
            of: kind.resource_type(),
            needs: Needs::of(kind, &rule.scope),
            has_other_ram: self.other_ram(member).is_some(),
            region: self.region().as_str(),
        };
        Inventory::load(tx, member, wish, now).await
    }
}

async fn last(
    tx: &mut dyn Tx,
    account: &AccountId,
    rule: &Named<Rule>,
    member: &AccountId,
) -> Result<Option<Named<Results>>, Failure> {
    documents::look_up(tx, account, &results::name(&rule.name, member)).await
}

/// Why the rule has to be asked now, if it has.
fn reason(
    rule: &Named<Rule>,
    last: Option<&Named<Results>>,
    inventory: &Inventory,
    by_time: bool,
    now: Timestamp,
) -> Option<Why> {
    let Some(last) = last else {
        return Some(Why::Change);
    };
    let every = SignedDuration::from_hours(rule.body.frequency.hours());
    let since = now.as_millisecond().saturating_sub(last.body.scheduled);
    if by_time && i128::from(since) >= every.as_millis() {
        return Some(Why::Schedule);
    }
    (last.body.digest != inventory.digest()).then_some(Why::Change)
}
