# The application account, or the shared-services account for it: an access point that hands the
# hosted AccessKey to one application.

variable "application" {
  description = "The application's name, which everything here is called by."
  type        = string
}

variable "kms_instance_id" {
  description = "The instance, kst-…."
  type        = string
}

variable "secret_name" {
  description = "The hosted AccessKey: secret_name of step 3b."
  type        = string
}

variable "key_id" {
  description = "The key that seals it: key_id of step 3b."
  type        = string
}

variable "private_addresses" {
  description = "Where the application runs: addresses and CIDR blocks of its VPC."
  type        = list(string)

  validation {
    condition     = length(var.private_addresses) > 0
    error_message = "Without an address the access point would be open to all that reach the instance."
  }
}

variable "public_network_rules" {
  description = <<-TEXT
    Names of existing network rules of type Public, for developers who come by the shared gateway; at
    most three. The provider cannot make them; the console and `kms-server ctl` can. Empty: nobody
    comes by the shared gateway.
  TEXT
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.public_network_rules) <= 3
    error_message = "A policy has at most three network rules."
  }
}

variable "client_key_password" {
  description = "Locks the ClientKey's file: 8 to 64 characters of two kinds. It is kept in Terraform's state."
  type        = string
  sensitive   = true
}

variable "client_key_not_before" {
  description = "When the ClientKey begins to be good, such as 2026-08-10T08:03:30Z."
  type        = string

  validation {
    condition     = can(formatdate("YYYY", var.client_key_not_before))
    error_message = "A time of RFC 3339, without a blank, such as 2026-08-10T08:03:30Z."
  }
}

variable "client_key_not_after" {
  description = "When it ends; the vendor advises a year."
  type        = string

  validation {
    condition     = can(formatdate("YYYY", var.client_key_not_after))
    error_message = "A time of RFC 3339, without a blank, such as 2027-08-10T08:03:30Z."
  }
}

variable "client_key_file" {
  description = "Where the ClientKey is put. It exists once."
  type        = string
  default     = "clientKey.json"
}

locals {
  is_public = length(var.public_network_rules) > 0
}

resource "alicloud_kms_network_rule" "private" {
  network_rule_name = "${var.application}-private"
  description       = "Where ${var.application} runs."
  source_private_ip = var.private_addresses
}

resource "alicloud_kms_policy" "instance" {
  policy_name     = "${var.application}-instance"
  description     = "${var.application}, by the instance's gateway."
  kms_instance_id = var.kms_instance_id
  permissions = [
    "RbacPermission/Template/CryptoServiceKeyUser",
    "RbacPermission/Template/CryptoServiceSecretUser",
  ]
  resources            = ["secret/${var.secret_name}", "key/${var.key_id}"]
  access_control_rules = jsonencode({ NetworkRules = [alicloud_kms_network_rule.private.network_rule_name] })
}

resource "alicloud_kms_policy" "shared" {
  count = local.is_public ? 1 : 0

  policy_name          = "${var.application}-shared"
  description          = "${var.application}'s developers, by the shared gateway."
  kms_instance_id      = "shared"
  permissions          = ["RbacPermission/Template/SecretUser"]
  resources            = ["secret/${var.secret_name}"]
  access_control_rules = jsonencode({ NetworkRules = var.public_network_rules })

  lifecycle {
    # When it is needed no more, the access point must leave it first.
    create_before_destroy = true
  }
}

resource "alicloud_kms_application_access_point" "application" {
  application_access_point_name = var.application
  description                   = "${var.application}'s way to its AccessKey."
  policies = concat(
    alicloud_kms_policy.shared[*].policy_name,
    [alicloud_kms_policy.instance.policy_name],
  )
}

resource "alicloud_kms_client_key" "application" {
  aap_name              = alicloud_kms_application_access_point.application.id
  password              = var.client_key_password
  not_before            = var.client_key_not_before
  not_after             = var.client_key_not_after
  private_key_data_file = var.client_key_file

  # The provider writes a file that others may read, or even write.
  provisioner "local-exec" {
    command = "chmod 600 \"$FILE\""
    environment = {
      FILE = var.client_key_file
    }
  }
}

output "client_key_id" {
  value = alicloud_kms_client_key.application.id
}
