{{- define "common.configmap" -}}
{{- if .v.config.files }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "common.metadata" (list . (printf "%s-config" .name)) | nindent 2 }}
data:
  {{- toYaml .v.config.files | nindent 2 }}
{{- end }}
{{- end -}}
