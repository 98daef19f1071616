# The shared-services account: buys a KMS instance and puts it into its networks.

variable "name" {
  description = "The instance's name."
  type        = string
  default     = "shared-kms"
}

variable "vpc_id" {
  description = "The instance's own VPC."
  type        = string
}

variable "vswitch_id" {
  description = "A vSwitch of that VPC."
  type        = string
}

variable "zone_ids" {
  description = "Two zones of the region that KMS instances are offered in."
  type        = set(string)

  validation {
    condition     = length(var.zone_ids) == 2
    error_message = "An instance is in two zones."
  }
}

variable "bind_vpcs" {
  description = "Other VPCs that reach it; those of other accounts by a vSwitch that step 1 shared."
  type = set(object({
    vpc_id       = string
    vswitch_id   = string
    vpc_owner_id = string
  }))
  default = []
}

variable "principals" {
  description = "With how many accounts step 3 will share it: the members of a folder count each."
  type        = number
}

variable "key_num" {
  description = "How many keys it takes."
  type        = number
  default     = 1000
}

variable "secret_num" {
  description = "How many secrets it takes."
  type        = number
  default     = 1000
}

variable "spec" {
  description = "Calls per second."
  type        = number
  default     = 1000
}

variable "period" {
  description = "Months, in whole years."
  type        = number
  default     = 12
}

variable "auto_renew" {
  description = "Whether it is bought again when its period ends. One that ends takes its keys along."
  type        = bool
  default     = true
}

locals {
  # Own VPC, bound VPCs and principals all count against what is bought (seed of the solution,
  # "Notes on sharing KMS instances"): a share beyond it fails, and stays failed when more is
  # bought.
  accesses = 1 + length(var.bind_vpcs) + var.principals
}

# Asks one fixed host of the cloud, whatever the endpoints say.
data "alicloud_kms_service" "open" {
  count  = var.kms_server == "" ? 1 : 0
  enable = "On"
}

resource "alicloud_kms_instance" "shared" {
  instance_name   = var.name
  product_version = "3"
  payment_type    = "Subscription"
  period          = var.period
  renew_status    = var.auto_renew ? "AutoRenewal" : "ManualRenewal"
  renew_period    = var.auto_renew ? var.period : null
  spec            = var.spec
  key_num         = var.key_num
  secret_num      = var.secret_num
  vpc_num         = local.accesses
  log             = "0"
  vpc_id          = var.vpc_id
  vswitch_ids     = [var.vswitch_id]
  zone_ids        = var.zone_ids

  dynamic "bind_vpcs" {
    for_each = var.bind_vpcs
    content {
      region_id    = var.region
      vpc_id       = bind_vpcs.value.vpc_id
      vswitch_id   = bind_vpcs.value.vswitch_id
      vpc_owner_id = bind_vpcs.value.vpc_owner_id
    }
  }

  depends_on = [data.alicloud_kms_service.open]
}

output "kms_instance_id" {
  value = alicloud_kms_instance.shared.id
}

output "ca_certificate" {
  description = "What applications believe the instance's gateway by: caFilePath of their settings."
  value       = alicloud_kms_instance.shared.ca_certificate_chain_pem
}
