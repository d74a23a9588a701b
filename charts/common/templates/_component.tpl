{{/* Includes .template once for each component, or once when the chart is a single one (values at the root). */}}
{{- define "common.each" -}}
{{- $root := .root -}}
{{- $template := .template -}}
{{- range $key, $values := ($root.Values.components | default (dict "" $root.Values)) -}}
{{- $name := $root.Release.Name -}}
{{- with $values.nameSuffix }}{{ $name = printf "%s-%s" $root.Release.Name . }}{{ end -}}
{{- $minimum := $values.autoscaling.minReplicas -}}
{{- if eq $values.autoscaling.mode "none" }}{{ $minimum = $values.replicas }}{{ end -}}
{{- $component := dict
  "root" $root
  "v" $values
  "key" $key
  "path" (ternary "" (printf "components.%s." $key) (eq $key ""))
  "name" $name
  "service" ($values.service.name | default $name)
  "minimum" (int $minimum)
  "runsToEnd" (ne $values.kind "Deployment")
  "metrics" (regexReplaceAll "[^a-z0-9]" $name "_") -}}
{{- include $template $component -}}
{{- end -}}
{{- end -}}

{{/* Everything that a chart installs. */}}
{{- define "common.app" -}}
{{- include "common.validate" . -}}
{{- include "common.secret" . -}}
{{- include "common.each" (dict "root" . "template" "common.objects") -}}
{{- end -}}

{{- define "common.objects" -}}
{{- include "common.serviceaccount" . -}}
{{- include "common.configmap" . -}}
{{- include "common.volumeclaims" . -}}
{{- if eq .v.kind "Deployment" }}{{ include "common.deployment" . }}{{ end -}}
{{- if eq .v.kind "CronJob" }}{{ include "common.cronjob" . }}{{ end -}}
{{- if and .v.service.enabled (not .runsToEnd) }}{{ include "common.service" . }}{{ end -}}
{{- include "common.autoscaler" . -}}
{{- include "common.poddisruptionbudget" . -}}
{{- include "common.networkpolicy" . -}}
{{- if .root.Values.global.monitoring.enabled }}{{ include "common.monitoring" . }}{{ end -}}
{{- end -}}
