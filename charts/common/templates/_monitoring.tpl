{{- define "common.monitoring" -}}
{{- if and .v.monitoring.serviceMonitor (not .runsToEnd) }}
{{- include "common.servicemonitor" . }}
{{- if .v.monitoring.scrapeRole }}{{ include "common.scraperole" . }}{{ end }}
{{- end }}
{{- if .v.monitoring.rules.enabled }}{{ include "common.prometheusrule" . }}{{ end }}
{{- if .v.monitoring.dashboard.enabled }}{{ include "common.dashboard" . }}{{ end }}
{{- end -}}

{{- define "common.servicemonitor" }}
{{- $monitoring := .root.Values.global.monitoring }}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  {{- include "common.metadata" (list . .name) | nindent 2 }}
    release: {{ $monitoring.release }}
spec:
  selector:
    matchLabels:
      {{- include "common.selector" . | nindent 6 }}
  namespaceSelector:
    matchNames:
      - {{ .root.Release.Namespace }}
  endpoints:
    - port: {{ .v.metricsPort }}
      path: /metrics
      interval: {{ $monitoring.interval }}
{{- end -}}

{{/* Lets the operator's Prometheus look up what it scrapes in this namespace. */}}
{{- define "common.scraperole" }}
{{- $monitoring := .root.Values.global.monitoring }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  {{- include "common.metadata" (list . (printf "%s-scrape" .name)) | nindent 2 }}
rules:
  - apiGroups:
      - ""
    resources:
      - services
      - endpoints
      - pods
    verbs:
      - get
      - list
      - watch
  - apiGroups:
      - discovery.k8s.io
    resources:
      - endpointslices
    verbs:
      - get
      - list
      - watch
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- include "common.metadata" (list . (printf "%s-scrape" .name)) | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ .name }}-scrape
subjects:
  - kind: ServiceAccount
    name: {{ $monitoring.serviceAccount }}
    namespace: {{ $monitoring.namespace }}
{{- end -}}

{{/* (list component alert expression for severity summary) */}}
{{- define "common.alert" }}
- alert: {{ index . 1 }}
  expr: {{ index . 2 | quote }}
  for: {{ index . 3 }}
  labels:
    severity: {{ index . 4 }}
    service: {{ (index . 0).name }}
  annotations:
    summary: {{ index . 5 | quote }}
    runbook_url: {{ printf "%s%s.md" (index . 0).root.Values.global.monitoring.runbooks (index . 1 | kebabcase) | quote }}
{{- end -}}

{{- define "common.prometheusrule" }}
{{- $rules := .v.monitoring.rules }}
{{- $namespace := .root.Release.Namespace }}
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  {{- include "common.metadata" (list . .name) | nindent 2 }}
    release: {{ .root.Values.global.monitoring.release }}
spec:
  groups:
    - name: {{ .name }}
      rules:
        {{- $keda := eq .v.autoscaling.mode "keda" }}
        {{- if and (ne .v.autoscaling.mode "none") (not .runsToEnd) }}
        {{- $hpa := ternary (printf "keda-hpa-%s" .name) .name $keda }}
        {{- $match := printf "{namespace=%q,horizontalpodautoscaler=%q}" $namespace $hpa }}
        {{- include "common.alert" (list . "AutoscalerAtMaximum" (printf "kube_horizontalpodautoscaler_status_desired_replicas%s >= on(namespace, horizontalpodautoscaler) kube_horizontalpodautoscaler_spec_max_replicas%s" $match $match) $rules.maxedOutFor "warning" (printf "%s has been at its maximum of %d replicas: it may want more" .name (int .v.autoscaling.maxReplicas))) | trim | nindent 8 }}
        {{- end }}
        {{- if $keda }}
        {{- /* KEDA counts what fails for the scaler itself only when the HPA asks, so never at zero replicas. */}}
        {{- $errors := ternary (printf "keda_scaled_job_errors_total{namespace=%q,scaledJob=%q}" $namespace .name) (printf "keda_scaled_object_errors_total{namespace=%q,scaledObject=%q}" $namespace .name) .runsToEnd }}
        {{- include "common.alert" (list . "TriggerErroring" (printf "increase(%s[5m]) > 0" $errors) "5m" "warning" (printf "KEDA cannot read a trigger of %s" .name)) | trim | nindent 8 }}
        {{- end }}
        {{- if and $keda (not .runsToEnd) }}
        {{- if gt (int .v.autoscaling.keda.fallback.failureThreshold) 0 }}
        {{- include "common.alert" (list . "FallbackActive" (printf "kube_scaledobject_status_condition{namespace=%q,scaledobject=%q,condition=\"Fallback\"} == 1" $namespace .name) "1m" "warning" (printf "KEDA cannot read a trigger of %s and holds it at its fallback" .name)) | trim | nindent 8 }}
        {{- end }}
        {{- include "common.alert" (list . "ActiveWithoutReplicas" (printf "max by (namespace) (keda_scaler_active{namespace=%q,scaledObject=%q}) == 1 and on(namespace) kube_deployment_status_replicas_ready{namespace=%q,deployment=%q} == 0 unless on(namespace) keda_scaled_object_paused{namespace=%q,scaledObject=%q} == 1" $namespace .name $namespace .name $namespace .name) "5m" "critical" (printf "%s has work and not one ready replica" .name)) | trim | nindent 8 }}
        {{- end }}
        {{- if .runsToEnd }}
        {{- include "common.alert" (list . "JobFailing" (printf "max by (namespace) (kube_job_status_failed{namespace=%q,job_name=~\"%s-.*\"}) > 0" $namespace .name) "10m" "warning" (printf "Jobs of %s fail" .name)) | trim | nindent 8 }}
        {{- else }}
        {{- /* Restarts alone would fall silent again once the back-off has grown to five minutes. */}}
        {{- $container := printf "namespace=%q,container=%q" $namespace .name }}
        {{- include "common.alert" (list . "CrashLoop" (printf "max by (namespace, pod, container) (max_over_time(kube_pod_container_status_waiting_reason{%s,reason=\"CrashLoopBackOff\"}[5m])) >= 1 or max by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total{%s}[10m])) > %d" $container $container (int $rules.restarts)) "5m" "critical" (printf "A container of %s keeps restarting" .name)) | trim | nindent 8 }}
        {{- end }}
        {{- if gt (int $rules.backlogSeconds) 0 }}
        {{- include "common.alert" (list . "BacklogTooOld" (printf "max by (namespace) (%s_backlog_age_seconds{namespace=%q}) > %d" .metrics $namespace (int $rules.backlogSeconds)) "5m" "warning" (printf "The oldest work of %s has waited longer than %d s" .name (int $rules.backlogSeconds))) | trim | nindent 8 }}
        {{- end }}
        {{- if $rules.deadLetters }}
        {{- include "common.alert" (list . "DeadLettersGrowing" (printf "sum by (namespace) (increase(%s_dead_lettered_total{namespace=%q}[15m])) > 0" .metrics $namespace) "1m" "warning" (printf "%s gives up on work" .name)) | trim | nindent 8 }}
        {{- end }}
{{- end -}}

{{/* A dashboard that Grafana's sidecar picks up by its label: one time series a panel, two in a row. */}}
{{- define "common.dashboard" -}}
{{- $c := . -}}
{{- if .v.monitoring.dashboard.panels }}
{{- $panels := list }}
{{- range $at, $panel := .v.monitoring.dashboard.panels }}
{{- $panels = append $panels (dict
  "id" (add1 $at) "type" "timeseries" "title" $panel.title
  "datasource" (dict "type" "prometheus" "uid" "${datasource}")
  "gridPos" (dict "h" 8 "w" 12 "x" (mul (mod $at 2) 12) "y" (mul (div $at 2) 8))
  "fieldConfig" (dict "defaults" (dict "unit" $panel.unit) "overrides" list)
  "targets" (list (dict "refId" "A" "expr" (include "common.text" (list $c $panel.expr))))) }}
{{- end }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "common.metadata" (list . (printf "%s-dashboard" .name)) | nindent 2 }}
    grafana_dashboard: "1"
data:
  {{ .name }}.json: {{ dict "uid" (printf "scalelab-%s" .name) "title" .name "tags" (list "scalelab") "schemaVersion" 39 "time" (dict "from" "now-1h" "to" "now") "refresh" "10s" "templating" (dict "list" (list (dict "name" "datasource" "label" "Prometheus" "type" "datasource" "query" "prometheus"))) "panels" $panels | toJson | quote }}
{{- end }}
{{- end -}}
