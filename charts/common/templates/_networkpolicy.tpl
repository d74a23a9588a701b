{{- define "common.networkpolicy" -}}
{{- $c := . -}}
{{- $policy := .v.networkPolicy -}}
{{- $monitoring := .root.Values.global.monitoring -}}
{{- if $policy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "common.metadata" (list . .name) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "common.selector" . | nindent 6 }}
  policyTypes:
    - Ingress
    - Egress
  {{- if .runsToEnd }}
  ingress: []
  {{- else }}
  ingress:
    - from:
        {{- if $policy.namespaces }}
        - podSelector: {}
        {{- range $policy.namespaces }}
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ . }}
        {{- end }}
        {{- else }}
        - namespaceSelector: {}
        {{- end }}
        {{- range $policy.cidrs }}
        - ipBlock:
            cidr: {{ . }}
        {{- end }}
      ports:
        {{- range $name, $port := .v.ports }}
        - port: {{ $name }}
          protocol: TCP
        {{- end }}
    {{- if and $policy.namespaces $monitoring.enabled }}
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ $monitoring.namespace }}
      ports:
        - port: {{ .v.metricsPort }}
          protocol: TCP
    {{- end }}
  {{- end }}
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
      ports:
        - port: 53
          protocol: UDP
        - port: 53
          protocol: TCP
    {{- with $policy.egressPorts }}
    - ports:
        {{- range . }}
        - port: {{ int . }}
          protocol: TCP
        {{- end }}
    {{- end }}
{{- end }}
{{- end -}}
