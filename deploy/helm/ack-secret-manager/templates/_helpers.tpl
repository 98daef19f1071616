{{/*
An upgrade with --reuse-values brings the values of the published chart and none of ours: what that one does
not have is added here. Included by every template, before it looks.
*/}}
{{- define "ack-secret-manager.defaults" -}}
{{- range $group, $fields := include "ack-secret-manager.newer" . | fromYaml -}}
{{- if not (index $.Values $group) -}}
{{- $_ := set $.Values $group dict -}}
{{- end -}}
{{- $given := index $.Values $group -}}
{{- range $name, $value := $fields -}}
{{- if not (hasKey $given $name) -}}
{{- $_ := set $given $name $value -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "ack-secret-manager.newer" -}}
command: {processClusterSecretStore: true, processClusterExternalSecret: true}
crds: {createClusterSecretStore: true, createClusterExternalSecret: true}
metrics: {port: 8080, service: true, serviceMonitor: {enabled: false}}
health: {port: 8081}
podDisruptionBudget: {enabled: true}
admission: {enabled: false, failurePolicy: Ignore, timeoutSeconds: 3}
injector:
  enabled: false
  image: {}
  resources: {}
  failurePolicy: Fail
  timeoutSeconds: 10
  excludedNamespaces: []
  imagePullSecrets: []
webhook:
  replicaCount: 2
  port: 8443
  resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {memory: 256Mi}}
  certificate: {}
{{- end -}}

{{- define "ack-secret-manager.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "ack-secret-manager.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $fullname := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $fullname .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "ack-secret-manager.serviceAccountName" -}}
{{- $own := ternary (include "ack-secret-manager.fullname" .) "default" .Values.serviceAccount.create -}}
{{- default $own .Values.serviceAccount.name -}}
{{- end -}}

{{- define "ack-secret-manager.image" -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag | toString) -}}
{{- end -}}

{{/* The image of the cleanup; a release of the published chart may bring that of its own. */}}
{{- define "ack-secret-manager.cleanupImage" -}}
{{- $repository := default "" .Values.cleanupImage.repository -}}
{{- if or (empty $repository) (hasSuffix "-cleanup" $repository) -}}
{{- include "ack-secret-manager.image" . -}}
{{- else -}}
{{- printf "%s:%s" $repository (default .Chart.AppVersion .Values.cleanupImage.tag | toString) -}}
{{- end -}}
{{- end -}}

{{/* What a Deployment of a release can never change: the published chart's. */}}
{{- define "ack-secret-manager.selector" -}}
app.kubernetes.io/name: {{ include "ack-secret-manager.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "ack-secret-manager.labels" -}}
{{ include "ack-secret-manager.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{/* Names with commas between them, from such a text or from a list, as a JSON list. */}}
{{- define "ack-secret-manager.names" -}}
{{- $names := list -}}
{{- $text := ternary (join "," .) (toString .) (kindIs "slice" .) -}}
{{- range splitList "," (trimAll "\" " $text) -}}
{{- if trim . -}}
{{- $names = append $names (trim .) -}}
{{- end -}}
{{- end -}}
{{- $names | uniq | toJson -}}
{{- end -}}

{{- define "ack-secret-manager.watched" -}}
{{- include "ack-secret-manager.names" (default "" .Values.command.watchNamespaces) -}}
{{- end -}}

{{/* A flag for each value that says something; numbers as they were written. */}}
{{- define "ack-secret-manager.args" -}}
{{- $command := .Values.command -}}
{{- $flags := list
  (list "backend" $command.backend)
  (list "region" $command.region)
  (list "kms-endpoint" $command.kmsEndpoint)
  (list "disable-polling" $command.disablePolling)
  (list "polling-interval" $command.pollingInterval)
  (list "reconcile-count" $command.reconcileCount)
  (list "reconcile-period" $command.reconcilePeriod)
  (list "token-rotation-period" $command.tokenRotationPeriod)
  (list "max-concurrent-kms-secret-pulls" (default $command.maxConcurrentSecretPulls $command.maxConcurrentKmsSecretPulls))
  (list "max-concurrent-oos-secret-pulls" $command.maxConcurrentOosSecretPulls)
  (list "enable-worker-role" $command.enableWorkerRole)
  (list "cleanup-secret-on-failure" $command.cleanupSecretOnFailure)
  (list "process-cluster-secret-store" $command.processClusterSecretStore)
  (list "process-cluster-external-secret" $command.processClusterExternalSecret)
  (list "enable-cross-namespace-secret-store" $command.enableCrossNamespaceSecretStore)
  (list "enable-cross-namespace-auth-ref" $command.enableCrossNamespaceAuthRef)
  (list "uid" $command.aliuid)
  (list "cluster-id" $command.clusterId)
  (list "watch-namespaces" (include "ack-secret-manager.watched" . | fromJsonArray | join ","))
  (list "exclude-namespaces" (include "ack-secret-manager.names" (default "" $command.excludeNamespaces) | fromJsonArray | join ","))
  (list "compat" $command.compat)
  (list "deletion-policy" $command.deletionPolicy)
  (list "adopt-foreign-secrets" $command.adoptForeignSecrets)
  (list "store-whole-document-if-nothing-matches" $command.storeWholeDocumentIfNothingMatches)
  (list "replace-rule-in-values" $command.replaceRuleInValues)
  (list "allowed-endpoint-suffix" (include "ack-secret-manager.names" (default "" $command.allowedEndpointSuffix) | fromJsonArray | join ","))
  (list "kms-ca-file" $command.kmsCaFile)
  (list "refresh-spread" $command.refreshSpread)
  (list "log-level" $command.logLevel)
  (list "metrics-addr" (printf ":%v" .Values.metrics.port))
  (list "health-addr" (printf ":%v" .Values.health.port))
-}}
{{- include "ack-secret-manager.flags" $flags }}
{{- range $command.extraArgs }}
- {{ . | quote }}
{{- end }}
{{- end -}}

{{/* Of names and values, those that say something. */}}
{{- define "ack-secret-manager.flags" -}}
{{- range $flag := . }}
{{- $value := index $flag 1 }}
{{- /* An account that was not quoted is a number, and would be written with an exponent. */}}
{{- if kindIs "float64" $value }}
{{- $value = ternary (printf "%.0f" $value) (toString $value) (eq $value (floor $value)) }}
{{- end }}
{{- if and (not (kindIs "invalid" $value)) (ne (toString $value) "") }}
- {{ printf "--%s=%v" (index $flag 0) $value | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Of values that the published chart gives to pod and container alike, what only a container has. */}}
{{- define "ack-secret-manager.containerOnly" -}}
["allowPrivilegeEscalation", "capabilities", "privileged", "procMount", "readOnlyRootFilesystem"]
{{- end -}}

{{- define "ack-secret-manager.containerSecurityContext" -}}
{{- $only := include "ack-secret-manager.containerOnly" . | fromJsonArray -}}
{{- $context := dict "allowPrivilegeEscalation" false "readOnlyRootFilesystem" true "capabilities" (dict "drop" (list "ALL")) -}}
{{- range $name, $value := .Values.securityContext -}}
{{- if has $name $only -}}
{{- $_ := set $context $name $value -}}
{{- end -}}
{{- end -}}
{{- toYaml $context -}}
{{- end -}}

{{- define "ack-secret-manager.podSecurityContext" -}}
{{- $only := include "ack-secret-manager.containerOnly" . | fromJsonArray -}}
{{- $context := dict "runAsNonRoot" true "runAsUser" 65532 "runAsGroup" 65532 "fsGroup" 65532 "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- range $name, $value := .Values.securityContext -}}
{{- if not (has $name $only) -}}
{{- $_ := set $context $name $value -}}
{{- end -}}
{{- end -}}
{{- toYaml $context -}}
{{- end -}}

{{/* What the operator does in a namespace whose objects are its business. */}}
{{- define "ack-secret-manager.rules" -}}
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [""]
  resources: [configmaps, serviceaccounts]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [serviceaccounts/token]
  verbs: [create]
- apiGroups: ["", events.k8s.io]
  resources: [events]
  verbs: [create, patch, update]
- apiGroups: [alibabacloud.com]
  resources: [externalsecrets, secretstores]
  verbs: [get, list, watch, update, patch]
- apiGroups: [alibabacloud.com]
  resources: [externalsecrets/status, secretstores/status, externalsecrets/finalizers, secretstores/finalizers]
  verbs: [get, update, patch]
{{- end -}}

{{/* Beside the operator's names, so that neither selects the other's pods. */}}
{{- define "ack-secret-manager.webhook.fullname" -}}
{{- printf "%s-webhook" (include "ack-secret-manager.fullname" . | trunc 55 | trimSuffix "-") -}}
{{- end -}}

{{- define "ack-secret-manager.webhook.selector" -}}
app.kubernetes.io/name: {{ include "ack-secret-manager.name" . | trunc 55 | trimSuffix "-" }}-webhook
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "ack-secret-manager.webhook.labels" -}}
{{ include "ack-secret-manager.webhook.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- define "ack-secret-manager.webhook.isEnabled" -}}
{{- if or .Values.admission.enabled .Values.injector.enabled -}}
true
{{- end -}}
{{- end -}}

{{- define "ack-secret-manager.webhook.args" -}}
{{- $name := include "ack-secret-manager.webhook.fullname" . -}}
{{- $injector := .Values.injector -}}
{{- $flags := list
  (list "listen" (printf ":%v" .Values.webhook.port))
  (list "metrics-addr" (printf ":%v" .Values.metrics.port))
  (list "health-addr" (printf ":%v" .Values.health.port))
  (list "log-level" .Values.webhook.logLevel)
-}}
{{- if .Values.webhook.certificate.secretName -}}
{{- $flags = concat $flags (list
  (list "tls-cert-file" "/etc/webhook/tls.crt")
  (list "tls-key-file" "/etc/webhook/tls.key")
) -}}
{{- else -}}
{{- $flags = concat $flags (list (list "service" $name) (list "certificate-secret" $name)) -}}
{{- if .Values.admission.enabled -}}
{{- $flags = append $flags (list "validating-configuration" $name) -}}
{{- end -}}
{{- if $injector.enabled -}}
{{- $flags = append $flags (list "mutating-configuration" $name) -}}
{{- end -}}
{{- end -}}
{{- if $injector.enabled -}}
{{- $image := $injector.image.repository -}}
{{- if not (contains "@" $image) -}}
{{- $image = printf "%s:%s" $image (default .Chart.AppVersion $injector.image.tag | toString) -}}
{{- end -}}
{{- $requests := default dict $injector.resources.requests -}}
{{- $limits := default dict $injector.resources.limits -}}
{{- $flags = concat $flags (list
  (list "agent-image" $image)
  (list "agent-region" (default .Values.command.region $injector.region))
  (list "agent-endpoint" $injector.endpoint)
  (list "agent-ca-config-map" $injector.caConfigMap)
  (list "uid" (default .Values.command.aliuid $injector.aliuid))
  (list "cluster-id" (default .Values.command.clusterId $injector.clusterId))
  (list "oidc-provider-arn" $injector.oidcProviderArn)
  (list "agent-cpu-request" $requests.cpu)
  (list "agent-memory-request" $requests.memory)
  (list "agent-cpu-limit" $limits.cpu)
  (list "agent-memory-limit" $limits.memory)
) -}}
{{- range $injector.imagePullSecrets -}}
{{- $flags = append $flags (list "agent-pull-secret" .) -}}
{{- end -}}
{{- end -}}
- webhook
{{- include "ack-secret-manager.flags" $flags }}
{{- if and $injector.enabled $injector.allowImageAnnotation }}
- "--allow-image-annotation"
{{- end }}
{{- end -}}
