# The application account: shares the vSwitches that are to reach the KMS instance.

variable "share_name" {
  description = "The name of the resource share."
  type        = string
  default     = "vswitches-for-kms"
}

variable "shared_services_account" {
  description = "The id of the account that has, or will have, the KMS instance."
  type        = string
}

variable "vswitch_ids" {
  description = "vSwitches of this account, each with a free address, in the instance's region."
  type        = set(string)

  validation {
    condition     = length(var.vswitch_ids) > 0
    error_message = "Name at least one vSwitch."
  }
}

resource "alicloud_resource_manager_resource_share" "vswitches" {
  resource_share_name = var.share_name
}

resource "alicloud_resource_manager_shared_target" "shared_services" {
  resource_share_id = alicloud_resource_manager_resource_share.vswitches.id
  target_id         = var.shared_services_account
}

resource "alicloud_resource_manager_shared_resource" "vswitch" {
  for_each = var.vswitch_ids

  resource_share_id = alicloud_resource_manager_resource_share.vswitches.id
  resource_type     = "VSwitch"
  resource_id       = each.value
}

output "resource_share_id" {
  value = alicloud_resource_manager_resource_share.vswitches.id
}
