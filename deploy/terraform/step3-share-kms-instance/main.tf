# The shared-services account: shares the instance with application accounts.

variable "share_name" {
  description = "The name of the resource share."
  type        = string
  default     = "shared-kms"
}

variable "kms_instance_id" {
  description = "The instance, kst-…; connected."
  type        = string
}

variable "targets" {
  description = "Accounts, folders (fd-…: members of today and of tomorrow) or the whole directory (rd-…)."
  type        = set(string)

  validation {
    condition     = length(var.targets) > 0
    error_message = "Name at least one target."
  }
}

resource "alicloud_resource_manager_resource_share" "kms" {
  resource_share_name = var.share_name
}

resource "alicloud_resource_manager_shared_target" "application" {
  for_each = var.targets

  resource_share_id = alicloud_resource_manager_resource_share.kms.id
  target_id         = each.value
}

resource "alicloud_resource_manager_shared_resource" "kms" {
  resource_share_id = alicloud_resource_manager_resource_share.kms.id
  resource_type     = "KMSInstance"
  resource_id       = var.kms_instance_id
}

output "resource_share_id" {
  value = alicloud_resource_manager_resource_share.kms.id
}
