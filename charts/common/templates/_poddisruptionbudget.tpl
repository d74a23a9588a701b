{{/* Pods that a drain must leave: given, else max(1, minimum - 1), else none (empty text). */}}
{{- define "common.minavailable" -}}
{{- if and .v.pdb.enabled (eq .v.kind "Deployment") -}}
{{- if ne (toString .v.pdb.minAvailable) "" }}{{ int .v.pdb.minAvailable }}
{{- else if ge .minimum 2 }}{{ max 1 (sub .minimum 1) }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "common.poddisruptionbudget" -}}
{{- with include "common.minavailable" . }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "common.metadata" (list $ $.name) | nindent 2 }}
spec:
  minAvailable: {{ . }}
  {{- with $.v.pdb.unhealthyPodEvictionPolicy }}
  unhealthyPodEvictionPolicy: {{ . }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "common.selector" $ | nindent 6 }}
{{- end }}
{{- end -}}
