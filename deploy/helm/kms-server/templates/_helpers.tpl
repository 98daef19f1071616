{{- define "kms-server.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "kms-server.labels" -}}
app.kubernetes.io/name: kms-server
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "kms-server.selector" -}}
app.kubernetes.io/name: kms-server
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "kms-server.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
