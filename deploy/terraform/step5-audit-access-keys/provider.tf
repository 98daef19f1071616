# Where the calls go. The same in each step, for each has credentials of its own account.

terraform {
  required_version = ">= 1.5"

  required_providers {
    alicloud = {
      source  = "aliyun/alicloud"
      version = ">= 1.289.0"
    }
  }
}

variable "region" {
  description = "The region of the KMS instance and of all that reaches it."
  type        = string
}

variable "account_type" {
  description = "Domestic or International, as the account was registered."
  type        = string
  default     = "Domestic"
}

variable "kms_server" {
  description = "host:port of a kms-server's gateway of all products; empty for the cloud itself."
  type        = string
  default     = ""
}

variable "kms_server_protocol" {
  description = "HTTP to a kms-server on this machine, HTTPS to any other; SSL_CERT_FILE names its CA."
  type        = string
  default     = "HTTP"

  validation {
    condition     = contains(["HTTP", "HTTPS"], var.kms_server_protocol)
    error_message = "HTTP or HTTPS."
  }
}

provider "alicloud" {
  region                 = var.region
  account_type           = var.account_type
  protocol               = var.kms_server == "" ? "HTTPS" : var.kms_server_protocol
  skip_region_validation = var.kms_server != ""

  # One listener has all products: it goes by version and action.
  dynamic "endpoints" {
    for_each = var.kms_server == "" ? [] : [var.kms_server]
    content {
      bssopenapi = endpoints.value
      config     = endpoints.value
      kms        = endpoints.value
      location   = endpoints.value
      pvtz       = endpoints.value
      ram        = endpoints.value
      ressharing = endpoints.value
      sts        = endpoints.value
      vpc        = endpoints.value
    }
  }
}
