{{- define "common.autoscaler" -}}
{{- if eq .v.kind "ScaledJob" }}{{ include "common.scaledjob" . }}
{{- else if eq .v.autoscaling.mode "hpa" }}{{ include "common.horizontalpodautoscaler" . }}
{{- else if eq .v.autoscaling.mode "keda" }}{{ include "common.scaledobject" . }}
{{- end -}}
{{- if eq .v.autoscaling.mode "keda" }}
{{- include "common.triggerauthentication" . -}}
{{- include "common.interceptorroute" . -}}
{{- end -}}
{{- end -}}

{{- define "common.horizontalpodautoscaler" }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "common.metadata" (list . .name) | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ .name }}
  minReplicas: {{ .minimum }}
  maxReplicas: {{ int .v.autoscaling.maxReplicas }}
  metrics:
    {{- range $resource, $utilization := .v.autoscaling.hpa }}
    {{- if gt (int $utilization) 0 }}
    - type: Resource
      resource:
        name: {{ $resource }}
        target:
          type: Utilization
          averageUtilization: {{ int $utilization }}
    {{- end }}
    {{- end }}
  {{- with .v.autoscaling.behavior }}
  behavior:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "common.scaledobject" }}
{{- $keda := .v.autoscaling.keda }}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  {{- include "common.metadata" (list . .name) | nindent 2 }}
  {{- $annotations := dict }}
  {{- with .v.autoscaling.triggers.kafka }}
  {{- /* `scalelab lint` holds the maximum against it. */}}
  {{- if .enabled }}{{ $_ := set $annotations "lint.scalelab.dev/partitions" (include "common.text" (list $ .partitions)) }}{{ end }}
  {{- end }}
  {{- with mergeOverwrite $annotations $keda.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  scaleTargetRef:
    name: {{ .name }}
  minReplicaCount: {{ .minimum }}
  maxReplicaCount: {{ int .v.autoscaling.maxReplicas }}
  {{- if ne (toString $keda.idleReplicas) "" }}
  idleReplicaCount: {{ int $keda.idleReplicas }}
  {{- end }}
  pollingInterval: {{ include "common.kedaseconds" (list . "pollingInterval") }}
  {{- if or (eq .minimum 0) (ne (toString $keda.idleReplicas) "") }}
  cooldownPeriod: {{ include "common.kedaseconds" (list . "cooldownPeriod") }}
  {{- end }}
  {{- if gt (int $keda.initialCooldownPeriod) 0 }}
  initialCooldownPeriod: {{ int $keda.initialCooldownPeriod }}
  {{- end }}
  {{- if gt (int $keda.fallback.failureThreshold) 0 }}
  fallback:
    failureThreshold: {{ int $keda.fallback.failureThreshold }}
    replicas: {{ int $keda.fallback.replicas }}
    behavior: {{ $keda.fallback.behavior }}
  {{- end }}
  {{- if or .v.autoscaling.behavior $keda.restoreToOriginalReplicaCount }}
  advanced:
    {{- if $keda.restoreToOriginalReplicaCount }}
    restoreToOriginalReplicaCount: true
    {{- end }}
    {{- with .v.autoscaling.behavior }}
    horizontalPodAutoscalerConfig:
      behavior:
        {{- toYaml . | nindent 8 }}
    {{- end }}
  {{- end }}
  triggers:
    {{- include "common.triggers" . | trim | nindent 4 }}
{{- end -}}

{{- define "common.scaledjob" }}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledJob
metadata:
  {{- include "common.metadata" (list . .name) | nindent 2 }}
  {{- with .v.autoscaling.keda.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  jobTargetRef:
    {{- include "common.job" . | nindent 4 }}
  minReplicaCount: {{ .minimum }}
  maxReplicaCount: {{ int .v.autoscaling.maxReplicas }}
  pollingInterval: {{ include "common.kedaseconds" (list . "pollingInterval") }}
  successfulJobsHistoryLimit: {{ int .v.job.successfulJobsHistoryLimit }}
  failedJobsHistoryLimit: {{ int .v.job.failedJobsHistoryLimit }}
  triggers:
    {{- include "common.triggers" . | trim | nindent 4 }}
{{- end -}}

{{/* The component's own number, else the shared one: (list component field). */}}
{{- define "common.kedaseconds" -}}
{{- $own := index (index . 0).v.autoscaling.keda (index . 1) -}}
{{- if ne (toString $own) "" }}{{ int $own }}{{ else }}{{ index (index . 0).root.Values.global.autoscaling (index . 1) | int }}{{ end -}}
{{- end -}}
