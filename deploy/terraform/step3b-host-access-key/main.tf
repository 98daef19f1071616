# The application account: a key in the instance, the role that KMS rotates with, and a RAM
# user's AccessKeys, hosted. The console's work between steps 3 and 4 of the published template.

variable "kms_instance_id" {
  description = "The instance, kst-…, shared with this account."
  type        = string
}

variable "user_name" {
  description = "The RAM user, who exists, and whose AccessKeys are all named below."
  type        = string
}

variable "access_keys" {
  description = <<-TEXT
    All AccessKeys of the user. They are kept in Terraform's state, so rotate the secret as soon as
    it is hosted: what is in the state then opens nothing any more.
  TEXT
  type = list(object({
    AccessKeyId     = string
    AccessKeySecret = string
  }))
  sensitive = true

  validation {
    condition     = length(var.access_keys) >= 1 && length(var.access_keys) <= 2
    error_message = "A RAM user has one AccessKey or two."
  }
}

variable "rotation_days" {
  description = "How often the AccessKey is replaced. The vendor advises no more than three months."
  type        = number
  default     = 30

  validation {
    condition     = var.rotation_days >= 1 && var.rotation_days <= 365 && floor(var.rotation_days) == var.rotation_days
    error_message = "1 to 365 days."
  }
}

variable "create_role" {
  description = "Whether to make the role; once for an account is enough."
  type        = bool
  default     = true
}

locals {
  # The spelling is the vendor's.
  role = "AliyunKMSManagedRAMCrendentialsRole"
}

resource "alicloud_ram_role" "kms" {
  count = var.create_role ? 1 : 0

  role_name   = local.role
  description = "KMS replaces the AccessKeys that are hosted in it."
  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = ["kms.aliyuncs.com"] }
    }]
  })
}

resource "alicloud_ram_policy" "kms" {
  count = var.create_role ? 1 : 0

  policy_name = "${local.role}Policy"
  description = "What replacing AccessKeys takes."
  policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect = "Allow"
      Action = [
        "ram:ListAccessKeys",
        "ram:CreateAccessKey",
        "ram:DeleteAccessKey",
        "ram:UpdateAccessKey",
      ]
      Resource = "*"
    }]
  })
}

resource "alicloud_ram_role_policy_attachment" "kms" {
  count = var.create_role ? 1 : 0

  role_name   = alicloud_ram_role.kms[0].role_name
  policy_name = alicloud_ram_policy.kms[0].policy_name
  policy_type = "Custom"
}

resource "alicloud_kms_key" "secrets" {
  description            = "Seals the hosted AccessKeys."
  dkms_instance_id       = var.kms_instance_id
  key_spec               = "Aliyun_AES_256"
  pending_window_in_days = 7
}

resource "alicloud_kms_secret" "access_key" {
  # The name is the server's: acs/ram/user/<user>.
  secret_name               = "$Auto"
  secret_type               = "RAMCredentials"
  version_id                = "v1"
  secret_data               = jsonencode({ AccessKeys = var.access_keys })
  dkms_instance_id          = var.kms_instance_id
  encryption_key_id         = alicloud_kms_key.secrets.id
  enable_automatic_rotation = true
  # KMS tells it in seconds, whatever it was told: "30d" would be a change in each plan.
  rotation_interval       = "${var.rotation_days * 86400}s"
  recovery_window_in_days = 7
  extended_config = jsonencode({
    SecretSubType = "RamUserAccessKey"
    UserName      = var.user_name
    CustomData    = {}
  })

  lifecycle {
    # Another version after each rotation; and rotated values are not Terraform's.
    ignore_changes = [version_id, secret_data]
  }

  depends_on = [alicloud_ram_role_policy_attachment.kms]
}

output "secret_name" {
  value = alicloud_kms_secret.access_key.id
}

output "key_id" {
  value = alicloud_kms_key.secrets.id
}
