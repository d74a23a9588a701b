{{- define "common.service" }}
---
apiVersion: v1
kind: Service
metadata:
  {{- include "common.metadata" (list . .service) | nindent 2 }}
  {{- with include "common.annotations" .v.service.annotations }}
  {{- . | nindent 2 }}
  {{- end }}
spec:
  type: {{ .v.service.type }}
  selector:
    {{- include "common.selector" . | nindent 4 }}
  ports:
    {{- range $name, $port := .v.ports }}
    {{- if gt (int $port.servicePort) 0 }}
    - name: {{ $name }}
      port: {{ int $port.servicePort }}
      targetPort: {{ $name }}
      {{- with index $.v.service.nodePorts $name }}
      nodePort: {{ int . }}
      {{- end }}
    {{- end }}
    {{- end }}
{{- end -}}

{{/* Annotations without the empty ones, so that a profile can take away what another one gave. */}}
{{- define "common.annotations" -}}
{{- $kept := dict -}}
{{- range $key, $value := . }}{{ if $value }}{{ $_ := set $kept $key (toString $value) }}{{ end }}{{ end -}}
{{- with $kept -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}
