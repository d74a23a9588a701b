{{/* Labels that never change over the life of a workload: selectors are made of them. */}}
{{- define "common.selector" -}}
app: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end -}}

{{- define "common.podlabels" -}}
{{ include "common.selector" . }}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/part-of: scalelab
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- with .key }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "common.labels" -}}
{{ include "common.podlabels" . }}
app.kubernetes.io/version: {{ .v.image.tag | default .root.Values.global.image.tag | trunc 63 | quote }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | quote }}
{{- end -}}

{{/* metadata of an object: include with (list component name). */}}
{{- define "common.metadata" -}}
{{- $c := index . 0 -}}
name: {{ index . 1 }}
namespace: {{ $c.root.Release.Namespace }}
labels:
  {{- include "common.labels" $c | nindent 2 }}
{{- end -}}

{{- define "common.image" -}}
{{- $image := printf "%s/%s" .root.Values.global.image.registry .v.image.name -}}
{{- if .v.image.digest }}{{ printf "%s@%s" $image .v.image.digest }}
{{- else }}{{ printf "%s:%s" $image (.v.image.tag | default .root.Values.global.image.tag) }}{{ end -}}
{{- end -}}

{{- define "common.secretname" -}}
{{- if eq .Values.secret.mode "existing" }}{{ .Values.secret.existingName }}
{{- else }}{{ printf "%s-%s" .Release.Name .Values.secret.nameSuffix }}{{ end -}}
{{- end -}}

{{/*
A value as text: templates are filled in, whole numbers are written out (Helm reads 4194304 as a float and would print 4.194304e+06).
Include with (list component value).
*/}}
{{- define "common.text" -}}
{{- $value := index . 1 -}}
{{- if kindIs "string" $value -}}
{{- if contains "{{" $value }}{{ tpl $value (index . 0).root }}{{ else }}{{ $value }}{{ end -}}
{{- else if kindIs "float64" $value -}}
{{- if eq $value (floor $value) }}{{ printf "%.0f" $value }}{{ else }}{{ $value }}{{ end -}}
{{- else -}}{{ toString $value }}{{- end -}}
{{- end -}}

{{/* Seconds that the pod may take to end. */}}
{{- define "common.graceperiod" -}}
{{- if ne (toString .v.drain.gracePeriodSeconds) "" }}{{ int .v.drain.gracePeriodSeconds }}
{{- else }}{{ add (int .v.drain.preStopSleepSeconds) (include "common.drainseconds" . | int) (int .v.drain.marginSeconds) }}{{ end -}}
{{- end -}}

{{/* The app's own bound of its shutdown, in whole seconds; 0 for one that has none. */}}
{{- define "common.drainseconds" -}}
{{- $ms := include "common.text" (list . (.v.env.SHUTDOWN_GRACE_MS | default 0)) | float64 -}}
{{- divf $ms 1000 | ceil | int -}}
{{- end -}}
