{{- define "common.deployment" }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "common.metadata" (list . .name) | nindent 2 }}
spec:
  {{- if eq .v.autoscaling.mode "none" }}
  replicas: {{ int .v.replicas }}
  {{- end }}
  revisionHistoryLimit: {{ int .v.revisionHistoryLimit }}
  selector:
    matchLabels:
      {{- include "common.selector" . | nindent 6 }}
  strategy:
    type: {{ .v.strategy.type }}
    {{- if eq .v.strategy.type "RollingUpdate" }}
    rollingUpdate:
      maxSurge: {{ .v.strategy.maxSurge }}
      maxUnavailable: {{ .v.strategy.maxUnavailable }}
    {{- end }}
  template:
    {{- include "common.pod" . | nindent 4 }}
{{- end -}}
