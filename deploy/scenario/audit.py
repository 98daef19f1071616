"""Cloud Config, in the hands of the log-archive account: it looks at the AccessKeys of all accounts, and
finds the one that nobody has replaced for a hundred days."""

from datetime import timedelta

import hosting
import organisation

AUDITOR = "log-archive"
# As the solution names it.
RULE = "ram-user-access-key-rotated-in-specific-time"
USER = "forgotten"
AGE = timedelta(days=100)


def leave_a_key_behind(stage):
    stage.step("a RAM user of the application gets an AccessKey", lambda: _forgotten(stage))
    stage.clock.advance(AGE)
    # Sessions of a hundred days ago are over.
    for name in ("shared-services", "log-archive", "application"):
        organisation.enter(stage, name)


def _forgotten(stage):
    stage.facts["forgotten"] = hosting.user_with_key(stage, "application", USER)
    return f"{stage.facts['forgotten']['AccessKeyId']}, a hundred days ago"


def find_and_mend(stage):
    stage.step(
        "the log-archive account administers Cloud Config",
        lambda: stage.call(
            organisation.MANAGEMENT,
            "RegisterDelegatedAdministrator",
            AccountId=stage.accounts[AUDITOR],
            ServicePrincipal="config.aliyuncs.com",
        )
        and None,
    )
    stage.step("an account group of the whole directory", lambda: _group(stage))
    stage.step("a rule: AccessKeys are replaced within 90 days", lambda: _rule(stage))
    stage.step("it finds the forgotten key, and no other", lambda: _found(stage, [USER]))
    stage.step("the forgotten key is hosted", lambda: _host(stage))
    stage.step(
        "and rotated", lambda: hosting.rotated(stage, "application", f"acs/ram/user/{USER}")
    )
    stage.step("the rule finds nothing any more", lambda: _found(stage, []))


def _group(stage):
    group = stage.call(
        AUDITOR,
        "CreateAggregator",
        AggregatorName="ResourceDirectory",
        AggregatorType="RD",
        Description="all accounts",
    )["AggregatorId"]
    stage.facts["group"] = group
    found = stage.call(AUDITOR, "GetAggregator", AggregatorId=group)["Aggregator"]
    assert found["AggregatorStatus"] == 1, found
    return group


def _rule(stage):
    rule = stage.call(
        AUDITOR,
        "CreateAggregateConfigRule",
        AggregatorId=stage.facts["group"],
        ConfigRuleName="keys-are-replaced",
        SourceOwner="ALIYUN",
        SourceIdentifier=RULE,
        ConfigRuleTriggerTypes="ScheduledNotification",
        RiskLevel="1",
        ResourceTypesScope="ACS::RAM::User",
        # The key by which all began is as old; who has it replaces it by hand.
        ExcludeAccountIdsScope=stage.accounts[organisation.MANAGEMENT],
        InputParameters={"days": "90"},
    )["ConfigRuleId"]
    stage.facts["rule"] = rule
    return rule


def _found(stage, users):
    stage.call(
        AUDITOR,
        "StartAggregateConfigRuleEvaluation",
        AggregatorId=stage.facts["group"],
        ConfigRuleId=stage.facts["rule"],
    )
    results = stage.call(
        AUDITOR,
        "ListAggregateConfigRuleEvaluationResults",
        AggregatorId=stage.facts["group"],
        ConfigRuleId=stage.facts["rule"],
        ComplianceType="NON_COMPLIANT",
    )["EvaluationResults"]["EvaluationResultList"]
    found = sorted(
        one["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceName"]
        for one in results
    )
    assert found == users, found
    return ", ".join(one["Annotation"] for one in results) or None


def _host(stage):
    hosting.role(stage, "application")
    return hosting.hosted(stage, "application", USER, stage.facts["forgotten"])
