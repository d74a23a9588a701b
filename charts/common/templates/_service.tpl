{{- define "common.service" }}
---
apiVersion: v1
kind: Service
metadata:
  {{- include "common.metadata" (list . .service) | nindent 2 }}
  {{- with .v.service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
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
