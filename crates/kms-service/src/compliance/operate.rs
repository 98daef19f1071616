//! What is done to rules by their ids: each by itself, and none keeps another.

use kms_store::{Mode, Tx};
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    Action,
    request::{Ids, RuleState, StartConfigRuleEvaluation},
    response,
};

use super::{
    results::{self, Why},
    rule::{self, Rule},
    write::rule_resource,
};
use crate::{
    Caller, Service,
    documents::{self, Named},
    failure::Failure,
};

/// What is done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Operation {
    Activate,
    Stop,
    Delete,
}

impl Service {
    /// ActiveConfigRules, StopConfigRules and DeleteConfigRules, of either version.
    pub(crate) async fn operate_config_rules(
        &self,
        caller: &Caller,
        action: Action,
        operation: Operation,
        ids: Ids,
    ) -> Result<response::OperateConfigRules, Failure> {
        // A policy may allow some and not others; nothing is done then.
        let mut account = None;
        for id in ids.iter() {
            account = Some(self.own(caller, action, rule_resource(id))?);
        }
        let Some(account) = account else {
            return Ok(response::OperateConfigRules::default());
        };
        self.operate_all(account, None, operation, ids).await
    }

    pub(super) async fn operate_all(
        &self,
        account: &AccountId,
        aggregator: Option<&str>,
        operation: Operation,
        ids: Ids,
    ) -> Result<response::OperateConfigRules, Failure> {
        let mut items = Vec::new();
        for id in ids.iter() {
            let done = self
                .tx(Mode::Write, |mut tx| {
                    Box::pin(async move {
                        let rule = rule::find(&mut *tx, account, aggregator, id).await?;
                        self.operate(&mut *tx, account, rule, operation).await
                    })
                })
                .await;
            let error_code = match done {
                Ok(()) => None,
                Err(Failure::Refused(error)) if error.code == ErrorCode::ConfigRuleNotFound => {
                    Some(error.code.as_str().to_owned())
                }
                Err(other) => return Err(other),
            };
            items.push(response::OperateRuleItem {
                config_rule_id: id.to_owned(),
                success: error_code.is_none(),
                error_code,
            });
        }
        Ok(response::OperateConfigRules {
            operate_rule_result: response::OperateRuleResult {
                operate_rule_item_list: items,
            },
        })
    }

    async fn operate(
        &self,
        tx: &mut dyn Tx,
        account: &AccountId,
        mut rule: Named<Rule>,
        operation: Operation,
    ) -> Result<(), Failure> {
        rule.body.modified = self.now().as_millisecond();
        match operation {
            Operation::Delete => {
                results::forget(tx, account, &rule.name).await?;
                documents::remove::<Rule>(tx, account, &rule.name).await
            }
            Operation::Stop => {
                rule.body.state = RuleState::Inactive;
                documents::update(tx, account, &rule).await
            }
            Operation::Activate => {
                rule.body.state = RuleState::Active;
                documents::update(tx, account, &rule).await?;
                self.ask_all(tx, account, &rule, Why::Change).await
            }
        }
    }

    /// StartConfigRuleEvaluation.
    pub(crate) async fn start_evaluation(
        &self,
        caller: &Caller,
        call: StartConfigRuleEvaluation,
    ) -> Result<response::StartConfigRuleEvaluation, Failure> {
        let id = &call.config_rule_id;
        let action = Action::StartConfigRuleEvaluation;
        let account = self.own(caller, action, rule_resource(id))?;
        self.ask_now(account, None, id).await
    }

    /// Asks the rule, whatever its state.
    pub(super) async fn ask_now(
        &self,
        account: &AccountId,
        aggregator: Option<&str>,
        id: &str,
    ) -> Result<response::StartConfigRuleEvaluation, Failure> {
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let rule = rule::find(tx, account, aggregator, id).await?;
                self.ask_all(tx, account, &rule, Why::Manual).await
            })
        })
        .await?;
        Ok(response::StartConfigRuleEvaluation { result: true })
    }
}
