{{- define "common.serviceaccount" }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "common.metadata" (list . .name) | nindent 2 }}
  {{- with .v.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: {{ .v.serviceAccount.automountToken }}
{{- end -}}
