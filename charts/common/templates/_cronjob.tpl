{{- define "common.cronjob" }}
---
apiVersion: batch/v1
kind: CronJob
metadata:
  {{- include "common.metadata" (list . .name) | nindent 2 }}
spec:
  schedule: {{ .v.job.schedule | quote }}
  {{- with .v.job.timeZone }}
  timeZone: {{ . }}
  {{- end }}
  {{- if .v.job.suspend }}
  suspend: true
  {{- end }}
  concurrencyPolicy: {{ .v.job.concurrencyPolicy }}
  successfulJobsHistoryLimit: {{ int .v.job.successfulJobsHistoryLimit }}
  failedJobsHistoryLimit: {{ int .v.job.failedJobsHistoryLimit }}
  jobTemplate:
    spec:
      {{- include "common.job" . | nindent 6 }}
{{- end -}}

{{/* Spec of a Job. */}}
{{- define "common.job" -}}
backoffLimit: {{ int .v.job.backoffLimit }}
activeDeadlineSeconds: {{ int .v.job.activeDeadlineSeconds }}
template:
  {{- include "common.pod" . | nindent 2 }}
{{- end -}}
