{{/* One Secret a chart, shared by its components. Labelled as the release's own. */}}
{{- define "common.secret" -}}
{{- $secret := .Values.secret -}}
{{- $first := values (.Values.components | default (dict "" .Values)) | first -}}
{{- $component := dict "root" . "name" .Release.Name "key" "" "v" $first -}}
{{- if eq $secret.mode "create" }}
---
apiVersion: v1
kind: Secret
metadata:
  {{- include "common.metadata" (list $component (include "common.secretname" .)) | nindent 2 }}
type: Opaque
stringData:
  {{- toYaml $secret.data | nindent 2 }}
{{- else if eq $secret.mode "external" }}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  {{- include "common.metadata" (list $component (include "common.secretname" .)) | nindent 2 }}
spec:
  refreshInterval: {{ $secret.external.refreshInterval }}
  secretStoreRef:
    kind: {{ $secret.external.storeKind }}
    name: {{ $secret.external.store }}
  target:
    name: {{ include "common.secretname" . }}
    creationPolicy: Owner
  {{- if $secret.data }}
  data:
    {{- range $key, $_ := $secret.data }}
    - secretKey: {{ $key }}
      remoteRef:
        key: {{ $secret.external.remoteKey }}
        property: {{ $key }}
    {{- end }}
  {{- else }}
  dataFrom:
    - extract:
        key: {{ $secret.external.remoteKey }}
  {{- end }}
{{- else if eq $secret.mode "sealed" }}
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  {{- include "common.metadata" (list $component (include "common.secretname" .)) | nindent 2 }}
spec:
  encryptedData:
    {{- toYaml $secret.sealed.encryptedData | nindent 4 }}
  template:
    metadata:
      name: {{ include "common.secretname" . }}
      namespace: {{ .Release.Namespace }}
{{- end }}
{{- end -}}
