# The log-archive account: asks of all accounts, every day, who has old, idle or left-over AccessKeys
# and which secrets do not rotate. The management account has registered it for Cloud Config.

variable "group_name" {
  description = "The name of the account group."
  type        = string
  default     = "access-keys"
}

variable "folder_id" {
  description = "The folder whose accounts are looked at, fd-…; empty for the whole directory."
  type        = string
  default     = ""
}

variable "rotated_within_days" {
  description = "How old an AccessKey may be."
  type        = number
  default     = 90
}

variable "used_within_days" {
  description = "For how long an AccessKey may lie idle."
  type        = number
  default     = 90
}

variable "exclude_users" {
  description = "Ids of RAM users that no rule looks at."
  type        = list(string)
  default     = []
}

locals {
  excluded = length(var.exclude_users) == 0 ? null : join(",", var.exclude_users)

  rules = {
    "access-keys-are-rotated" = {
      identifier = "ram-user-ak-create-date-expired-check"
      about      = "ACS::RAM::User"
      risk       = 1
      parameters = { days = tostring(var.rotated_within_days) }
      says       = "No AccessKey is older than ${var.rotated_within_days} days."
    }
    "access-keys-are-used" = {
      identifier = "ram-user-ak-used-expired-check"
      about      = "ACS::RAM::User"
      risk       = 2
      parameters = { days = tostring(var.used_within_days) }
      says       = "No AccessKey has lain idle for ${var.used_within_days} days."
    }
    "no-access-key-is-left-disabled" = {
      identifier = "ram-user-invalid-ak-check"
      about      = "ACS::RAM::User"
      risk       = 3
      parameters = {}
      says       = "What was disabled is deleted."
    }
    "secrets-rotate" = {
      identifier = "kms-secret-rotation-enabled"
      about      = "ACS::KMS::Secret"
      risk       = 2
      parameters = {}
      says       = "Secrets that can rotate by themselves do."
    }
  }
}

resource "alicloud_config_aggregator" "accounts" {
  aggregator_name = var.group_name
  aggregator_type = var.folder_id == "" ? "RD" : "FOLDER"
  folder_id       = var.folder_id == "" ? null : var.folder_id
  description     = "Accounts whose AccessKeys are audited."
}

resource "alicloud_config_aggregate_config_rule" "audit" {
  for_each = local.rules

  aggregator_id               = alicloud_config_aggregator.accounts.id
  aggregate_config_rule_name  = each.key
  description                 = each.value.says
  source_owner                = "ALIYUN"
  source_identifier           = each.value.identifier
  config_rule_trigger_types   = "ScheduledNotification"
  maximum_execution_frequency = "TwentyFour_Hours"
  resource_types_scope        = [each.value.about]
  risk_level                  = each.value.risk
  input_parameters            = each.value.parameters
  exclude_resource_ids_scope  = each.value.about == "ACS::RAM::User" ? local.excluded : null
}

output "account_group_id" {
  value = alicloud_config_aggregator.accounts.id
}
